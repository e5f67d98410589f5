import { bin, compareStart } from './measure.js';
import { openPlayground } from './playground.js';

export const title = 'reset verify on SQLite, as a multiple of node -e 0 (aim 2.5)';
export const limit = { most: 3.5 };

export async function measure() {
  const playground = await openPlayground();
  const { token } = await playground.issueToNew('susan@example.com');
  const ratio = compareStart([bin, 'verify', token], { cwd: playground.folder });
  await playground.close();
  return ratio;
}
