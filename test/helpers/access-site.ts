import type { KeyName } from '../../src/config/schema.ts';
import { presets } from '../../src/users/presets/index.ts';
import type { Preset } from '../../src/users/preset/preset.ts';
import { findUser } from '../../src/users/reading/find-user.ts';
import { checkMapping, resolveMapping } from '../../src/users/mapping/index.ts';
import { findFormat } from '../../src/passwords/find-format.ts';
import { addAccessRows, readAccessFixture, withAccess } from './access-fixture.ts';
import { createTestApp, type TestApp } from './create-test-app.ts';
import type { TestDatabase } from './databases.ts';
import { createExample, presetFor } from './example-tables.ts';
import { oldHashParts } from './old-hash.ts';

/** Susan in the tables of an application, with everything that its preset's `access` knows. */
export async function openAccessSite(
  database: TestDatabase,
  name: string,
  config: Readonly<Partial<Record<KeyName, unknown>>> = {},
): Promise<TestApp> {
  await makeAccessTables(database, name);
  return createTestApp({
    database: database.url,
    config: { 'users.preset': name, appName: 'Acme', ...config },
  });
}

/** The tables alone. */
export async function makeAccessTables({ db }: Pick<TestDatabase, 'db'>, name: string): Promise<void> {
  const original = (presets as readonly Preset[]).find((each) => each.name === name)!;
  const fixture = readAccessFixture(name);
  const preset = withAccess(presetFor(db, original), fixture);
  const codecOf = (format: string) => findFormat(format).columns;
  await createExample(db, preset, await oldHashParts(preset));
  const mapping = await checkMapping(db, resolveMapping(preset, {}, { codecOf }));
  const user = (await findUser(db, mapping, { email: 'susan@example.com' }))!;
  await addAccessRows(db, preset, user, fixture);
}
