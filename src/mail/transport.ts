import { parseMailUrl } from '../config/mail-url.ts';
import type { Secret } from '../values/secret.ts';
import type { Clock } from '../types.ts';
import { openFolder } from './file-transport.ts';
import { openSendmail } from './sendmail-transport.ts';
import { openSmtp } from './smtp-transport.ts';
import type { Timeouts, Transport } from './transport-contract.ts';

export type { Transport } from './transport-contract.ts';

export interface TransportOptions {
  /** `mail.url`: see `parseMailUrl` */
  readonly url: Secret<string>;
  /** at most this many to the SMTP server at once */
  readonly connections: number;
  readonly clock: Clock;
  /** our name in EHLO; the library's without it */
  readonly ehlo?: string | undefined;
  readonly timeouts?: Partial<Timeouts>;
  /** many mails will go: the connections get a thread of their own */
  readonly isBulk?: boolean;
}

/** Opens nothing yet: the first mail does. Throws `config_invalid` for a URL that cannot be used. */
export function openTransport(options: TransportOptions): Transport {
  const url = parseMailUrl(options.url.reveal());
  if (url.kind === 'file') return openFolder(url.directory, options.clock);
  if (url.kind === 'sendmail') return openSendmail(url.program, options.clock, options.timeouts?.answerMs);
  const { connections, clock, timeouts, isBulk, ehlo } = options;
  return openSmtp({ url: ehlo === undefined ? url : { ehlo, ...url }, connections, clock, timeouts, isBulk });
}
