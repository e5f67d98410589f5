import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { mkdtempSync, readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { explainDatabaseError } from '../../src/db/errors.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { needs } from '../helpers/needs.ts';
import { startTlsProxy } from '../helpers/tls-proxy.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'reset-tls-'));
afterAll(() => removeFolderSync(folder));

/** This machine by its name: any host other than `localhost` has to prove itself, by default. */
const host = hostname();
const { address } = await lookup(host, 4);

/** Signed by nobody else, for this name or address. */
function makeCertificate(name: string, subject: string): { key: Buffer; cert: Buffer; file: string } {
  const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const rest = ['-days', '2', '-subj', '/CN=database', '-addext', `subjectAltName=${subject}`];
  execFileSync('openssl', [...request, ...rest, '-keyout', key, '-out', file], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(file), file };
}
const hasOpenssl = needs('openssl');
let right: ReturnType<typeof makeCertificate>;
let elsewhere: ReturnType<typeof makeCertificate>;
beforeAll(() => {
  if (!hasOpenssl) return;
  right = makeCertificate('right', `DNS:${host}`);
  elsewhere = makeCertificate('elsewhere', 'DNS:localhost');
});

async function ask(url: string, parameters: Record<string, string> = {}): Promise<unknown> {
  const target = new URL(url);
  target.hostname = host;
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  const db = await connect(target.href);
  try {
    await db.raw('select 1');
    return 'connected';
  } catch (error) {
    return explainDatabaseError(error) ?? error;
  } finally {
    await db.destroy();
  }
}

const untrusted = {
  code: 'config_invalid',
  message: expect.stringMatching(/certificate.+sslrootcert/) as string,
};

eachDatabase(
  'TLS to another host',
  (open) => {
    it.runIf(hasOpenssl)('R77: refuses a certificate that nobody vouches for', async () => {
      const url = await startTlsProxy((await open()).url, address, right);
      expect(await ask(url)).toMatchObject(untrusted);
    });

    it.runIf(hasOpenssl)('R77: takes it when its authority is given', async () => {
      const url = await startTlsProxy((await open()).url, address, right);
      expect(await ask(url, { sslrootcert: right.file })).toBe('connected');
    });

    it.runIf(hasOpenssl)(
      'R77: refuses a certificate of another host, although its authority is given',
      async () => {
        const url = await startTlsProxy((await open()).url, address, elsewhere);
        expect(await ask(url, { sslrootcert: elsewhere.file })).toMatchObject(untrusted);
      },
    );
  },
  ['postgres', 'mysql'],
);
