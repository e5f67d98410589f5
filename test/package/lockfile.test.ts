import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };

/**
 * Versions below these have known vulnerabilities. `npm audit` in CI asks for new ones; this holds without a network.
 */
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

/** Is this version of Node in a range such as `^20.17.0 || >= 22.9`? */
const allows = (range: string, version: string): boolean =>
  range.split('||').some((part) =>
    [...part.matchAll(/(\^|>=)?\s*([\d.]+)|\*/g)].every(([whole, operator, floor = '']) => {
      if (whole === '*') return true;
      const isSameMajor = numbers(version)[0] === numbers(floor)[0];
      return operator === undefined
        ? isSameMajor
        : isAtLeast(version, floor) && (operator === '>=' || isSameMajor);
    }),
  );

describe('every version of Node that package.json allows', () => {
  const { engines, ...rest } = packages[''] ?? {};
  const versions = [
    '18.20.8',
    '20.16.0',
    '20.19.0',
    '21.7.3',
    '22.0.0',
    '22.12.0',
    '22.13.0',
    '23.4.0',
    '24.0.0',
    '26.0.0',
  ];
  const allowed = versions.filter((version) => allows(engines?.node ?? '', version));

  it('is one that the README names', () => {
    expect(rest).not.toEqual({});
    expect(allowed).toEqual(['20.19.0', '22.13.0', '24.0.0', '26.0.0']);
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain('Node 20.19, 22.13, 24 or later.');
  });

  it.each(allowed)('runs every package that is installed with ours: %s', (version) => {
    const refusing = Object.entries(packages).filter(
      ([path, { dev, engines: own }]) =>
        path !== '' && !dev && own?.node !== undefined && !allows(own.node, version),
    );
    expect(refusing.map(([path]) => path)).toEqual([]);
  });
});

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
