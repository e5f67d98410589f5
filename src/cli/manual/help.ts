import type { Command as Program } from 'commander';
import { listTopics, readTopic, topicNames } from '../../flows/manual/read-topic.ts';
import { asCalled } from '../../values/program-name.ts';
import type { Command, Context } from '../command/context.ts';
import { overview } from './overview.ts';
import { page } from './pager.ts';
import { renderMarkdown } from './render-markdown.ts';

/** Wider lines are hard to read. */
const WIDEST = 100;
/** The width of a terminal that does not report one. */
const USUAL = 80;

/** `reset help [COMMAND|TOPIC]`: a command's own page, or one of the manual. */
export const helpOf =
  (program: Program): Command =>
  async (context, words) => {
    const topic = words.join(' ');
    if (topic === '') return showStart(program, context);
    // `presets` is both: the manual's page is longer, and `reset presets --help` shows the other.
    const command = topicNames().includes(topic) ? undefined : findCommand(program, words);
    if (command) command.outputHelp();
    else await showTopic(context, topic);
    return 0;
  };

async function showStart(program: Program, { output }: Context): Promise<number> {
  const topics = await listTopics();
  const longest = Math.max(...topics.map(({ topic }) => topic.length));
  const lines = topics.map(({ topic, title }) => `  ${topic.padEnd(longest)}  ${title}`);
  const { bold } = output.paint;
  output.raw([overview(program, { width: widthOf(), bold }), '', bold('Topics'), ...lines].join('\n'));
  return 0;
}

/** Plain Markdown in a pipe; at a terminal rendered, through a pager where it does not fit. */
async function showTopic({ output }: Context, topic: string): Promise<void> {
  const text = nameInCode((await readTopic(topic)).trimEnd());
  if (!process.stdout.isTTY) output.raw(text);
  else await page(renderMarkdown(text, { width: Math.min(widthOf(), WIDEST), paint: output.paint }), output);
}

const widthOf = (): number => process.stdout.columns || USUAL;

/** A page of the manual is written for `reset`: its commands stand in code blocks and between backticks. */
const nameInCode = (markdown: string): string =>
  markdown.replaceAll(/^ *```[\s\S]*?^ *```|`[^`\n]+`/gm, asCalled);

function findCommand(program: Program, words: readonly string[]): Program | undefined {
  let found: Program | undefined = program;
  for (const word of words) found = found?.commands.find((inner) => inner.name() === word);
  return found;
}
