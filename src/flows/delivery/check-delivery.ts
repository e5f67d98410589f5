import type { App } from '../../app.ts';
import { required } from '../../app.ts';
import { composeReset } from '../../mail/compose.ts';
import { chooseLocale } from '../../render/choose-locale.ts';
import { assertNativeSecret } from '../native/check-native-secret.ts';
import { sampleLink } from '../preview/sample-link.ts';

/** A sample of the reset mail, rendered and thrown away: a broken template is told before anything is queued. */
export async function checkDelivery(app: App): Promise<void> {
  const { config } = app;
  const baseUrl = required(config, 'baseUrl', config.baseUrl);
  const from = required(config, 'mail.from', config.mail.from);
  await app.keyring();
  await assertNativeSecret(app);
  await app.transport();
  const renderer = await app.renderer();
  const now = app.clock.now();
  composeReset(renderer, {
    appName: config.appName,
    baseUrl,
    from,
    email: from.address,
    name: null,
    locale: chooseLocale([config.mail.locale], renderer.catalogue.available),
    timeZone: config.timeZone,
    messageId: '<sample@localhost>',
    requestedBy: 'operator',
    link: sampleLink(config, baseUrl, 'sample').link,
    issuedAt: now,
    expiresAt: now + 3_600_000,
  });
}
