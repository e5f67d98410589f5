import type { Command as Program } from 'commander';
import { listPresets } from '../../flows/setup/explain-preset.ts';
import { listTopics } from '../../flows/manual/read-topic.ts';
import type { Command } from '../command/context.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { describeProgram } from './spec.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `reset completion bash|zsh|fish`: a script made from the commands as they are. */
export const completionOf =
  (program: Program): Command =>
  async ({ output }, [shell]) => {
    const presets = listPresets().map(({ name }) => name);
    const topics = [
      ...(await listTopics()).map(({ topic }) => topic),
      ...program.commands.map((command) => command.name()),
    ];
    output.raw(SCRIPTS[shell as keyof typeof SCRIPTS](describeProgram(program, { presets, topics }))); // commander has checked the name
    return 0;
  };
