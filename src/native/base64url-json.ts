/** JSON in base64url, as JWTs and their kin hold it. */
export const encodeJson = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** undefined if it is not JSON. */
export function decodeJson(part: string): unknown {
  return parseJson(Buffer.from(part, 'base64url'));
}

export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
