import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inPackage } from '../../values/package-folder.ts';
import { nearest } from '../../values/nearest.ts';
import { ResetError } from '../../errors.ts';
import { fillTables } from './topic-tables.ts';

const folder = inPackage('templates', 'help');

export interface Topic {
  readonly topic: string;
  /** its first heading */
  readonly title: string;
}

/** The pages of the manual, by name. */
export async function listTopics(): Promise<Topic[]> {
  return Promise.all(
    topicNames().map(async (topic) => {
      const text = await readFile(join(folder, `${topic}.md`), 'utf8');
      return { topic, title: /^# (.+)$/m.exec(text)?.[1] ?? '' };
    }),
  );
}

/** Their names alone, in alphabetical order. */
export const topicNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .sort();

/** One page, as Markdown. Throws usage_invalid with the nearest name. */
export async function readTopic(topic: string): Promise<string> {
  const topics = topicNames();
  if (topics.includes(topic)) return fillTables(await readFile(join(folder, `${topic}.md`), 'utf8'));
  const guess = nearest(topic, topics);
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  throw new ResetError(
    'usage_invalid',
    `There is neither a command nor a topic ${JSON.stringify(topic)}.${hint} Topics: ${topics.join(', ')}.`,
  );
}
