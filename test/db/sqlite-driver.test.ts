import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeSetup, spawnReset } from '../helpers/run-reset.ts';

const hide = fileURLToPath(new URL('../helpers/hide-sqlite3.js', import.meta.url));
const env = { NODE_OPTIONS: `--import ${hide}` };
const isBuiltIn = process.getBuiltinModule('node:sqlite') !== undefined;

describe.runIf(!isBuiltIn)('where sqlite3 could not be installed and Node has no SQLite', () => {
  it.each([
    ['a command', ['user', 'list']],
    ['migrate, which would create the file', ['migrate']],
  ])('%s says what to install, and creates nothing', async (_what, args) => {
    const folder = await makeFolder();
    const database = ['--database', 'sqlite:new.db', '--json'];
    const ran = await spawnReset([...args, ...database], { cwd: folder, env });
    expect(ran.code).toBe(3);
    expect(ran.error()).toMatchObject({ code: 'config_invalid' });
    expect(ran.error().message).toMatch(/Node 22\.13.*npm install sqlite3/);
    expect(existsSync(join(folder, 'new.db'))).toBe(false);
  });

  it('a command that needs no database works', async () => {
    expect(await spawnReset(['keygen'], { env })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.runIf(isBuiltIn)('where sqlite3 could not be installed and Node has SQLite built in', () => {
  it('a reset goes through, without a warning', async () => {
    const { spawn, folder } = await makeSetup();
    const linked = await spawn(['link', 'susan@example.com', '--quiet'], { env });
    expect(linked).toMatchObject({ code: 0, stderr: '' });
    const input = 'seven green apples on a roof\n';
    const token = linked.stdout.trim().split('/').at(-1) ?? '';
    const applied = await spawn(['apply', token, '--password-stdin', '--json'], { env, input });
    expect(applied.rows()).toMatchObject([{ status: 'applied' }]);
    expect(await spawn(['migrate', '--database', 'sqlite:new.db'], { env })).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'new.db'))).toBe(true);
  });

  it('the whole loop of the demo goes through', async () => {
    const ran = await spawnReset(['demo', '--once'], { env });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });
});
