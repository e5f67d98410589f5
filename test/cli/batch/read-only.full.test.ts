import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeSetup, susan } from '../../helpers/run-reset.ts';

// As root, because only root can mount: a container with a read-only file system.
it.runIf(process.getuid?.() === 0)(
  'where nothing can be written, TMPDIR is named for a list on standard input',
  async () => {
    const { folder, run } = await makeSetup();
    const TMPDIR = join(folder, 'mount');
    await mkdir(TMPDIR);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', TMPDIR]);
    try {
      const ran = await run(['send', '--file', '-', '--dry-run'], { input: susan.email, env: { TMPDIR } });
      expect([ran.code, ran.stderr]).toEqual([
        3,
        `✗ No temporary file can be created in ${TMPDIR}: it is read-only. Set TMPDIR to a folder that can be written to. (config_invalid)\n`,
      ]);
      const elsewhere = await run(['send', '--file', '-', '--dry-run'], {
        input: susan.email,
        env: { TMPDIR: folder },
      });
      expect([elsewhere.code, elsewhere.stderr]).toEqual([0, '']);
    } finally {
      execFileSync('umount', [TMPDIR]);
    }
  },
);
