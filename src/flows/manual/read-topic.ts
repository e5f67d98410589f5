import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { nearest } from '../../values/nearest.ts';
import { ResetError } from '../../errors.ts';
import { fillTables } from './topic-tables.ts';

const folder = fileURLToPath(new URL('../../../templates/help/', import.meta.url));

export interface Topic {
  readonly topic: string;
  /** its first heading */
  readonly title: string;
}

/** The pages of the manual, by name. */
export async function listTopics(): Promise<Topic[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(`${folder}${file}`, 'utf8');
      return { topic: file.slice(0, -'.md'.length), title: /^# (.+)$/m.exec(text)?.[1] ?? '' };
    }),
  );
}

/** One page, as Markdown. Throws usage_invalid with the nearest name. */
export async function readTopic(topic: string): Promise<string> {
  const topics = (await listTopics()).map((each) => each.topic);
  if (topics.includes(topic)) return fillTables(await readFile(`${folder}${topic}.md`, 'utf8'));
  const guess = nearest(topic, topics);
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  throw new ResetError(
    'usage_invalid',
    `There is neither a command nor a topic ${JSON.stringify(topic)}.${hint} Topics: ${topics.join(', ')}.`,
  );
}
