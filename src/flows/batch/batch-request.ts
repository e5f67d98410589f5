import { createHash } from 'node:crypto';
import type { App } from '../../app.ts';
import type { NewBatch } from '../../batches/create-batch.ts';
import type { PeopleFile } from '../../batches/read-lines.ts';
import { digestFile } from '../../batches/read-lines.ts';
import type { ColumnValue } from '../../users/store/selection.ts';
import { describeHashChoice, type HashChoice } from './hash-choice.ts';
import type { Identifier } from '../../users/store/identifier.ts';

import type { AccessKind } from '../access/kinds.ts';

export type { PeopleFile } from '../../batches/read-lines.ts';
export type { ColumnValue } from '../../users/store/selection.ts';

/** Who a batch is for. */
export type Choice =
  | { readonly kind: 'addresses'; readonly emails: readonly string[] }
  | { readonly kind: 'user'; readonly identifier: Identifier }
  | { readonly kind: 'file'; readonly file: PeopleFile }
  | { readonly kind: 'users'; readonly where: readonly ColumnValue[] }
  | { readonly kind: 'hashes'; readonly hash: HashChoice; readonly where: readonly ColumnValue[] };

/** What standard input is called where a file has a name. */
export const STDIN = 'standard input';

/** One `send` to many, as it was asked for. */
export interface BatchRequest extends Pick<
  NewBatch,
  'actor' | 'reason' | 'redirectTo' | 'canary' | 'ratePerDomain' | 'isLocking' | 'startsAt' | 'dayWindow'
> {
  readonly choice: Choice;
  /** what ends with the lock, beside sessions, tokens and connected apps */
  readonly ends?: readonly AccessKind[] | undefined;
  /** people of `support.protect` lose their second factors, too */
  readonly forceProtected?: boolean;
  /** people to leave out */
  readonly exclude?: PeopleFile | undefined;
  /** the column of the files to read, where the operator named one */
  readonly column?: string | undefined;
  /** lines that name nobody, or two people, are skipped instead of stopping everything */
  readonly ignoresUnknown?: boolean;
  readonly except: readonly ColumnValue[];
  /** milliseconds since the epoch, and as the operator wrote it: `7d` is another instant every time */
  readonly changedSince?: number | undefined;
  readonly changedSinceAs?: string | undefined;
  /** people who have set a new password since an earlier lock are locked again too (`--new`) */
  readonly locksAgain?: boolean;
  /** false: passwords are locked and nobody is mailed */
  readonly isMailed: boolean;
  /** the dry run of a single mail, whose link has the lifetime of one */
  readonly isSingle?: boolean;
  /** planned for a look, and dropped */
  readonly isDryRun: boolean;
}

/** The same selection has the same digest, whoever gives it and whatever the rate: so `send` finds its unfinished batch. */
export async function digestRequest(app: App, request: BatchRequest): Promise<string> {
  const { choice } = request;
  const store = await app.users();
  const chosen =
    choice.kind === 'file' ? { file: await digestFile(choice.file), column: request.column } : choice;
  const facts = {
    table: store.description.key,
    chosen,
    exclude: request.exclude === undefined ? null : await digestFile(request.exclude),
    except: request.except,
    changedSince: request.changedSinceAs,
    isLocking: request.isLocking,
    ends: request.ends,
    forceProtected: request.forceProtected,
    isMailed: request.isMailed,
    redirectTo: request.redirectTo,
    reason: request.reason,
    isDryRun: request.isDryRun,
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Is it known when a password changed? Otherwise only resets by this program are known. */
export const knowsChanges = async (app: App): Promise<boolean> =>
  (await app.users()).description.knowsPasswordTime;

/** The selection in words, for lists of batches. */
export function describeRequest({ choice, except, exclude, isLocking, isMailed }: BatchRequest): string {
  const extras = [
    ...except.map(({ column, value }) => `except ${column}=${value}`),
    ...(exclude === undefined ? [] : [`without ${exclude.name}`]),
    ...(isLocking ? ['locked'] : []),
    ...(isMailed ? [] : ['not mailed']),
  ];
  return [describeChoice(choice), ...extras].join(', ');
}

function describeChoice(choice: Choice): string {
  switch (choice.kind) {
    case 'addresses':
      return choice.emails.length > 3 ? `${choice.emails.length} addresses` : choice.emails.join(' ');
    case 'user':
      return Object.entries(choice.identifier).join().replace(',', ' ');
    case 'file':
      return choice.file.name === STDIN ? STDIN : `file ${choice.file.name}`;
    case 'users':
      return choice.where.length === 0 ? 'all users' : describeWhere(choice.where);
    case 'hashes':
      return [
        describeHashChoice(choice.hash),
        ...(choice.where.length > 0 ? [describeWhere(choice.where)] : []),
      ].join(', ');
  }
}

const describeWhere = (where: readonly ColumnValue[]): string =>
  `where ${where.map(({ column, value }) => `${column}=${value}`).join(', ')}`;
