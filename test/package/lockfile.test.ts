import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };

/** Below these versions stand known holes. `npm audit` in CI asks for new ones; this holds without a network. */
const HOLES = [
  ['jsonwebtoken', '9.0.0', 'CVE-2022-23540'],
  ['jws', '4.0.1', 'CVE-2025-65945'],
  ['nodemailer', '10.0.5', 'its security release'],
  ['ejs', '3.1.10', 'CVE-2024-33883'],
  ['knex', '2.4.0', 'CVE-2016-20018'],
  ['bcrypt', '5.0.0', 'CVE-2020-7689'],
  ['fastify', '5.12.1', 'its security release'],
] as const;

const installedVersion = (path: string): string =>
  (
    JSON.parse(readFileSync(new URL(`../../${path}/package.json`, import.meta.url), 'utf8')) as {
      version: string;
    }
  ).version;

const numbers = (version: string) => version.split('.').map(Number);

function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [numbers(version), numbers(floor)];
  const at = want.findIndex((part, index) => part !== have[index]);
  return at === -1 || (have[at] ?? 0) > (want[at] ?? 0);
}

describe('the lock file', () => {
  it.each(HOLES)('R96: every %s that is locked and installed is %s or later, without %s', (name, floor) => {
    const paths = Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`));
    expect(paths).not.toEqual([]);
    for (const path of paths) {
      const { version: locked = '0' } = packages[path] ?? {};
      expect(isAtLeast(locked, floor), `${path} ${locked}`).toBe(true);
      expect(installedVersion(path)).toBe(locked);
    }
  });

  it('names no host, so that every registry can serve it', () => {
    expect(text).not.toContain('"resolved"');
  });

  it('holds a checksum for every package', () => {
    const bare = Object.entries(packages).filter(
      ([path, { integrity, link }]) => path !== '' && !link && integrity === undefined,
    );
    expect(bare).toEqual([]);
  });
});
