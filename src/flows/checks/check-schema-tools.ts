import type { App } from '../../app.ts';
import { findSchemaTools, type SchemaTool } from '../setup/schema-tools.ts';
import { programName } from '../../values/program-name.ts';
import type { Finding } from './finding.ts';
import { warning } from './finding.ts';

/**
 * Such tools compare the database with the application's models or files, and drop, or copy, what they don't know: our
 * tables, with all links, queued mails and the audit. Nothing here can find out whether they were configured not to.
 */
export async function checkSchemaTools(app: App): Promise<Finding[]> {
  if (app.isApart) return [];
  return (await findSchemaTools(app.ledger)).map(beside);
}

const beside = ({ name, threat, advice }: SchemaTool): Finding =>
  warning('schema_tool_beside', `${name} manages the schema of this database and ${threat}`, {
    remedy: [
      ...(advice === undefined ? [] : [`${advice} (if you have done that, nothing is wrong)`]),
      `${advice === undefined ? '' : 'or '}move reset's tables away: ${programName} help database`,
    ].join('\n'),
    details: { tool: name },
  });
