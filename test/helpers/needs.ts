import { appendFileSync } from 'node:fs';
import { inject } from 'vitest';
import type { Servers } from '../set-up/find-servers.ts';
import type { Databases } from '../set-up/tiers.ts';
import { findProgram } from './find-program.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databases: Databases;
    /** in the full tier only */
    servers?: Servers;
    /** where a test of the full tier writes what it needed and did not find */
    missingFile?: string;
  }
}

interface Program {
  readonly name: string;
  /** every one of them is used */
  readonly programs: readonly string[];
  /** Debian's package */
  readonly package: string;
}

/** Whatever the full tier needs beside Node and the database servers. */
const PROGRAMS = {
  caddy: { name: 'Caddy', programs: ['caddy'], package: 'caddy' },
  chromium: { name: 'Chromium', programs: [process.env['CHROMIUM'] ?? 'chromium'], package: 'chromium' },
  curl: { name: 'curl', programs: ['curl'], package: 'curl' },
  dovecot: {
    name: 'Dovecot',
    programs: ['dovecot', '/usr/lib/dovecot/submission-login'],
    package: 'dovecot-submissiond',
  },
  // As a package it would replace Postfix: .ci/run unpacks it instead.
  exim: { name: 'Exim', programs: ['exim4'], package: 'exim4-daemon-light' },
  fish: { name: 'fish', programs: ['fish'], package: 'fish' },
  'mariadb-server': {
    name: 'A MariaDB of our own',
    programs: ['mariadbd', 'mariadb-install-db'],
    package: 'mariadb-server',
  },
  nginx: { name: 'nginx', programs: ['nginx'], package: 'nginx-light' },
  openssl: { name: 'OpenSSL', programs: ['openssl'], package: 'openssl' },
  pgbouncer: { name: 'PgBouncer', programs: ['pgbouncer'], package: 'pgbouncer' },
  postgresql: { name: 'A PostgreSQL of our own', programs: ['initdb', 'postgres'], package: 'postgresql' },
  postfix: { name: 'Postfix', programs: ['postfix'], package: 'postfix' },
  script: { name: 'A terminal', programs: ['script'], package: 'bsdutils' },
  'smtp-sink': { name: 'smtp-sink', programs: ['smtp-sink'], package: 'postfix' },
  systemd: {
    name: 'systemd',
    programs: ['systemd-analyze', 'systemd-socket-activate'],
    package: 'systemd',
  },
  zsh: { name: 'zsh', programs: ['zsh'], package: 'zsh' },
} as const satisfies Record<string, Program>;

export type Part = keyof typeof PROGRAMS;

/**
 * Does this machine have this part? For `describe.runIf(needs('zsh'))` in an `x.full.test.ts`. What is missing is
 * named at the end of the run; in CI it throws, because there it would turn a proof into nothing.
 */
export function needs(part: Part): boolean {
  const { name, programs, package: debian } = PROGRAMS[part];
  const lacking = programs.filter((program) => findProgram(program) === undefined);
  if (lacking.length === 0) return true;
  notTested(
    `${name}: not tested, ${lacking.join(' and ')} not found. Install with: apt-get install ${debian}`,
  );
  return false;
}

/** The database of a server from which others are created; undefined where nothing answers, which is named by then. */
export function serverUrl(dialect: 'postgres' | 'mysql'): string | undefined {
  const url = inject('servers')?.[dialect];
  if (url === undefined && process.env['CI'] === 'true')
    throw new Error(`CI tests ${dialect} too, and it does not answer.`);
  return url;
}

function notTested(line: string): void {
  if (process.env['CI'] === 'true') throw new Error(line);
  const file = inject('missingFile');
  if (file === undefined) throw new Error(`${line}. A test that needs it belongs in an x.full.test.ts.`);
  appendFileSync(file, `${line}\n`);
}
