import { readFileSync } from 'node:fs';
import { parseDuration } from '../../values/duration.ts';
import { parseEmail } from '../../values/email.ts';
import { rate } from '../../config/parse.ts';
import { ResetError } from '../../errors.ts';
import type { BatchRequest, Choice, PeopleFile } from '../../flows/batch/batch-request.ts';
import { parseHashKinds } from '../../flows/batch/hash-choice.ts';
import { ACCESS_KINDS, type AccessKind } from '../../flows/access/kinds.ts';
import type { Schedule } from '../../flows/batch/schedule-mails.ts';
import type { Actor } from '../../types.ts';
import { programName } from '../../values/program-name.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { identifierFrom } from '../person/identifier.ts';
import { toColumnValue, wholeNumber } from '../person/selection-options.ts';
import type { sendOptions } from './declare.ts';
import { isSingle } from './is-single.ts';

/** Options of `send`. */
export type SendOptions = OptionsOf<typeof sendOptions>;

const LONGEST_REASON = 10_000;

export interface RequestFacts {
  readonly actor: Actor;
  readonly schedule: Schedule;
  /** milliseconds since the epoch */
  readonly now: number;
  /** what `--file` and `--exclude` name, safe to be read more than once */
  readonly files: { readonly file?: PeopleFile | undefined; readonly exclude?: PeopleFile | undefined };
}

/** Options → what the flows understand. Throws usage_invalid. `now` in milliseconds. */
export function toBatchRequest(
  emails: readonly string[],
  options: SendOptions,
  { actor, schedule, now, files }: RequestFacts,
): BatchRequest {
  assertLock(options);
  return {
    choice: choose(emails, options, files.file),
    exclude: files.exclude,
    column: columnOf(options),
    ignoresUnknown: options.ignoreUnknown === true,
    except: options.except.map(toColumnValue),
    changedSince: given(options.skipIfChangedSince, (text) => instantOf(text, now)),
    changedSinceAs: options.skipIfChangedSince,
    isLocking: options.lock === true,
    ends: given(options.end, kindsOf),
    ...(options.forceProtected === true && { forceProtected: true }),
    locksAgain: options.new === true,
    isMailed: options.mail !== 'none',
    actor,
    reason: given(options.reasonFile, readReason),
    redirectTo: given(options.redirectTo, (text) => parseEmail(text)),
    canary: given(options.canary, (text) => wholeNumber('--canary', text, 1)),
    ratePerDomain: given(options.ratePerDomain, perDomain),
    ...schedule,
    isSingle: isSingle(emails, options, ['dryRun']),
    isDryRun: options.dryRun === true,
  };
}

/** `--expect`, if it was given. */
export const expectedOf = ({ expect }: Pick<SendOptions, 'expect'>): number | undefined =>
  given(expect, (text) => wholeNumber('--expect', text, 0));

/** An option that was left out stays undefined. */
export const given = <T, R>(option: T | undefined, read: (option: T) => R): R | undefined =>
  option === undefined ? undefined : read(option);

/** What `--end` names. Throws usage_invalid. */
export function kindsOf(text: string): readonly AccessKind[] {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !ACCESS_KINDS.some((kind) => kind === word));
  if (wrong !== undefined)
    throw usage(`--end does not know ${JSON.stringify(wrong)}. Kinds: ${ACCESS_KINDS.join(', ')}.`);
  return ACCESS_KINDS.filter((kind) => words.includes(kind));
}

/** What `--lock` and `--mail none` need, and what they cannot be combined with. Throws usage_invalid. */
function assertLock({ end, lock, mail, yes, expect, dryRun, redirectTo, forceProtected }: SendOptions): void {
  if (forceProtected === true && end === undefined) throw usage('--force-protected goes with --end.');
  if (mail !== undefined && mail !== 'none') throw usage('--mail takes only one value: none.');
  if (mail === 'none' && lock !== true) throw usage('--mail none only makes sense with --lock.');
  if (end !== undefined && lock !== true)
    throw usage(
      `For several people, or with an option that only a batch has, --end needs --lock: without it, the old password would open the account on its own. For one person who keeps the password: ${programName} access end`,
    );
  if (lock !== true) return;
  if ((yes !== true || expect === undefined) && dryRun !== true)
    throw usage('--lock needs --yes and --expect N. To see the number first: --dry-run');
  if (redirectTo !== undefined)
    throw usage('--lock cannot be combined with --redirect-to: people would be locked out without a link.');
}

function choose(
  emails: readonly string[],
  { id, username, file, all, where, hash, costBelow }: SendOptions,
  people: PeopleFile | undefined,
): Choice {
  const isNamed = id !== undefined || username !== undefined;
  const isByHash = hash !== undefined || costBelow !== undefined;
  const isMany = all === true || isByHash;
  const ways = [isNamed, emails.length > 0, file !== undefined, isMany, where.length > 0 && !isByHash];
  if (ways.filter(Boolean).length !== 1) {
    throw usage(
      'Name the recipients in exactly one way: addresses, --id or --username for one user, --file, --all, --where, or --hash.',
    );
  }
  if (isNamed) return { kind: 'user', identifier: identifierFrom(emails, { id, username }) };
  if (people !== undefined) return { kind: 'file', file: people };
  if (emails.length > 0) return { kind: 'addresses', emails };
  const columns = where.map(toColumnValue);
  if (!isByHash) return { kind: 'users', where: columns };
  const kinds = given(hash, parseHashKinds) ?? [];
  const below = given(costBelow, (text) => wholeNumber('--cost-below', text, 1));
  return { kind: 'hashes', hash: { kinds, costBelow: below }, where: columns };
}

function columnOf({ column, file, exclude }: SendOptions): string | undefined {
  if (column === undefined || file !== undefined || exclude !== undefined) return column;
  throw usage('--column names a column of the file that --file or --exclude gives. Add one of them.');
}

/** An ISO 8601 date, or `7d` for seven days ago. */
function instantOf(text: string, now: number): number {
  if (/^\d+[smhd]$/.test(text)) return now - parseDuration(text);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw usage(`${JSON.stringify(text)} is not a time. Write 2026-11-22, 2026-11-22T14:00Z or 7d.`);
  return at;
}

/** The text of `--reason-file`. Throws usage_invalid. */
export function readReason(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .trim();
  } catch (error) {
    throw new ResetError('usage_invalid', `The file ${path} of --reason-file can't be read.`, {
      cause: error,
    });
  }
  if (text === '' || text.length > LONGEST_REASON) {
    throw usage(`The file ${path} of --reason-file must hold 1 to ${LONGEST_REASON} characters.`);
  }
  return text;
}

function perDomain(text: string): number {
  try {
    return rate(text);
  } catch (error) {
    throw new ResetError('usage_invalid', '--rate-per-domain takes a rate such as 5/s, 600/m or 5000/h.', {
      cause: error,
    });
  }
}

const usage = (message: string): ResetError => new ResetError('usage_invalid', message);
