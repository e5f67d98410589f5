import { describe, expect, it } from 'vitest';
import { findIssuer } from '../../src/native/find-issuer.ts';
import type { Person, Site } from '../../src/native/issuer.ts';
import type { LinkToken } from '../../src/values/link-token.ts';
import {
  madeAt as at,
  noDatabase,
  openIssuer,
  siteSecret as SECRET,
  userSeven as susan,
} from '../helpers/open-issuer.ts';

const iat = at / 1000;
const issuerOf = (token: LinkToken) => findIssuer({ users: { preset: 'flask' }, link: { token } });

const open = (token: LinkToken, settings: Partial<Site> = {}) => openIssuer(issuerOf(token), settings);

interface Made {
  readonly by: string;
  readonly token: LinkToken;
  readonly made: string;
  readonly lifeS: number;
  /** ours differs in its text, and is read all the same */
  readonly isOther?: true;
  readonly person?: Partial<Person>;
  readonly secret?: string;
}

/** What the real package made of Susan, at 15:00. */
const ANSWERS: readonly Made[] = [
  {
    by: 'itsdangerous 1.1.0 and 2.1.2, URLSafeTimedSerializer(key).dumps({"user_id": 7})',
    token: { form: 'itsdangerous' },
    made: 'eyJ1c2VyX2lkIjo3fQ.awMDcA.W9OxQGnO49F8N6zn58HptBSTejA',
    lifeS: 1800,
  },
  {
    by: 'itsdangerous 1.1.0, an address under a salt',
    token: { form: 'itsdangerous', claim: '', of: 'email', salt: 'password-reset-salt' },
    made: 'InN1c2FuQGV4YW1wbGUuY29tIg.awMDcA.irtt0v6sW1gZ2vef5umIclYNmqM',
    lifeS: 1800,
  },
  {
    by: 'itsdangerous 1.1.0, a list',
    token: { form: 'itsdangerous', claim: '[]', text: true, salt: 'reset-salt' },
    made: 'WyI3Il0.awMDcA.q31i-2wh2z3RKlMXpCh7NxJ2WOc',
    lifeS: 1800,
  },
  {
    by: 'itsdangerous 1.1.0, TimedJSONWebSignatureSerializer(key, 1800).dumps({"user_id": 7})',
    token: { form: 'itsdangerous-jws' },
    made: 'eyJhbGciOiJIUzUxMiIsImlhdCI6MTc5NTM1OTYwMCwiZXhwIjoxNzk1MzYxNDAwfQ.eyJ1c2VyX2lkIjo3fQ.e5UUigFhK5Qyh2zmbEIRorn-sFCdEHgM_IXm6kyB8I784Ac98L2kRY1Px4XXrn1I0Z-wXsdHXoiLWc5qH5dCiA',
    lifeS: 1800,
  },
  {
    by: 'itsdangerous 1.1.0, the same with HS256, as it was before 1.0',
    token: { form: 'itsdangerous-jws', algorithm: 'HS256' },
    made: 'eyJhbGciOiJIUzI1NiIsImlhdCI6MTc5NTM1OTYwMCwiZXhwIjoxNzk1MzYxNDAwfQ.eyJ1c2VyX2lkIjo3fQ.V44bU5sEcVAP6gvvmWZbDMMtNiZIDlpNZ0SfI6lXkxI',
    lifeS: 1800,
  },
  {
    by: 'itsdangerous 1.1.0, the Flasky book with a salt',
    token: { form: 'itsdangerous-jws', claim: 'reset', salt: 'reset' },
    made: 'eyJhbGciOiJIUzUxMiIsImlhdCI6MTc5NTM1OTYwMCwiZXhwIjoxNzk1MzYzMjAwfQ.eyJyZXNldCI6N30.t11KLFs4J6t7yOlIx-jmfPy_tx5Yc6YwU6TcRl7P-OT1dpJRApFlsVtYj_GJaKwss7eWUb-hjW3rXwo7lRGK7w',
    lifeS: 3600,
  },
  {
    by: 'itsdangerous 2.1.2, digest_method=sha512',
    token: { form: 'itsdangerous', claim: '', salt: 'x', algorithm: 'sha512' },
    made: 'Nw.awMDcA.drJ2EDuO8FqdhCC9ega9s_-WmUeCVqFRjjvJmVUrn1yhP1cYFcbQO_hYA3s093QAWinoe-tXBoHIVKCMWhuBOw',
    lifeS: 1800,
  },
  {
    by: 'PyJWT 2.6.0 with more claims',
    token: {
      form: 'jwt',
      claim: 'sub',
      text: true,
      algorithm: 'HS512',
      times: ['exp', 'iat'],
      also: { type: 'reset' },
    },
    made: 'eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3IiwiZXhwIjoxNzk1MzYwMjAwLCJpYXQiOjE3OTUzNTk2MDAsInR5cGUiOiJyZXNldCJ9.-Uowvax4jw_n8gPyJEwE0r6XQYmI84nUWAdNlzTt_W_QKRFiyY3GuV9ctxsOTxnp0tLbBy-2ywBJHMOQO37rrw',
    lifeS: 600,
  },
  {
    by: 'PyJWT 2.6.0 without an end',
    token: { form: 'jwt', claim: 'user_id', algorithm: 'HS384', times: [] },
    made: 'eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjo3fQ.5igyw9coCIaJJy8LBI6UX_ui-Ojb91yxRktVHgj1Fl2g-xjGWcja8csm27cM70VX',
    lifeS: Infinity,
  },
  {
    by: 'Flask-Security 5.1.2, with sha256_crypt and packed',
    token: { form: 'flask-security' },
    made: '.eJyLVkozMEjBh5V0lFRMVYryS_NSim1NjU0NDAxUMgstXZyzDVLNCg29jfQtilWqzI2DXXyNirzMw0vMsguy0vQyKysqQy3Nc7Lz3S3Ts9zMTMz9HLNCS4yNlWIBoiAiVQ.awMDcA.c17CUDGy_tbkkoD_Iss7NAgFxjc',
    lifeS: 432_000,
    isOther: true,
  },
  {
    by: 'Flask-Security 5.1.2, with hex_md5 and packed',
    token: { form: 'flask-security' },
    made: '.eJyLVkozMEjBh5V0lAwNkwyNzFNMLYwtDFKTjA2NjQ0tjM2NTc0tklIsjRONlGIBs7sShw.awMDcA.Je0ZzKe7ttH03bHv-H-bdk7aT7c',
    lifeS: 432_000,
    isOther: true,
  },
  {
    by: 'generates_token_for of Rails 7.1.6@ffcbf6f, and password_reset_token of Rails 8.0.4@624fe3c, keys by SHA-256',
    token: { form: 'rails' },
    made: 'eyJfcmFpbHMiOnsiZGF0YSI6WzcsImFiY2RlZmdoaWoiXSwiZXhwIjoiMjAyNi0xMS0yMlQxNToxNTowMC4wMDBaIiwicHVyIjoiVXNlclxucGFzc3dvcmRfcmVzZXRcbjkwMCJ9fQ==--a6be94ced5a4c87b96df560e7c65f7b691971324',
    lifeS: 900,
    isOther: true,
    person: { encoded: `$2a$12$ABCDEFGHIJKLabcdefghij${'x'.repeat(31)}` },
    secret: 'the secret_key_base of this site',
  },
  {
    by: 'ActiveRecord 6.1.7, signed_id(purpose: :password_reset, expires_in: 900), key by SHA-256',
    token: { form: 'rails-signed-id' },
    made: 'eyJfcmFpbHMiOnsibWVzc2FnZSI6Ik53PT0iLCJleHAiOiIyMDI2LTExLTIyVDE1OjE1OjAwLjAwMFoiLCJwdXIiOiJ1c2VyL3Bhc3N3b3JkX3Jlc2V0In19--c789cc942a511d6272c5a6ef2f4d20b79380086a5438ac04025c41f9a4191961',
    lifeS: 900,
    secret: 'the secret_key_base of this site',
  },
  {
    by: 'ActiveRecord 6.1.7, signed_id without an end',
    token: { form: 'rails-signed-id' },
    made: 'eyJfcmFpbHMiOnsibWVzc2FnZSI6Ik53PT0iLCJleHAiOm51bGwsInB1ciI6InVzZXIvcGFzc3dvcmRfcmVzZXQifX0=--3a480f37cd7f462cf6c92e5d9b7d44174ed47386f48385f1f92bf71e45b338c2',
    lifeS: Infinity,
    isOther: true,
    secret: 'the secret_key_base of this site',
  },
  {
    by: 'Rails 7.1.6@ffcbf6f, signed_id(purpose: :password_reset, expires_in: 15.minutes)',
    token: { form: 'rails-signed-id' },
    made: 'eyJfcmFpbHMiOnsiZGF0YSI6NywiZXhwIjoiMjAyNi0xMS0yMlQxNToxNTowMC4wMDBaIiwicHVyIjoidXNlci9wYXNzd29yZF9yZXNldCJ9fQ==--3e248995faf6a679da5dca52229a8e6e9a9ceca34763ae9b95355a18cdce2f1f',
    lifeS: 900,
    isOther: true,
    secret: 'the secret_key_base of this site',
  },
  {
    by: 'Rails 7.1.6@ffcbf6f, signed_id without an end',
    token: { form: 'rails-signed-id' },
    made: 'eyJfcmFpbHMiOnsiZGF0YSI6NywicHVyIjoidXNlci9wYXNzd29yZF9yZXNldCJ9fQ==--a0623208c2aded660c81b527088a9abcce680cfc85fdae8e070518c223f19390',
    lifeS: Infinity,
    isOther: true,
    secret: 'the secret_key_base of this site',
  },
  {
    by: 'Rails 8.0.4@624fe3c, whose signed_id has letters of URLs alone',
    token: { form: 'rails-signed-id' },
    made: 'eyJfcmFpbHMiOnsiZGF0YSI6NywiZXhwIjoiMjAyNi0xMS0yMlQxNToxNTowMC4wMDBaIiwicHVyIjoidXNlci9wYXNzd29yZF9yZXNldCJ9fQ--37e1acff87ddc155b684a8e70e8210281e8151717407b6992a7fd73c932a7470',
    lifeS: 900,
    isOther: true,
    secret: 'the secret_key_base of this site',
  },
];

describe.each(ANSWERS)('a token of $by', ({ token, made, lifeS, isOther, person = {}, secret = SECRET }) => {
  const own = { ...susan, ...person };
  const check = async (given: string, now: number, person = own, settings: Partial<Site> = {}) =>
    (await (await open(token, { secret, ...settings })).check(noDatabase, person, { token: given }, now))
      .state;

  it('is made again, or read although ours is another', async () => {
    const exp = iat + (lifeS === Infinity ? 600 : lifeS);
    const ours = (await open(token, { secret })).make(own, { iat, exp, seed: Buffer.alloc(96) });
    expect(await check(ours['token'] ?? '', at)).toBe('good');
    expect(ours['token'] === made).toBe(isOther !== true);
  });

  it('is good for its time, for its own user, as it was signed', async () => {
    expect(await check(made, at + 1000)).toBe('good');
    const later = lifeS === Infinity ? 3_000_000_000 : lifeS + 1;
    expect(await check(made, at + later * 1000)).toBe(lifeS === Infinity ? 'good' : 'expired');
    const other = { ...own, id: '8', email: 'tom@example.com', columns: { fs_uniquifier: 'beef' } };
    expect(await check(made, at, other)).toBe('invalid');
    expect(await check(made, at, own, { secret: 'another' })).toBe('invalid');
    for (let index = 0; index < made.length - 1; index += 7) {
      const changed = made.slice(0, index) + (made[index] === 'A' ? 'B' : 'A') + made.slice(index + 1);
      expect(await check(changed, at)).toBe('invalid');
    }
  });

  it('is learnt from the link, and never with another secret', async () => {
    const issuer = issuerOf(token);
    const lesson = issuer.learn?.({ token: made }, ['another', secret], token);
    expect(lesson).toHaveProperty('tokens');
    const tokens = lesson && 'tokens' in lesson ? lesson.tokens : [];
    const states = await Promise.all(
      tokens.map(async (each) => (await open(each, { secret })).check(noDatabase, own, { token: made }, at)),
    );
    expect(states.filter(({ state }) => state === 'good')).toHaveLength(1);
    // Rails' payload can be read by anybody: its form is learnt without the secret, and its check refuses it.
    const blind = issuer.learn?.({ token: made }, ['another'], token) ?? {};
    expect('tokens' in blind).toBe(token.form.startsWith('rails'));
  });
});

describe('link.token', () => {
  it.each([
    [{ form: 'jwt', algorithm: 'none' }, /algorithm of jwt must match/],
    [{ form: 'jwt', salt: 'x' }, /salt does not belong to jwt, which takes: claim, of/],
    [{ form: 'django', claim: 'x' }, /claim does not belong to django/],
    [{ form: 'macaroon' }, /form must be one of: better-auth/],
  ])('refuses %j', (token, why) => {
    expect(() => issuerOf(token)).toThrow(why);
  });

  it('takes the place of the preset’s form', () => {
    const choice = { users: { preset: 'django' }, link: { token: { form: 'django-allauth' } } };
    expect(findIssuer(choice).name).toBe('django-allauth');
    expect(() => findIssuer({ users: { preset: 'flask' }, link: {} })).toThrow(/--sample-link/);
    expect(findIssuer({ users: { preset: 'mastodon' }, link: {} })).toMatchObject({
      name: 'devise',
      page: '/auth/password/edit',
    });
  });
});
