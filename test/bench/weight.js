import { openPlayground } from './playground.js';

export const title = 'weight of the reset page with its stylesheet and script, in kB';
export const limit = { most: 15 };

export async function measure() {
  const playground = await openPlayground();
  const { url } = await playground.issueToNew('susan@example.com');
  const stop = await playground.serve();
  const size = async (address) => (await (await fetch(address)).arrayBuffer()).byteLength;
  const sizes = await Promise.all(
    [url, `${playground.baseUrl}/style.css`, `${playground.baseUrl}/script.js`].map(size),
  );
  await stop();
  await playground.close();
  return sizes.reduce((sum, one) => sum + one, 0) / 1000;
}
