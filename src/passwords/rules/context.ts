import { foldCase } from '../fold-case.ts';
import type { PasswordContext, PolicyRule } from '../policy-rule.ts';

/** Shorter words (`io`, `me`) identify nothing. */
const SHORTEST_WORD = 3;

/** Refuses the user's and the application's own names, plain, repeated, or with a few digits behind (R34). */
export const context: PolicyRule = {
  name: 'context',
  check(password, words) {
    const bare = onlyLettersAndDigits(password);
    const source = listWords(words).find(([, word]) => isBuiltFrom(bare, word))?.[0];
    if (source === undefined) return [];
    const message = `The password is based on ${LABELS[source]}.`;
    return [{ code: 'too_similar', params: { source }, message }];
  },
};

type Source = 'email' | 'name' | 'app' | 'host';

const LABELS: Record<Source, string> = {
  email: "the user's e-mail address",
  name: "the user's name",
  app: "the application's name",
  host: "the application's address",
};

function listWords({ email, name, appName, host }: PasswordContext): (readonly [Source, string])[] {
  const [local = '', domain = ''] = (email ?? '').split('@');
  return [
    ...[email ?? '', local, domain, ...domain.split('.')].map((word) => ['email', word] as const),
    ...[name ?? '', ...(name ?? '').split(/\s+/)].map((word) => ['name', word] as const),
    ['app', appName ?? ''] as const,
    ...[host ?? '', ...(host ?? '').split('.')].map((word) => ['host', word] as const),
  ].map(([source, word]) => [source, onlyLettersAndDigits(word)] as const);
}

function isBuiltFrom(password: string, word: string): boolean {
  if (word.length < SHORTEST_WORD || !password.startsWith(word)) return false;
  const rest = password.replaceAll(word, '');
  return /^\d{0,4}$/.test(rest);
}

const onlyLettersAndDigits = (text: string): string => foldCase(text).replace(/[^\p{L}\p{N}]/gu, '');
