import type { Chart, Slot } from './report-chart.ts';

/** `Ticket`: `INC-17` */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** A row of a table whose last cell is a number. */
export interface Count {
  readonly name: string;
  readonly note?: string | undefined;
  readonly count: number;
}

export interface DomainRow {
  readonly domain: string;
  readonly failed: number;
  readonly mails: number;
}

export interface ReasonRow {
  readonly reason: string;
  readonly words: string;
  readonly count: number;
}

export interface PersonRow {
  readonly name: string;
  readonly state: string;
  readonly since: string;
}

/** What a report holds, in the words of its reader. Instants in milliseconds since the epoch. */
export interface ReportData {
  readonly batchId: string;
  readonly appName: string;
  readonly timeZone: string;
  readonly asOf: string;
  /** what to know before the numbers: that the batch still runs, that it was a test */
  readonly notices: readonly string[];
  readonly facts: readonly Fact[];
  /** the paragraph in the mail */
  readonly reason: string | null;
  /** empty: no passwords were locked */
  readonly lock: readonly Fact[];
  readonly people: readonly Count[];
  readonly mails: readonly Count[];
  readonly skipped: readonly Count[];
  /** what a reset leaves in place, and for how many people */
  readonly survives: readonly Count[];
  readonly slots: readonly Slot[];
  readonly span: { readonly from: number; readonly to: number };
  readonly domains: readonly DomainRow[];
  readonly moreDomains: number;
  readonly reasons: readonly ReasonRow[];
  /** undefined: addresses are left out */
  readonly unchanged: readonly PersonRow[] | undefined;
  readonly unchangedTotal: number;
  /** prints the list that is too long for this page */
  readonly listCommand: string;
}

/** What the template reads: the same, with what is computed from it. */
export interface ReportView extends ReportData {
  readonly chart: Chart | undefined;
  readonly days: readonly { readonly day: string; readonly cells: readonly number[] }[];
  readonly sums: readonly number[];
  readonly number: (value: number) => string;
  /** `12%`; nothing where there is no whole */
  readonly share: (count: number, of: readonly Count[]) => string;
}
