import type { App } from '../../app.ts';
import { extractToken } from '../../tokens/extract-token.ts';
import type { Actor } from '../../types.ts';
import { openToken, type GoodToken } from './verify-reset-token.ts';

/** `openToken` for what a person pasted: a text of any form with one token in it. Throws also usage_invalid. */
export const openPastedToken = (app: App, pasted: string, actor: Actor): Promise<GoodToken> =>
  openToken(app, extractToken(pasted), actor);
