// What became of each recipient, in its own row, so that a million are counted in one pass without a join.
const SINCE = `from reset_tokens u where u.user_id = reset_outbox.user_id and u.state = 'used'
  and u.settled_at >= (select b.created_at from reset_batches b where b.id = reset_outbox.batch_id)`;
const TOKEN = 'from reset_tokens t where t.request_id = reset_outbox.request_id';

const BY_ROW = `update reset_outbox set
  link_exp = (select t.exp ${TOKEN}),
  link_ended = (select case when t.state <> 'live' then t.state end ${TOKEN}),
  changed_at = case when user_id <> '' then (select max(u.settled_at) ${SINCE}) end
  where batch_id is not null`;

// The same by hash joins: a million rows in one look at each table.
const AT_ONCE = `update reset_outbox o set link_exp = f.exp, link_ended = f.ended, changed_at = f.changed_at
  from (select r.id, t.exp, case when t.state <> 'live' then t.state end as ended,
      case when r.user_id <> '' and u.at >= b.created_at then u.at end as changed_at
    from reset_outbox r
    join reset_batches b on b.id = r.batch_id
    left join reset_tokens t on t.request_id = r.request_id
    left join (select user_id, max(settled_at) as at from reset_tokens where state = 'used' group by user_id) u
      on u.user_id = r.user_id) as f
  where f.id = o.id and (f.exp is not null or f.changed_at is not null)`;

/**
 * On each row of a batch: until when its link works (`link_exp`, seconds), how the link ended before that (`link_ended`:
 * used, revoked; null: it has not), and when its person last set a new password with a link, this one or another, since
 * the batch was planned (`changed_at`).
 */
export async function up(knex) {
  await knex.schema.alterTable('reset_outbox', (table) => {
    table.bigInteger('link_exp');
    table.string('link_ended', 8);
    table.bigInteger('changed_at');
  });
  await knex.raw(knex.client.driverName === 'pg' ? AT_ONCE : BY_ROW);
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
