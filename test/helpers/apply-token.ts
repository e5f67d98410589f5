import type { App } from '../../src/app.ts';
import { applyReset, type ApplyResult } from '../../src/flows/links/apply-reset.ts';
import { openToken } from '../../src/flows/links/verify-reset-token.ts';
import type { Actor } from '../../src/types.ts';

export interface ApplyInput {
  readonly token: string;
  readonly password: string;
  readonly actor: Actor;
}

/** What command line, page and library do with a token: open it, then set the password. */
export const applyToken = async (app: App, { token, password, actor }: ApplyInput): Promise<ApplyResult> =>
  applyReset(app, await openToken(app, token, actor), password, actor);
