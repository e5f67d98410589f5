import { bin, compareStart } from './measure.js';
import { openPlayground } from './playground.js';

export const title = 'reset send to one, into a folder, as a multiple of node -e 0';
export const limit = { most: 4 };

export async function measure() {
  const playground = await openPlayground();
  await playground.addUser('susan@example.com');
  const ratio = compareStart([bin, 'send', 'susan@example.com', '--force', '--quiet'], {
    cwd: playground.folder,
  });
  await playground.close();
  return ratio;
}
