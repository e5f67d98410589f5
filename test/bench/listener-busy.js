import { openPlayground } from './playground.js';

export const title = 'slowest answer of /healthz and the request page while 100 passwords are hashed, in ms';
export const limit = { most: 200 };

export async function measure() {
  const playground = await openPlayground();
  const links = [];
  for (let n = 0; n < 100; n += 1) {
    const email = `user${n}@example.com`;
    await playground.app.usersDb('users').insert({ email });
    links.push((await playground.issue(email)).url);
  }
  const stop = await playground.serve();
  await fetch(`${playground.baseUrl}/healthz`);

  let isOver = false;
  const password = 'seven green apples on a roof';
  const posts = Promise.all(
    links.map((url) =>
      fetch(url, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ password, password2: password }),
      }),
    ),
  ).finally(() => (isOver = true));
  const times = [];
  while (!isOver) {
    for (const path of ['/healthz', '/reset_password_request']) {
      const start = performance.now();
      const { status } = await fetch(playground.baseUrl + path);
      if (status !== 200) throw new Error(`${path}: ${status}`);
      times.push(performance.now() - start);
    }
  }
  const statuses = (await posts).map(({ status }) => status);
  if (statuses.some((status) => status !== 303 && status !== 503)) throw new Error(`answers: ${statuses}`);
  await stop();
  await playground.close();
  return Math.max(...times);
}
