import { bin, compareStart } from './measure.js';
import { openPlayground } from './playground.js';

export const title = 'reset verify on SQLite, as a multiple of node -e 0';
export const limit = { most: process.versions.node.startsWith('20.') ? 2.5 : 4.2 };

export async function measure() {
  const playground = await openPlayground();
  const { token } = await playground.issueToNew('susan@example.com');
  const ratio = compareStart([bin, 'verify', token], { cwd: playground.folder });
  await playground.close();
  return ratio;
}
