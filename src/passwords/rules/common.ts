import { foldCase } from '../fold-case.ts';
import { isPredictable } from '../is-predictable.ts';
import { tooCommon, type PolicyRule } from '../policy-rule.ts';

/**
 * Refuses passwords that are known to be tried first, and what attackers make of them by rule: repetitions, runs along
 * the keyboard, a common word with digits around it (R34).
 */
export const common: PolicyRule = {
  name: 'common',
  async check(password, _context, { blocklist }) {
    const folded = foldCase(password);
    const known = await loadCommonPasswords();
    const isCommon = (word: string): boolean => blocklist?.has(word) === true || known.has(word);
    return isCommon(folded) || isPredictable(folded, isCommon) ? [tooCommon] : [];
  },
};

let loaded: Promise<ReadonlySet<string>> | undefined;

/** Once per process and only when a password is checked: 49,233 entries, about 400 kB of source. */
const loadCommonPasswords = (): Promise<ReadonlySet<string>> => (loaded ??= readCommonPasswords());

async function readCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map(foldCase));
}
