import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findProgram } from '../../helpers/find-program.ts';
import { findFreePort } from '../../helpers/free-port.ts';
import { needs } from '../../helpers/needs.ts';
import { sendRaw } from '../../helpers/raw-http.ts';
import { bin, cleanEnvironment, makeSetup, plain, type Setup } from '../../helpers/run-reset.ts';

const topic = await readFile(new URL('../../../templates/help/listener.md', import.meta.url), 'utf8');
const programs = {
  nginx: findProgram('nginx') ?? '',
  caddy: findProgram('caddy') ?? '',
  verify: findProgram('systemd-analyze') ?? '',
  activate: findProgram('systemd-socket-activate') ?? '',
};

/** The blocks of this language in the manual. */
const examples = (language: string): string[] =>
  [...topic.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n *\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );

/** Replaces the names of other machines; every replacement must match something. */
function adapt(text: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((current, [from, to]) => {
    const changed = current.replace(from, () => to);
    if (changed === current) throw new Error(`the example of the manual has no ${String(from)}`);
    return changed;
  }, text);
}

async function until(isReady: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(isReady).toBe(true);
}

interface Served extends Setup {
  readonly port: number;
  readonly log: () => string;
  stop(): Promise<void>;
}

async function serve(): Promise<Served> {
  const setup = await makeSetup({ 'server.trustProxy': ['127.0.0.1'] });
  const port = await findFreePort();
  const process_ = execa(process.execPath, [bin, 'serve', '--port', String(port), '--log-format', 'json'], {
    ...plain,
    cwd: setup.folder,
    env: cleanEnvironment(),
  });
  let log = '';
  process_.stderr?.on('data', (text: Buffer) => (log += text.toString()));
  await until(() => log.includes('"listening"'));
  const stop = async () => {
    process_.kill('SIGTERM');
    await process_;
  };
  onTestFinished(stop);
  return { ...setup, port, log: () => log, stop };
}

interface Proxy {
  readonly port: number;
  /** everything that it wrote anywhere */
  readonly logs: () => Promise<string>;
}

/** Runs until the test ends. */
async function run(command: readonly string[], port: number, cwd = tmpdir()): Promise<() => string> {
  const [file = '', ...args] = command;
  const running = execa(file, args, { ...plain, cwd, env: cleanEnvironment() });
  let said = '';
  for (const stream of [running.stdout, running.stderr])
    stream?.on('data', (text: Buffer) => (said += text.toString()));
  onTestFinished(async () => {
    running.kill('SIGTERM');
    await running;
  });
  await until(() =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    ),
  );
  return () => said;
}

async function startNginx({ folder, port: upstream }: Served): Promise<Proxy> {
  const port = await findFreePort();
  const [server = ''] = examples('nginx');
  const site = adapt(server, [
    ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
    [/ssl_certificate .*\n/, ''],
    [/ssl_certificate_key .*\n/, ''],
    ['/var/log/nginx/reset.log', `${folder}/access.log`],
    ['/var/log/nginx/reset-error.log', `${folder}/error.log`],
    ['127.0.0.1:8025', `127.0.0.1:${upstream}`],
  ]);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const main = `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${folder}/nginx.pid; events {} http { ${temp.join(' ')}\n${site}\n}`;
  await writeFile(join(folder, 'nginx.conf'), main);
  const said = await run(
    [programs.nginx, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'first.log')],
    port,
  );
  const read = (file: string) => readFile(join(folder, file), 'utf8').catch(() => '');
  return {
    port,
    logs: async () =>
      said() + (await Promise.all(['access.log', 'error.log', 'first.log'].map(read))).join(''),
  };
}

async function startCaddy({ folder, port: upstream }: Served): Promise<Proxy> {
  const port = await findFreePort();
  const [caddyfile = ''] = examples('caddyfile');
  const file = adapt(caddyfile, [
    ['{\n', '{\n\tadmin off\n'],
    ['accounts.example.com', `http://127.0.0.1:${port}`],
    ['127.0.0.1:8025', `127.0.0.1:${upstream}`],
  ]);
  await writeFile(join(folder, 'Caddyfile'), `${file}\n`);
  const said = await run(
    [programs.caddy, 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
    port,
  );
  return { port, logs: () => Promise.resolve(said()) };
}

describe.each([
  ['nginx', startNginx],
  ['caddy', startCaddy],
] as const)('the example for %s in the manual', (name, start) => {
  it.runIf(needs(name))(
    'R87: leads to every page, counts the visitor, and writes no token into any log, also when we are away',
    async () => {
      const served = await serve();
      const proxy = await start(served);
      const url = `http://127.0.0.1:${proxy.port}`;
      const token = await served.issue();
      const get = async (path: string) => (await fetch(`${url}${path}`, { headers: { 'x-forwarded-for': '203.0.113.9', referer: `${url}/reset_password/${token}` } })).status; // prettier-ignore

      expect(await get(`/reset_password/${token}`)).toBe(200);
      const paths = [
        '/reset_password_request',
        '/reset_password_request/sent',
        '/reset_password/done',
        '/style.css',
        '/script.js',
        '/.well-known/change-password',
      ];
      for (const path of paths) expect(`${path}: ${await get(path)}`).toBe(`${path}: 200`);
      expect(served.log()).toMatch(/"route":"\/reset_password\/:token".*"ip":"127\.0\.0\.1"/);
      expect(served.log()).not.toContain('203.0.113.9');
      await get(`/reset_password/${token}/`);
      await get(`/reset_password/${token}?x=1`);
      await get(`/reset%5Fpassword/${token}`);
      await get(`//reset_password//${token}`);
      await get(`/elsewhere?link=${token}`);
      await sendRaw({ port: proxy.port }, `GET http://accounts.example.com/reset_password/${token} HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nConnection: close\r\n\r\n`); // prettier-ignore

      await served.stop();
      expect(await get(`/reset_password/${token}`)).toBe(502);
      await until(async () => (await proxy.logs()).includes('502'));
      const logs = await proxy.logs();
      expect(logs).toContain('/reset_password_request');
      expect(logs).toContain('[masked]');
      expect(logs).not.toContain(token.slice(-40));
    },
  );
});

describe.runIf(needs('systemd'))('the systemd units in the manual', () => {
  /** The value of a unit's only line of this name. */
  const setting = (unit: string, name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

  it('are good units, and start a listener that serves on the socket they hold', async () => {
    const { folder, issue } = await makeSetup();
    const port = await findFreePort();
    const [socket = '', service = ''] = examples('ini');
    const units = {
      'reset.socket': adapt(socket, [['127.0.0.1:8025', `127.0.0.1:${port}`]]),
      'reset.service': adapt(service, [
        ['/usr/local/bin/resetctl', `${process.execPath} ${bin}`],
        ['/etc/reset\n', `${folder}\n`],
        ['User=reset', `User=${userInfo().username}`],
      ]),
    };
    const paths = Object.keys(units).map((name) => join(folder, name));
    for (const [name, text] of Object.entries(units)) await writeFile(join(folder, name), text);
    const { exitCode, stderr } = await execa(programs.verify, ['verify', ...paths], plain);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });

    const command = setting(units['reset.service'], 'ExecStart').split(' ');
    const address = setting(units['reset.socket'], 'ListenStream');
    const said = await run([programs.activate, '-l', address, ...command], port, setting(units['reset.service'], 'WorkingDirectory')); // prettier-ignore
    const { status } = await fetch(`http://127.0.0.1:${port}/reset_password/${await issue()}`);
    expect(status).toBe(200);
    await until(() => /"event":"http_request".*"route":"\/reset_password\/:token"/.test(said()));
  });
});
