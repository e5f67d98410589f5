import type { Db } from '../../db/connect.ts';
import { describeTable } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import { readInstant, toInstantText } from '../instant-text.ts';
import { defineIssuer, type OpenIssuer, type Site, type Verdict } from '../issuer.ts';
import { fromWallSeconds, wallSeconds } from '../wall-clock.ts';

/** What a token of this table is for; others are sessions and keys of the API. */
const ACTION = 'recovery';
const BYTES = 20;
const COLUMNS = ['user_id', 'action', 'value', 'created_on', 'updated_on'];

/** Other applications have a table of this name, too. Throws config_invalid. */
async function assertTokens(db: Db, schema: string | undefined): Promise<void> {
  const info = await describeTable(db, 'tokens', schema);
  const there = new Set(info?.columns.map(({ name }) => name));
  if (COLUMNS.every((name) => there.has(name))) return;
  throw new ResetError(
    'config_invalid',
    `This database has no table tokens with the columns ${COLUMNS.join(', ')}, which Redmine keeps its reset tokens in.`,
  );
}

async function openRows({ db, schema, qualify, timeZone, lifeMs }: Site): Promise<OpenIssuer> {
  await assertTokens(db, schema);
  const table = qualify('tokens');
  const endAll = (trx: Db, userId: string) => trx(table).where({ user_id: userId, action: ACTION }).delete();
  return {
    make: (_person, { seed }) => ({ token: seed.subarray(0, BYTES).toString('hex') }),
    async store(trx, { id }, { iat }, { token = '' }) {
      await endAll(trx, id);
      // `default_timezone = :local`: the time of the server's own zone.
      const at = toInstantText(wallSeconds(iat * 1000, timeZone));
      await trx(table).insert({ user_id: id, action: ACTION, value: token, created_on: at, updated_on: at });
    },
    async whose(trx, { token = '' }) {
      const row = await trx(table)
        .where({ action: ACTION, value: token })
        .first<{ user: unknown } | undefined>({ user: 'user_id' });
      return row && { id: String(row.user) };
    },
    async check(trx, { id }, { token = '' }, now): Promise<Verdict> {
      const row = await trx(table)
        .where({ user_id: id, action: ACTION, value: token })
        .first<{ at: unknown } | undefined>({ at: 'created_on' });
      const wall = readInstant(row?.at);
      if (wall === undefined) return { state: 'invalid' };
      const issuedAt = fromWallSeconds(wall, timeZone);
      const expiresAt = issuedAt + lifeMs / 1000;
      return { state: expiresAt * 1000 < now ? 'expired' : 'good', issuedAt, expiresAt };
    },
    async revoke(trx, { id }) {
      await endAll(trx, id);
    },
    doubts: async (trx) => ((await isSwitchedOff(trx, qualify('settings'), schema)) ? [SWITCHED_OFF] : []),
  };
}

const SWITCHED_OFF =
  'In this Redmine, "Lost password" is switched off (Administration, Settings, Authentication): its page sends everybody with a link to the home page.';

/** The table has no row for what is as it ships, which is on. */
async function isSwitchedOff(db: Db, table: string, schema: string | undefined): Promise<boolean> {
  if (!(await describeTable(db, 'settings', schema))) return false;
  const row = await db(table)
    .where('name', 'lost_password')
    .first<{ value: string | null } | undefined>('value');
  return row?.value === '0';
}

/** A random token of 40 hexadecimal digits, stored as it is in a table with other kinds, which `action` tells apart. */
export const redmine = defineIssuer({
  name: 'redmine',
  source:
    'redmine/redmine: app/models/token.rb, app/controllers/account_controller.rb (lost_password), app/models/mailer.rb, config/application.rb (default_timezone)',
  secret: null,
  olderSecrets: null,
  columns: [],
  page: '/account/lost_password',
  tail: '?token={token}',
  looks: { token: /^[0-9a-f]{40}$/ },
  lifeMs: 86_400_000,
  lifeSetting: 'Token.validity_time',
  replaces: true,
  outlivesUse: false,
  unknown: ['whether Redmine runs in the time zone that timeZone says'],
  open: openRows,
});
