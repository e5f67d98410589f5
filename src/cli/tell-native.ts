import type { App } from '../app.ts';
import type { Context } from './context.ts';

/** Before links of the application's own go out: what nobody can know from here. Silent when links are ours. */
export async function tellNative({ output }: Context, app: App): Promise<void> {
  if (!app.config.link.native) return;
  const { nativeWarnings } = await import('../flows/native-link.ts');
  for (const warning of await nativeWarnings(app)) output.warn(warning);
}
