import { describe, expect, it } from 'vitest';
import { issuerNamed } from '../../src/native/find-issuer.ts';
import type { Issuer, Person } from '../../src/native/issuer.ts';
import { madeAt, noDatabase, openIssuer, siteSecret, userSeven as susan } from '../helpers/open-issuer.ts';

const iat = madeAt / 1000;
const grant = { iat, exp: iat + 600, seed: Buffer.alloc(96, 7) };
const named = (name: string): Issuer => issuerNamed(name)!;
const withFactor = { ...susan, columns: { mfaEnabled: true, mfaSecret: 'U2FsdGVkX1' } };

/** What the application's own code made of Susan at 15:00, with ten minutes to live. */
const ANSWERS: readonly { by: string; form: string; person: Person; made: string }[] = [
  {
    by: '@directus/utils and jsonwebtoken of Directus 12.3.1',
    form: 'directus',
    person: susan,
    made: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJlbWFpbCI6InN1c2FuQGV4YW1wbGUuY29tIiwic2NvcGUiOiJwYXNzd29yZC1yZXNldCIsImhhc2giOiIzZGQxY2VkOCIsImlhdCI6MTc5NTM1OTYwMCwiZXhwIjoxNzk1MzYwMjAwLCJpc3MiOiJkaXJlY3R1cyJ9.ZZa57DVwb2JdqVCa64boNi8DFrZaixCQJdBXPqQvYu0',
  },
  {
    by: 'createJWTHash and jsonwebtoken of n8n 2.40.7',
    form: 'n8n',
    person: susan,
    made: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3IiwiaGFzaCI6IllvQU9CcHVTMkoiLCJpYXQiOjE3OTUzNTk2MDAsImV4cCI6MTc5NTM2MDIwMCwiYXVkIjoibjhuLXBhc3N3b3JkLXJlc2V0In0.q2YGxbCQzLGfrvTPM0GHAcuSdnGFiywgi1dXvtqRWM8',
  },
  {
    by: 'n8n 2.40.7 with a second factor',
    form: 'n8n',
    person: withFactor,
    made: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3IiwiaGFzaCI6IjlzRTJSbHNvVTkiLCJpYXQiOjE3OTUzNTk2MDAsImV4cCI6MTc5NTM2MDIwMCwiYXVkIjoibjhuLXBhc3N3b3JkLXJlc2V0In0.zqt4Lb2fu6o-JYk7GcsIFh8f2MOUcgWQckmtzq93yU0',
  },
];

describe.each(ANSWERS)('a token by $by', ({ form, person, made }) => {
  const check = async (now: number, who = person, secret = siteSecret, token = made) =>
    (await (await openIssuer(named(form), { secret })).check(noDatabase, who, { token }, now * 1000)).state;

  it('is the one that we make', async () => {
    expect((await openIssuer(named(form))).make(person, grant)['token']).toBe(made);
  });

  it('is good for ten minutes, for its own user, password and secret', async () => {
    expect(await check(iat + 599)).toBe('good');
    expect(await check(iat + 600)).toBe('expired');
    expect(await check(iat, { ...person, encoded: 'another' })).toBe('invalid');
    expect(await check(iat, { ...person, id: '8', email: 'tom@example.com' })).toBe('invalid');
    expect(await check(iat, person, 'another secret')).toBe('invalid');
    for (let at = 0; at < made.length - 1; at += 7) {
      const changed = made.slice(0, at) + (made[at] === 'A' ? 'B' : 'A') + made.slice(at + 1);
      expect(await check(iat, person, undefined, changed)).toBe('invalid');
    }
  });

  it('is learnt with its secret alone, and by no other form', () => {
    const learn = (name: string, secret: string) => named(name).learn?.({ token: made }, [secret]);
    expect(learn(form, siteSecret)).toEqual({ tokens: [{ form }] });
    expect(learn(form, 'another')).toMatchObject({ reason: 'wrong_secret' });
    const other = form === 'n8n' ? 'directus' : 'n8n';
    expect(learn(other, siteSecret)).toBeUndefined();
  });
});

it('a token of n8n ends with a new second factor', async () => {
  const issuer = await openIssuer(named('n8n'));
  const parts = issuer.make(withFactor, grant);
  expect(parts['mfaEnabled']).toBe('true');
  expect((await issuer.check(noDatabase, susan, parts, iat * 1000)).state).toBe('invalid');
});
