import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSecretFile } from '../../src/config/secret-file.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reset-secret-'));
});
afterEach(() => {
  removeFolderSync(folder);
});

function write(mode: number): string {
  const path = join(folder, 'key');
  writeFileSync(path, 'content');
  chmodSync(path, mode);
  return path;
}

it.each([0o600, 0o400])('R79: reads a file of mode %o', (mode) => {
  expect(readSecretFile(write(mode)).toString()).toBe('content');
});

it.each([0o644, 0o660, 0o604, 0o666, 0o620])('R79: refuses mode %o and says how to close it', (mode) => {
  expect(() => readSecretFile(write(mode))).toThrow(/chmod 600/);
});

it('R79: refuses a folder, a FIFO at once, and what is not there', () => {
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  expect(() => readSecretFile(join(folder, 'folder'))).toThrow(/regular file|can't be read/);
  expect(() => readSecretFile(join(folder, 'fifo'))).toThrow(/regular file/);
  expect(() => readSecretFile(join(folder, 'nothing'))).toThrow(/can't be read/);
});

it('R79: looks at the file behind a link', () => {
  const path = write(0o644);
  symlinkSync(path, join(folder, 'link'));
  expect(() => readSecretFile(join(folder, 'link'))).toThrow(/chmod 600/);
});

it.runIf(process.getuid?.() === 0)('R79: refuses a file of another user', () => {
  const path = write(0o600);
  chownSync(path, 12_345, 12_345);
  expect(() => readSecretFile(path)).toThrow(/another user/);
});

it.runIf(process.getuid?.() === 0)('R79: takes what a container mounts, of whatever mode', () => {
  mkdirSync('/run/secrets', { recursive: true });
  const path = `/run/secrets/reset-test-${process.pid}`;
  writeFileSync(path, 'mounted', { mode: 0o444 });
  try {
    expect(readSecretFile(path).toString()).toBe('mounted');
  } finally {
    rmSync(path);
  }
});

it.runIf(process.getuid?.() === 0)('root learns how to use the key of the service', () => {
  const path = write(0o600);
  chownSync(path, 12_345, 12_345);
  expect(() => readSecretFile(path)).toThrow(/Run it as that user: sudo -u '#12345' \w+/);
});
