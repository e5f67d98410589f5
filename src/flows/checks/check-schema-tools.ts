import type { App } from '../../app.ts';
import { listTables } from '../../db/introspect.ts';
import { programName } from '../../values/program-name.ts';
import type { Finding } from './finding.ts';
import { ok } from './finding.ts';

/** The table in which a tool keeps what it has migrated. */
const TOOLS: Readonly<Record<string, string>> = {
  alembic_version: 'Alembic or Flask-Migrate',
  _prisma_migrations: 'Prisma',
  doctrine_migration_versions: 'Doctrine',
  __drizzle_migrations: 'Drizzle',
  payload_migrations: 'Payload',
};

/**
 * Such tools compare the database with the application's models, and propose to drop every table that no model knows:
 * ours, with all links, queued mails and the audit. Nothing here can find out whether they were configured not to.
 */
export async function checkSchemaTools(app: App): Promise<Finding[]> {
  const tables = new Set((await listTables(app.usersDb)).map((table) => table.toLowerCase()));
  return Object.entries(TOOLS)
    .filter(([table]) => tables.has(table))
    .map(([, tool]) =>
      ok(
        'schema_tool_beside',
        `${tool} keeps the schema of this database, and may want to drop reset's tables`,
        {
          remedy: `say so in its configuration, as in: ${programName} help database`,
        },
      ),
    );
}
