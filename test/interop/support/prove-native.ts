import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { succeed } from '../../helpers/run-reset.ts';
import { firstPassword } from './passwords.ts';
import { susan, type Application } from './peer.ts';
import type { Running } from './with-peer.ts';
import type { NativeReset } from './native.ts';

/** What n8n and Strapi's admin panel demand as well: a capital letter and a digit. */
const wanted = 'Seven green apples on 1 roof';

/** An application that mails its own links. */
export interface LinkingSite extends Application {
  /** the link that it mails to Susan when she asks for one */
  ownLink(): Promise<string>;
  /** whether its page, or what is behind it, takes a link with this password */
  takes(link: string, password: string): Promise<boolean>;
}

interface NativeProof extends Running<LinkingSite, NativeReset> {
  readonly issuer: string;
  /** how long the application's own link lives; Infinity: as long as nobody uses it */
  readonly lifeMs: number;
  /** a new link ends the older one */
  readonly isReplaced?: boolean;
  readonly canRevoke?: boolean;
}

/** Of a link that was just mailed, to ten minutes, in milliseconds. */
function lifeOf(verified: Readonly<Record<string, unknown>> | undefined): number {
  const tenMinutes = 600_000;
  const leftMs = Date.parse(String(verified?.['expiresAt'])) - Date.now();
  return leftMs > 1e12 ? Infinity : Math.ceil(leftMs / tenMinutes) * tenMinutes;
}

/** Both directions: our link where the application takes its own, and its own mailed link in `verify --native`. */
export function proveNative({ peer, reset, ...expected }: NativeProof): void {
  it('takes our link, changes the password, and refuses the link the second time', async () => {
    const link = await reset().link();
    const verified = await reset().verify(link);
    expect(verified.rows()).toMatchObject([{ valid: true, issuer: expected.issuer }]);
    expect(await peer().takes(link, wanted)).toBe(true);
    expect(await peer().accepts(wanted)).toBe(true);
    expect(await peer().accepts(firstPassword)).toBe(false);
    expect(await peer().takes(link, 'Another 1 entirely')).toBe(false);
    expect((await reset().verify(link)).code).not.toBe(0);
  });

  it('mails a link of its own that `verify` reads and `init` learns from, and takes it after that', async () => {
    const own = await peer().ownLink();
    // A copy of the config file, because `link` is written into it.
    const config = join(reset().folder, 'learnt.json');
    await copyFile(join(reset().folder, 'reset.config.json'), config);
    const args = ['init', '--no-input', '--sample-link', own, '--config', config];
    const learnt = await succeed(reset().run(args));
    expect(learnt.stderr).toContain(`A link of ${expected.issuer} at `);
    const [verified] = (await reset().verify(own)).rows();
    expect(verified).toMatchObject({ valid: true, requestId: null, email: susan.email });
    expect(lifeOf(verified)).toBe(expected.lifeMs);
    expect(await peer().takes(own, firstPassword)).toBe(true);
    expect(await peer().accepts(firstPassword)).toBe(true);
    expect((await reset().verify(own)).code).not.toBe(0);
  });

  it.runIf(expected.isReplaced === true)('refuses an older link, as `verify` does', async () => {
    const older = await reset().link();
    expect((await reset().verify(await reset().link())).code).toBe(0);
    expect((await reset().verify(older)).code).not.toBe(0);
    expect(await peer().takes(older, 'Of 1 older link')).toBe(false);
    expect(await peer().accepts(firstPassword)).toBe(true);
  });

  it.runIf(expected.canRevoke === true)('refuses a revoked link', async () => {
    const newer = await reset().link();
    expect((await reset().verify(newer)).code).toBe(0);
    await reset().run(['revoke', susan.email]);
    expect((await reset().verify(newer)).code).not.toBe(0);
    expect(await peer().takes(newer, 'Of 1 revoked link')).toBe(false);
    expect(await peer().accepts(firstPassword)).toBe(true);
  });
}
