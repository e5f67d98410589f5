import { createApp, type App } from './app.ts';
import { loadConfig } from './config/load.ts';
import { ResetError } from './errors.ts';
import type { ApplyResult } from './flows/links/apply-reset.ts';
import type { CodeResult } from './flows/links/issue-code.ts';
import type { LinkResult } from './flows/links/issue-link.ts';
import type { RevokeResult } from './flows/links/revoke-tokens.ts';
import type { SendResult } from './flows/links/send-reset.ts';
import type { LinkSettings } from './flows/native/describe-learnt.ts';
import type { NativeVerified } from './flows/native/verify-native.ts';
import type { LearntVerified } from './flows/native/verify-or-learn.ts';
import { createLog, type Log } from './log.ts';
import type { Actor, Clock } from './types.ts';
import { validateUsers } from './users-settings.ts';
import type { Identifier } from './users/store/identifier.ts';
import { extractToken } from './tokens/extract-token.ts';
import { isOurToken } from './tokens/reset-link.ts';

/** What `verify` says about a good token. */
export interface VerifyResult {
  readonly valid: true;
  readonly userId: string;
  readonly email: string;
  /** null for a link that the application issued by itself */
  readonly requestId: string | null;
  /** null where the application's token does not say */
  readonly issuedAt: string | null;
  readonly expiresAt: string;
  /** the application whose own token it is; absent for ours */
  readonly issuer?: string;
  /** the form that was learnt from the link, where the configuration says another: its line, and what to write down */
  readonly learnt?: { readonly says: string; readonly link: LinkSettings };
}

interface Asked {
  /** the support ticket behind it, for the audit log and the mail */
  readonly ticket?: string | undefined;
}

/** Names a user: by e-mail, id or user name. */
export type { Identifier };

export type SendInput = Identifier &
  Asked & {
    readonly force?: boolean;
    readonly expiresInMs?: number;
    readonly locale?: string;
    /** what the mail says: the person asked for it on a page of yours, or (without it) support sends it on request */
    readonly occasion?: 'page' | 'support';
  };

/** The flows of the command line, for Node programs. Every method throws ResetError with the codes of the contract. */
export interface Reset {
  /** Mail a link and wait for the result. Resolves with any status; `delivery_failed` is thrown only by the command line. */
  send(input: SendInput): Promise<SendResult>;
  /** Issue a link without a mail. */
  link(input: Identifier & Asked & { readonly expiresInMs?: number }): Promise<LinkResult>;
  /** Issue a one-time code to read aloud, for the page that `serve` has. */
  code(input: Identifier & Asked): Promise<CodeResult>;
  /** Whose token is it, and until when? Also takes a whole link. Throws token_*. */
  verify(token: string): Promise<VerifyResult>;
  /** Set the new password, and mail the notice. `notice` says what went wrong with that mail, if anything did. */
  apply(
    input: Asked & { readonly token: string; readonly password: string },
  ): Promise<ApplyResult & { readonly notice?: string }>;
  /** Revoke every live link of a user, or of everybody. */
  revoke(input: (Identifier | { readonly all: true }) & Asked): Promise<RevokeResult>;
  close(): Promise<void>;
}

/** Bind the flows to an open application. Each flow is loaded when it is first called. */
export function bindReset(app: App): Reset {
  const by = ({ ticket }: Asked): Actor => ({ ...app.operator, ticket });
  return {
    async send({ ticket, force = false, expiresInMs, locale, occasion, ...identifier }) {
      const { sendReset } = await import('./flows/links/send-reset.ts');
      const bucket = force ? null : 'operator';
      return sendReset(app, {
        identifier: identifierOf(identifier),
        actor: by({ ticket }),
        bucket,
        expiresInMs,
        locale,
        occasion: occasionOf(occasion),
      });
    },
    async link({ ticket, expiresInMs, ...identifier }) {
      const { issueLink } = await import('./flows/links/issue-link.ts');
      return issueLink(app, { identifier: identifierOf(identifier), actor: by({ ticket }), expiresInMs });
    },
    async code({ ticket, ...identifier }) {
      const { issueCode } = await import('./flows/links/issue-code.ts');
      return issueCode(app, { identifier: identifierOf(identifier), actor: by({ ticket }) });
    },
    async verify(pasted) {
      const token = extractToken(pasted);
      if (app.config.link.native && !isOurToken(token)) {
        const { verifyOrLearn } = await import('./flows/native/verify-or-learn.ts');
        const native = await verifyOrLearn(app, pasted); // whole: an application's link may name the user
        if (native) return toVerifyResult(native);
      }
      const [{ verifyResetToken }, { assertKnownHash }] = await Promise.all([
        import('./flows/links/verify-reset-token.ts'),
        import('./flows/passwords/assert-known-hash.ts'),
      ]);
      const { row, user } = await verifyResetToken(app, token);
      await assertKnownHash(app, user);
      return {
        valid: true,
        userId: user.id,
        email: user.email,
        requestId: row.requestId,
        issuedAt: new Date(row.iat * 1000).toISOString(),
        expiresAt: new Date(row.exp * 1000).toISOString(),
      };
    },
    async apply({ token, password, ticket }) {
      const [{ openPastedToken }, { applyReset }, { sendNotice }] = await Promise.all([
        import('./flows/links/open-pasted-token.ts'),
        import('./flows/links/apply-reset.ts'),
        import('./flows/links/send-notice.ts'),
      ]);
      const actor = by({ ticket });
      const result = await applyReset(app, await openPastedToken(app, token, actor), password, actor);
      const notice = await sendNotice(app, result.requestId);
      return notice === undefined ? result : { ...result, notice };
    },
    async revoke({ ticket, ...target }) {
      const { revokeOfEverybody, revokeOfUser } = await import('./flows/links/revoke-tokens.ts');
      return 'all' in target
        ? revokeOfEverybody(app, by({ ticket }))
        : revokeOfUser(app, identifierOf(target), by({ ticket }));
    },
    close: () => app.close(),
  };
}

const toVerifyResult = (verified: NativeVerified | LearntVerified): VerifyResult => {
  const { user, row, issuer, issuedAt, expiresAt } = verified;
  return {
    valid: true,
    userId: user.id,
    email: user.email,
    requestId: row?.requestId ?? null,
    issuedAt: issuedAt === null ? null : new Date(issuedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    issuer,
    ...('learnt' in verified && { learnt: verified.learnt }),
  };
};

/** Programs without types may pass anything. */
function occasionOf(occasion: unknown): 'page' | 'support' | undefined {
  if (occasion === undefined || occasion === 'page' || occasion === 'support') return occasion;
  throw new ResetError('usage_invalid', 'The occasion of a mail is "page" or "support".');
}

/** Exactly one way to name the user, and a text. */
function identifierOf(given: object): Identifier {
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  const [[kind, value] = []] = named as [string, unknown][];
  const isKnown = kind === 'email' || kind === 'id' || kind === 'username';
  if (named.length !== 1 || !isKnown || typeof value !== 'string') {
    throw new ResetError('usage_invalid', 'Name the user by one of: email, id, username.');
  }
  return { [kind]: value } as Identifier;
}

/** Configuration as in `reset.config.json`, as a nested object. */
export type ResetConfig = Readonly<Record<string, unknown>>;

export interface CreateResetOptions {
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Open the library: `const reset = await createReset({ database, baseUrl, secret, mail: { url, from } })`. */
export async function createReset(config: ResetConfig, options: CreateResetOptions = {}): Promise<Reset> {
  const clock = options.clock ?? systemClock;
  const log =
    options.log ??
    createLog({ level: 'error', format: 'text', write: () => undefined, now: () => clock.now() });
  const needed = ['database', 'secret'] as const;
  const loaded = await loadConfig({ settings: config, cwd: null, needed, validate: validateUsers });
  return bindReset(await createApp(loaded, { clock, log }));
}

/** The only place that reads the machine's clock. */
export const systemClock: Clock = {
  // eslint-disable-next-line no-restricted-properties -- everybody else is given a Clock
  now: () => Date.now(),
};
