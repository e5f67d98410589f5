import type { App } from '../../app.ts';
import type { Context } from './context.ts';

/**
 * Before links of the application's own go out: is its page there, and what nobody can know from here. Silent when
 * links are ours. Throws config_invalid when the page is elsewhere.
 */
export async function warnOfNativeLinks({ output }: Context, app: App): Promise<void> {
  if (!app.config.link.native) return;
  const [{ nativeWarnings }, { assertNativePage }] = await Promise.all([
    import('../../flows/native/native-link.ts'),
    import('../../flows/native/probe-native-page.ts'),
  ]);
  const page = await assertNativePage(app);
  for (const warning of await nativeWarnings(app)) output.warn(warning);
  if (page !== undefined) output.warn(page);
}
