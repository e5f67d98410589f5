import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nativeWarnings } from '../../../src/flows/native/native-link.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { removeFolderSync } from '../../helpers/temporary-folder.ts';
import { openFlowApp } from '../flow-app.ts';

const SECRET = 'the secret of this site, which is long enough';
const MASTER_KEY = '0123456789abcdef'.repeat(2);
const ENCRYPTED = 'c2VjcmV0+/c2VjcmV0==--MTIzNDU2Nzg5MDEy--MTIzNDU2Nzg5MDEyMzQ1Ng==';
const APP_KEY = `base64:${Buffer.alloc(32, 0xfe).toString('base64')}`;

/** What was given, and what becomes of it: used as the secret, used with a warning, or refused. */
interface Given {
  readonly what: string;
  readonly form: string;
  readonly given: string;
  readonly used?: readonly string[];
  readonly doubt?: string;
  readonly refusal?: RegExp;
}

const DOUBT = /as it was given|master\.key/;

const GIVEN: readonly Given[] = [
  { what: 'a line end', form: 'itsdangerous', given: `${SECRET}\n`, used: [SECRET] },
  { what: 'a line end of Windows', form: 'rails', given: `${SECRET}\r\n`, used: [SECRET] },
  { what: 'an empty line before it', form: 'jwt', given: `\n${SECRET}\n`, used: [SECRET] },
  { what: 'spaces', form: 'jwt', given: ` ${SECRET}`, doubt: 'without the spaces around it' },
  { what: 'quotes', form: 'itsdangerous', given: `"${SECRET}"`, doubt: 'without the quotes around it' },
  {
    what: 'a line of .env',
    form: 'itsdangerous',
    given: `SECRET_KEY=${SECRET}`,
    doubt: 'without the name before it',
  },
  {
    what: 'base64 of it',
    form: 'rails',
    given: Buffer.from(SECRET).toString('base64'),
    doubt: 'decoded from base64',
  },
  {
    what: 'base64 of it with its line end',
    form: 'itsdangerous',
    given: Buffer.from(`${SECRET}\n`).toString('base64'),
    doubt: 'decoded from base64',
  },
  { what: 'two secrets', form: 'rails', given: `${SECRET}\n${MASTER_KEY}`, refusal: /holds 2, one per line/ },
  {
    what: 'two secrets',
    form: 'itsdangerous',
    given: `${SECRET}\nanother`,
    refusal: /holds 2, one per line/,
  },
  { what: "Rails' master.key", form: 'rails', given: MASTER_KEY, doubt: 'config/master.key' },
  {
    what: "Rails' master.key",
    form: 'rails-signed-id',
    given: `${MASTER_KEY}\n`,
    doubt: 'config/master.key',
  },
  {
    what: "Rails' secret_key_base",
    form: 'rails',
    given: '0123456789abcdef'.repeat(8),
    used: ['0123456789abcdef'.repeat(8)],
  },
  {
    what: "Rails' credentials",
    form: 'rails',
    given: ENCRYPTED,
    refusal: /credentials\.yml\.enc, which is encrypted/,
  },
  { what: "Laravel's APP_KEY", form: 'rails', given: APP_KEY, refusal: /begins with base64:/ },
  { what: "Laravel's APP_KEY", form: 'itsdangerous', given: `${APP_KEY}\n`, refusal: /begins with base64:/ },
  {
    what: 'a key of another kind',
    form: 'jwt',
    given: '-----BEGIN PRIVATE KEY-----',
    refusal: /a file of keys/,
  },
  {
    what: "Django's fallbacks",
    form: 'django',
    given: `${SECRET}\nthe one before`,
    used: [SECRET, 'the one before'],
  },
  {
    what: "Django's fallbacks as a list",
    form: 'django',
    given: `['${SECRET}', 'the one before']`,
    refusal: /looks like a list/,
  },
  {
    what: "Django's fallbacks as settings",
    form: 'django',
    given: `SECRET_KEY_FALLBACKS = ['${SECRET}']`,
    refusal: /looks like a list/,
  },
  {
    what: "Symfony's empty APP_SECRET",
    form: 'symfony',
    given: 'APP_SECRET=',
    refusal: /a name without a value/,
  },
  {
    what: "Symfony's empty APP_SECRET",
    form: 'symfony',
    given: "export APP_SECRET=''",
    refusal: /a name without a value/,
  },
  { what: 'nothing but a line end', form: 'symfony', given: '\n', refusal: /must hold a secret/ },
];

/** The secrets of a site with such a file, and what is said before a link of it goes out. */
async function useSecret(database: TestDatabase, { form, given }: Given) {
  const folder = mkdtempSync(join(tmpdir(), 'reset-secret-'));
  const appSecretFile = join(folder, 'app.secret');
  writeFileSync(appSecretFile, given, { mode: 0o600 });
  const flags = { 'users.preset': 'default', 'link.native': true, 'link.token': { form }, appSecretFile };
  try {
    const site = await openFlowApp(database, { flags });
    try {
      const { usersDb } = site.app;
      await usersDb.schema.alterTable('users', (table) => void table.timestamp('last_login').nullable());
      await usersDb.schema.createTable('reset_password_request', (table) => void table.increments('id'));
      return {
        secrets: site.app.config.appSecrets.map((each) => each.reveal()),
        warnings: await nativeWarnings(site.app),
      };
    } finally {
      await site.close();
    }
  } finally {
    removeFolderSync(folder);
  }
}

eachDatabase('what is given as the secret', (open) => {
  it.each(GIVEN.filter(({ refusal }) => refusal))('$what for $form is refused', async (given) => {
    const refused = useSecret(await open(), given);
    await expect(refused).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(given.refusal!) as string,
    });
  });

  it.each(GIVEN.filter(({ used }) => used))('$what for $form is understood', async (given) => {
    const { secrets, warnings } = await useSecret(await open(), given);
    expect(secrets).toEqual(given.used);
    expect(warnings.join()).not.toMatch(DOUBT);
  });

  it.each(GIVEN.filter(({ doubt }) => doubt))('$what for $form is named', async (given) => {
    const { warnings } = await useSecret(await open(), given);
    expect(warnings.filter((warning) => DOUBT.test(warning))).toEqual([
      expect.stringContaining(given.doubt!),
    ]);
  });
});
