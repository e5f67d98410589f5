import { readFileSync } from 'node:fs';
import { ResetError } from '../../errors.ts';
import { decodeText } from '../../values/decode-text.ts';
import { readAll } from '../terminal/stdin.ts';

export interface TokenOptions {
  readonly tokenFile?: string;
  readonly passwordStdin?: boolean;
}

/** A token as `readTokenOrLink` reads it; of a whole link what stands after the last slash. */
export async function readToken(args: readonly string[], options: TokenOptions): Promise<string> {
  const token = await readTokenOrLink(args, options);
  return token.slice(token.lastIndexOf('/') + 1);
}

/**
 * A token from the argument, `--token-file`, or standard input (`-`, or no argument when stdin is no terminal). A
 * whole link will do, and stays whole: an application's own names the user, too. Throws usage_invalid; a blank token
 * is token_invalid.
 */
export async function readTokenOrLink(
  args: readonly string[],
  { tokenFile, passwordStdin }: TokenOptions,
): Promise<string> {
  const token = await read(args[0], tokenFile, passwordStdin === true);
  if (token === '')
    throw new ResetError('token_invalid', 'The token is empty. Copy the full link again.', {
      details: { reason: 'format' },
    });
  return token;
}

async function read(
  argument: string | undefined,
  tokenFile: string | undefined,
  isPasswordOnStdin: boolean,
): Promise<string> {
  if (tokenFile !== undefined) {
    if (argument !== undefined)
      throw new ResetError('usage_invalid', 'Give the token as an argument or by --token-file, not both.');
    return readTokenFile(tokenFile);
  }
  if (argument !== undefined && argument !== '-') return argument.trim();
  if (isPasswordOnStdin) {
    throw new ResetError(
      'usage_invalid',
      'The token and the password cannot both come from standard input. Use --token-file for the token.',
    );
  }
  if (argument === undefined && process.stdin.isTTY) {
    throw new ResetError(
      'usage_invalid',
      'Give a token: as an argument, by --token-file, or on standard input.',
    );
  }
  return readAll();
}

function readTokenFile(path: string): string {
  try {
    return decodeText(readFileSync(path)).trim();
  } catch (error) {
    throw new ResetError('usage_invalid', `The token file ${path} can't be read.`, { cause: error });
  }
}
