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
  it.each(PASTED)('names the user in every command about one person: %s', async (address) => {
    const { run } = await makeSetup();
    for (const command of [['link'], ['send'], ['resend', '--force'], ['status'], ['revoke']]) {
      const ended = await run([...command, address, '--json']);
      expect({ command, ...ended }).toMatchObject({ command, code: 0 });
    }
    expect((await run(['audit', '--user', address])).stdout).toContain('link printed');
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
    expect(one).toMatchObject({
      code: 0,
      stdout: `! ${susan.email} (user 1) had no live link. Nothing changed.\n`,
    });
    const all = await run(['revoke', '--all', '--yes']);
    expect(all).toMatchObject({ code: 0, stdout: '! Nobody had a live link. Nothing changed.\n' });
  });
});
