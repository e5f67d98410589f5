import { expect, test } from 'vitest';
import { operatorName } from '../../src/values/operator-name.ts';

test.each([
  ['alice', 1000, {}, 'alice@host'],
  ['root', 0, {}, 'root@host'],
  ['root', 0, { SUDO_USER: 'alice' }, 'root@host (sudo: alice)'],
  ['root', 0, { SUDO_USER: 'alice@corp.example' }, 'root@host (sudo: alice@corp.example)'],
  ['root', 0, { DOAS_USER: 'bob' }, 'root@host (doas: bob)'],
  ['root', 0, { SUDO_USER: 'root' }, 'root@host'],
  ['root', 0, { SUDO_USER: '' }, 'root@host'],
  ['root', 0, { SUDO_USER: 'alice) (sudo: eve' }, 'root@host'],
  ['root', 0, { SUDO_USER: 'alice\nroot' }, 'root@host'],
  ['root', 0, { SUDO_USER: 'a'.repeat(300) }, 'root@host'],
  ['eve', 1001, { SUDO_USER: 'alice' }, 'eve@host'],
])('the audit names %s (uid %i, %j) as %s', (user, uid, environment, name) => {
  expect(operatorName(user, environment, { uid, host: 'host' })).toBe(name);
});
