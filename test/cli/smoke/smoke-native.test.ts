import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectSaid, succeed, susan } from '../../helpers/run-reset.ts';
import { startTutorialSite, type Oddities } from '../../helpers/tutorial-site.ts';

const onSusan = ['--email', susan.email, '--allow'];
describe('reset smoke --native', () => {
  it('walks the page of the application, and leaves the hash as it was', async () => {
    const { setup, origin, hash } = await startTutorialSite();
    await setup.configure({ 'link.native': undefined });
    const before = await hash();
    const { stdout } = await succeed(setup.run(['smoke', '--native', '--url', origin, ...onSusan]));
    expect(stdout.match(/^✓ /gm)).toHaveLength(12);
    expectSaid(
      stdout,
      `the mail contains the link: it leads to ${origin}/auth/reset_password/{token}`,
      'opened twice (200), and the link still works',
      'the stored hash is a new one',
      'the stored hash accepts the new password and not the old one: werkzeug-scrypt',
      'flask-microblog accepts it until ',
      'user 1 has the old hash again. 1 link of the application can still be used',
    );
    expect(stdout).not.toContain('notice');
    expect(stdout).not.toContain('eyJ');
    expect(await hash()).toBe(before);
    expect(await (await setup.open())('reset_smoke')).toEqual([]);
  });
});

/** What is broken, which step says so, in which words, and the exit code. */
interface Sabotage {
  readonly oddities?: Oddities;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly more?: readonly string[];
  readonly fails: readonly [step: string, says: string, code: number];
}
const [answers, accepts, taken, stored] = [
  "the application's page answers",
  "the application's page accepts the link, and opening it changes nothing",
  'the application accepts the new password',
  'the stored hash accepts the new password and not the old one',
];
const noForm =
  'no form for a new password: 200, "Sign in to see posts". Either appSecret is not the application\'s SECRET_KEY';
const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  'the secret is another one': { config: { appSecret: 'another secret' }, fails: [accepts, noForm, 5] },
  'the page moved': {
    oddities: { path: '/reset_password/' },
    fails: [answers, 'the answer is 404; set link.path', 3],
  },
  'nobody answers': {
    config: { baseUrl: 'http://127.0.0.1:9' },
    fails: [answers, 'nobody answers at http://127.0.0.1:9/auth/reset_password/{token}', 3],
  },
  'links lead elsewhere': {
    more: ['--url', 'https://example.com'],
    fails: ['the mail contains the link', 'not to https://example.com', 5],
  },
  'the application writes elsewhere': {
    oddities: { taken: 'thrown away' },
    fails: [taken, 'the stored hash is what it was, and the page says: 200', 8],
  },
  'the application writes another format than its rows have': {
    oddities: { taken: 'written in another format' },
    fails: [stored, 'it is a bcrypt hash', 8],
  },
};

describe('reset smoke --native fails with the right step, and puts everything back, when', () => {
  it.each(Object.entries(SABOTAGES))('%s', async (_name, { oddities, config = {}, more = [], fails }) => {
    const [step, says, code] = fails;
    const { setup, hash } = await startTutorialSite(oddities);
    await setup.configure(config);
    const before = await hash();
    const report = join(setup.folder, 'smoke.xml');
    const ran = await setup.run(['smoke', '--json', '--junit', report, ...onSusan, ...more]);
    const failed = ran.rows().find(({ status }) => status === 'failed');
    expect({ step: failed?.['step'], code: ran.code }).toEqual({ step, code });
    expect(failed?.['message']).toContain(says);
    expect(ran.stdout).not.toContain('eyJ');
    expect(ran.rows().at(-1)).toMatchObject({ class: 'restore', status: 'ok' });
    expect(await hash()).toBe(before);
  });
});
