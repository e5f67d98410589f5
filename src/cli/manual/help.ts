import type { Command as Program } from 'commander';
import { listTopics, readTopic } from '../../flows/manual/read-topic.ts';
import { asCalled, programName } from '../../values/program-name.ts';
import type { Command } from '../context.ts';

/** `reset help [COMMAND|TOPIC]`: a command's own page, or one of the manual. */
export const helpOf =
  (program: Program): Command =>
  async ({ output }, words) => {
    const topic = words.join(' ');
    const command = findCommand(program, words);
    // `presets` is both: the manual's page is longer, and `reset presets --help` shows the other.
    const isTopic = (await listTopics()).some((each) => each.topic === topic);
    if (command && !isTopic) {
      command.outputHelp();
      if (command === program) output.raw(await topicList());
      return 0;
    }
    output.raw(nameInCode((await readTopic(topic)).trimEnd()));
    return 0;
  };

/** A page of the manual is written for `reset`: its commands stand in code blocks and between backticks. */
const nameInCode = (markdown: string): string =>
  markdown.replaceAll(/^ *```[\s\S]*?^ *```|`[^`\n]+`/gm, asCalled);

function findCommand(program: Program, words: readonly string[]): Program | undefined {
  let found: Program | undefined = program;
  for (const word of words) found = found?.commands.find((inner) => inner.name() === word);
  return found;
}

async function topicList(): Promise<string> {
  const topics = await listTopics();
  const width = Math.max(...topics.map(({ topic }) => topic.length));
  return [
    '',
    `Topics (${programName} help TOPIC):`,
    ...topics.map(({ topic, title }) => `  ${topic.padEnd(width)}  ${title}`),
  ].join('\n');
}
