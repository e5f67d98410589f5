import type { Config } from '../../config/config.ts';

/** Where the links of a preview lead when the set-up does not say it yet. */
const BASE_URL = 'https://accounts.example.com';

/** Name and base URL for a preview: the set-up's own, else a sample under which every sentence reads as it will. */
export function sampleSite({ appName, baseUrl, sources }: Config): { appName: string; baseUrl: string } {
  if (baseUrl !== undefined) return { appName, baseUrl };
  return { appName: sources.has('appName') ? appName : new URL(BASE_URL).host, baseUrl: BASE_URL };
}
