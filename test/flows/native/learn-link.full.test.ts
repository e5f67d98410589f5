import { expect, it } from 'vitest';
import { isResetError } from '../../../src/errors.ts';
import { learnLink } from '../../../src/flows/native/learn-link.ts';
import type { Issuer } from '../../../src/native/issuer.ts';
import { issuers } from '../../../src/native/issuers/index.ts';
import { readSamples } from '../../../src/native/read-sample.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { addTokenTables, anySigned, createRandom, foreignLink, linkOf, openOthers } from './sample-links.ts';

const base = 'https://accounts.example.test';
const COUNT = 100_000;
/** Of these, it is counted what looks like which form. */
const FIRST = 2000;
const all: readonly Issuer[] = issuers;

it(
  'finds no form in a hundred thousand links of other forms and other secrets, each form among them',
  { timeout: 1_800_000 },
  async () => {
    const appSecret = 'the secret of this site, which is long enough';
    const { app, close } = await createTestApp({ config: { 'users.preset': 'default', appSecret } });
    await addTokenTables(app.usersDb);
    const users = Array.from({ length: 30 }, (_, index) => index + 1);
    await app
      .usersDb('users')
      .insert(users.map((id) => ({ id, email: `user${id}@example.com`, username: `person${id}` })));
    const random = createRandom(20);
    const iat = Math.floor(app.clock.now() / 1000) - 60;
    const ofAnother = await openOthers(all, app.usersDb);
    const looked = new Map(all.map(({ name }) => [name, 0]));
    const wrong: string[] = [];
    for (let count = 0; count < COUNT; count += 1) {
      const id = 1 + random.below(30);
      const person = {
        id: String(id),
        email: `user${id}@example.com`,
        username: `person${id}`,
        encoded: '',
        columns: {},
      };
      const link = await random.pick([
        () => foreignLink(random, base),
        () => ofAnother(random, person, { iat, base }),
        () => linkOf(anySigned(random), person, { secret: random.text(30), iat, base }),
      ])();
      for (const issuer of count < FIRST ? all : [])
        if (readSamples(issuer, link.slice(base.length)).length > 0)
          looked.set(issuer.name, (looked.get(issuer.name) ?? 0) + 1);
      const outcome: unknown = await learnLink(app, link).catch((error: unknown) => error);
      if (!isResetError(outcome) || outcome.code !== 'token_invalid') wrong.push(link);
    }
    expect(wrong).toEqual([]);
    expect([...looked].filter(([, times]) => times < 5)).toEqual([]);
    await close();
  },
);
