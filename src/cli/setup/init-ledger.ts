import { describeDatabase } from '../../app.ts';
import { proposeLedger, type LedgerProposal } from '../../flows/setup/propose-ledger.ts';
import type { Context } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';
import type { Settings } from './init-settings.ts';

const BESIDE = 'beside';
const TYPED = 'typed';
/** Beside the config file, in whose folder the key is, too. */
const FILE = 'sqlite:reset.db';

/**
 * Where reset's own tables go: beside the application's, or apart, which is proposed where they would not be safe or
 * may not be created. Without anybody to ask, the proposal is accepted.
 */
export async function settleLedger(context: Context, settings: Settings, isAsking: boolean): Promise<void> {
  if (settings.has('ledger')) return;
  const flags = settings.flags();
  const proposal = await withApp(
    { ...context, flags, file: null },
    { needed: ['database'], isSetup: true },
    ({ app }) => proposeLedger(app),
  );
  if (proposal.place === 'here') return;
  if (proposal.why !== undefined) context.output.info(proposal.why);
  if (!isAsking) {
    if (proposal.place === 'apart') await settings.settle('ledger', '', FILE);
    return;
  }
  const chosen = await context.ask.choose("Where should reset's own tables go?", choices(proposal));
  if (chosen === TYPED) await settings.settle('ledger', 'Database (sqlite:PATH, postgres://…, mysql://…):');
  else if (chosen !== BESIDE) settings.choose('ledger', chosen);
}

/** The proposed one first. */
function choices({ place }: LedgerProposal): { name: string; value: string }[] {
  const beside = { name: "beside the application's tables", value: BESIDE };
  const apart = { name: 'in a file of their own, reset.db (if one machine sends)', value: FILE };
  const typed = { name: 'in another database (type it in)', value: TYPED };
  return place === 'apart' ? [apart, typed, beside] : [beside, apart, typed];
}

/** The file of an SQLite ledger: it holds addresses, and stays out of version control. */
export function ledgerFile(settings: Settings): string | undefined {
  const url = settings.toWrite('ledger');
  return url?.startsWith('sqlite:') === true ? describeDatabase(url).replace(/^the file /, '') : undefined;
}
