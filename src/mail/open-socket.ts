import { connect, type Socket } from 'node:net';
import type { SmtpUrl } from '../config/mail-url.ts';
import { isLoopback } from '../values/loopback.ts';

/** The same error that the network gives when it fails sooner. */
class NoConnection extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Any certificate is good enough for this machine's own server, and for no other. */
class NotThisMachine extends Error {
  readonly code = 'ESOCKET';
}

/**
 * A connection to a host whose name is looked up as everything else on the machine does (`/etc/hosts` before DNS), all
 * of its addresses in turn. Rejects with the network's error, or after `timeoutMs` with `ETIMEDOUT`.
 */
export function openSocket(
  { host, port, tls }: Pick<SmtpUrl, 'host' | 'port' | 'tls'>,
  timeoutMs: number,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, autoSelectFamily: true });
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(new NoConnection(`no connection to ${host}:${port} in ${timeoutMs / 1000} s`));
    }, timeoutMs);
    socket.once('error', fail).once('connect', () => {
      clearTimeout(timer);
      if (tls === 'offered' && !isLoopback(socket.remoteAddress ?? '')) {
        fail(new NotThisMachine(`${host} leads to another machine: write ?tls=required`));
        return;
      }
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
