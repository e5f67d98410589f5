import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from './measure.js';
import { withDatabase } from './own-database.js';
import { openPlayground } from './playground.js';

/** Recipients of the large batch, and of the one whose reminder is planned. CAMPAIGN_USERS makes it smaller for a try. */
const USERS = Number(process.env.CAMPAIGN_USERS ?? 1_000_000);
const REMINDED = Math.min(USERS, 50_000);
const DAY = 86_400_000;

/** Seconds and megabytes that each may take with a million recipients. */
const MOST = { show: 2, html: 30, remind: 15, weak: 30, htmlMb: 5, rssMb: 400 };

const numbers = {
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select i from n',
  postgres: 'select i from generate_series(1, ?) as n(i)',
  mysql: 'select seq as i from seq_1_to_1000000 where seq <= ?',
};
const concat = {
  sqlite: (...parts) => parts.join(' || '),
  postgres: (...parts) => parts.join(' || '),
  mysql: (...parts) => `concat(${parts.join(', ')})`,
};

export const title =
  'a campaign of a million: batch show, report, reminder, weak hashes, to what each may take';
export const limit = { most: 1 };

/** The worst of the parts on SQLite and, where their URLs are set, PostgreSQL and MariaDB. */
export async function measure() {
  const only = process.env.CAMPAIGN_ONLY;
  const { TEST_PG_URL: postgres, TEST_MYSQL_URL: mysql } = process.env;
  const parts = [];
  if (only === undefined || only === 'sqlite') parts.push(await campaign('sqlite', {}));
  for (const [name, url] of Object.entries({ postgres, mysql }))
    if (url !== undefined && (only === undefined || only === name))
      parts.push(await withDatabase(url, (database) => campaign(name, { database })));
  return Math.max(...parts);
}

async function campaign(name, changes) {
  const playground = await openPlayground(changes);
  try {
    const { ledger } = playground.app;
    await fill(name, ledger);
    const { folder } = playground;
    const html = join(folder, 'report.html');
    const times = {
      show: time(folder, ['batch', 'show', 'large']),
      html: time(folder, ['batch', 'report', 'large', '--format', 'html', '--out', html]),
      remind: time(folder, ['batch', 'remind', 'small', '--dry-run']),
      weak: time(folder, ['send', '--hash', 'weak', '--dry-run', '--except', 'username=x']),
    };
    console.log(`  ${name}: ${readFileSync(html, 'utf8').length} letters in the report`);
    const measured = {
      ...Object.fromEntries(Object.entries(times).map(([what, { seconds }]) => [what, seconds])),
      htmlMb: statSync(html).size / 1e6,
      rssMb: Math.max(...Object.values(times).map(({ mb }) => mb)),
    };
    for (const [what, value] of Object.entries(measured))
      console.log(`  ${name} ${what}: ${value.toFixed(2)} (at most ${MOST[what]})`);
    return Math.max(...Object.entries(measured).map(([what, value]) => value / MOST[what]));
  } finally {
    await playground.close();
  }
}

/** Seconds and the most memory of one command. */
function time(cwd, args) {
  const start = performance.now();
  const { status, stderr, stdout } = spawnSync(
    '/usr/bin/time',
    ['-f', 'kB %M', process.execPath, bin, ...args],
    {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}${stdout.slice(-500)}`);
  return { seconds, mb: Number(/kB (\d+)/.exec(stderr)?.[1]) / 1000 };
}

/** People, a batch of all of them with a reminder of some, and a small batch; a mail four days old each. */
async function fill(name, db) {
  const join_ = concat[name];
  const from = (count) => db.raw(numbers[name], [count]).toString();
  const address = join_(`'user'`, 'i', `'@d'`, '(i % 1000)', `'.example.com'`);
  const hash = `case when i % 3 = 0 then '5f4dcc3b5aa765d61d8327deb882cf99' else '$2b$12$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK' end`;
  await db.raw(
    `insert into users (email, password_hash) select ${address}, ${hash} from (${from(USERS)}) as numbers order by numbers.i`,
  );
  const at = Date.now() - 4 * DAY;
  for (const id of ['large', 'small', 'again']) {
    await db('reset_batches').insert({
      ...{
        id,
        digest: id,
        state: 'done',
        selection: 'all users',
        actor_kind: 'operator',
        actor_name: 'bench',
      },
      ...{
        expires_in_s: 86_400,
        is_locking: false,
        created_at: at,
        started_at: at,
        ended_at: at + 1000,
        route: 'setup',
      },
      ...(id === 'again' ? { parent_id: 'large', reminder: 1, reminders_max: 2 } : {}),
    });
  }
  await fillBatch(name, db, { id: 'small', count: REMINDED, at, state: `'sent'` });
  await fillBatch(name, db, {
    ...{ id: 'large', count: USERS, at, isFirst: true },
    state: `case when i % 33 = 0 then 'failed' when i % 50 = 0 then 'bounced' when i % 100 = 0 then 'skipped' else 'sent' end`,
  });
  await fillBatch(name, db, {
    id: 'again',
    count: USERS / 5,
    at: at + DAY,
    state: `'sent'`,
    reminder: 1,
  });
  // As every database does by itself some minutes after a large change.
  if (name === 'postgres') await db.raw('vacuum analyze');
  if (name === 'mysql') await db.raw('analyze table reset_outbox, reset_tokens, users');
}

/** As long as the product writes them, so that the tables are as large as after a real campaign. */
const texts = {
  sqlite: { request: 'lower(hex(randomblob(16)))', jti: 'substr(hex(randomblob(16)), 1, 22)' },
  postgres: {
    request: `replace(cast(gen_random_uuid() as text), '-', '')`,
    jti: `left(replace(cast(gen_random_uuid() as text), '-', ''), 22)`,
  },
  mysql: { request: 'lower(hex(random_bytes(16)))', jti: 'left(hex(random_bytes(16)), 22)' },
};

async function fillBatch(name, db, { id, count, at, state, isFirst = false, reminder = null }) {
  const join_ = concat[name];
  const { request, jti } = texts[name];
  const user = name === 'mysql' ? 'cast(i as char)' : 'cast(i as text)';
  const source = db.raw(numbers[name], [count]).toString();
  const address = join_(`'user'`, 'i', `'@d'`, '(i % 1000)', `'.example.com'`);
  const domain = join_(`'d'`, '(i % 1000)', `'.example.com'`);
  const exp = Math.floor(at / 1000) + 86_400 * (reminder === null ? 1 : 30);
  const used = isFirst ? `case when i % 10 < 6 then ${at} + i * 200 end` : 'null';
  const rows = `select ${request} as request, i, ${state} as state from (${source}) as numbers`;
  // Reminders go to the first people of the large batch, whose rows follow each other.
  const [{ first }] = await db('reset_outbox').where({ batch_id: 'large' }).min({ first: 'id' });
  const firstId = reminder === null ? 'null' : `${first} + i - 1`;
  await db.raw(
    `insert into reset_outbox (request_id, batch_id, kind, user_id, recipient, domain, position, state, reason, reply, attempts, due_at, message_id, actor_kind, actor_name, occasion, reminder, expires_in_s, created_at, settled_at, link_exp, changed_at, first_id)
     select request, '${id}', 'reset', ${user}, ${address}, ${domain}, i, state, case when state = 'sent' then null else 'refused' end,
       case when state = 'sent' then ${join_(`'250 2.0.0 Ok: queued as '`, 'substr(request, 1, 10)')} else ${join_(`'550 5.1.1 no such user '`, 'i % 40')} end,
       1, ${at}, ${join_(`'<'`, 'request', `'.'`, 'i', `'@reset.example.com>'`)}, 'operator', 'bench', 'batch', ${reminder}, 86400, ${at}, ${at} + i * 100,
       case when state = 'sent' then ${exp} end, ${used.replace('case when', `case when state = 'sent' and`)}, ${firstId}
     from (${rows}) as r order by r.i`,
  );
  await db.raw(
    `insert into reset_tokens (jti, request_id, user_id, kid, fp, iat, exp, state, settled_at)
     select ${jti}, request_id, user_id, 'a1b2c3', ${jti}, ${Math.floor(at / 1000)}, link_exp,
       case when changed_at is null then 'live' else 'used' end, changed_at
     from reset_outbox where batch_id = '${id}' and state = 'sent' order by id`,
  );
}
