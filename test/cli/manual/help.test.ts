import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/cli/manual/render-markdown.ts';
import { readTopic, topicNames } from '../../../src/flows/manual/read-topic.ts';
import { everyCommand } from '../../helpers/every-command.ts';
import { makeFolder, runReset } from '../../helpers/run-reset.ts';

const WIDTH = 80;
const tooWide = (text: string) => text.split('\n').filter((line) => line.length > WIDTH);

describe('a page of help', () => {
  it.each([{ path: 'reset', args: [] as string[] }, ...everyCommand()])(
    '$path --help is the page that people know, at 80 columns, with examples of itself',
    async ({ path, args }) => {
      const { code, stdout, stderr } = await runReset([...args, '--help']);
      expect({ code, stderr, tooWide: tooWide(stdout) }).toEqual({ code: 0, stderr: '', tooWide: [] });
      expect(stdout).not.toMatch(/default: \[\]/);
      await expect(stdout).toMatchFileSnapshot(`__snapshots__/help/${path.replaceAll(' ', '-')}.txt`);
      if (args.length === 0) return;
      const examples = stdout
        .slice(stdout.indexOf('\nExamples:\n'))
        .split('\n')
        .filter((line) => line.startsWith('  $ '));
      expect(examples.length).toBeGreaterThanOrEqual(2);
      for (const example of examples) expect(example).toContain(path);
    },
  );

  it('is the same with "reset help COMMAND"', async () => {
    expect((await runReset(['help', 'send'])).stdout).toBe((await runReset(['send', '--help'])).stdout);
  });
});

describe('reset alone', () => {
  it('shows every command in its group, and where to go on, on one screen of 24 lines', async () => {
    const { code, stdout } = await runReset([]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(23); // one is the prompt's
    expect(tooWide(stdout)).toEqual([]);
    const names = everyCommand()
      .filter(({ args }) => args.length === 1 && args[0] !== 'help')
      .map(({ args: [name = ''] }) => name);
    for (const name of names) expect(stdout).toMatch(new RegExp(` {2}${name} +\\S`));
    for (const words of ['One person', 'Many people', 'reset init', 'reset help COMMAND', 'reset --help'])
      expect(stdout).toContain(words);
    await expect(stdout).toMatchFileSnapshot('__snapshots__/help/overview.txt');
  });
});

describe('what people type first', () => {
  it.each(['--version', '-v', '-V', 'version'])('reset %s prints the version', async (word) => {
    const { code, stdout } = await runReset([word]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([
    [['susan@example.com'], 'To mail a reset link: reset send susan@example.com'],
    [['completion', 'powershell'], 'There is no completion for powershell. Use bash, zsh or fish.'],
    [['migrate', 'down'], '"down" is not a choice here. Use up or status.'],
    [['audit', '--format', 'xml'], '--format does not take this value. Use csv, json or ndjson.'],
    [['sned'], "Unknown command 'sned' (did you mean send?)."],
  ])('reset %j is answered with the way on', async (args, words) => {
    const { code, stderr } = await runReset(args, { cwd: await makeFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('a topic at a terminal', () => {
  const same = (text: string) => text;
  const paint = { bold: same, yellow: same, green: same, red: same, dim: same };

  it.each(topicNames())('%s fits 80 columns, and no word is broken or lost', async (topic) => {
    const markdown = await readTopic(topic);
    const rendered = renderMarkdown(markdown, { width: WIDTH, paint });
    const isProse = (line: string) => !line.startsWith('    ');
    expect(tooWide(rendered).filter(isProse)).toEqual([]);
    expect(rendered).not.toMatch(/^#+ |^\||\*\*|^```/m);
    const wordsOf = (text: string) => new Set(text.match(/[\p{L}\p{N}]{4,}/gu));
    const fencesAndHeaders = /^```.*$|^\|.*\|\n(?=\| ?-)/gm;
    expect(
      [...wordsOf(markdown.replace(fencesAndHeaders, ''))].filter((word) => !wordsOf(rendered).has(word)),
    ).toEqual([]);
  });

  const renderings = {
    '# Breach': '<Breach>',
    'A **bold** `code`.': 'A <bold> {code}.',
    '- one\n- two words\n  more': '  • one\n  • two words more',
    '1. one\n2. two': '  1. one\n  2. two',
    'See [the map](x.md).': 'See the map (x.md).',
    '```console\n$ reset send  # so\n```': '    $ reset send  # so',
    '| a | b |\n| --- | --- |\n| `x` | y |': '<a  b>\nx  y',
  };
  it.each(Object.entries(renderings))('renders %j', (markdown, expected) => {
    const marked = { ...paint, bold: (text: string) => `<${text}>`, yellow: (text: string) => `{${text}}` };
    expect(renderMarkdown(markdown, { width: WIDTH, paint: marked })).toBe(expected);
  });

  it('turns a table that is too wide into lists', () => {
    const cells = Array.from({ length: 6 }, (_, index) => `${'long '.repeat(8)}${index}`);
    const markdown = `| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n| ${cells.join(' | ')} |`;
    expect(renderMarkdown(markdown, { width: 60, paint })).toMatch(/^ {2}b: long/m);
  });
});
