import type { AccessItem } from '../../flows/access/survey.ts';
import { KIND_WORDS } from '../../flows/access/kind-words.ts';
import { plural } from '../../values/plural.ts';

/** `2 API tokens (personal access token)` */
export function describeItem({ kind, name, count, isCounted }: AccessItem): string {
  const [one, many] = KIND_WORDS[kind];
  const isSingle = kind === 'totp' || kind === 'lockout' || kind === 'must-change';
  const what = isCounted && kind !== 'must-change' ? plural(count, one, many) : isSingle ? one : many;
  return name === null ? what : `${what} (${name})`;
}
