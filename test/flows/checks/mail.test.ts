import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { caFile } from '../../helpers/mailbox.ts';
import type { Setup } from '../../helpers/run-reset.ts';
import { configured, sql, smtp, eachBrokenSetup } from './broken-setups.ts';

const row = {
  request_id: 'r',
  kind: 'reset',
  user_id: '1',
  actor_kind: 'operator',
  actor_name: 'x',
  expires_in_s: 60,
  created_at: 0,
};

async function useToken(setup: Setup, port: number, token: string, mode = 0o600): Promise<void> {
  const path = join(setup.folder, 'token');
  await writeFile(path, token);
  await chmod(path, mode);
  await setup.configure({ 'mail.url': `smtp://app@127.0.0.1:${port}?auth=xoauth2&token=${path}` });
}

/** A mail server that answers so to every recipient. */
const refusing = (code: number, text: string) => ({
  code: 'recipient_refused' as const,
  advice: /--to/,
  mailbox: { onRcpt: () => ({ code, text }) },
  ...smtp(),
  remedy: (setup: Setup) => setup.configure({ 'mail.url': `file:${setup.mailbox}` }),
});

eachBrokenSetup('the mail server, the clock and the outbox', [
  {
    name: 'a sender that is none',
    code: 'key_invalid',
    says: /mail\.from .*neither/,
    advice: /like: Example </,
    ...configured({ 'mail.from': 'Example <nobody' }, { 'mail.from': 'a@example.com' }),
  },
  {
    name: 'no mail server',
    code: 'key_missing',
    says: /mail\.url .*is not set/,
    advice: /RESET_MAIL_URL/,
    breakIt: (setup) => setup.configure({ 'mail.url': undefined }),
    remedy: (setup) => setup.configure({ 'mail.url': `file:${setup.mailbox}` }),
  },
  {
    name: 'a mail server that does not answer',
    code: 'mail_server_unusable',
    says: /Nothing listens at /,
    advice: /Check mail\.url/,
    breakIt: (setup) => setup.configure({ 'mail.url': 'smtp://127.0.0.1:9' }),
    remedy: smtp().breakIt,
  },
  {
    name: 'a mail server that refuses the login',
    code: 'mail_server_unusable',
    says: /credentials invalid/,
    advice: /user and password in mail\.url/,
    mailbox: { auth: { user: 'app', password: 'right' } },
    breakIt: (setup, { port }) => setup.configure({ 'mail.url': `smtp://app:wrong@127.0.0.1:${port}` }),
    remedy: (setup, { port }) => setup.configure({ 'mail.url': `smtp://app:right@127.0.0.1:${port}` }),
  },
  {
    name: 'an access token that has expired',
    code: 'mail_server_unusable',
    says: /not accepted/,
    advice: /may have expired.*Renew it in the file/,
    mailbox: { tokens: { user: 'app', accepts: (token) => token === 'fresh' } },
    breakIt: (setup, { port }) => useToken(setup, port, 'expired'),
    remedy: (setup, { port }) => useToken(setup, port, 'fresh'),
  },
  {
    name: 'a token file that others can read',
    code: 'mail_server_unusable',
    says: /token can be read by others/,
    advice: /chmod 600/,
    mailbox: { tokens: { user: 'app', accepts: (token) => token === 'fresh' } },
    breakIt: (setup, { port }) => useToken(setup, port, 'fresh', 0o644),
    remedy: (setup, { port }) => useToken(setup, port, 'fresh'),
  },
  {
    name: 'a mail server that takes access tokens only',
    code: 'mail_server_unusable',
    says: /Unrecognized authentication type/i,
    advice: /auth=xoauth2&token=FILE/,
    mailbox: { tokens: { user: 'app', accepts: (token) => token === 'fresh' } },
    breakIt: (setup, { port }) => setup.configure({ 'mail.url': `smtp://app:right@127.0.0.1:${port}` }),
    remedy: (setup, { port }) => useToken(setup, port, 'fresh'),
  },
  {
    name: 'a mail server without TLS',
    code: 'mail_server_unusable',
    says: /command not recognized/,
    advice: /tls=none/,
    ...smtp('?tls=required'),
    remedy: smtp('?tls=none').breakIt,
  },
  {
    name: 'a mail server with a certificate that nobody knows',
    code: 'mail_server_unusable',
    says: /certificate/,
    advice: /\?ca=FILE/,
    mailbox: { tls: 'starttls' },
    breakIt: (setup, { port }) => setup.configure({ 'mail.url': `smtp://localhost:${port}?tls=required` }),
    remedy: (setup, { port }) => setup.configure({ 'mail.url': `smtp://localhost:${port}?ca=${caFile}` }),
  },
  {
    name: 'a mail server that refuses the mail',
    says: /is refused: 550/,
    ...refusing(550, 'not from you'),
  },
  {
    name: 'a mail server that is busy',
    status: 'warning',
    says: /is refused: 450/,
    ...refusing(450, 'later'),
  },
  {
    name: 'a clock that is off',
    code: 'clock_off',
    says: /clock is 300 s behind/,
    advice: /timedatectl/,
    breakIt: async () => ({ clockOffMs: 300_000 }),
    remedy: async () => ({ clockOffMs: 0 }),
  },
  {
    name: 'a clock that is a little off',
    code: 'clock_off',
    status: 'warning',
    says: /clock is 10 s ahead/,
    advice: /timedatectl/,
    breakIt: async () => ({ clockOffMs: -10_000 }),
    remedy: async () => ({ clockOffMs: 0 }),
  },
  {
    name: 'mails that nobody delivers',
    code: 'mails_late',
    status: 'warning',
    says: /1 mail is waiting, the oldest for 60 minutes/,
    advice: /reset worker/,
    ...sql(
      (db) => db('reset_outbox').insert({ ...row, state: 'queued', due_at: Date.now() - 3_600_000 }),
      (db) => db('reset_outbox').delete(),
    ),
  },
  ...(['queued', 'claimed'] as const).map((state) => ({
    name: `mails that were ${state} by a machine whose clock was a day ahead`,
    code: 'mails_ahead' as const,
    status: 'warning' as const,
    says: /1 mail waits for up to 24 hours: .* had a clock that was ahead/,
    advice: /reset doctor --fix/,
    ...sql((db) => {
      const at = Date.now() + 86_400_000;
      return db('reset_outbox').insert({ ...row, state, due_at: at, created_at: at, claimed_until: at });
    }),
  })),
  {
    name: 'mails that failed',
    code: 'mails_failed',
    status: 'warning',
    says: /1 mail failed/,
    advice: /reset status --since 24h/,
    ...sql(
      (db) => db('reset_outbox').insert({ ...row, state: 'failed', due_at: 0, settled_at: Date.now() }),
      (db) => db('reset_outbox').delete(),
    ),
  },
  {
    name: 'typed addresses that were dropped in a flood',
    code: 'addresses_dropped',
    status: 'warning',
    says: /More addresses were typed within a day than could be looked up/,
    advice: /reset help listener/,
    ...sql(
      (db) =>
        db('reset_audit').insert({
          at: Date.now(),
          event: 'request_throttled',
          result: 'queue_full',
          actor_kind: 'system',
          actor_name: 'x',
        }),
      (db) => db('reset_audit').delete(),
    ),
  },
]);
