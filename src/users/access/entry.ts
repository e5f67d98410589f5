import type { Scalar } from '../../types.ts';
import type { AccessKind } from '../store/access-kinds.ts';
import type { Conditions, OnResetStep, StepWhere } from '../columns/rules.ts';

/** One kind of thing that lets a person in or keeps a person out, where an application keeps it: data only. */
export interface AccessEntry {
  readonly kind: AccessKind;
  /** what this application calls it, where it has several of a kind */
  readonly name?: string;
  /** where the rows are; default: the user's own row, which counts as one */
  readonly table?: string;
  /** which rows of the table; must name the user */
  readonly where?: StepWhere;
  /** what columns of that row must be for it to count; all must hold */
  readonly when?: Conditions;
  /** a row says that there is something, not how much */
  readonly isOne?: true;
  /** the column that says since when it is there; seconds or milliseconds since 1970, or else a time */
  readonly since?: string | { readonly column: string; readonly as: 's' | 'ms' } | undefined;
  /** how it ends; default: its rows are deleted, whatever `when` says. Empty: SQL can't end it, and `beyond` says what can. */
  readonly end?: readonly OnResetStep[];
  /** what can end it instead, or what its end leaves over, in words for the operator */
  readonly beyond?: string;
  /** `steps`: a reset runs `end`; `hash`: the application drops it with the old hash. Absent: it survives. */
  readonly reset?: 'steps' | 'hash';
  /** `must-change` only: how it is asked for */
  readonly demand?: readonly OnResetStep[];
  /** `must-change` only: or a row of `table` asks for it, with these values beside those of `where` */
  readonly demandRow?: Readonly<Record<string, Scalar>>;
}
