import { join } from 'node:path';
import { connect, type Db } from '../../../src/db/connect.ts';
import { getPreset } from '../../../src/users/preset/get-preset.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { firstPassword } from './passwords.ts';
import { makePeerFolder, removing, susan, type Peer } from './peer.ts';
import { stopAll } from './process.ts';

/** What an application's own code does with passwords. */
export interface Hasher {
  hash(password: string): Promise<string>;
  check(password: string, hash: string): Promise<boolean>;
}

export interface HasherPeer extends Peer {
  /** a second connection to the tables */
  readonly db: Db;
  /** the hash in the user's row */
  readHash(): Promise<string>;
}

/** The example tables of a preset on SQLite; the user's password is hashed and checked by the application's hasher. */
export async function startHasher(presetName: string, hasher: Hasher): Promise<HasherPeer> {
  const preset = getPreset(presetName);
  const { email, password: column } = preset.columns;
  if (typeof column !== 'string') throw new Error(`${presetName} keeps the hash in several columns.`);
  const folder = await makePeerFolder(presetName);
  const database = `sqlite:${join(folder, 'app.db')}`;
  const db = await connect(database, { mayCreate: true });
  await createExample(db, preset, { hash: await hasher.hash(firstPassword) });
  const readHash = async () => {
    const row = (await db(preset.table).where(email, susan.email).first(column)) as Record<string, string>;
    return row[column] ?? '';
  };
  return {
    folder,
    database,
    db,
    readHash,
    accepts: async (password) => hasher.check(password, await readHash()),
    stop: () => stopAll(() => db.destroy(), removing(folder)),
  };
}
