import { ResetError } from '../errors.ts';
import { readingsOf } from '../values/pasted-text.ts';
import { isOurToken, tokenIn } from './reset-link.ts';

/** Longer than any mail with a link in it; a longer text is not searched. */
const MAX_LENGTH = 1_000_000;

/** A JWT signed with HS256: 32 bytes are 43 letters of base64url (RFC 7515). The bounds keep the search linear. */
const WHOLE = /eyJ[\w-]{10,300}\.[\w-]{20,3000}\.[\w-]{43}/g;
const WHOLE_AND_ALONE = new RegExp(`${WHOLE.source}(?![\\w-])`, 'g');
const BEGUN = /eyJ[\w-]{10,300}(?:\.[\w-]*){0,2}/g;

/**
 * The one reset token in a text: a token, a link, or anything with one of them in it, such as a whole mail. Where there
 * is none, what stands after the last slash, for `verify` to refuse.
 *
 * @throws usage_invalid where there are two different ones; token_invalid where the end of one is missing
 */
export function extractToken(pasted: string): string {
  if (pasted.length > MAX_LENGTH)
    throw new ResetError('usage_invalid', 'This text is too long for a link or a mail. Paste only the link.');
  const found = tokensIn(pasted);
  if (found.length > 1) throw severalTokens(found);
  const [token] = found;
  if (token !== undefined) return token;
  if (isCutOff(pasted)) {
    throw new ResetError(
      'token_invalid',
      'The end of this link is missing. Copy it again, up to its last letter.',
      { details: { reason: 'format' } },
    );
  }
  return tokenIn(pasted.trim());
}

function tokensIn(pasted: string): string[] {
  const found = readingsOf(pasted).flatMap(({ text, isJoined }) =>
    [...text.matchAll(isJoined ? WHOLE : WHOLE_AND_ALONE)].map(([token]) => token),
  );
  return [...new Set(found)].filter(isOurToken);
}

/** Does a token of ours begin here, with fewer than 43 letters behind its second dot? */
const isCutOff = (pasted: string): boolean =>
  readingsOf(pasted).some(({ text }) =>
    [...text.matchAll(BEGUN)].some(([begun]) => isOurToken(begun) && (begun.split('.')[2] ?? '').length < 43),
  );

function severalTokens(tokens: readonly string[]): ResetError {
  const named = tokens.map((token) => `…${token.slice(-8)}${ofUser(token)}`).join(' and ');
  return new ResetError(
    'usage_invalid',
    `This text holds ${tokens.length} different links, which end in ${named}. Paste the one you mean.`,
  );
}

/** What the token says of its user; nobody has checked it yet. */
function ofUser(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      sub?: unknown;
    };
    return typeof claims.sub === 'string' ? ` (for user ${claims.sub})` : '';
  } catch {
    return '';
  }
}
