import {
  chmodSync,
  chownSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeNamedFile } from '../../src/values/write-file.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reset-write-'));
});
afterEach(() => {
  removeFolderSync(folder);
});

const write = (name: string) => {
  writeNamedFile(join(folder, name), 'new', { option: '--out' });
};

it('a new file is for the caller alone, one that is there is written over', () => {
  write('out');
  expect(statSync(join(folder, 'out')).mode & 0o777).toBe(0o600);
  writeFileSync(join(folder, 'out'), 'something longer');
  write('out');
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('new');
});

type Trap = readonly [title: string, plant: (target: string, out: string) => void, reason: RegExp];
const TRAPS: readonly Trap[] = [
  ['a link to another file', symlinkSync, /is a symbolic link/],
  [
    'a link to nothing',
    (target, out) => {
      symlinkSync(`${target}-gone`, out);
    },
    /is a symbolic link/,
  ],
  ['a second name of another file', linkSync, /is a hard link/],
];
const FOREIGN: Trap = [
  'a file of another user',
  (_target, out) => {
    writeFileSync(out, 'bait');
    chownSync(out, 12_345, 12_345);
    chmodSync(out, 0o666);
  },
  /belongs to another user \(uid 12345\)/,
];

it.each(process.getuid?.() === 0 ? [...TRAPS, FOREIGN] : TRAPS)(
  'what was put in its place stays as it is: %s',
  (_title, plant, reason) => {
    const target = join(folder, 'target');
    writeFileSync(target, 'precious');
    plant(target, join(folder, 'out'));
    expect(() => {
      write('out');
    }).toThrow(reason);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  },
);

it.each([
  ['a folder that is not there', 'no/out', /there is no such folder/],
  ['a folder instead of a file', '.', /it is a folder/],
])('says why for %s', (_title, name, reason) => {
  expect(() => {
    write(name);
  }).toThrow(reason);
});

it('writes to what a shell passes, and to /dev/null', () => {
  expect(() => {
    writeNamedFile('/dev/null', 'new', { option: '--out' });
  }).not.toThrow();
});
