import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { issueCode } from '../../src/flows/links/issue-code.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { createTestServer, type TestServer } from '../helpers/http-server.ts';

const LISTENERS = 4;
const GUESSES = 1000;
const email = 'susan@example.com';

/** Eight letters, each another code: none is the given one. */
function wrongCodes(code: string): string[] {
  const wrong = new Set<string>();
  while (wrong.size < GUESSES) wrong.add(randomBytes(4).toString('hex'));
  wrong.delete(code.replace('-', '').toLowerCase());
  return [...wrong];
}

eachDatabase('guesses at one code over four listeners', (open) => {
  const openListeners = async (): Promise<TestServer[]> => {
    const { url } = await open();
    const config = {
      secret: `hex:${randomBytes(32).toString('hex')}`,
      'mail.url': 'smtp://127.0.0.1:1',
      'server.trustProxy': ['127.0.0.1'],
    };
    const listeners: TestServer[] = [];
    for (let count = 0; count < LISTENERS; count += 1)
      listeners.push(await createTestServer({ database: url, config }));
    return listeners;
  };

  /** Each from a network address of its own. */
  const guess = (listeners: readonly TestServer[], codes: readonly string[]) =>
    Promise.all(
      codes.map((code, index) =>
        listeners[index % LISTENERS]!.post(
          '/reset_password_code',
          { email, code },
          { headers: { 'x-forwarded-for': `10.0.${index >> 8}.${index & 255}` } },
        ),
      ),
    );

  it('R98: of a thousand at the same moment five are checked, and all are answered alike', async () => {
    const listeners = await openListeners();
    const [{ app, addUser }] = listeners as [TestServer];
    await addUser({ email });
    const { code } = await issueCode(app, { identifier: { email }, actor: app.operator });

    const answers = await guess(listeners, wrongCodes(code));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([400]));
    expect(new Set(answers.map(({ body }) => body.replace(/name="form" value="[^"]*"/, ''))).size).toBe(1);
    expect(await app.ledger('reset_tokens').select('state', 'code_tries', 'code_holder')).toEqual([
      { state: 'live', code_tries: 5, code_holder: null },
    ]);
    const checked = await app.ledger('reset_audit').where({ event: 'code_refused', result: 'code_wrong' });
    expect(checked).toHaveLength(5);
    expect(await app.ledger('reset_audit').where({ event: 'code_refused' })).toHaveLength(answers.length);
    // Not even the right one is checked any more.
    expect((await guess(listeners, [code]))[0]?.statusCode).toBe(400);
    for (const listener of listeners) await listener.close();
  });

  it('R98: of four hundred who type the right code at the same moment, one gets the form', async () => {
    const listeners = await openListeners();
    const [{ app, addUser }] = listeners as [TestServer];
    await addUser({ email });
    const { code } = await issueCode(app, { identifier: { email }, actor: app.operator });
    const answers = await guess(
      listeners,
      Array.from({ length: 400 }, () => code),
    );
    const taken = answers.filter(({ statusCode }) => statusCode === 200);
    expect(taken).toHaveLength(1);
    expect(taken[0]?.body).toContain('name="token"');
    expect(answers.filter(({ statusCode }) => statusCode === 400)).toHaveLength(399);
    for (const listener of listeners) await listener.close();
  });
});
