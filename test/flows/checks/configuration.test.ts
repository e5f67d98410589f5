import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configured, eachBrokenSetup } from './broken-setups.ts';

const key = () => randomBytes(32).toString('hex');

eachBrokenSetup('the configuration, the key and the base URL', [
  {
    name: 'no key',
    code: 'key_missing',
    says: /secret .*is not set/,
    advice: /RESET_SECRET/,
    ...configured({ secret: undefined }, { secret: `hex:${key()}` }),
  },
  {
    name: 'a short key',
    code: 'key_invalid',
    says: /has 8 bytes; at least 32 are needed/,
    advice: /reset keygen/,
    ...configured({ secret: 'hex:0123456789abcdef' }, { secret: `hex:${key()}` }),
  },
  {
    name: 'the same key twice',
    code: 'key_invalid',
    says: /same key twice/,
    advice: /Remove one/,
    ...configured(
      { secret: [`hex:${'0123456789abcdef'.repeat(4)}`, `hex:${'0123456789abcdef'.repeat(4)}`] },
      { secret: `hex:${key()}` },
    ),
  },
  {
    name: 'a key file that others can read',
    code: 'readable_by_others',
    says: /can be read by others \(mode 0644\)/,
    advice: /chmod 600/,
    breakIt: async (setup) => {
      const file = join(setup.folder, 'reset.key');
      await writeFile(file, `hex:${key()}`);
      await chmod(file, 0o644);
      await setup.configure({ secret: `file:${file}` });
    },
  },
  {
    name: 'a config file with a key in it that others can read',
    code: 'readable_by_others',
    status: 'warning',
    says: /holds a key or password/,
    advice: /chmod 600/,
    breakIt: (setup) => chmod(join(setup.folder, 'reset.config.json'), 0o644),
  },
  {
    name: 'links that live for days',
    code: 'links_live_long',
    status: 'warning',
    says: /live for 72 hours/,
    advice: /24h or less/,
    ...configured({ 'token.expiresIn': '72h' }, { 'token.expiresIn': '12h' }),
  },
  {
    name: 'a base URL without TLS',
    code: 'key_invalid',
    says: /must begin with https/,
    advice: /https/,
    ...configured({ baseUrl: 'http://accounts.example.com' }, { baseUrl: 'https://accounts.example.com' }),
  },
  {
    name: 'a base URL of this machine',
    code: 'links_local',
    status: 'warning',
    says: /on this machine only/,
    advice: /https address/,
    ...configured({ baseUrl: 'http://127.0.0.1:8025' }, { baseUrl: 'https://accounts.example.com' }),
  },
  {
    name: 'a base URL where nobody answers',
    code: 'pages_away',
    says: /healthz does not answer/,
    advice: /reset serve/,
    breakIt: async (setup) => {
      await setup.configure({ baseUrl: 'http://127.0.0.1:9' });
      return { isOnline: true };
    },
    remedy: (setup) => setup.configure({ baseUrl: 'https://accounts.example.com' }),
  },
  {
    name: 'a key of the file that is none of ours',
    code: 'key_unknown',
    says: /baseURL .*not a known key/,
    advice: /mean "baseUrl"/,
    ...configured({ baseURL: 'https://x.example' }, { baseURL: undefined }),
  },
]);
