import { describe, expect, it } from 'vitest';
import { goodPassword, makeSetup, susan } from '../../helpers/run-reset.ts';

describe('R90: the audit', () => {
  it('lists what happened, in order, with who did it and the result', async () => {
    const { run, issue, apply, open } = await makeSetup();
    const token = await issue('--ticket', 'SUP-1');
    await run(['send', susan.email, '--ticket', 'SUP-2']);
    await run(['send', susan.email]);
    await apply(`${token}x`);
    await apply(token, 'short');
    await apply(token);
    await apply(token, `${goodPassword} again`);
    await run(['revoke', susan.email]);
    await run(['user', 'add', 'new@example.com']);

    const rows = await (await open())('reset_audit').orderBy('id');
    expect(rows.map(({ event, result }) => `${event as string}: ${result as string}`)).toEqual([
      'link_issued: ok',
      'reset_requested: ok',
      'mail_sent: ok',
      'request_throttled: throttled',
      'token_verify_failed: token_invalid',
      'password_change_failed: password_rejected',
      'password_changed: ok',
      'mail_sent: ok',
      'token_reused: token_used',
      'token_revoked: ok',
      'user_added: ok',
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({ actor_kind: 'operator', actor_name: expect.stringMatching(/^.+@.+$/) });
      expect(row.at).toBeGreaterThan(Date.now() - 120_000);
    }
    expect(rows[0]).toMatchObject({ ticket: 'SUP-1', user_id: '1', request_id: expect.any(String) });
    expect(rows[1]).toMatchObject({ ticket: 'SUP-2', user_id: '1', request_id: rows[2].request_id });
    expect(rows[6]).toMatchObject({ user_id: '1', request_id: rows[0].request_id });
  });
});

describe('R95: the cool-down of a user', () => {
  it('ends with a reset', async () => {
    const { run, issue, apply } = await makeSetup();
    const token = await issue();
    expect(await run(['send', susan.email])).toMatchObject({ code: 0 });
    expect(await run(['send', susan.email])).toMatchObject({ code: 9 });
    await apply(token);
    expect(await run(['send', susan.email])).toMatchObject({ code: 0 });
  });
});
