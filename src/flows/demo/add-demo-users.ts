import { randomBytes } from 'node:crypto';
import type { App } from '../../app.ts';
import { createUser } from '../users/create-user.ts';
import { listUsers } from '../users/list-users.ts';
import { migrateDatabase } from '../setup/migrate-database.ts';

/** Three people: mails in English, in Korean, and in the default language to one who never had a password. */
export const DEMO_USERS = [
  { email: 'susan@example.com', username: 'susan', locale: 'en', hasPassword: true },
  { email: 'minjun@example.com', username: '민준', locale: 'ko', hasPassword: true },
  { email: 'maria@example.com', username: 'maria', locale: undefined, hasPassword: false },
] as const;

/** Make the tables and the users that are missing; gives the passwords of the new ones by address. */
export async function addDemoUsers(app: App): Promise<ReadonlyMap<string, string>> {
  await migrateDatabase(app);
  const present = new Set<string>();
  for await (const { email } of listUsers(app)) present.add(email);
  const passwords = new Map<string, string>();
  for (const { email, username, locale, hasPassword } of DEMO_USERS) {
    if (present.has(email)) continue;
    const password = hasPassword ? randomBytes(15).toString('base64url') : undefined;
    await createUser(app, { email, username, locale, password });
    if (password !== undefined) passwords.set(email, password);
  }
  return passwords;
}
