import type { App } from '../../app.ts';
import type { MailedCode } from '../../mail/compose.ts';
import { codeOf, formatCode } from '../../tokens/code.ts';
import { isCodeOpen } from '../../tokens/code-store.ts';
import { codeUrlOf } from '../../tokens/reset-link.ts';
import type { NewToken } from '../../tokens/token-store.ts';
import { findToken } from '../../tokens/token-store.ts';

/** The code that a mail shows beside its link; undefined without `mail.code`, and for a code that is used up. */
export async function mailedCode(
  app: App,
  { jti, kid }: NewToken,
  baseUrl: string,
): Promise<MailedCode | undefined> {
  if (!app.config.mail.code) return undefined;
  const row = await findToken(app.ledger, { jti });
  const key = (await app.keyring()).all.get(kid);
  if (row?.codeWay !== 'mail' || key === undefined || !isCodeOpen(row, app.clock.now())) return undefined;
  return { code: formatCode(codeOf(key, row)), url: codeUrlOf(baseUrl) };
}
