import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFormat } from '../../src/passwords/find-format.ts';
import { discourse } from '../../src/users/presets/discourse.ts';
import { createExample } from '../helpers/example-tables.ts';
import { createTestServer, type TestServer } from '../helpers/http-server.ts';

describe('R31: where the application’s own login takes 200 characters', () => {
  let site: TestServer;
  let link: string;
  beforeEach(async () => {
    const format = findFormat('discourse');
    const encoded = await format.hash!('the old password of susan', {});
    site = await createTestServer({
      config: { 'users.preset': 'discourse' },
      prepare: (db) => createExample(db, discourse, format.columns!.split(encoded)),
    });
    link = `/reset_password/${await site.issueToken('susan@example.com')}`;
  });
  afterEach(() => site.close());

  const set = (password: string) => site.post(link, { password, password2: password });

  it('the page says so before anything is typed', async () => {
    const { body } = await site.get(link);
    expect(body).toContain('no more than 200 characters');
    expect(body).not.toContain('bytes');
  });

  it('a longer password is refused, in characters, and one of that length is taken', async () => {
    const letters = 'kzvqjxwpfm';
    const refused = await set(`${letters.repeat(20)}k`);
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('The password is too long. It can have no more than 200 characters.');
    expect((await set(letters.repeat(20))).statusCode).toBe(303);
  });
});
