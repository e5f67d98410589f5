import { readConfigFile } from '../../config/file.ts';
import { ResetError } from '../../errors.ts';
import { writePrivateFile } from '../../values/private-file.ts';
import type { LinkSettings } from '../native/describe-learnt.ts';

/** What a link teaches. */
const LEARNT = ['path', 'token', 'digest'];

/** What was learnt takes the place of what the file said of the same; everything else stays. Throws config_invalid. */
export async function writeLinkSettings(file: string, settings: LinkSettings): Promise<void> {
  if (!file.endsWith('.json')) {
    throw new ResetError(
      'config_invalid',
      `${file} is code. Write this into it: "link": ${JSON.stringify(settings)}`,
    );
  }
  const content = await readConfigFile(file);
  const kept = Object.entries(content['link'] ?? {}).filter(([name]) => !LEARNT.includes(name));
  await writePrivateFile(
    file,
    `${JSON.stringify({ ...content, link: { ...Object.fromEntries(kept), ...settings } }, null, 2)}\n`,
  );
}
