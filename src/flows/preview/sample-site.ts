import type { Config } from '../../config/config.ts';

/** Where the links of a preview lead if the setup has no base URL yet. */
const BASE_URL = 'https://accounts.example.com';

/** Name and base URL for a preview: the setup's own, or a sample with which every sentence reads as it will. */
export function sampleSite({ appName, baseUrl, sources }: Config): { appName: string; baseUrl: string } {
  if (baseUrl !== undefined) return { appName, baseUrl };
  return { appName: sources.has('appName') ? appName : new URL(BASE_URL).host, baseUrl: BASE_URL };
}
