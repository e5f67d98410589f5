import type { App } from '../../app.ts';
import { required } from '../../app.ts';
import { composeReset } from '../../mail/compose.ts';
import { assertNativeSecret } from '../native/check-native-secret.ts';
import { sampleReset } from '../preview/sample.ts';

/** A sample of the reset mail, rendered and thrown away: a broken template is reported before anything is queued. */
export async function checkDelivery(app: App): Promise<void> {
  const { config } = app;
  required(config, 'baseUrl', config.baseUrl);
  required(config, 'mail.from', config.mail.from);
  await app.keyring();
  await assertNativeSecret(app);
  await app.transport();
  const renderer = await app.renderer();
  const wish = { now: app.clock.now(), requestedBy: 'operator', occasion: 'support' } as const;
  composeReset(renderer, sampleReset(config, renderer, wish));
}
