import { domainToUnicode } from 'node:url';

/** The host of a URL as people write it: bücher.example, not xn--bcher-kva.example; with the port where there is one. */
export function nameHost(url: string): string {
  const { hostname, port } = new URL(url);
  return (domainToUnicode(hostname) || hostname) + (port === '' ? '' : `:${port}`);
}
