import { describe, expect, it } from 'vitest';
import { openSlowly } from '../helpers/raw-http.ts';
import { listeners } from './listeners.ts';

const GOOD = 'seven green bottles on a wall';

describe('the listener, in a flood', () => {
  const { start, linkFor, post } = listeners();

  it('R62: serves others at once while 200 sockets dawdle, and ends those', async () => {
    const { port, listener } = await start();
    const half =
      'POST /reset_password_request HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n';
    const sockets = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        openSlowly(port, index % 10 !== 0 ? half : `${half}Content-Length: 100\r\n\r\nemail=`),
      ),
    );
    let closed = 0;
    const ended = sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => {
            closed += 1;
            resolve();
          });
          socket.resume();
        }),
    );
    expect((await fetch(`${listener.url}/reset_password_request`)).status).toBe(200);
    expect(closed).toBe(0); // nobody had to go for it
    await Promise.all(ended); // headers have 10 s, whole requests 15 s
  });

  it('R41: answers healthz and the request page while a hundred passwords are hashed', async () => {
    const test = await start();
    const link = await linkFor(test);
    let settled = 0;
    const posts = Array.from({ length: 100 }, async () => {
      const { status } = await post(test.listener.url, link, { password: GOOD, password2: GOOD });
      settled += 1;
      return status;
    });
    await expect.poll(() => settled).toBeGreaterThan(0); // they have come in
    for (const path of ['/healthz', '/reset_password_request']) {
      expect((await fetch(`${test.listener.url}${path}`)).status).toBe(200);
    }
    expect(settled).toBeLessThan(100);
    const codes = await Promise.all(posts);
    expect(codes.filter((code) => code === 303)).toHaveLength(1);
    expect(codes.filter((code) => ![303, 410, 503].includes(code))).toEqual([]);
  });
});
