import { connect } from '../../src/db/connect.ts';

/** URLs of the database servers that answer, from which tests create databases of their own. */
export interface Servers {
  readonly postgres?: string;
  readonly mysql?: string;
}

const SERVERS = [
  {
    dialect: 'postgres',
    name: 'PostgreSQL',
    variable: 'TEST_PG_URL',
    fallback: 'postgres://postgres@127.0.0.1:5432/test',
  },
  {
    dialect: 'mysql',
    name: 'MariaDB',
    variable: 'TEST_MYSQL_URL',
    fallback: 'mysql://root@127.0.0.1:3306/test',
  },
] as const;

/**
 * The servers that answer, and a sentence for each that doesn't. One that answers and lets nobody in is a mistake in
 * the set-up, not a missing server: it throws.
 */
export async function findServers(): Promise<{ servers: Servers; missing: readonly string[] }> {
  const missing: string[] = [];
  const servers: { postgres?: string; mysql?: string } = {};
  for (const { dialect, name, variable, fallback } of SERVERS) {
    const url = process.env[variable] ?? fallback;
    const refusal = await ask(url);
    if (refusal === undefined) servers[dialect] = url;
    else if (/ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH/.test(refusal))
      missing.push(
        `${name}: not tested, nothing answers at ${new URL(url).host}. Start one there, set ${variable}, or run: bash .ci/run`,
      );
    else throw new Error(`${name} at ${new URL(url).host} answers and refuses: ${refusal}. Set ${variable}.`);
  }
  return { servers, missing };
}

async function ask(url: string): Promise<string | undefined> {
  const db = await connect(url);
  try {
    await db.raw('select 1');
    return undefined;
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    return `${message} ${code}`.trim();
  } finally {
    await db.destroy();
  }
}
