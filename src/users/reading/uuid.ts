const UUID =
  /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

/** A UUID in lower case with dashes, however it was typed; undefined for anything else. */
export function readUuid(text: string): string | undefined {
  const parts = UUID.exec(text)?.slice(1);
  return parts?.join('-').toLowerCase();
}

/** The same without dashes, as Django keeps it where there is no type for it. */
export const compactUuid = (uuid: string): string => uuid.replaceAll('-', '');
