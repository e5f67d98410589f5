import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { Dialect } from '../../../src/db/connect.ts';
import { listTables } from '../../../src/db/introspect.ts';
import { assertMigrated } from '../../../src/db/migrate.ts';
import { DATA_TABLES } from '../../../src/flows/setup/own-tables.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { makeMove, readColumns, withoutValues } from './move-scene.ts';

const script = fileURLToPath(new URL('../../helpers/die-while-moving.js', import.meta.url));

/** Each kind of database gives once and takes once. */
const PAIRS: readonly (readonly [Dialect, Dialect])[] = [
  ['sqlite', 'postgres'],
  ['postgres', 'mysql'],
  ['mysql', 'sqlite'],
];

for (const [giver, taker] of PAIRS) {
  eachDatabase(
    'moving our own tables from',
    (openOld) => {
      eachDatabase(
        'to',
        (openNew) => {
          it('brings every column of every table as it was', async () => {
            const [from, to] = [await openOld(), await openNew()];
            const { move } = await makeMove(from, to);
            const before = await readColumns(from.db);
            expect(withoutValues(before)).toEqual([]);
            await move();
            expect(await readColumns(to.db)).toEqual(before);
          });

          it('loses nothing when the process is killed at any step', async () => {
            const [from, to] = [await openOld(), await openNew()];
            const { read } = await makeMove(from, to, { rows: 7 });
            const before = await read(from.db);
            const died: string[] = [];
            for (;;) {
              const ran = await execa(process.execPath, [script, from.url, to.url, JSON.stringify(died)], {
                reject: false,
              });
              if (ran.exitCode === 0) break;
              expect({ signal: ran.signal, stderr: ran.stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
              died.push(ran.stdout);
            }
            expect(died).toHaveLength(DATA_TABLES.length * 2 + 10);
            expect(await read(to.db)).toEqual(before);
            expect(await listTables(from.db)).toEqual([]);
            await expect(assertMigrated(to.db)).resolves.toBeUndefined();
          });
        },
        [taker],
      );
    },
    [giver],
  );
}
