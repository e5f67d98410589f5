/** `bounce@example.com` and a tag → `bounce+TAG@example.com`. */
export function taggedAddress(address: string, tag: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${tag}${address.slice(at)}`;
}

/** The tags in addresses of this form, wherever they stand in a text; whether they are ours is not said. */
export const findTags = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/[\w.-]\+(\d{1,15}\.[0-9a-f]{20})@/gi)].map(([, tag = '']) => tag.toLowerCase()),
  ),
];
