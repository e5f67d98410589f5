import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createReset } from '../../../src/create-reset.ts';
import { goodPassword, makeSetup, type Setup, succeed, susan } from '../../helpers/run-reset.ts';
import { startApply, untilWaiting } from '../../helpers/start-apply.ts';

async function tokenFileOf(setup: Setup): Promise<string> {
  const file = join(setup.folder, 'token');
  await writeFile(file, await setup.issue(), { mode: 0o600 });
  return file;
}

describe('one token in many processes', () => {
  it('R22: lets exactly one of 32 succeed, all started before the first password is given; 31 get token_used', async () => {
    const setup = await makeSetup();
    const file = await tokenFileOf(setup);
    const all = Array.from({ length: 32 }, () => startApply(setup, file));
    await Promise.all(all.map(({ pid }) => untilWaiting(pid)));
    all.forEach(({ give }, index) => {
      give(`${goodPassword} ${index}`);
    });
    const ends = await Promise.all(all.map(({ ended }) => ended));
    const refused = ends.filter(({ code }) => code !== 0);
    expect(refused).toEqual(Array.from({ length: 31 }, () => ({ code: 7, error: 'token_used' })));

    const winner = ends.findIndex(({ code }) => code === 0);
    const check = ['doctor', '--user', susan.email, '--password-stdin'];
    await succeed(setup.run(check, { input: `${goodPassword} ${winner}` }));
    const db = await setup.open();
    expect(await db('reset_audit').where({ event: 'password_changed' })).toHaveLength(1);
    expect(await db('reset_outbox').where({ kind: 'notice' })).toHaveLength(1);
    expect(readdirSync(setup.mailbox)).toHaveLength(1);
  });
});

/**
 * What may happen while a password is being hashed. Returns whether it came first, according to the rows afterwards.
 */
const rivals: [string, (setup: Setup) => Promise<unknown>, (setup: Setup) => Promise<void>][] = [
  [
    'a revoke',
    async ({ config: { database, secret } }) => {
      const reset = await createReset({ database, secret }); // another process would come too late
      await reset.revoke({ email: susan.email });
      await reset.close();
    },
    async (setup) => {
      const db = await setup.open();
      const [token] = await db('reset_tokens').select('state', 'reason');
      const [user] = await db('users').select('password_hash');
      // Either the token was used and the password is new, or it was revoked and the password is old.
      const isNew = user.password_hash !== susan.encoded;
      expect(token).toEqual(
        isNew ? { state: 'used', reason: null } : { state: 'revoked', reason: 'operator' },
      );
    },
  ],
  [
    'an e-mail change',
    async (setup) => (await setup.open())('users').update({ email: 'sue@example.com' }),
    async (setup) => {
      const db = await setup.open();
      const changed = await db('reset_audit').where({ event: 'password_changed' });
      const [notice] = await db('reset_outbox').where({ kind: 'notice' }).select('recipient');
      // If a password was set, it was set while the address was still the one that got the link.
      expect(notice?.recipient).toBe(changed.length > 0 ? susan.email : undefined);
    },
  ],
  [
    'a deactivation',
    async (setup) => (await setup.open())('users').update({ enabled: 0 }),
    async (setup) => {
      const db = await setup.open();
      const [user] = await db('users').select('enabled', 'password_hash');
      const changed = await db('reset_audit').where({ event: 'password_changed' });
      expect(user.enabled).toBe(0);
      expect(changed).toHaveLength(user.password_hash === susan.encoded ? 0 : 1);
    },
  ],
];

/** Between giving the password and the rival: hashing takes about 100 to 300 ms. */
const DELAYS_MS = ['before', 0, 60, 120, 180, 240, 300, 'after'] as const;

describe.each(rivals)('an apply against %s', (_name, rival, check) => {
  it('never lets both through', async () => {
    const outcomes: number[] = [];
    for (const delayMs of DELAYS_MS) {
      const setup = await makeSetup();
      const db = await setup.open();
      await db.raw('alter table users add column enabled integer not null default 1');
      await setup.configure({ 'users.active': { enabled: 1 } });
      const apply = startApply(setup, await tokenFileOf(setup));
      await untilWaiting(apply.pid);
      if (delayMs === 'before') await rival(setup);
      apply.give(goodPassword);
      if (delayMs === 'after') await apply.ended;
      if (typeof delayMs === 'number') await sleep(delayMs);
      if (delayMs !== 'before') await rival(setup);
      const { code, error } = await apply.ended;
      outcomes.push(code ?? -1);
      const [{ password_hash: encoded }] = await db('users').select('password_hash');
      expect({ code, error, isOld: encoded === susan.encoded }).toEqual({ code, error, isOld: code !== 0 });
      expect([undefined, 'token_revoked', 'user_inactive', 'token_used']).toContain(error);
      await check(setup);
    }
    expect(outcomes.at(0)).not.toBe(0);
    expect(outcomes.at(-1)).toBe(0);
  });
});
