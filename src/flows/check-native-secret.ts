import type { App } from '../app.ts';
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
  const told = (proof: NativeSecret['proof']): NativeSecret => ({ issuer: name, secret, proof });
  if (secret === null) return told('not_needed');
  // Sessions may be elsewhere than in the database.
  const isRight = await native.at.prove?.(app.db).catch(() => undefined);
  return told(isRight === undefined ? 'unknown' : isRight ? 'right' : 'wrong');
}
