import type { App } from '../../app.ts';
import { identifyFormat } from '../../passwords/hash.ts';

/** Which hash formats the application is known to read. */
export interface ApplicationFormats {
  /** of the newest rows, by name, with how many there are */
  readonly ofRows: ReadonlyMap<string, number>;
  /** hashes among them that no format reads */
  readonly unknown: readonly string[];
  /** what its preset says that it writes */
  readonly ofPreset: string | null;
  readonly accepts: (format: string) => boolean;
}

/** What the newest rows and the preset say. Nothing is known about an empty table without a preset's format. */
export async function readApplicationFormats(app: App): Promise<ApplicationFormats> {
  const store = await app.users();
  const ofPreset = store.description.ownFormat;
  const ofRows = new Map<string, number>();
  const unknown: string[] = [];
  for (const encoded of await store.newestHashes()) {
    const name = identifyFormat(encoded, ofPreset ?? undefined)?.name;
    if (name === undefined) unknown.push(encoded);
    else ofRows.set(name, (ofRows.get(name) ?? 0) + 1);
  }
  const isNothingKnown = ofRows.size === 0 && ofPreset === null;
  return {
    ofRows,
    unknown,
    ofPreset,
    accepts: (name) => isNothingKnown || name === ofPreset || ofRows.has(name),
  };
}
