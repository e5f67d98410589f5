import type { App } from '../app.ts';
import { hashPassword, identifyFormat } from '../passwords/hash.ts';
import { transformPassword } from '../passwords/transform.ts';
import type { User } from '../types.ts';
import { assertPasswordFits } from '../users/write-password.ts';

/** An accepted password in the format that this user's row asks for, and the format's name. */
export async function hashNewPassword(
  app: App,
  user: User,
  password: string,
): Promise<{ encoded: string; format: string }> {
  const mapping = await app.mapping();
  const format = await formatNameFor(app, user.encoded);
  const encoded = await hashPassword(transformPassword(password, mapping.passwordTransform), {
    format,
    like: user.encoded ?? undefined,
    parameters: mapping.hashParameters,
    pepper: mapping.pepper?.reveal(),
  });
  assertPasswordFits(app.db, mapping, encoded);
  return { encoded, format };
}

/** `hash: auto`: what the row has, else what the preset says, else what most of the newest rows have. */
export async function formatNameFor(app: App, encoded: string | null): Promise<string> {
  const mapping = await app.mapping();
  const own = encoded === null ? undefined : identifyFormat(encoded, mapping.hashFormat ?? undefined)?.name;
  return own ?? mapping.hashFormat ?? 'bcrypt';
}
