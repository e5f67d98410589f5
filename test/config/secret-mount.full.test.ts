import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

// As root, because only root can mount; the reader is another user's process, as in a pod with `runAsUser`.
const USER = 10_001;
const GROUP = 10_002;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reset-mount-'));
  chmodSync(folder, 0o755);
});
afterEach(() => {
  removeFolderSync(folder);
});

/** A file system in memory for the time of a test. */
function onTmpfs<T>(run: (at: string, seal: () => void) => T): T {
  const at = join(folder, 'mount');
  mkdirSync(at);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', at]);
  try {
    return run(at, () => execFileSync('mount', ['-o', 'remount,ro', at]));
  } finally {
    execFileSync('umount', [at]);
  }
}

function put(at: string, mode: number, [uid, gid]: readonly [number, number] = [0, 0]): string {
  const path = join(at, 'key');
  writeFileSync(path, 'content');
  chmodSync(path, mode);
  chownSync(path, uid, gid);
  return path;
}

function readAsUser(path: string, env: Record<string, string> = {}): string {
  const module = new URL('../../dist/config/secret-file.js', import.meta.url).href;
  const script = `import(${JSON.stringify(module)})
    .then(({ readSecretFile }) => process.stdout.write(readSecretFile(${JSON.stringify(path)})))
    .catch(({ message }) => process.stdout.write(message));`;
  return execFileSync(process.execPath, ['-e', script], {
    uid: USER,
    gid: GROUP,
    cwd: '/',
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
}

describe('a key that the platform mounts is read', () => {
  it.each([
    ['0440, root and the group of the pod', 0o440, [0, GROUP]],
    ['0444, as Kubernetes does by default', 0o444, [0, 0]],
    ['0644, of the pod’s other user', 0o644, [100, 100]],
  ] as const)('from a read-only mount wherever it lies: %s', (_title, mode, owner) => {
    onTmpfs((at, seal) => {
      mkdirSync(join(at, '..2026_data'));
      put(join(at, '..2026_data'), mode, owner);
      symlinkSync('..2026_data', join(at, '..data'));
      symlinkSync('..data/key', join(at, 'key'));
      seal();
      expect(readAsUser(join(at, 'key'))).toBe('content');
    });
  });

  it('from memory, where only root can write and our group can read', () => {
    onTmpfs((at) => {
      expect(readAsUser(put(at, 0o440, [0, GROUP]))).toBe('content');
    });
  });

  it('from the folder of systemd’s credentials', () => {
    const credentials = join(folder, 'credentials');
    mkdirSync(credentials);
    const path = put(credentials, 0o440, [0, GROUP]);
    expect(readAsUser(path)).toMatch(/can be read by others/);
    expect(readAsUser(path, { CREDENTIALS_DIRECTORY: credentials })).toBe('content');
  });
});

describe('a key that only lies in memory is looked at like any other', () => {
  it.each([
    ['everybody may read it', 0o444, [0, GROUP]],
    ['another group may read it', 0o440, [0, GROUP + 1]],
    ['its group may write it', 0o660, [0, GROUP]],
    ['its owner is another user', 0o640, [100, GROUP]],
  ] as const)('%s', (_title, mode, owner) => {
    onTmpfs((at) => {
      expect(readAsUser(put(at, mode, owner))).toMatch(/can be read by others|can't be read/);
    });
  });
});
