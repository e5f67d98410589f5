import { bin, compareStart } from './measure.js';
import { openPlayground } from './playground.js';

export const title = 'reset send to one, into a folder, as a multiple of node -e 0';
// The bare start of Node 24 takes a third of that of Node 20.
export const limit = { most: process.versions.node.startsWith('20.') ? 4 : 8 };

export async function measure() {
  const playground = await openPlayground();
  await playground.addUser('susan@example.com');
  const ratio = compareStart([bin, 'send', 'susan@example.com', '--force', '--quiet'], {
    cwd: playground.folder,
  });
  await playground.close();
  return ratio;
}
