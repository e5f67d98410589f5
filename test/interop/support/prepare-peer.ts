import { findFreePort } from '../../helpers/free-port.ts';
import { makePeerFolder, removing } from './peer.ts';

interface PeerDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** What an application needs before it starts: a folder, a database of its own, and an address; `cleanUp` removes both. */
export async function preparePeer<Database extends PeerDatabase>(
  name: string,
  createDatabase: () => Promise<Database>,
) {
  const folder = await makePeerFolder(name);
  const database = await createDatabase();
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  return { folder, database, port, origin, cleanUp: [database.drop, removing(folder)] };
}
