import { describe, expect, it } from 'vitest';
import { isChosen, parseHashKinds } from '../../../src/flows/batch/hash-choice.ts';
import { kindOf } from '../../../src/flows/users/count-hashes.ts';
import type { User } from '../../../src/types.ts';
import { makeScene } from '../../helpers/batch-scene.ts';

const HASHES = {
  md5: '5f4dcc3b5aa765d61d8327deb882cf99',
  saltedMd5: 'md5$salt$67a1e09bb1f83f5007dc119c14d663aa',
  sha1: 'sha1$salt$59b3e8d637cf97edbe2384cf59cb7453dfe30789',
  phpass: '$P$B7TRc6vrwCfjgKLZLgmN.dmPo6msZR.',
  weakBcrypt: '$2b$04$NDcYJHWG4SZ6QFdvXyw1Ouylzqyi4a35iA8BIWVpnZrNRTRu0Chn.',
  goodBcrypt: '$2b$12$NDcYJHWG4SZ6QFdvXyw1Ouylzqyi4a35iA8BIWVpnZrNRTRu0Chn.',
  scheme: '{SSHA}Y2Fuoo6Ymtu4mJy7wLzYp6mhsJ1iYWFhYWFhYQ==',
  oldDjango: 'pbkdf2_sha256$1000$salt$C2QiMbFPo6ey6FCbyEUyPAR0ESaxsXmUXdMHO6ZAkBg=',
  unknown: '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7',
  none: '',
} as const;

const chosen = (kinds: readonly string[], costBelow?: number): string[] =>
  Object.entries(HASHES)
    .filter(([, encoded]) =>
      isChosen(kindOf({ encoded, refusal: null } as User, undefined), { kinds, costBelow }),
    )
    .map(([name]) => name);

describe('people chosen by their hash', () => {
  it.each([
    [['weak'], undefined, ['md5', 'saltedMd5', 'sha1', 'weakBcrypt', 'scheme', 'oldDjango']],
    [['md5'], undefined, ['md5', 'saltedMd5']],
    [['sha1'], undefined, ['sha1', 'scheme']],
    [['md5', 'sha1', 'phpass'], undefined, ['md5', 'saltedMd5', 'sha1', 'phpass', 'scheme']],
    [['ssha'], undefined, ['scheme']],
    [['bcrypt'], undefined, ['weakBcrypt', 'goodBcrypt']],
    [['bcrypt'], 10, ['weakBcrypt']],
    [[], 13, ['weakBcrypt', 'goodBcrypt']],
    [['md5'], 10, []],
  ] as const)('%j with a cost below %s are those of exactly these kinds', (kinds, costBelow, names) => {
    expect(chosen(kinds, costBelow)).toEqual(names);
  });

  it.each([
    ['week', /Did you mean weak\?/],
    ['md5,bcrpyt', /Did you mean bcrypt\?/],
    ['', /--hash takes weak/],
    [' , ', /--hash takes weak/],
  ])('refuses %j', (list, words) => {
    expect(() => parseHashKinds(list)).toThrow(words);
  });
});

describe('reset send --hash', () => {
  it('plans, expects, locks and mails only these people, and combines with --where', async () => {
    const { site, sink, db } = await makeScene(6);
    await db('users').whereIn('id', [2, 4]).update({ password_hash: HASHES.md5 });
    await db('users').where({ id: 5 }).update({ password_hash: HASHES.weakBcrypt, locale: 'de' });
    await db('users').whereNotIn('id', [2, 4, 5]).update({ password_hash: HASHES.goodBcrypt });
    const dry = await site.run(['send', '--hash', 'weak', '--dry-run', '--json']);
    expect(
      dry
        .rows()
        .filter(({ status }) => status === 'planned')
        .map(({ userId }) => userId),
    ).toEqual(['2', '4', '5']);
    const where = await site.run(['send', '--hash', 'weak', '--where', 'locale=de', '--dry-run', '--json']);
    expect(where.rows().at(-1)).toMatchObject({ total: 1 });
    const cost = await site.run(['send', '--cost-below', '10', '--dry-run', '--json']);
    expect(cost.rows().at(-1)).toMatchObject({ total: 1 });
    const wrong = await site.run(['send', '--hash', 'md5', '--yes', '--expect', '3', '--json']);
    expect([wrong.code, wrong.error().details['count']]).toEqual([2, 2]);
    expect(sink.mails).toHaveLength(0);

    const locked = await site.run(['send', '--hash', 'weak', '--lock', '--yes', '--expect', '3']);
    expect([locked.code, sink.mails.length]).toEqual([0, 3]);
    const hashes = await db('users').orderBy('id').pluck('password_hash');
    expect(hashes.map((hash) => hash === HASHES.goodBcrypt)).toEqual([true, false, true, false, false, true]);
    expect(hashes).not.toContain(HASHES.md5);
    expect(hashes).not.toContain(HASHES.weakBcrypt);
    expect((await site.run(['batch', 'list'])).stdout).toContain('hash weak, locked');
  });

  it('is one way to name the recipients among others', async () => {
    const { site } = await makeScene(1);
    expect((await site.run(['send', 'a@example.com', '--hash', 'weak', '--dry-run'])).code).toBe(2);
    expect((await site.run(['send', '--all', '--hash', 'weak', '--dry-run'])).code).toBe(0);
  });
});
