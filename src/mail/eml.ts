import { toMailData } from './mail-data.ts';
import type { Message } from './message.ts';

/** The mail as it would go over the wire, for `file:` and for previews. */
export async function buildEml(message: Message, nowMs: number): Promise<Buffer> {
  const { composeMime } = await import('./compose-mime.ts');
  return composeMime(toMailData(message, nowMs));
}
