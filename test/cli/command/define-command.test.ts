import { expectTypeOf, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/program/command-tree.ts';
import { defineCommand, type OptionsOf } from '../../../src/cli/command/define-command.ts';
import type { sendOptions } from '../../../src/cli/batch/declare.ts';

it('the code of a command gets exactly the options that help shows', () => {
  type Given = OptionsOf<typeof sendOptions>;
  expectTypeOf<Given['skipIfChangedSince']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Given['dryRun']>().toEqualTypeOf<boolean | undefined>();
  expectTypeOf<Given['where']>().toEqualTypeOf<readonly string[]>();
  // @ts-expect-error -- no option has this name
  expectTypeOf<Given['dryrun']>().toBeAny();
});

it('choices are a union, and what has a default is always there', () => {
  type Given = OptionsOf<{
    readonly '--format <format>': { readonly help: ''; readonly choices: readonly ['csv', 'json'] };
    readonly '--since <time>': { readonly help: ''; readonly default: '7d' };
  }>;
  expectTypeOf<Given>().toEqualTypeOf<{ readonly since: string } & { readonly format?: 'csv' | 'json' }>();
});

it('a command whose code reads another option does not compile', () => {
  const common = { description: 'X.', examples: [] };
  const code = (_context: unknown, _args: readonly string[], options: { readonly all?: boolean }) =>
    Promise.resolve(Number(options.all));
  const declared = defineCommand('x', 'x it', {
    ...common,
    options: { '--all': 'all' },
    load: () => Promise.resolve(code),
  });
  expect(declared).toMatchObject({ name: 'x', summary: 'x it', ...common });
  defineCommand('x', 'x it', {
    ...common,
    options: { '--all <n>': 'all' },
    // @ts-expect-error -- "all" has a value here
    load: () => Promise.resolve(code),
  });
});

it('every command stands in one group, once', () => {
  const names = Object.values(COMMANDS)
    .flat()
    .map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
