import { localStamp, toIso } from '../../values/instant.ts';
import { programName } from '../../values/program-name.ts';
import { suppressionOf, type Suppressed } from '../bounces/suppressions.ts';
import type { App } from '../../app.ts';
import { isResetError } from '../../errors.ts';
import { isEmail } from '../../values/email.ts';
import { CODE_TRIES } from '../../tokens/code.ts';
import type { CodeWay, TokenRow } from '../../tokens/token-store.ts';
import type { User } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import type { AccessItem } from '../access/survey.ts';
import { survivingFor } from '../access/surviving.ts';
import { assertKnownHash } from '../passwords/assert-known-hash.ts';
import { settleIntents } from '../both/settle-intents.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { mailsOf, type MailFacts } from './mails-of.ts';
import { timelineOf, type TimelineEntry } from './timeline.ts';
import type { Link } from '../links/live-links.ts';
import { endOf, linksOf } from '../links/live-links.ts';

/** The state of a live one-time code. */
export interface CodeStatus {
  readonly way: CodeWay;
  readonly triesLeft: number;
  /** it was typed correctly, and somebody is choosing a password right now */
  readonly isTyped: boolean;
}

export interface UserStatus {
  readonly userId: string;
  readonly email: string;
  readonly isActive: boolean;
  /** false: one of the facts forbids it */
  readonly canReset: boolean;
  /** what would stop a reset, or is good to know before one */
  readonly facts: readonly { readonly code: string; readonly message: string }[];
  /** links that could be used this moment */
  readonly liveLinks: readonly {
    readonly requestId: string;
    readonly issuedAt: string;
    readonly expiresAt: string;
    /** the application that the link belongs to; absent for ours */
    readonly issuer?: string;
    /** the application still takes its link, although password or address changed since */
    readonly isOutdated?: true;
    /** its one-time code: read aloud, without a link of its own, or beside the link in the mail */
    readonly code?: CodeStatus;
    /** the mail that carried it, or the best of several; null: none, as far as the outbox goes back */
    readonly mail: MailFacts | null;
  }[];
  /** the newest mail with a link, as far as the outbox goes back */
  readonly lastMail: MailFacts | null;
  /** seconds until the next mail can be sent: by an operator, or by the person on the request page */
  readonly cooldown: { readonly operator: number; readonly web: number };
  /** what else opens the account, or is asked for, after a reset */
  readonly survives: readonly AccessItem[];
  readonly timeline: readonly TimelineEntry[];
}

/** Everything about one user's resets. Throws user_not_found, user_ambiguous. */
export async function readUserStatus(app: App, identifier: Identifier): Promise<UserStatus> {
  const found = await findAnyUser(app, identifier);
  const isOld = (await settleIntents(app, { userId: found.id })) > 0;
  const user = isOld ? await findAnyUser(app, { id: found.id }) : found;
  const links = await linksOf(app, user);
  const mails = await mailsOf(app, user.id);
  const facts = [...(await factsOf(app, user)), ...(await bounceOf(app, user))];
  const throttle = await app.throttle();
  return {
    userId: user.id,
    email: user.email,
    isActive: user.isActive,
    canReset: !facts.some(({ code }) => FORBIDDING.has(code)),
    facts,
    liveLinks: links.filter(({ status }) => status === 'live').map((link) => toLiveLink(link, mails)),
    lastMail: mails.at(-1) ?? null,
    cooldown: {
      operator: await throttle.waitSeconds('operator', user.id),
      web: await throttle.waitSeconds('web', user.id),
    },
    survives: await survivingFor(await app.users(), user),
    timeline: await timelineOf(app, user, links),
  };
}

const FORBIDDING: ReadonlySet<string> = new Set(['inactive', 'refused', 'unknown_hash']);

function toLiveLink({ row, isOutdated }: Link, mails: readonly MailFacts[]): UserStatus['liveLinks'][number] {
  const { requestId, iat, issuer } = row;
  const carriers = mails.filter((mail) => mail.requestId === requestId);
  const mail = carriers.findLast(({ status }) => status === 'sent') ?? carriers.at(-1) ?? null;
  return {
    requestId,
    issuedAt: toIso(iat * 1000),
    expiresAt: toIso(endOf(row)),
    mail,
    ...(issuer === null ? {} : { issuer }),
    ...(isOutdated ? { isOutdated } : {}),
    ...(row.codeWay === null ? {} : { code: toCodeStatus(row, row.codeWay) }),
  };
}

const toCodeStatus = ({ codeTries, codeHolder }: TokenRow, way: CodeWay): CodeStatus => ({
  way,
  triesLeft: CODE_TRIES - codeTries,
  isTyped: codeHolder !== null,
});

async function factsOf(app: App, user: User): Promise<UserStatus['facts']> {
  const facts: { code: string; message: string }[] = [];
  const add = (code: string, message: string) => facts.push({ code, message });
  if (!user.isActive) add('inactive', 'not active in the application: no reset until activated there');
  if (user.refusal !== null) add('refused', `no reset here: ${user.refusal}`);
  if (user.encoded === null || user.encoded === '')
    add('no_password', 'no password yet: a reset sets the first one');
  const unknown = user.refusal === null ? await explainUnknownHash(app, user) : undefined;
  if (unknown !== undefined) add('unknown_hash', unknown);
  if (!isEmail(user.email)) add('no_address', 'the stored e-mail address cannot receive mail');
  else {
    const store = await app.users();
    const same = (await store.findByEmail([user.email])).get(user.email) ?? [];
    const ids = same.map(({ id }) => id);
    if (ids.length > 1) {
      add('ambiguous', `${ids.length} users have this address (ids ${ids.join(', ')}): choose one with --id`);
    }
  }
  return facts;
}

async function bounceOf(app: App, { email }: User): Promise<UserStatus['facts']> {
  const bounce = await suppressionOf(app, email);
  return bounce === undefined ? [] : [{ code: 'suppressed', message: explainBounce(bounce) }];
}

const explainBounce = ({ address, reply, bouncedAt }: Suppressed): string =>
  `a mail to this address came back at ${localStamp(toIso(bouncedAt))}${reply === null ? '' : ` (${reply})`}, so batches leave it out; when it is good again: ${programName} bounces lift ${address}`;

async function explainUnknownHash(app: App, user: User): Promise<string | undefined> {
  try {
    await assertKnownHash(app, user);
    return undefined;
  } catch (error) {
    if (isResetError(error) && error.code === 'config_invalid') return error.message;
    throw error;
  }
}
