import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { createReset } from '../src/index.ts';
import { validateUsers } from '../src/users-settings.ts';

const problemsOf = async (settings: Record<string, unknown>, env: Record<string, string> = {}) =>
  loadConfig({ cwd: null, env, settings, validate: validateUsers }).then(
    () => [],
    (error: { details: { problems: unknown } }) => error.details.problems,
  );

describe('problems in users.* are reported with all the others, before the database is asked', () => {
  it('a preset that does not exist, and where its name came from', async () => {
    expect(await problemsOf({ baseUrl: 'nope' }, { RESET_PRESET: 'djago' })).toMatchObject([
      { key: 'baseUrl', source: 'settings' },
      {
        key: 'users.preset',
        source: 'environment RESET_PRESET',
        message: expect.stringContaining('mean django') as string,
      },
    ]);
  });

  it('names that no table or column can have', async () => {
    const users = { table: 'users as u', email: 'a.b', onReset: [{ set: { password_hash: 'x' } }] };
    expect(await problemsOf({ users })).toMatchObject([
      { key: 'users.table', source: 'settings' },
      { key: 'users.email', source: 'settings' },
      { key: 'users.onReset[0]', source: 'settings' },
    ]);
  });

  it.each(['bogus', 'md5', { format: 'bogus' }])('a hash format that cannot be written: %j', async (hash) => {
    expect(await problemsOf({ users: { hash } })).toMatchObject([{ key: 'users.hash', source: 'settings' }]);
  });

  it('nothing where all is well', async () => {
    expect(await problemsOf({ users: { preset: 'wordpress', table: 'blog_users', hash: 'phpass' } })).toEqual(
      [],
    );
  });
});

it('a program gets every wrong key of its settings in one error', async () => {
  const settings = {
    database: 'sqlite:app.db',
    secret: 'hex:12',
    baseURL: 'https://x.example',
    users: { hash: 'x' },
  };
  await expect(createReset(settings)).rejects.toMatchObject({
    code: 'config_invalid',
    details: {
      problems: [
        { key: 'baseURL', source: 'settings', message: expect.stringContaining('baseUrl') as string },
        { key: 'secret', source: 'settings' },
        { key: 'users.hash', source: 'settings' },
      ],
    },
  });
});
