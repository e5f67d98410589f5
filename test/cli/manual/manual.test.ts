import { readFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runReset } from '../../helpers/run-reset.ts';
import { expectCommandsWork } from './try-commands.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const topics = readdirSync(join(root, 'templates/help')).map((file) => file.replace('.md', ''));

// The other topics are walked in the full tier: each line is a command.
it.each(['README.md', 'templates/help/breach.md'])(
  '%s has only command lines that work, in this order',
  (path) => expectCommandsWork(path),
  300_000,
);

describe('reset help', () => {
  it('prints a topic as it is in the package, with the tables that come from code', async () => {
    for (const topic of topics) {
      const { code, stdout } = await runReset(['help', topic]);
      expect(code).toBe(0);
      const [before = '', ...rest] = (await readFile(join(root, `templates/help/${topic}.md`), 'utf8')).split(
        /^<!-- table: .+ -->$/m,
      );
      expect(stdout).toContain(before.trimEnd());
      expect(stdout).not.toContain('<!--');
      expect(stdout.length).toBeGreaterThan(rest.length > 0 ? before.length + 200 : 0);
    }
  });

  it('lists the topics after the commands, and knows the nearest of a misspelt one', async () => {
    const { stdout } = await runReset(['help']);
    for (const topic of ['configuration', 'presets', 'bulk', 'security', 'ci', 'templates'])
      expect(stdout).toMatch(new RegExp(`^ {2}${topic} +\\S`, 'm'));
    const { code, stderr } = await runReset(['help', 'securty']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean security?');
  });
});
