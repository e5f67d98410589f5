import { readFileSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import type { Config } from '../../config/config.ts';
import type { Inspected } from '../../config/load.ts';
import type { Problem } from '../../config/problem.ts';
import type { ProblemCode } from '../../errors.ts';
import type { Finding } from './finding.ts';
import type { FindingCode } from './finding-codes.ts';
import { failure, ok, warning } from './finding.ts';

/** Every key that is wrong or missing, and where the others come from. */
export function checkConfiguration({ config, problems }: Inspected): Finding[] {
  return [
    ...problems.map(toFinding),
    ...config.warnings.map((message) => warning('configuration_doubtful', message)),
    ...checkFileMode(config),
    ...(problems.length > 0
      ? []
      : [
          ok('configuration_read', bySource(config), {
            details: { sources: Object.fromEntries(config.sources) },
          }),
        ]),
  ];
}

/** `database, baseUrl (file …); secret (environment RESET_SECRET)` */
function bySource({ sources }: Config): string {
  const keys = new Map<string, string[]>();
  for (const [key, source] of sources) keys.set(source, [...(keys.get(source) ?? []), key]);
  return [...keys].map(([source, names]) => `${names.join(', ')} (${source})`).join('; ');
}

const CODES = {
  missing: 'key_missing',
  unknown_key: 'key_unknown',
  invalid: 'key_invalid',
  readable_by_others: 'readable_by_others',
} as const satisfies Record<ProblemCode, FindingCode>;

function toFinding({ code, key, source, message, path = '' }: Problem): Finding {
  return failure(CODES[code], `${key} (${source}): ${message}`, {
    details: { code, key, source },
    ...(code === 'readable_by_others' ? closeToOthers(path) : {}),
  });
}

const closeToOthers = (path: string) => ({
  remedy: `chmod 600 ${path}`,
  fix: { run: () => chmod(path, 0o600), done: `only its owner can read ${path} now (chmod 600)` },
});

/** A secret that stands in the file itself, not in another file that it names. */
const SECRET = /"(?:hex|base64url):|:\/\/[^"/@]+:[^"/@]+@/;

function checkFileMode({ file }: Config): Finding[] {
  if (file === undefined || (statSync(file).mode & 0o077) === 0) return [];
  if (!SECRET.test(readFileSync(file, 'utf8'))) return [];
  const message = `${file} holds a key or password, and others on this machine can read it`;
  return [warning('readable_by_others', message, closeToOthers(file))];
}
