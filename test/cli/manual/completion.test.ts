import { expect, it } from 'vitest';
import { listPresets } from '../../../src/flows/setup/explain-preset.ts';
import { everyCommand } from '../../helpers/every-command.ts';
import { runReset, succeed } from '../../helpers/run-reset.ts';

const presets = listPresets().map(({ name }) => name);

it('offers every command and every option that there is', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await succeed(runReset(['completion', shell]));
    for (const { args } of everyCommand()) expect(stdout).toContain(args.join(' '));
    for (const preset of presets) expect(stdout).toContain(preset);
  }
});

it('knows these three shells and no other', async () => {
  expect(await runReset(['completion', 'tcsh'])).toMatchObject({ code: 2 });
});
