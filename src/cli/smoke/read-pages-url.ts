import { ResetError } from '../../errors.ts';

/** `--url`: where the pages are deployed. Throws usage_invalid, and never repeats what was given: it may hold a login. */
export function readPagesUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new ResetError('usage_invalid', '--url is not a web address. Write https://example.com');
  if (url.username !== '' || url.password !== '')
    throw new ResetError(
      'usage_invalid',
      '--url must not contain a user or a password: nobody signs in before a reset.',
    );
  return text;
}
