import { ask, peerScript } from './process.ts';
import type { Hasher } from './start-hasher.ts';

/** `php` is password_verify; `laravel` and `symfony` are the hashers of those frameworks. */
export function phpHasher(name: 'php' | 'laravel' | 'symfony'): Hasher & {
  /** whether the framework would hash the password again at the next login */
  needsRehash(password: string, hash: string): Promise<boolean>;
} {
  const run = <T>(question: object) => runPhp<T>('hashers.php', { hasher: name, ...question });
  const check = (password: string, hash: string) =>
    run<{ accepted: boolean; rehash: boolean }>({ password, hash });
  return {
    hash: async (password) => (await run<{ hash: string }>({ password })).hash,
    check: async (password, hash) => (await check(password, hash)).accepted,
    needsRehash: async (password, hash) => (await check(password, hash)).rehash,
  };
}

/** A Rails model with has_secure_password, as the authentication generator makes it. */
export function railsHasher(): Hasher {
  const run = <T>(question: object) => runRuby<T>('has_secure_password.rb', question);
  return {
    hash: async (password) => (await run<{ hash: string }>({ password })).hash,
    check: async (password, hash) => (await run<{ accepted: boolean }>({ password, hash })).accepted,
  };
}

/** Runs a PHP script of the peers folder: a question as JSON in, the answer as JSON out. */
export const runPhp = <T>(script: string, question: object): Promise<T> =>
  ask<T>('php', [peerScript(script)], question);

/** The same for Ruby. */
export const runRuby = <T>(script: string, question: object): Promise<T> =>
  ask<T>('ruby', [peerScript(script)], question);
