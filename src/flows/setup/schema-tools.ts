import { dialectOf, type Db, type Dialect } from '../../db/connect.ts';
import { describeTable, listTables } from '../../db/introspect.ts';

/** A tool that keeps an application's schema, as the table shows in which it notes what it has done. */
export interface SchemaTool {
  readonly name: string;
  /** what it does with a table of ours, as the end of a sentence */
  readonly threat: string;
  /** its own way to leave our tables alone; undefined: it has none */
  readonly advice: string | undefined;
}

interface Known {
  readonly table: string;
  /** PostgreSQL: the schema that the tool creates for it */
  readonly schema?: string;
  readonly name: string;
  readonly threat: string;
  readonly advice?: (dialect: Dialect) => string | undefined;
}

const DROPS = "writes a migration that drops reset's tables, because no model describes them";
const always = (text: string) => (): string => text;

/**
 * Every table as its tool's own code names it, and the setting as its code or manual has it. Tools that only run what
 * somebody has written for them leave our tables alone, and are not here: Django, Ecto, Knex, Laravel, Liquibase,
 * golang-migrate, Sequelize, Strapi (since 5, which drops only tables that it had made), TypeORM.
 */
const KNOWN: readonly Known[] = [
  {
    // alembic/runtime/migration.py: version_table; flask_migrate/__init__.py hands its options on
    table: 'alembic_version',
    name: 'Alembic or Flask-Migrate',
    threat: DROPS,
    advice: always('give include_object to context.configure() or Migrate(): the function is in the help'),
  },
  {
    // schema-engine/…/migration_persistence.rs; prisma.io/docs, externally managed tables
    table: '_prisma_migrations',
    name: 'Prisma',
    threat: "takes reset's tables for drift, and `db push` drops them",
    advice: always("in prisma.config.ts, name each of reset's tables under tables.external"),
  },
  {
    // drizzle-orm/…/dialect.js: migrationsTable, migrationsSchema; drizzle-kit push ignores tablesFilter for sequences
    table: '__drizzle_migrations',
    name: 'Drizzle',
    threat: "drops reset's tables with `push`",
    advice: (dialect) =>
      dialect === 'postgres' ? undefined : `set tablesFilter: ['*', '!reset_*'] in drizzle.config.ts`,
  },
  {
    table: '__drizzle_migrations',
    schema: 'drizzle',
    name: 'Drizzle',
    threat: "drops reset's tables with `push`",
  },
  {
    // doctrine/migrations TableMetadataStorageConfiguration; AbstractSchemaManager::filterAssetNames
    table: 'doctrine_migration_versions',
    name: 'Doctrine',
    threat: DROPS,
    advice: always('set schema_filter under doctrine.dbal: the expression is in the help'),
  },
  {
    // @payloadcms/drizzle pushDevSchema.js
    table: 'payload_migrations',
    name: 'Payload',
    threat: "asks to drop reset's tables whenever it pushes its schema (without a terminal it hangs)",
    advice: always('set push: false in the database adapter'),
  },
  {
    // active_record/schema_dumper.rb: ignore_tables; only Rails has this second table
    table: 'ar_internal_metadata',
    name: 'Rails',
    threat: "writes reset's tables into schema.rb, and `db:schema:load` empties them",
    advice: always('set ActiveRecord::SchemaDumper.ignore_tables = [/^reset_/] in an initializer'),
  },
  {
    // @mikro-orm/core Configuration.js: migrations.tableName; SqlSchemaGenerator.js: safe
    table: 'mikro_orm_migrations',
    name: 'MikroORM',
    threat: DROPS,
    advice: always('set migrations: { safe: true }, and call updateSchema() with the same'),
  },
  {
    // atlasgo.io/declarative/inspect: exclude
    table: 'atlas_schema_revisions',
    name: 'Atlas',
    threat: "plans to drop reset's tables, because no schema file has them",
    advice: always('set exclude = ["reset_*"] in the env block of atlas.hcl'),
  },
  {
    table: 'flyway_schema_history',
    name: 'Flyway',
    threat: 'drops every table of the schema with `clean`',
    advice: always('leave flyway.cleanDisabled at true'),
  },
];

/** The tools that keep the schema of this database and endanger our tables there, as far as their tables show. */
export async function findSchemaTools(db: Db): Promise<SchemaTool[]> {
  const here = new Set((await listTables(db)).map((table) => table.toLowerCase()));
  const found: SchemaTool[] = [];
  for (const each of KNOWN) {
    const { name, threat, advice } = each;
    if (await isHere(db, here, each)) found.push({ name, threat, advice: advice?.(dialectOf(db)) });
  }
  return found;
}

async function isHere(db: Db, here: ReadonlySet<string>, { table, schema }: Known): Promise<boolean> {
  if (schema === undefined) return here.has(table);
  // Wherever Drizzle notes what it has done, it looks after `public` alone.
  return (await isPublic(db)) && (await describeTable(db, table, schema)) !== undefined;
}

async function isPublic(db: Db): Promise<boolean> {
  if (dialectOf(db) !== 'postgres') return false;
  const { rows } = await db.raw<{ rows: [{ name: string | null }] }>('select current_schema() as name');
  return rows[0].name === 'public';
}
