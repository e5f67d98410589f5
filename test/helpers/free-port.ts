import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that systems give to outgoing connections (32768 and up on Linux): one of those may be taken between
// the look and the use, or while a server that is to come back on it is away.
const RANGE = [20_000, 32_000] as const;

/** A port on loopback that nobody listens on, and that the system gives to nobody by itself. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...RANGE);
    const probe = createServer();
    const isFree = await once(probe.listen(port, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}
