import { expect, it } from 'vitest';
import { everyCommand } from '../../helpers/every-command.ts';
import { runReset } from '../../helpers/run-reset.ts';

const pages = [{ path: 'reset', args: [] as string[] }, ...everyCommand()];

it.each(pages)('$path --help is the page that people know', async ({ path, args }) => {
  const { code, stdout, stderr } = await runReset([...args, '--help'], { env: { COLUMNS: '100' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot(`__snapshots__/help/${path.replaceAll(' ', '-')}.txt`);
});

it.each(everyCommand())('$path --help ends with examples of itself, two at least', async ({ path, args }) => {
  const { stdout } = await runReset([...args, '--help']);
  const examples = stdout
    .slice(stdout.indexOf('\nExamples:\n'))
    .split('\n')
    .filter((line) => line.startsWith('  $ '));
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const example of examples) expect(example).toContain(path);
});

it('shows the same page for "reset help COMMAND" and "reset" alone', async () => {
  expect((await runReset(['help', 'send'])).stdout).toBe((await runReset(['send', '--help'])).stdout);
  const { code, stdout } = await runReset([]);
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: reset');
});
