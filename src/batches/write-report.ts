import { ResetError } from '../errors.ts';
import { writeRows } from '../values/write-rows.ts';
import type { LedgerRow } from './read-ledger.ts';

export const REPORT_FORMATS = ['csv', 'json', 'ndjson'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The columns of a report; `id` first, which `send --file` reads before `email`. */
const COLUMNS = [
  'id',
  'email',
  'status',
  'reason',
  'reply',
  'attempts',
  'requestId',
  'messageId',
  'settledAt',
  'lockedAt',
  'link',
  'expiresAt',
  'usedAt',
  'survives',
] as const;

/** A recipient, and kinds of what a reset leaves in place for that user. */
export type RecipientRow = LedgerRow & { readonly survives: readonly string[] };

type ReportRow = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

/** Throws usage_invalid. */
export function parseFormat(text: string): ReportFormat {
  const format = REPORT_FORMATS.find((each) => each === text);
  if (format) return format;
  throw new ResetError(
    'usage_invalid',
    `There is no format ${JSON.stringify(text)}. Known: ${REPORT_FORMATS.join(', ')}, html.`,
  );
}

/** A report as pieces of text, at most one per recipient. The id stays exact: `send --file` reads it. */
export const writeReport = (
  rows: AsyncIterable<RecipientRow>,
  format: ReportFormat,
): AsyncGenerator<string> =>
  writeRows(reportRows(rows, format === 'csv' ? toSheetTime : toIso), format, {
    columns: COLUMNS,
    exact: ['id'],
  });

async function* reportRows(rows: AsyncIterable<RecipientRow>, timeOf: WriteTime): AsyncGenerator<ReportRow> {
  for await (const row of rows) yield toReportRow(row, timeOf);
}

type WriteTime = (at: number | string | null) => string | null;

const toReportRow = (row: RecipientRow, timeOf: WriteTime): ReportRow => ({
  id: row.id,
  email: row.email,
  status: row.status,
  reason: row.reason,
  reply: row.reply,
  attempts: row.attempts,
  requestId: row.requestId,
  messageId: row.messageId,
  settledAt: timeOf(row.settledAt),
  lockedAt: timeOf(row.lockedAt),
  link: row.link,
  expiresAt: timeOf(row.expiresAt),
  usedAt: timeOf(row.usedAt),
  survives: row.survives.length === 0 ? null : row.survives.join(','),
});

/** MySQL and PostgreSQL give large numbers as text. */
const toIso = (at: number | string | null): string | null =>
  at === null ? null : new Date(Number(at)).toISOString();

/** In UTC, as spreadsheets read times: `2026-11-22 14:00:00`. */
const toSheetTime = (at: number | string | null): string | null =>
  toIso(at)?.slice(0, 19).replace('T', ' ') ?? null;
