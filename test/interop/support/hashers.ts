import { ask, peerScript } from './process.ts';
import type { Hasher } from './start-hasher.ts';

interface Checked {
  readonly accepted: boolean;
  /** whether the hasher would hash the password anew at the next login */
  readonly rehash?: boolean;
  /** what a session of Devise keeps of the hash */
  readonly salt?: string;
}

/** An application's hasher in another language; `inspect` answers with all that the script says about a hash. */
export interface ForeignHasher extends Hasher {
  inspect(password: string, hash: string): Promise<Checked>;
}

/** `php` is password_verify; `laravel` and `symfony` are the hashers of those frameworks. */
export const phpHasher = (name: 'php' | 'laravel' | 'symfony'): ForeignHasher =>
  foreign(runPhp, { hasher: name });

/** `devise` is a model with database_authenticatable, `rails` one with has_secure_password. */
export const rubyHasher = (name: 'devise' | 'rails', pepper: string | null = null): ForeignHasher =>
  foreign(runRuby, { hasher: name, pepper });

/** Runs a PHP script of the peers folder: a question as JSON in, the answer as JSON out. */
export const runPhp = <T>(script: string, question: unknown): Promise<T> =>
  ask<T>('php', [peerScript(script)], question);

/** The same for Ruby. */
export const runRuby = <T>(script: string, question: unknown): Promise<T> =>
  ask<T>('ruby', [peerScript(script)], question);

function foreign(run: typeof runPhp, question: Readonly<Record<string, unknown>>): ForeignHasher {
  const script = run === runPhp ? 'hashers.php' : 'hashers.rb';
  const inspect: ForeignHasher['inspect'] = (password, hash) => run(script, { ...question, password, hash });
  return {
    inspect,
    hash: async (password) => (await run<{ hash: string }>(script, { ...question, password })).hash,
    check: async (password, hash) => (await inspect(password, hash)).accepted,
  };
}
