import { readFileSync } from 'node:fs';
import type { Scalar } from '../../src/types.ts';
import type { Preset } from '../../src/users/preset/preset.ts';

/** Column types of example tables. */
export type ExampleColumn =
  | 'increments'
  | 'integer'
  | 'bigint'
  | 'boolean'
  | 'text'
  | 'uuid'
  | 'timestamp'
  | 'binary'
  | `string:${number}`;

/** `test/fixtures/examples/NAME.json`: one user in tables as the application makes them. */
export interface Example {
  /** table → column → type; the first column of a table is its primary key */
  readonly tables: Readonly<Record<string, Readonly<Record<string, ExampleColumn>>>>;
  /** table → columns that are unique together, where the first column is not what makes rows unique */
  readonly unique?: Readonly<Record<string, readonly string[]>>;
  /**
   * table → rows; `{password}`, or `{password.salt}` for a part, is where the hash goes. A primary key that a row leaves out
   * is made up.
   */
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, Scalar>>[]>>;
}

/** A preset, perhaps with more rows than its example has. */
export type ExamplePreset = Preset & { readonly example?: Example };

/** The example of a preset, which every test of presets runs on. */
export function exampleOf({ name, example }: ExamplePreset): Example {
  const file = new URL(`../fixtures/examples/${name}.json`, import.meta.url);
  return example ?? (JSON.parse(readFileSync(file, 'utf8')) as Example);
}
