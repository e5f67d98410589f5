const COUNTED = ['reason', 'link_exp', 'link_ended', 'changed_at', 'first_id'];
const INDEX = ['batch_id', 'state', 'due_at', 'position', 'id', ...COUNTED];

const ASKED = `(p.state <> 'skipped' or (p.message_id is not null and p.reason <> 'cancelled'))`;

// MySQL changes no table that the same statement selects from, unless it is joined.
const FILL = {
  sqlite: `update reset_outbox set first_id = (select max(p.id) from reset_outbox p
      where p.user_id = reset_outbox.user_id and ${ASKED}
        and coalesce(p.batch_id, '') = (select b.parent_id from reset_batches b where b.id = reset_outbox.batch_id))
    where user_id <> '' and batch_id in (select id from reset_batches where parent_id is not null)`,
  pg: `update reset_outbox o set first_id = f.first_id
    from (select r.id, max(p.id) as first_id from reset_batches b
        join reset_outbox r on r.batch_id = b.id
        join reset_outbox p on p.user_id = r.user_id and p.batch_id = b.parent_id
      where r.user_id <> '' and ${ASKED} group by r.id) as f
    where f.id = o.id`,
  mysql: `update reset_outbox o
    join (select r.id, max(p.id) as first_id from reset_batches b
        join reset_outbox r on r.batch_id = b.id
        join reset_outbox p on p.user_id = r.user_id and p.batch_id = b.parent_id
      where r.user_id <> '' and ${ASKED} group by r.id) as f on f.id = o.id
    set o.first_id = f.first_id`,
};

/**
 * On each row of a reminder: the row of the same person in the batch that it reminds of (`first_id`). The index by which
 * mails are claimed now also holds what a batch is counted by, so that the rows themselves need not be read.
 */
export async function up(knex) {
  await knex.schema.alterTable('reset_outbox', (table) => {
    table.bigInteger('first_id');
  });
  const { driverName } = knex.client;
  await knex.raw(FILL[driverName === 'pg' ? 'pg' : driverName === 'mysql2' ? 'mysql' : 'sqlite']);
  await knex.schema.alterTable('reset_outbox', (table) => {
    table.index(INDEX, 'reset_outbox_batch');
    table.dropIndex([], 'reset_outbox_due');
  });
}

export async function down() {
  throw new Error('Migrations go forward only.');
}
