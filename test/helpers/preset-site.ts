import type { Dialect } from '../../src/db/connect.ts';
import type { Preset } from '../../src/users/preset/preset.ts';
import { presets } from '../../src/users/presets/index.ts';
import type { TestDatabase } from './databases.ts';
import { isKeyed } from '../../src/values/prehash-kinds.ts';
import { createExample } from './example-tables.ts';
import { createTestServer, type TestServer } from './http-server.ts';
import { withNeighbour } from './neighbour.ts';
import { cheapParameters, oldHashParts, prehashKey } from './old-hash.ts';

const all: readonly Preset[] = presets;

const isTelling = ({ name, columns, passwordIn, siblings }: Preset): boolean =>
  passwordIn !== undefined ||
  siblings !== undefined ||
  typeof columns.password !== 'string' ||
  ['default', 'devise', 'django', 'laravel', 'wordpress'].includes(name);

/** Those whose tables are built differently, and the best-known ones: hashes are slow by design. */
export const tellingPresets = all.filter(isTelling);
/** All others, for the full tier. */
export const otherPresets = all.filter((preset) => !isTelling(preset));

/** Only PostgreSQL has schemas of the kind that Supabase keeps its users in. */
export const isPossible = ({ schema }: Preset, dialect: Dialect): boolean =>
  schema === undefined || dialect === 'postgres';

/** Susan and Zoe in the application's own tables, with the pages in front of them. */
export async function openPresetSite({ db, url }: TestDatabase, original: Preset): Promise<TestServer> {
  const preset = withNeighbour(original);
  await createExample(db, preset, await oldHashParts(preset));
  const parameters = cheapParameters(preset);
  const hash = {
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(preset.prehash !== undefined && isKeyed(preset.prehash) && { prehashKey }),
  };
  return createTestServer({ database: url, config: { 'users.preset': preset.name, 'users.hash': hash } });
}
