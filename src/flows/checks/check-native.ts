import type { App } from '../../app.ts';
import { isResetError } from '../../errors.ts';
import type { NativeSecret } from '../native/check-native-secret.ts';
import { checkNativeSecret } from '../native/check-native-secret.ts';
import { nativeWarnings } from '../native/native-link.ts';
import { describeMissing, howToFind, probeNativePage } from '../native/probe-native-page.ts';
import type { Finding } from './finding.ts';
import { failure, failureOf, ok, warning } from './finding.ts';
import { programName } from '../../values/program-name.ts';

/** The application's own links: its secret as far as it can be proven, its page, and what remains unknown. */
export async function checkNative(app: App, isOnline: boolean): Promise<Finding[]> {
  try {
    const secret = await checkNativeSecret(app);
    if (!secret) return [];
    return [
      secretFinding(secret),
      ...(isOnline ? await pageFindings(app) : []),
      ...(await nativeWarnings(app)).map((message) => warning('native_unproven', message)),
    ];
  } catch (error) {
    if (isResetError(error)) return [failureOf('native_unusable', error)];
    throw error;
  }
}

function secretFinding({ issuer, secret, proof }: NativeSecret): Finding {
  switch (proof) {
    case 'not_needed':
      return ok('native_ready', `tokens of ${issuer} need no application secret`);
    case 'right':
      return ok('native_ready', `the secret is the ${secret ?? ''} that the application signs with`);
    case 'wrong':
      return failure(
        'native_secret_wrong',
        `the secret is not the ${secret ?? ''}: the newest session is signed with a different one`,
        {
          remedy: `put the application's ${secret ?? ''} into RESET_APP_SECRET or --app-secret-file`,
        },
      );
    case 'unknown':
      return warning(
        'native_secret_unknown',
        `nothing in this database proves that the secret is the ${secret ?? ''}`,
        {
          remedy: `ask the application for a reset mail to yourself, then: ${programName} verify --native LINK\nor the other way around: ${programName} link --native YOUR-ADDRESS, and open the link`,
        },
      );
  }
}

async function pageFindings(app: App): Promise<Finding[]> {
  const page = await probeNativePage(app);
  if (!page) return [];
  const { url, status, state } = page;
  if (state === 'there') return [ok('native_ready', `the page answers at ${url} (${status ?? ''})`)];
  const [message, more] = [describeMissing(page), { remedy: howToFind(page) }];
  return [
    state === 'refusing'
      ? warning('native_page_refuses', message, more)
      : failure('native_page_missing', message, more),
  ];
}
