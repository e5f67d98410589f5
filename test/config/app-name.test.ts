import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

test.each([
  ['https://accounts.example.com', 'accounts.example.com'],
  ['https://xn--bcher-kva.example/account', 'bücher.example'],
  ['https://bücher.example:8443', 'bücher.example:8443'],
  ['http://127.0.0.1:8025', '127.0.0.1:8025'],
  ['http://[::1]:8025', '[::1]:8025'],
])('without a name of its own, the application at %s is called %s', async (baseUrl, name) => {
  const config = await loadConfig({ cwd: null, flags: { baseUrl } });
  expect(config.appName).toBe(name);
});
