import { hostname } from 'node:os';

/** As useradd accepts them, and as directory services write them, with @ and domain. */
const USER_NAME = /^[\w.@+-]{1,64}\$?$/;

/**
 * Who runs this, for the audit: `alice@host`, or `root@host (sudo: alice)`. Anybody can set a variable, so it counts
 * only where root runs us: sudo and doas set it there, and root could write whatever it likes anyhow.
 */
export function operatorName(
  user: string,
  environment: Readonly<Record<string, string | undefined>>,
  { uid = process.getuid?.(), host = hostname() } = {},
): string {
  const name = `${user}@${host}`;
  if (uid !== 0) return name;
  for (const [program, variable] of [
    ['sudo', 'SUDO_USER'],
    ['doas', 'DOAS_USER'],
  ] as const) {
    const before = environment[variable] ?? '';
    if (before !== user && USER_NAME.test(before)) return `${name} (${program}: ${before})`;
  }
  return name;
}
