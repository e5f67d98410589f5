import { CODE_PATH, REQUEST_PATH, RESET_PATH } from '../values/page-paths.ts';
import { TOKEN_TYPE } from './claims.ts';

/** The address of the page where a token of ours is used. Only ever made of `baseUrl` (R55). */
export const linkTo = (baseUrl: string, token: string): string => `${baseUrl}${RESET_PATH}/${token}`;

/** The address of the page where people ask for a link. */
export const requestUrlOf = (baseUrl: string): string => `${baseUrl}${REQUEST_PATH}`;

/** The address of the page where people type a code. */
export const codeUrlOf = (baseUrl: string): string => `${baseUrl}${CODE_PATH}`;

/** The token of a link, or the token itself: what stands after the last slash. */
export const tokenIn = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

/** Whether a line of a mail is a link to our page, of whatever `baseUrl`. */
export const isResetLink = (line: string): boolean =>
  /^https?:\/\/\S+$/.test(line) && line.includes(`${RESET_PATH}/`);

/** Does this look like a token or link of ours, rather than an application's? Says nothing about whether it is good. */
export function isOurToken(text: string): boolean {
  const [header = ''] = tokenIn(text).split('.', 1);
  try {
    const parsed = JSON.parse(Buffer.from(header, 'base64url').toString()) as { typ?: unknown } | null;
    return parsed?.typ === TOKEN_TYPE;
  } catch {
    return false;
  }
}
