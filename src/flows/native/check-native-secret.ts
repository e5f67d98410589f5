import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { sqlOf } from '../../users/sql-store/sql-of.ts';
import { openNative } from './native-link.ts';

export interface NativeSecret {
  readonly issuer: string;
  /** what the application calls its secret; null: its tokens need none */
  readonly secret: string | null;
  /** `unknown`: nothing in this database is signed with it */
  readonly proof: 'right' | 'wrong' | 'unknown' | 'not_needed';
}

/** Is the configured secret the application's? Undefined when links are ours. Throws config_invalid. */
export async function checkNativeSecret(app: App): Promise<NativeSecret | undefined> {
  const native = await openNative(app);
  if (!native) return undefined;
  const { name, secret } = native.issuer;
  const toResult = (proof: NativeSecret['proof']): NativeSecret => ({ issuer: name, secret, proof });
  if (secret === null) return toResult('not_needed');
  // Sessions may be elsewhere than in the database.
  const { db } = sqlOf(await app.users());
  const isRight = await native.opened.prove?.(db).catch(() => undefined);
  return toResult(isRight === undefined ? 'unknown' : isRight ? 'right' : 'wrong');
}

/** Before a link is made that the application would refuse. Throws config_invalid for a secret that is proven wrong. */
export async function assertNativeSecret(app: App): Promise<void> {
  const checked = await checkNativeSecret(app);
  if (checked?.proof !== 'wrong') return;
  const name = checked.secret ?? '';
  throw new ResetError(
    'config_invalid',
    `The secret is not the application's ${name}: the newest session is signed with a different one, so its page would refuse the link. Put the right one into RESET_APP_SECRET or --app-secret-file. If it is right, sign in to the application once, and try again.`,
  );
}
