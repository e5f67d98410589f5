import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCalled, commandIn, nameProgram, programName, quoteWord } from '../../src/values/program-name.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

/** A machine with a clone, a project, a global installation and what npx has downloaded; links as npm makes them. */
let machine: string;
const LINKS = {
  'usr/bin/reset': 'usr/lib/node_modules/resetctl',
  'usr/bin/resetctl': 'usr/lib/node_modules/resetctl',
  'usr/bin/pwreset': 'usr/lib/node_modules/resetctl',
  'project/node_modules/.bin/reset': 'project/node_modules/resetctl',
  'project/node_modules/.bin/resetctl': 'project/node_modules/resetctl',
  'home/.npm/_npx/1a2b/node_modules/.bin/reset': 'home/.npm/_npx/1a2b/node_modules/resetctl',
  'home/.npm/_npx/1a2b/node_modules/.bin/resetctl': 'home/.npm/_npx/1a2b/node_modules/resetctl',
  // npx in a clone runs it through a link in a folder of its own
  'home/.npm/_npx/3c4d/node_modules/.bin/reset': 'clone',
  'home/.npm/_npx/3c4d/node_modules/.bin/resetctl': 'clone',
} as const;
const STRANGER = 'stranger/node_modules/.bin/reset';

beforeAll(async () => {
  machine = await realpath(await mkdtemp(join(tmpdir(), 'reset-names-')));
  const write = async (path: string) => {
    await mkdir(dirname(join(machine, path)), { recursive: true });
    await writeFile(join(machine, path), '');
  };
  for (const home of [...new Set(Object.values(LINKS)), 'my clone']) await write(`${home}/bin/reset.js`);
  for (const [link, home] of Object.entries(LINKS)) {
    await mkdir(dirname(join(machine, link)), { recursive: true });
    await symlink(join(machine, home, 'bin/reset.js'), join(machine, link));
  }
  await write(STRANGER);
  for (const folder of ['project/src/deep', 'clone/src', 'work', 'stranger/src'])
    await mkdir(join(machine, folder), { recursive: true });
});
afterAll(() => removeFolder(machine));

const call = (script: string, folder: string, home: string) => ({
  script: join(machine, script),
  folder: join(machine, folder),
  home: join(machine, home),
});
const [installed, inProject, downloaded, clone] = [
  'usr/lib/node_modules/resetctl',
  'project/node_modules/resetctl',
  'home/.npm/_npx/1a2b/node_modules/resetctl',
  'clone',
];
const [projectBin, npxBin, cloneBin] = [
  'project/node_modules/.bin',
  'home/.npm/_npx/1a2b/node_modules/.bin',
  'home/.npm/_npx/3c4d/node_modules/.bin',
];

describe('the program has the name it was called by', () => {
  it.each([
    ['installed for everybody', 'usr/bin/reset', 'work', installed, 'reset'],
    ['installed for everybody, by its other name', 'usr/bin/resetctl', 'work', installed, 'resetctl'],
    ['under a name that an administrator gave it', 'usr/bin/pwreset', 'work', installed, 'pwreset'],
    ['through npx in a project', `${projectBin}/reset`, 'project', inProject, 'npx reset'],
    ['through npx, deep in it', `${projectBin}/reset`, 'project/src/deep', inProject, 'npx reset'],
    ['by its other name', `${projectBin}/resetctl`, 'project', inProject, 'npx resetctl'],
    ['in a clone', `${cloneBin}/reset`, 'clone', clone, 'npx reset'],
    ['in a folder of the clone', `${cloneBin}/reset`, 'clone/src', clone, 'npx reset'],
    ['through node in a clone', 'clone/bin/reset.js', 'clone', clone, 'npx reset'],
    ['downloaded by npx', `${npxBin}/resetctl`, 'work', downloaded, 'npx resetctl'],
    ['downloaded by npx -p', `${npxBin}/reset`, 'work', downloaded, 'npx resetctl'],
    ['through node, elsewhere', 'clone/bin/reset.js', 'work', clone, 'reset'],
    ['by a program that uses the library', STRANGER, 'stranger', inProject, 'reset'],
  ])('%s', (_how, script, folder, home, expected) => {
    expect(nameProgram(call(script, folder, home))).toBe(expected);
  });

  it('where a project is left, by the path', () => {
    const called = call('project/node_modules/.bin/reset', 'work', inProject);
    expect(nameProgram(called)).toBe(called.script);
  });

  it('in a program without a script, or in a folder that was removed, plainly', () => {
    expect(nameProgram({ script: undefined, folder: machine, home: machine })).toBe('reset');
    expect(nameProgram({ ...call('usr/bin/resetctl', 'work', installed), folder: undefined })).toBe(
      'resetctl',
    );
    expect(programName).toBe('reset');
  });
});

describe('the command for another folder', () => {
  const fromClone = 'node MACHINE/clone/bin/reset.js';
  const fromCloneWithSpace = "node 'MACHINE/my clone/bin/reset.js'";
  it.each([
    ['from a clone, elsewhere', 'clone/bin/reset.js', 'work', 'clone', fromClone],
    ['from a clone with a space', 'my clone/bin/reset.js', 'work', 'my clone', fromCloneWithSpace],
    ['where another package is called reset', 'clone/bin/reset.js', 'stranger/src', 'clone', fromClone],
    ['of a global installation', 'usr/bin/resetctl', 'stranger', installed, 'resetctl'],
    ['of a project', `${projectBin}/reset`, 'project/src', inProject, 'npx reset'],
    ['that npx downloaded', `${npxBin}/resetctl`, 'stranger', downloaded, 'npx resetctl'],
  ])('%s', (_how, script, folder, home, expected) => {
    expect(commandIn(call(script, folder, home))).toBe(expected.replace('MACHINE', machine));
  });
});

it('leaves the code of an example as it is where the program is called reset', () => {
  const code = 'pbpaste | reset verify - && npx reset demo # a reset link';
  expect(asCalled(code)).toBe(code);
});

it.each([
  ['/usr/bin/reset', '/usr/bin/reset'],
  ['/Users/jürgen/reset', "'/Users/jürgen/reset'"],
  ["/it's here", `'/it'\\''s here'`],
  ['$(touch x)', "'$(touch x)'"],
])('%s is one word for a shell', (word, expected) => {
  expect(quoteWord(word)).toBe(expected);
});
