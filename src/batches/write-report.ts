import { ResetError } from '../errors.ts';
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
] as const;

type ReportRow = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

/** Throws usage_invalid. */
export function parseFormat(text: string): ReportFormat {
  const format = REPORT_FORMATS.find((each) => each === text);
  if (format) return format;
  throw new ResetError(
    'usage_invalid',
    `There is no format ${JSON.stringify(text)}. Known: ${REPORT_FORMATS.join(', ')}.`,
  );
}

/** A report as pieces of text, one for each recipient at most. */
export async function* writeReport(
  rows: AsyncIterable<LedgerRow>,
  format: ReportFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield* writeCsv(rows);
  else if (format === 'json') yield* writeJson(rows);
  else for await (const row of rows) yield `${JSON.stringify(toReportRow(row))}\n`;
}

async function* writeCsv(rows: AsyncIterable<LedgerRow>): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync');
  yield stringify([[...COLUMNS]]);
  for await (const row of rows) {
    const report = toReportRow(row);
    yield stringify([COLUMNS.map((column) => (column === 'id' ? report.id : harmless(report[column])))]);
  }
}

async function* writeJson(rows: AsyncIterable<LedgerRow>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield `${before}${JSON.stringify(toReportRow(row))}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** R83: a spreadsheet would run a cell that begins like a formula. The id stays as it is: `send --file` reads it. */
const harmless = (value: string | number | null): string | number | null =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;

const toReportRow = (row: LedgerRow): ReportRow => ({
  id: row.id,
  email: row.email,
  status: row.status,
  reason: row.reason,
  reply: row.reply,
  attempts: row.attempts,
  requestId: row.requestId,
  messageId: row.messageId,
  settledAt: toIso(row.settledAt),
  lockedAt: toIso(row.lockedAt),
  link: row.link,
  expiresAt: toIso(row.expiresAt),
});

/** MySQL and PostgreSQL give large numbers as text. */
const toIso = (at: number | string | null): string | null =>
  at === null ? null : new Date(Number(at)).toISOString();
