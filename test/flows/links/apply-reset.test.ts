import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ERRORS, isResetError, type ErrorCode } from '../../../src/errors.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { issueLink, type LinkResult } from '../../../src/flows/links/issue-link.ts';
import { revokeOfUser } from '../../../src/flows/links/revoke-tokens.ts';
import { verifyResetToken } from '../../../src/flows/links/verify-reset-token.ts';
import { hashPassword } from '../../../src/passwords/hash.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { goodPassword, openFlowApp, operator, type FlowApp } from '../flow-app.ts';

const otherPassword = 'another long and good one';

async function codeOf(work: Promise<unknown>): Promise<ErrorCode | 'fine'> {
  try {
    await work;
    return 'fine';
  } catch (error) {
    if (!isResetError(error)) throw error;
    return error.code;
  }
}

eachDatabase('using a token', (open) => {
  let flow: FlowApp;
  let userId: string;
  const link = async () => issueLink(flow.app, { identifier: { id: userId }, actor: operator });
  const apply = (token: string, password = goodPassword) =>
    applyToken(flow.app, { token, password, actor: operator });
  const row = async () =>
    (await flow.app
      .usersDb('users')
      .where({ id: Number(userId) })
      .first()) as Record<string, unknown>;

  beforeEach(async () => {
    flow = await openFlowApp(await open());
    const old = await hashPassword('the old password of susan', {
      format: 'bcrypt',
      parameters: { cost: 10 },
    });
    userId = await flow.addUser('susan@example.com', old);
    await flow.addUser('miguel@example.com', old);
  });
  afterEach(() => flow.close());

  it('writes the new hash for this user and nobody else', async () => {
    const before = (await flow.app.usersDb('users').select()) as Record<string, unknown>[];
    const { token } = await link();
    expect(await apply(token)).toMatchObject({
      status: 'applied',
      userId,
      email: 'susan@example.com',
      hashFormat: 'bcrypt',
      sessionsEnded: 0,
    });
    expect(await checkKnownPassword(flow.app, { id: userId }, goodPassword)).toMatchObject({
      accepted: true,
    });
    expect(await codeOf(checkKnownPassword(flow.app, { id: userId }, 'the old password of susan'))).toBe(
      'password_rejected',
    );
    const others = ((await flow.app.usersDb('users').select()) as Record<string, unknown>[]).filter(
      ({ id }) => String(id) !== userId,
    );
    expect(others).toEqual(before.filter(({ id }) => String(id) !== userId));
  });

  it('refuses a token that was used before, and says when', async () => {
    const { token } = await link();
    await apply(token);
    await expect(apply(token, otherPassword)).rejects.toThrow(
      /This link was used at \d\d:\d\d \(.+ ago\)\. Send a new one: reset send --id \S+$/,
    );
    expect(await codeOf(verifyResetToken(flow.app, token))).toBe('token_used');
  });

  it('R07: four links leave three alive, and one success ends them all', async () => {
    const links: LinkResult[] = [];
    for (let count = 0; count < 4; count += 1) {
      links.push(await link());
      flow.clock.advance(1000);
    }
    const codes = () => Promise.all(links.map(({ token }) => codeOf(verifyResetToken(flow.app, token))));
    expect(await codes()).toEqual(['token_revoked', 'fine', 'fine', 'fine']);
    await apply(links[2]!.token);
    expect(await codes()).toEqual(['token_revoked', 'token_revoked', 'token_used', 'token_revoked']);
  });

  it('R07: a revoke ends what is live', async () => {
    const links = [await link(), await link()];
    expect(await revokeOfUser(flow.app, { id: userId }, operator)).toMatchObject({ revoked: 2 });
    for (const { token } of links) expect(await codeOf(apply(token))).toBe('token_revoked');
  });

  it('R05: a token dies with the password and with the e-mail address', async () => {
    const first = await link();
    await flow.app
      .usersDb('users')
      .where({ id: Number(userId) })
      .update({ password_hash: '$2y$12$uW/qTi1DANHfLxTlNvDprOSh9roYweiCBDj5WRKPtnn5bsxTeMvUS' });
    expect(await codeOf(verifyResetToken(flow.app, first.token))).toBe('token_revoked');
    const second = await link();
    await flow.app
      .usersDb('users')
      .where({ id: Number(userId) })
      .update({ email: 'susan@new.example.com' });
    expect(await codeOf(apply(second.token))).toBe('token_revoked');
  });

  it('R08: issuing a hundred links changes nothing in the table of the users', async () => {
    const before: unknown = await flow.app.usersDb('users').select().orderBy('id');
    for (let count = 0; count < 100; count += 1) await link();
    expect(await flow.app.usersDb('users').select().orderBy('id')).toEqual(before);
  });

  it('R21: verifying a hundred times changes nothing at all', async () => {
    const { token } = await link();
    const tables = ['reset_tokens', 'reset_outbox', 'reset_audit', 'reset_throttle'];
    const { ledger, usersDb } = flow.app;
    const dump = () =>
      Promise.all([usersDb('users').select(), ...tables.map((table) => ledger(table).select())]);
    const before = await dump();
    for (let count = 0; count < 100; count += 1) await verifyResetToken(flow.app, token);
    expect(await dump()).toEqual(before);
  });

  it('R26: refuses a user who is gone', async () => {
    const { token } = await link();
    await flow.app
      .usersDb('users')
      .where({ id: Number(userId) })
      .delete();
    expect(await codeOf(verifyResetToken(flow.app, token))).toBe('user_not_found');
    expect(ERRORS.user_not_found.publicText).toBe(ERRORS.token_invalid.publicText);
  });

  it('R14: refuses a token that is too old, also when it grew old while the hash was made', async () => {
    const { token } = await link();
    flow.clock.advance(3_599_000);
    const pending = apply(token);
    flow.clock.advance(2000); // hashing takes longer than that
    expect(await codeOf(pending)).toBe('token_expired');
    expect(await codeOf(verifyResetToken(flow.app, token))).toBe('token_expired');
  });

  it('R23: hashing holds no lock, so that another write to the row goes through at once', async () => {
    const { token } = await link();
    const pending = codeOf(apply(token));
    const second = await flow.another();
    await second
      .usersDb('users')
      .where({ id: Number(userId) })
      .update({ username: 'meanwhile' });
    expect((await row())['username']).toBe('meanwhile');
    expect(await pending).toBe('fine');
  });

  describe('R22: of simultaneous uses exactly one succeeds', () => {
    it('with one token', async () => {
      const { token } = await link();
      const apps = await Promise.all(Array.from({ length: 4 }, () => flow.another()));
      const codes = await Promise.all(
        apps.map((app, index) =>
          codeOf(applyToken(app, { token, password: `${goodPassword} ${index}`, actor: operator })),
        ),
      );
      expect(codes.sort()).toEqual(['fine', 'token_used', 'token_used', 'token_used']);
    });

    it('with three links of one user', async () => {
      const links = [await link(), await link(), await link()];
      const codes = await Promise.all(
        links.map(async ({ token }, index) =>
          codeOf(
            applyToken(await flow.another(), {
              token,
              password: `${goodPassword} ${index}`,
              actor: operator,
            }),
          ),
        ),
      );
      expect(codes.filter((code) => code === 'fine')).toHaveLength(1);
      expect(codes.filter((code) => code === 'token_revoked')).toHaveLength(2);
    });

    it.each(['revoke', 'e-mail', 'deactivation'])('or a %s wins, never both', async (rival) => {
      const { token } = await link();
      const second = await flow.another();
      const outcome = codeOf(apply(token));
      const changed =
        rival === 'revoke'
          ? (await revokeOfUser(second, { id: userId }, operator)).revoked
          : await second
              .usersDb('users')
              .where({ id: Number(userId) })
              .update(rival === 'e-mail' ? { email: 'else@example.com' } : { password_hash: null });
      const code = await outcome;
      const isNew = (await codeOf(checkKnownPassword(flow.app, { id: userId }, goodPassword))) === 'fine';
      expect(isNew).toBe(code === 'fine' && rival !== 'deactivation');
      expect(rival !== 'revoke' || (code === 'fine') === (changed === 0)).toBe(true);
    });
  });

  describe('R24: all or nothing', () => {
    it.each(['reset_audit', 'reset_outbox', 'reset_tokens'])(
      'a write to %s that fails rolls everything back',
      async (table) => {
        const { token } = await link();
        const before = await row();
        await flow.app.ledger.schema.renameTable(table, `${table}_away`);
        await expect(apply(token)).rejects.toThrow();
        await flow.app.ledger.schema.renameTable(`${table}_away`, table);
        expect(await row()).toEqual(before);
        expect(await codeOf(apply(token))).toBe('fine');
      },
    );
  });

  it('R91: a use whose audit row cannot be written is rolled back', async () => {
    const { token } = await link();
    await flow.app.ledger.schema.renameTable('reset_audit', 'audit_away');
    await expect(apply(token)).rejects.toThrow();
    await flow.app.ledger.schema.renameTable('audit_away', 'reset_audit');
    expect(await codeOf(verifyResetToken(flow.app, token))).toBe('fine');
    expect(await flow.app.ledger('reset_outbox').where({ kind: 'notice' })).toEqual([]);
  });

  it('R90: leaves an audit row for every step, with who and when', async () => {
    const { token, requestId } = await link();
    await apply(token);
    await codeOf(apply(token));
    await codeOf(apply('not.a.token'));
    const events = (await flow.app.ledger('reset_audit').select().orderBy('id')) as Record<string, unknown>[];
    expect(events.map(({ event, result }) => `${String(event)} ${String(result)}`)).toEqual([
      'link_issued ok',
      'password_changed ok',
      'token_reused token_used',
      'token_verify_failed token_invalid',
    ]);
    expect(events[1]).toMatchObject({
      request_id: requestId,
      user_id: userId,
      actor_kind: 'operator',
      actor_name: operator.name,
    });
    expect(Number(events[1]!['at'])).toBe(flow.clock.now());
    expect(JSON.stringify(events)).not.toContain('eyJ');
  });

  it('keeps nothing in the database from which a token could be made', async () => {
    const { token } = await link();
    const dump = JSON.stringify(
      await Promise.all(
        ['reset_tokens', 'reset_outbox', 'reset_audit'].map((table) => flow.app.ledger(table).select()),
      ),
    );
    const signature = token.split('.')[2] ?? '';
    expect(dump).not.toContain(signature);
  });
});
