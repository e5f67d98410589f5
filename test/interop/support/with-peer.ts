import { afterAll, beforeAll, expect, it } from 'vitest';
import { succeed } from '../../helpers/run-reset.ts';
import { createNative, type NativeReset } from './native.ts';
import { firstPassword } from './passwords.ts';
import { susan, type Application, type Peer } from './peer.ts';
import { createReset, type Reset, type ResetSettings } from './reset.ts';

/** An application that runs for the tests of one `describe`, and `reset` set up for it. */
export interface Running<P, R> {
  readonly peer: () => P;
  readonly reset: () => R;
}

function running<P extends Peer, R>(start: () => Promise<P>, setUp: (peer: P) => Promise<R>): Running<P, R> {
  let peer: P | undefined;
  let reset: R | undefined;
  beforeAll(async () => {
    peer = await start();
    reset = await setUp(peer);
  });
  afterAll(() => peer?.stop());
  return { peer: () => peer!, reset: () => reset! };
}

/** Starts an application before the tests, with `reset` beside it, and stops it after them. */
export const withPeer = <P extends Peer>(
  start: () => Promise<P>,
  preset: string,
  more: Pick<ResetSettings, 'users'> = {},
): Running<P, Reset> =>
  running(start, ({ folder, database }) => createReset({ folder, database, preset, ...more }));

/** What `createNative` takes after the secret. */
type NativeSettings =
  Parameters<typeof createNative> extends [unknown, unknown, unknown, ...infer M] ? M : never;

/** The same for an application whose own links `reset` issues; `more` is what `createNative` takes after the secret. */
export const withNativePeer = <P extends Application & { readonly secretKey?: string }>(
  start: () => Promise<P>,
  preset: string,
  ...more: NativeSettings
): Running<P, NativeReset> => running(start, (peer) => createNative(peer, preset, peer.secretKey, ...more));

/** Native links of an application that runs already. */
export function withNative<P extends Application & { readonly secretKey?: string }>(
  peer: () => P,
  preset: string,
  ...more: NativeSettings
): Running<P, NativeReset> {
  let reset: NativeReset | undefined;
  beforeAll(async () => {
    reset = await createNative(peer(), preset, peer().secretKey, ...more);
  });
  return { peer, reset: () => reset! };
}

/** A reset ends every session of the user; `sessions` is how many it reports. */
export function proveSignOut({ peer, reset }: Running<Application, Reset>, sessions: number): void {
  it('signs the user out everywhere', async () => {
    await succeed(reset().apply(susan.email, firstPassword));
    const browsers = [await peer().signIn(firstPassword), await peer().signIn(firstPassword)];
    for (const browser of browsers) expect(await peer().isSignedIn(browser)).toBe(true);
    const applied = await reset().apply(susan.email, 'a password that ends the sessions');
    expect(applied.rows()).toMatchObject([{ sessionsEnded: sessions }]);
    for (const browser of browsers) expect(await peer().isSignedIn(browser)).toBe(false);
  });
}

/** Sessions that no table names outlive a reset, which says so. */
export function proveStay({ peer, reset }: Running<Application, Reset>, says: string): void {
  it('leaves sessions that are in no table, and says so', async () => {
    await succeed(reset().apply(susan.email, firstPassword));
    const browser = await peer().signIn(firstPassword);
    expect(await peer().isSignedIn(browser)).toBe(true);
    const applied = await reset().apply(susan.email, 'a password that ends no session', 'text');
    expect(applied.stderr).toContain(says);
    expect(await peer().isSignedIn(browser)).toBe(true);
  });
}
