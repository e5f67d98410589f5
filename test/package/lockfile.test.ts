import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };

/** Below these versions stand known vulnerabilities. */
const FLOORS = {
  jsonwebtoken: '9.0.0',
  jws: '4.0.1',
  nodemailer: '10.0.5',
  ejs: '3.1.10',
  knex: '2.4.0',
  bcrypt: '5.0.0',
  fastify: '5.12.1',
} as const;

const numbers = (version: string) => version.split('.').map(Number);

function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [numbers(version), numbers(floor)];
  const at = want.findIndex((part, index) => part !== have[index]);
  return at === -1 || (have[at] ?? 0) > (want[at] ?? 0);
}

describe('the lock file', () => {
  it.each(Object.entries(FLOORS))('R96: holds no %s below %s', (name, floor) => {
    const versions = Object.entries(packages)
      .filter(([path]) => path.endsWith(`node_modules/${name}`))
      .map(([, { version = '0' }]) => version);
    expect(versions).not.toEqual([]);
    for (const version of versions) expect(isAtLeast(version, floor), `${name} ${version}`).toBe(true);
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
