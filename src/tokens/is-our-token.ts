import { TOKEN_TYPE } from './claims.ts';

/** Does this look like a token or link of ours, rather than an application's? Says nothing about whether it is good. */
export function isOurToken(token: string): boolean {
  const [header = ''] = token.slice(token.lastIndexOf('/') + 1).split('.', 1);
  try {
    const parsed = JSON.parse(Buffer.from(header, 'base64url').toString()) as { typ?: unknown } | null;
    return parsed?.typ === TOKEN_TYPE;
  } catch {
    return false;
  }
}
