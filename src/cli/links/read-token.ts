import { readFileSync } from 'node:fs';
import { ResetError } from '../../errors.ts';
import { decodeText } from '../../values/decode-text.ts';
import type { Ask } from '../terminal/ask.ts';
import { readAll } from '../terminal/stdin.ts';

export interface TokenOptions {
  readonly tokenFile?: string;
  readonly passwordStdin?: boolean;
}

/**
 * A text with a token in it: from the argument, `--token-file`, standard input (`-`, or no argument when stdin is not a
 * terminal), or the answer to a question at a terminal. It stays whole, because an application's own link also names
 * the user; `extractToken` finds ours in it. Throws usage_invalid; a blank text is token_invalid.
 */
export async function readToken(
  ask: Ask,
  args: readonly string[],
  { tokenFile, passwordStdin }: TokenOptions,
): Promise<string> {
  const text = await read(ask, args[0], tokenFile, passwordStdin === true);
  if (text === '')
    throw new ResetError('token_invalid', 'The token is empty. Copy the full link again.', {
      details: { reason: 'format' },
    });
  return text;
}

async function read(
  ask: Ask,
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
  if (argument === undefined && ask.isPossible) return (await ask.text('Paste the link:')).trim();
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
