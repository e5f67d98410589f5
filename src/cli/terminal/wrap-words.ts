/** A paragraph in lines of `width` columns at most: breaks between words, never in one. `indent`: before all but the first. */
export function wrapWords(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  const [first = '', ...words] = text.split(' ');
  let line = first;
  for (const word of words) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = `${line} ${word}`;
  }
  return [...lines, line];
}
