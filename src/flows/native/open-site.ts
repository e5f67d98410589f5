import type { App } from '../../app.ts';
import { describeTable } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import type { Issuer, OpenIssuer, Person, Whose } from '../../native/issuer.ts';
import { tokenHashes } from '../../passwords/token-hashes.ts';
import type { User } from '../../types.ts';
import { readBeside, readColumns } from '../../users/reading/read-columns.ts';
import { qualify } from '../../users/mapping/users-mapping.ts';
import { sqlOf, type SqlUsers } from '../../users/sql-store/sql-of.ts';
import type { UsersReader } from '../../users/store/users-store.ts';

/** What an issuer is opened with. */
export interface SiteChoice {
  readonly secret: string;
  readonly olderSecrets?: readonly string[];
  readonly digest: 'sha1' | 'sha256';
}

/** An issuer at this installation. Throws config_invalid: a column or table that is not there. */
export async function openSite(app: App, issuer: Issuer, choice: SiteChoice): Promise<OpenIssuer> {
  const { config } = app;
  const { db, mapping } = sqlOf(await app.users());
  await assertColumns({ db, mapping }, issuer);
  return issuer.open({
    db,
    table: qualify(mapping, mapping.table),
    id: mapping.id,
    schema: mapping.schema,
    qualify: (table) => qualify(mapping, table),
    secret: choice.secret,
    olderSecrets: choice.olderSecrets ?? [],
    digest: choice.digest,
    timeZone: config.timeZone,
    lifeMs: config.link.expiresInMs ?? issuer.lifeMs,
    hashes: tokenHashes,
  });
}

async function assertColumns({ db, mapping }: SqlUsers, { name, columns, addresses }: Issuer): Promise<void> {
  if (addresses && !(await describeTable(db, addresses.table, mapping.schema))) {
    throw new ResetError(
      'config_invalid',
      `This database has no table ${addresses.table}, which native links of ${name} need.`,
    );
  }
  const info = await describeTable(db, mapping.table, mapping.schema);
  const there = new Set(info?.columns.map((column) => column.name));
  const missing = columns.filter((column) => !there.has(column));
  if (missing.length === 0) return;
  throw new ResetError(
    'config_invalid',
    `The table ${mapping.table} has no column ${missing.join(', ')}, which native links of ${name} need.`,
  );
}

/** Users as the issuer needs them, in the order given. */
export async function toPersons(
  { issuer }: { readonly issuer: Issuer },
  seenBy: UsersReader,
  users: readonly User[],
): Promise<Person[]> {
  const { db, mapping } = sqlOf(seenBy);
  const ids = users.map(({ id }) => id);
  const columns = await readColumns(db, mapping, ids, issuer.columns);
  const { addresses: beside } = issuer;
  const addresses = beside && (await readBeside(db, mapping, ids, { ...beside, column: beside.email }));
  return users.map(({ id, email, username = null, encoded }) => {
    return {
      id,
      email,
      username,
      encoded: encoded ?? '',
      columns: columns.get(id) ?? {},
      ...(addresses && { addresses: addresses.get(id) ?? [] }),
    };
  });
}

/** The user that a link names. */
export async function userOf(app: App, whose: Whose): Promise<User | undefined> {
  if (!whose) return undefined;
  const store = await app.users();
  return 'id' in whose ? (await store.get([whose.id])).get(whose.id) : store.find(whose);
}
