import type { App } from '../../app.ts';
import type { ColumnHints } from '../../batches/lines/column-names.ts';
import type { PeopleFile } from '../../batches/read-lines.ts';
import type { BatchRequest } from './batch-request.ts';

/** What is known of the columns of a file: the operator's `--column`, and the names of the users' own columns. */
export async function columnHints(
  app: App,
  { choice, column }: BatchRequest,
  file: PeopleFile,
): Promise<ColumnHints> {
  const { id, email } = (await app.users()).description.fields;
  const isMain = choice.kind !== 'file' || choice.file === file;
  return { column, isColumnOptional: !isMain, ...(id === email ? {} : { own: { id, email } }) };
}
