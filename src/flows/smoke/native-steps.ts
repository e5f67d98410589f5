import type { Issuer } from '../../native/issuer.ts';
import { readLink } from '../../native/link-path.ts';
import type { Native } from '../native/native-link.ts';
import type { NativePageSeen } from '../native/open-native-page.ts';
import { openNativePage } from '../native/open-native-page.ts';
import { verifyNative } from '../native/verify-native.ts';
import { makePassword } from './canary.ts';
import { hashStep } from './hash-step.ts';
import { linkIn } from './mail-links.ts';
import { listMailSteps, startTrail } from './mail-steps.ts';
import type { Step } from './steps.ts';
import { expectStep } from './steps.ts';
import { accepts, readHash } from './stored-hash.ts';
import type { Walk } from './walk.ts';
import { programName } from '../../values/program-name.ts';

/** A reset from end to end by the application's own page, in order. It sends no notice of ours. */
export function listNativeSteps(walk: Walk, native: Native): readonly Step[] {
  const { app, canary, timeoutMs } = walk;
  const { issuer, template } = native;
  const newPassword = makePassword(app);
  const trail = startTrail();
  let page: NativePageSeen | undefined;

  /** What the page said; a page that repeats its address would repeat the token. */
  const said = ({ status, says }: NativePageSeen): string => {
    const { token = '' } = readLink(template, trail.link) ?? {};
    return `${status}, "${says.replaceAll(encodeURIComponent(token), '…').replaceAll(token, '…')}"`;
  };
  const hash = () => readHash(app, canary.id);

  return [
    ...listMailSteps(walk, trail),
    {
      name: 'the mail contains the link',
      class: 'link',
      run: () => {
        trail.link = linkIn(
          walk,
          trail.mail,
          (line) => URL.canParse(line) && readLink(template, line) !== undefined,
        );
        return Promise.resolve(`it leads to ${native.baseUrl}${template}`);
      },
    },
    {
      name: "the application's page accepts the link, and opening it changes nothing",
      class: 'link',
      run: async () => {
        const before = await hash();
        await openNativePage(trail.link, timeoutMs);
        page = await openNativePage(trail.link, timeoutMs);
        expectStep(
          page.submit !== undefined,
          `no form for a new password: ${said(page)}. ${whyRefused(issuer)}`,
        );
        expectStep((await hash()) === before, 'opening the link changed the password');
        await verifyNative(app, trail.link);
        return `opened twice (${page.status}), and the link still works`;
      },
    },
    {
      name: 'the application accepts the new password',
      class: 'password',
      run: async () => {
        const before = await hash();
        const after = await page?.submit?.(newPassword);
        expectStep(after !== undefined, 'there is no form');
        expectStep(
          (await hash()) !== before,
          `the stored hash is what it was, and the page says: ${said(after)}. ${whyRefused(issuer)}`,
        );
        return `the page answers ${after.status}, and the stored hash is a new one`;
      },
    },
    hashStep(walk, newPassword),
    issuer.outlivesUse ? outlivesStep(walk, trail) : onceStep(walk, trail, newPassword),
  ];
}

const onceStep = (
  { app, canary, timeoutMs }: Walk,
  trail: { readonly link: string },
  newPassword: string,
): Step => ({
  name: 'the link works only once',
  class: 'single-use',
  run: async () => {
    const again = await openNativePage(trail.link, timeoutMs);
    const after = await again.submit?.(makePassword(app));
    expectStep(await accepts(app, canary.id, newPassword), 'the second use changed the password');
    return `the page answers ${(after ?? again).status}, and the password stays`;
  },
});

/** Nothing in the application ends such a link, so it is good to know when it expires. */
const outlivesStep = ({ app }: Walk, trail: { readonly link: string }): Step => ({
  name: 'the link expires',
  class: 'single-use',
  run: async () => {
    const { expiresAt, issuer } = (await verifyNative(app, trail.link)) ?? {};
    expectStep(expiresAt !== undefined, 'this is not a link of the application');
    return `${issuer ?? ''} accepts it until ${new Date(expiresAt).toISOString()}, used or not`;
  },
});

/** What may be wrong with a link that the page refuses, and where to look. */
function whyRefused({ name, secret, unknown }: Issuer): string {
  const wrong = secret === null ? '' : `appSecret is not the application's ${secret}, or `;
  return `Either ${wrong}the page is elsewhere (link.path) or needs JavaScript, or the application's tokens differ from those of ${name}. What reset cannot check from here: ${unknown.join('; ')}. Check with: ${programName} doctor --native --online`;
}
