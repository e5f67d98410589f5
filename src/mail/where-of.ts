import type { SmtpUrl } from '../config/mail-url.ts';
import type { Where } from '../values/network-words.ts';

/** The mail server as sentences name it: `mail.example.com:587`. */
export const whereOf = ({ host, port }: SmtpUrl): Where => ({
  host,
  at: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
});
