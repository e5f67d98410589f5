import type { App } from '../../app.ts';
import { isResetError, ResetError } from '../../errors.ts';
import { findIssuer } from '../../native/find-issuer.ts';
import type { Issuer, OpenIssuer, Parts, Person } from '../../native/issuer.ts';
import { issuers } from '../../native/issuers/index.ts';
import { generalise, readSamples, type Sample } from '../../native/read-sample.ts';
import { secretReadings, type SecretReading } from '../../native/secret-readings.ts';
import { sqlOf } from '../../users/sql-store/sql-of.ts';
import type { LinkToken } from '../../values/link-token.ts';
import { explainNothing } from './explain-unlearnt.ts';
import { chooseOne } from './choose-learnt.ts';
import type { Learnt, Tried } from './learnt.ts';
import { openSite, toPersons, userOf, type SiteChoice } from './open-site.ts';

/** Which form a link of the application has. Throws token_invalid with `details.reason` when none can be found. */
export async function learnLink(app: App, link: string): Promise<Learnt> {
  const text = pathOf(app, link.trim());
  const given = app.config.appSecrets.map((each) => each.reveal());
  const secrets = given.flatMap((each, index) =>
    secretReadings(each).map((reading) => (given.length > 1 ? onLine(reading, index + 1) : reading)),
  );
  const learnt: Learnt[] = [];
  const tried: Tried[] = [];
  for (const issuer of issuers as readonly Issuer[]) {
    const samples = readSamples(issuer, text);
    if (samples.length === 0) continue;
    const outcome = await tryIssuer(app, { issuer, samples, secrets });
    learnt.push(...outcome.learnt);
    tried.push(...outcome.tried);
  }
  const chosen = chooseOne(learnt);
  if (!chosen) throw explainNothing(tried, given);
  return { ...chosen, path: generalise(chosen.path, chosen.person) };
}

/** Of several secrets, the one that is right. */
const onLine = ({ secret, note }: SecretReading, line: number): SecretReading => ({
  secret,
  note: `as line ${line} alone${note === undefined ? '' : `, ${note}`}`,
});

/** Path, query and fragment, as they go on after the base URL. Throws token_invalid. */
function pathOf({ config }: App, link: string): string {
  if (!URL.canParse(link) || !/^https?:/.test(link)) {
    throw new ResetError('token_invalid', 'Give the whole link as the mail has it, from https:// on.', {
      details: { reason: 'format' },
    });
  }
  const { baseUrl } = config;
  if (baseUrl !== undefined && link.startsWith(`${baseUrl}/`)) return link.slice(baseUrl.length);
  return link.slice(new URL(link).origin.length);
}

interface Attempt {
  readonly issuer: Issuer;
  readonly samples: readonly Sample[];
  readonly secrets: readonly SecretReading[];
}

async function tryIssuer(
  app: App,
  { issuer, samples, secrets }: Attempt,
): Promise<{ learnt: Learnt[]; tried: Tried[] }> {
  const tried: Tried[] = [];
  for (const sample of samples) {
    const shapes = shapesFor(app, issuer, sample.parts, secrets);
    if (!shapes || 'refused' in shapes) {
      if (shapes) tried.push({ issuer, refused: shapes });
      continue;
    }
    const learnt: Learnt[] = [];
    for (const choice of choicesOf(issuer, shapes, secrets)) {
      const found = await tryChoice(app, choice, sample);
      if (found && 'verdict' in found) learnt.push(found);
      else if (found) tried.push(found);
    }
    if (learnt.length > 0) return { learnt, tried };
  }
  return { learnt: [], tried };
}

/** The tokens that the form may have; or why it has none. */
function shapesFor(
  { config }: App,
  issuer: Issuer,
  parts: Parts,
  secrets: readonly SecretReading[],
): readonly LinkToken[] | NonNullable<Tried['refused']> | undefined {
  if (!issuer.learn) return [{ form: issuer.name }];
  const lesson = issuer.learn(
    parts,
    secrets.map(({ secret }) => secret),
    config.link.token,
  );
  if (!lesson || 'refused' in lesson) return lesson;
  return lesson.tokens.filter(({ form }) => form === issuer.name);
}

/** Every token with every secret and every digest that it may depend on. */
function choicesOf(
  issuer: Issuer,
  shapes: readonly LinkToken[],
  secrets: readonly SecretReading[],
): (Omit<SiteChoice, 'secret'> & { token: LinkToken; secret: SecretReading | undefined })[] {
  const digests = issuer.usesDigest ? (['sha256', 'sha1'] as const) : (['sha256'] as const);
  const keys = issuer.secret === null ? [undefined] : secrets;
  return shapes.flatMap((token) =>
    digests.flatMap((digest) => keys.map((secret) => ({ token, digest, secret }))),
  );
}

async function tryChoice(
  app: App,
  {
    token,
    digest,
    secret,
  }: { token: LinkToken; digest: 'sha1' | 'sha256'; secret: SecretReading | undefined },
  { path, parts }: Sample,
): Promise<Learnt | Tried | undefined> {
  const issuer = findIssuer({ users: app.config.users, link: { token } });
  const opened = await openSite(app, issuer, { secret: secret?.secret ?? '', digest }).catch(asMissing);
  if (!opened) return undefined;
  const store = await app.users();
  const { db } = sqlOf(store);
  const user = await userOf(app, await opened.whose(db, parts)).catch(asMissing);
  const [person] = user ? await toPersons({ issuer }, store, [user]) : [];
  if (!user || !person) return { issuer };
  const verdict = await opened.check(db, person, parts, app.clock.now());
  if (verdict.state === 'invalid') {
    return { issuer, user, proof: await opened.prove?.(db).catch(() => undefined) };
  }
  const proof = isSame(opened, person, parts, verdict) ? 'same' : 'accepted';
  return { issuer, token, path, digest, secret, user, person, verdict, proof };
}

/** A table or a column that the form needs is not there: it is another form. */
function asMissing(error: unknown): undefined {
  if (!isResetError(error) || error.code === 'database_unavailable') throw error;
  return undefined;
}

/** Make one for the same user and second. */
function isSame(
  opened: OpenIssuer,
  person: Person,
  parts: Parts,
  { issuedAt, expiresAt }: Learnt['verdict'],
): boolean {
  const grant = { iat: issuedAt ?? 0, exp: expiresAt, seed: Buffer.alloc(96) };
  return opened.make(person, grant)['token'] === parts['token'];
}
