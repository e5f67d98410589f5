import { displayWidth, fitWidth } from '../../values/display-width.ts';

/** A column of a table of facts. */
export interface Column {
  readonly header: string;
  readonly cells: readonly string[];
  /** may be shortened to this many terminal columns; absent: never */
  readonly least?: number;
}

const GAP = '  ';

/**
 * Columns under headers, one line a row; columns without anything in them are left out. With a width, the widest
 * columns that may be cut are cut; if even that is too wide, the result is undefined.
 */
export function alignColumns(columns: readonly Column[], width?: number): string[] | undefined {
  const shown = columns.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const widths = shown.map(({ header, cells }) => Math.max(...[header, ...cells].map(displayWidth)));
  if (width !== undefined && !fit(shown, widths, width)) return undefined;
  const rows = shown[0]?.cells.length ?? 0;
  const line = (cellOf: (column: Column) => string): string =>
    shown
      .map((column, index) => pad(cellOf(column), widths[index] ?? 0))
      .join(GAP)
      .trimEnd();
  return [
    line(({ header }) => header),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row] ?? '')),
  ];
}

/** Narrows `widths` until they fit. */
function fit(columns: readonly Column[], widths: number[], width: number): boolean {
  const total = (): number => widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  while (total() > width) {
    const slack = widths.map((each, index) => each - (columns[index]?.least ?? each));
    const most = Math.max(...slack);
    if (most <= 0) return false;
    const widest = slack.indexOf(most);
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return true;
}

const pad = (cell: string, width: number): string => {
  const cut = fitWidth(cell, width);
  return cut + ' '.repeat(Math.max(0, width - displayWidth(cut)));
};
