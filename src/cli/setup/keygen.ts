import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ResetError } from '../../errors.ts';
import type { Command } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { keygenOptions } from './declare.ts';

/** `reset keygen`: 32 random bytes (R01), on stdout or in a new file that only its owner can read (R80). */
export const keygen: Command<OptionsOf<typeof keygenOptions>> = ({ output }, _args, { out }) => {
  const key = `base64url:${randomBytes(32).toString('base64url')}`;
  if (out === undefined) {
    output.result({ key }, key);
    return Promise.resolve(0);
  }
  try {
    writeFileSync(out, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const why = exists ? 'is there already; a key is never overwritten' : "can't be written";
    throw new ResetError('usage_invalid', `The file ${out} ${why}.`, { cause: error });
  }
  output.result({ file: out }, `a new key is in ${out}; use it with: --secret-file ${out}`, 'ok');
  return Promise.resolve(0);
};
