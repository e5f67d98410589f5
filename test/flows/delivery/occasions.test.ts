import { afterEach, beforeEach, expect, it } from 'vitest';
import { bindReset, type SendInput } from '../../../src/create-reset.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { resendLink } from '../../../src/flows/links/resend-link.ts';
import { extractToken } from '../../../src/tokens/extract-token.ts';
import type { Actor } from '../../../src/types.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';

const email = 'susan@example.com';
const visitor: Actor = { kind: 'web', name: '192.0.2.1' };

let test: TestApp;
beforeEach(async () => {
  test = await createTestApp({ config: { appName: 'Acme' } });
  await test.addUser({ email });
});
afterEach(() => test.close());

const deliver = () => runWorker(test.app, { once: true, signal: new AbortController().signal });
/** Subject and text of the newest mail, in one line. */
const newest = (): string => {
  const { subject, text } = test.mailbox!.messages.at(-1)!.parsed;
  return `${subject} | ${text}`.replace(/\s+/g, ' ');
};
const ask = (actor: Actor) => requestReset(test.app, { identifier: { email }, actor, bucket: null });
async function startBatch(isLocking: boolean): Promise<void> {
  const { batch } = await planBatch(test.app, everybody(test.app, { isLocking }), true);
  await beginBatch(test.app, batch, { signal: new AbortController().signal, onLocked: () => undefined });
}
/** What the person does with the link of the newest mail; gives the notice. */
async function use(pasted = test.mailbox!.messages.at(-1)!.parsed.text!, actor = visitor): Promise<string> {
  const token = extractToken(pasted);
  await applyToken(test.app, { token, password: 'correct horse battery staple', actor });
  await deliver();
  return newest();
}

it('asked for on the page: nobody but the person is behind the mail and the notice', async () => {
  await ask(visitor);
  await deliver();
  expect(newest()).toMatch(/^Reset your password for Acme \| .*We received a request .*If this wasn’t you/);
  expect(newest()).not.toMatch(/administrator|support sent/);
  expect(await use()).toMatch(
    /^Your Acme password was changed \| .*was changed on [^.]*UTC\. If you expected/,
  );
});

it('sent by support: the mail and the notice say so, and nobody is sent to an administrator', async () => {
  await ask(test.app.operator);
  await deliver();
  expect(newest()).toMatch(/^Reset your password for Acme: here’s your link \| .*Acme support sent you this/);
  expect(newest()).toMatch(/If you didn’t ask for help, don’t use the link, and tell Acme support\./);
  expect(newest()).not.toContain('administrator');
  expect(await use()).toContain('with a link or code from Acme support.');
});

it('sent by a program whose own page was asked: the mail says what ours says', async () => {
  const reset = bindReset(test.app);
  await reset.send({ email, occasion: 'page' });
  expect(newest()).toMatch(/^Reset your password for Acme \| .*We received a request/);
  await reset.send({ email, force: true });
  expect(newest()).toContain('Acme support sent you this link');
  const odd = { email, occasion: 'batch' } as unknown as SendInput;
  await expect(reset.send(odd)).rejects.toMatchObject({ code: 'usage_invalid' });
  expect(test.mailbox!.messages).toHaveLength(2);
});

it('handed over without a mail: the notice names support', async () => {
  const { url } = await issueLink(test.app, { identifier: { email }, actor: test.app.operator });
  expect(await use(url)).toContain('with a link or code from Acme support.');
});

it('demanded in a batch: the administrator asks', async () => {
  await startBatch(false);
  await deliver();
  expect(newest()).toMatch(
    /^Please reset your password for Acme \| .*administrator of Acme asks you to reset/,
  );
  expect(newest()).not.toContain('no longer works');
  expect(await use()).toContain('as your administrator had asked.');
});

it('demanded with the old password locked: the mail says that it is dead', async () => {
  await startBatch(true);
  await deliver();
  expect(newest()).toMatch(/^Reset your password for Acme: your old one no longer works \| /);
  expect(newest()).toMatch(/has disabled the password for .*Your old password no longer works\./);
  expect(test.mailbox!.messages.at(-1)!.parsed.html).toContain('Your old password no longer works.');
});

it('demanded of somebody without a password, who has none to lose', async () => {
  await test.app.usersDb('users').update({ password_hash: null });
  await startBatch(true);
  await deliver();
  expect(newest()).toContain('asks you to reset');
  expect(newest()).not.toContain('no longer works');
});

it('sent again to people who are locked: the old password is still dead, until there is a new one', async () => {
  await startBatch(true);
  await deliver();
  await startBatch(false);
  await deliver();
  expect(newest()).toContain('Your old password no longer works.');
  await use();
  await startBatch(false);
  await deliver();
  expect(newest()).toContain('asks you to reset');
});

it('asked for again by telephone: the same link comes from support', async () => {
  await startBatch(false);
  await deliver();
  const first = extractToken(test.mailbox!.messages.at(-1)!.parsed.text!);
  await resendLink(test.app, { identifier: { email }, actor: test.app.operator, force: true });
  expect(newest()).toContain('Acme support sent you this link');
  expect(extractToken(test.mailbox!.messages.at(-1)!.parsed.text!)).toBe(first);
});

it('set by an operator with the person’s link: the notice says who, and does not ask whether it was the reader', async () => {
  await ask(visitor);
  await deliver();
  expect(await use(undefined, test.app.operator)).toContain('An administrator of Acme changed the password');
  const { html } = test.mailbox!.messages.at(-1)!.parsed;
  expect(html).toContain('Didn’t expect this change?');
  expect(html).not.toContain('If this wasn’t you, act now.');
});

it.each([
  ['a visitor', () => visitor, 'We received a request'],
  ['an operator', () => test.app.operator, 'An administrator of Acme asks you'],
])('queued by an older release for %s: the mail says what it said there', async (_name, actor, says) => {
  await ask(actor());
  await test.app.ledger('reset_outbox').update({ occasion: null });
  await deliver();
  expect(newest()).toContain(says);
  expect(await use()).toContain('was changed on');
});
