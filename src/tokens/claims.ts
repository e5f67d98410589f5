/** Who issues and what for. Constants: a token for another purpose, or of another program, is not ours (R11, R12). */
export const ISSUER = 'resetctl';
export const AUDIENCE = 'password-reset';
export const TOKEN_TYPE = 'pwreset+jwt';
/** 7 days: the longest life that can be configured. */
export const MAX_LIFE_S = 7 * 86_400;

/** What a reset token says. `iat`, `nbf` and `exp` in seconds since the epoch; without `nbf` a token is valid from `iat` on. */
export interface Claims {
  readonly iss: typeof ISSUER;
  readonly aud: typeof AUDIENCE;
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
  readonly nbf?: number;
  readonly exp: number;
  readonly fp: string;
}

const isInstant = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The payload as claims, or undefined: the shape alone, not the time (R13). */
export function toClaims(payload: unknown): Claims | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const { iss, aud, sub, jti, iat, nbf, exp, fp } = payload as Record<string, unknown>;
  if (iss !== ISSUER || aud !== AUDIENCE) return undefined;
  if (!isText(sub) || !isText(jti) || !isText(fp)) return undefined;
  const times = readTimes(iat, nbf, exp);
  return times && { iss, aud, sub, jti, ...times, fp };
}

function readTimes(
  iat: unknown,
  nbf: unknown,
  exp: unknown,
): Pick<Claims, 'iat' | 'nbf' | 'exp'> | undefined {
  if (!isInstant(iat) || !isInstant(exp) || exp <= iat || exp - iat > MAX_LIFE_S) return undefined;
  if (nbf === undefined) return { iat, exp };
  return isInstant(nbf) ? { iat, nbf, exp } : undefined;
}
