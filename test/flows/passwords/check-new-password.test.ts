import { afterEach, describe, expect, it } from 'vitest';
import { checkNewPassword } from '../../../src/flows/passwords/check-new-password.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';

describe('R36: a new password that is the current one', () => {
  let test: TestApp;
  afterEach(() => test.close());

  const current = 'seven green apples on a roof';
  const violationsOf = async (typed: string, differs: boolean, prepare?: { encoded: string }) => {
    test = await createTestApp({ config: { 'password.differs': differs } });
    await test.addUser({ email: 'susan@example.com', password: current });
    const { password_hash: encoded } = (await test.app.usersDb('users').first()) as { password_hash: string };
    const user = { encoded: prepare?.encoded ?? encoded, email: 'susan@example.com', name: null };
    return (await checkNewPassword(test.app, user, typed)).violations;
  };

  it('is taken unless the configuration says otherwise', async () => {
    expect(await violationsOf(current, false)).toEqual([]);
  });

  it('is refused when it does, in the very words of a common password', async () => {
    const refused = await violationsOf(current, true);
    await test.close();
    expect(refused).toEqual(await violationsOf('passwordpassword', true));
    expect(JSON.stringify(refused)).not.toMatch(/current|same|now|before/);
  });

  it('lets every other password through', async () => {
    expect(await violationsOf(`${current}s`, true)).toEqual([]);
  });

  it('is not even looked at where no format reads the stored hash', async () => {
    const unknown = violationsOf(current, true, { encoded: '!unusable' });
    await expect(unknown).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
