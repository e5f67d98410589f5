import { describe, expect, it } from 'vitest';
import { makeSetup, susan } from '../../helpers/run-reset.ts';

const PASTED = [
  `Susan <${susan.email}>`,
  `<${susan.email}>`,
  `mailto:${susan.email}`,
  `  ${susan.email} `,
  `${susan.email},`,
  `"${susan.email}";`,
];

describe('an address as people copy it', () => {
  it('names the user in every command about one person', async () => {
    const { run } = await makeSetup();
    for (const address of PASTED) {
      expect(await run(['link', address, '--json']), address).toMatchObject({ code: 0 });
      expect(await run(['send', address, '--force', '--json']), address).toMatchObject({ code: 0 });
      expect(await run(['resend', address, '--force', '--json']), address).toMatchObject({ code: 0 });
      const status = await run(['status', address]);
      expect(status.stdout, address).toContain(`${susan.email} (user 1)`);
      expect((await run(['audit', '--user', address])).stdout, address).toContain('link printed');
      expect((await run(['revoke', address])).stdout, address).toContain(`of ${susan.email} (user 1)`);
    }
  });

  it('is the address of a new user', async () => {
    const { run } = await makeSetup();
    expect((await run(['user', 'add', 'Maria <maria@example.com>,'])).stdout).toContain(
      'maria@example.com, ',
    );
  });
});

describe('reset revoke', () => {
  it('says when there was nothing to revoke', async () => {
    const { run } = await makeSetup();
    const one = await run(['revoke', susan.email]);
    expect(one).toMatchObject({ code: 0, stdout: `! ${susan.email} had no live link. Nothing changed.\n` });
    const all = await run(['revoke', '--all', '--yes']);
    expect(all).toMatchObject({ code: 0, stdout: '! Nobody had a live link. Nothing changed.\n' });
  });
});
