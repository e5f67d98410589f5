import type { TimelineEntry } from '../../flows/history/timeline.ts';
import { localStamp } from '../../values/instant.ts';
import { labelReply } from '../../values/mail-reply.ts';
import { plural } from '../../values/plural.ts';

const WORDS: Readonly<Record<string, string>> = {
  reset_requested: 'asked for a reset',
  link_issued: 'link printed',
  code_issued: 'code printed',
  code_accepted: 'code typed and accepted',
  code_refused: 'code refused',
  code_expired: 'code expired unused',
  mail_sent: 'mail accepted',
  mail_failed: 'mail not delivered',
  mail_skipped: 'mail not sent',
  mail_bounced: 'mail came back',
  mail_waiting: 'mail is tried again next',
  link_expired: 'link expired unused',
  link_revoked: 'link revoked',
  link_dead: 'link dead: password, address or key changed since',
  token_revoked: 'links revoked',
  token_reused: 'used link tried again',
  token_verify_failed: 'bad link tried',
  password_changed: 'password changed',
  password_locked: 'password locked (breach mode)',
  batch_started: 'batch started',
  batch_ended: 'batch ended',
  password_change_failed: 'password not changed',
  request_throttled: 'asked too soon',
  access_ended: 'access ended',
  access_refused: 'ending access refused',
  change_demanded: 'must choose a new password',
  change_lifted: 'need not choose a new password',
  user_added: 'user added',
  operator_action: 'operator',
};

/** An application's own link dies by its rules. */
const DEAD_THERE = 'link dead: used, replaced, or the user changed since';

const REASONS: Readonly<Record<string, string>> = {
  code_wrong: 'wrong',
  code_format: 'not eight letters and digits',
  code_none: 'this person has no live code',
  code_spent: 'used already, or no tries left',
  too_many: 'three newer ones were sent',
  replaced: 'replaced by a newer one',
  link_resent: 'same link sent again',
  bad_address: 'the address accepts no mail',
  not_accepted: 'not accepted',
};

/** One line of the timeline, in words. */
export function describeEvent({
  at,
  event,
  result,
  requestId,
  batchId,
  actor,
  ticket,
  details,
}: TimelineEntry): string {
  const kind = details['kind'] === 'notice' || details['kind'] === 'access' ? ' (notice)' : '';
  const isOfApplication = event === 'link_dead' && typeof details['issuer'] === 'string';
  const isFine = result === 'ok' || result === 'changed';
  const facts = [
    ...(isFine ? [] : [REASONS[result] ?? result]),
    ...describeDetails(event, details),
    ...say(actor, (name) => `by ${name}`),
    ...say(ticket, (text) => `ticket ${text}`),
    ...say(requestId, (id) => `request ${id.slice(0, 8)}`),
    ...say(batchId, (id) => `batch ${id}`),
  ];
  return `  ${localStamp(at)}  ${isOfApplication ? DEAD_THERE : (WORDS[event] ?? event)}${kind}${facts.length === 0 ? '' : `; ${facts.join('; ')}`}`;
}

/** Nothing for a fact that is not there, or is of another kind than expected. */
const say = <T>(fact: T | null | undefined, inWords: (fact: T) => string): string[] =>
  fact === null || fact === undefined ? [] : [inWords(fact)];

const text = (fact: unknown): string | undefined => (typeof fact === 'string' ? fact : undefined);
const number = (fact: unknown): number | undefined => (typeof fact === 'number' ? fact : undefined);
const positive = (fact: unknown): number | undefined => (Number(fact) > 0 ? number(fact) : undefined);

function describeDetails(
  event: TimelineEntry['event'],
  { reply, hashFormat, users, sessionsEnded, revoked, issuer }: TimelineEntry['details'],
): string[] {
  const label = event === 'mail_waiting' ? 'last answer' : 'server said';
  return [
    ...say(text(reply), (said) => labelReply(said, label)),
    ...say(text(issuer), (name) => `the application's own (${name})`),
    ...say(text(hashFormat), (name) => `as ${name}`),
    ...say(number(users), (count) => plural(count, 'user')),
    ...say(positive(sessionsEnded), (count) => `${plural(count, 'session')} ended`),
    ...say(number(revoked), (count) => `${count} of them`),
  ];
}
