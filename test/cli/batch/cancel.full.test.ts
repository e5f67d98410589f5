import { expect, it } from 'vitest';
import { makeScene } from '../../helpers/batch-scene.ts';
import { needs } from '../../helpers/needs.ts';
import { openTerminal } from '../../helpers/terminal.ts';

it.runIf(needs('script'))('batch cancel asks at a terminal, and Enter keeps the batch', async () => {
  const { site } = await makeScene(4);
  const sent = await site.run(['send', '--all', '--yes', '--canary', '1', '--json']);
  const id = String(sent.rows().at(-1)?.['batch']);
  const state = async () => (await site.run(['batch', 'show', id, '--json'])).rows()[0]?.['state'];

  const kept = openTerminal(['batch', 'cancel', id], { cwd: site.folder });
  await kept.see(/Drop 3 mails of batch \w+ for good\?/);
  kept.answer('');
  await kept.see(/was not cancelled/);
  expect([await kept.end(), await state()]).toEqual([2, 'paused']);

  const cancelled = openTerminal(['batch', 'cancel', id], { cwd: site.folder });
  await cancelled.see(/for good\?/);
  cancelled.answer('y');
  expect([await cancelled.end(), await state()]).toEqual([0, 'cancelled']);
});
