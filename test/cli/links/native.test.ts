import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { succeed, susan, type Setup } from '../../helpers/run-reset.ts';
import { SECRET_KEY, startTutorialSite } from '../../helpers/tutorial-site.ts';

/** The secret in a file instead of the configuration. */
async function secretFile(setup: Setup, text: string, mode = 0o600): Promise<readonly string[]> {
  await setup.configure({ appSecret: undefined });
  const file = join(setup.folder, 'app-secret');
  await writeFile(file, text, { mode });
  await chmod(file, mode);
  return ['--app-secret-file', file];
}

describe('the secret of an application', () => {
  it.each([
    ['no newline', SECRET_KEY],
    ['a newline at its end', `${SECRET_KEY}\n`],
    ['a newline of Windows', `${SECRET_KEY}\r\n`],
  ])('is read from a file with %s', async (_, text) => {
    const { setup } = await startTutorialSite();
    const given = await secretFile(setup, text);
    const { stdout } = await succeed(setup.run(['link', susan.email, ...given]));
    expect((await fetch(stdout.trim(), { redirect: 'manual' })).status).toBe(200);
    await succeed(setup.run(['verify', stdout.trim(), ...given]));
  });

  it('is refused from a file that is empty, that others can read, or that holds two where one is known', async () => {
    const { setup } = await startTutorialSite();
    const link = async (text: string, mode?: number) => {
      const ran = await setup.run(['link', susan.email, ...(await secretFile(setup, text, mode))]);
      expect(ran.code).toBe(3);
      return ran.stderr;
    };
    expect(await link('\n')).toContain('must hold a secret');
    expect(await link(SECRET_KEY, 0o644)).toContain('can be read by others');
    const two = await link(`${SECRET_KEY}\nthe one before\n`);
    expect(two).toContain('flask-microblog has one SECRET_KEY, and appSecret holds 2');
    expect(two).not.toContain('the one before');
  });
});

describe('the mail with a link of the application', () => {
  it('is shown as it will be, and does not say that it works once where it does not', async () => {
    const { setup, origin } = await startTutorialSite();
    const dry = await succeed(setup.run(['send', '--all', '--dry-run']));
    expect(dry.stdout).toContain(`${origin}/auth/reset_password/test-copy`);
    expect(dry.stdout).not.toContain('once');
    await succeed(setup.run(['send', susan.email]));
    const [mail] = await readdir(setup.mailbox);
    const text = await readFile(join(setup.mailbox, mail ?? ''), 'utf8');
    expect(text).toContain('The link expires in');
    expect(text).not.toContain('once');
    const ours = await succeed(setup.run(['send', '--all', '--dry-run'], { env: { RESET_NATIVE: 'false' } }));
    expect(ours.stdout).toContain('The link works once.');
  });
});

describe('the page of an application', () => {
  it('that moved stops every mail and link, until somebody says where it is', async () => {
    const { setup } = await startTutorialSite({ path: '/reset_password/' });
    for (const command of [['link'], ['send', '--force']]) {
      const refused = await setup.run([...command, susan.email]);
      expect(refused.code).toBe(3);
      expect(refused.stderr).toContain('/auth/reset_password/{token}: the answer is 404; set link.path');
    }
    await expect(readdir(setup.mailbox)).rejects.toThrow('ENOENT');
    const { stdout } = await succeed(setup.run(['link', susan.email, '--link-path', '/reset_password']));
    expect((await fetch(stdout.trim(), { redirect: 'manual' })).status).toBe(200);
  });

  it('is reported when it cannot be reached from here, and so is one that was named and does not exist', async () => {
    const { setup } = await startTutorialSite();
    const named = await succeed(setup.run(['link', susan.email, '--link-path', '/elsewhere']));
    expect(named.stderr).toContain('/elsewhere/{token}: the answer is 404');
    const away = await succeed(setup.run(['link', susan.email, '--base-url', 'http://127.0.0.1:9']));
    expect(away.stderr).toContain('nobody answers at http://127.0.0.1:9/auth/reset_password/{token}');
    expect(away.stderr).toContain('works until it expires, even after it was used');
  });
});
