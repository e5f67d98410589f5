import { ResetError } from '../errors.ts';

/** Prompts, by inquirer, only at a terminal. */
export interface Ask {
  readonly isPossible: boolean;
  /** without echo */
  password(question: string): Promise<string>;
  text(question: string, fallback?: string): Promise<string>;
  confirm(question: string, fallback: boolean): Promise<boolean>;
  choose(question: string, choices: readonly { name: string; value: string }[]): Promise<string>;
}

/** Thrown by a prompt that Ctrl-C ended: exit code 130, no message. */
export class Interrupted extends ResetError {
  constructor() {
    super('usage_invalid', 'Interrupted.');
  }
}

/** `hasInput` is false with --no-input. Prompts go to stderr, so that stdout holds results only. */
export function createAsk({ hasInput, what }: { hasInput: boolean; what?: string }): Ask {
  const isPossible = hasInput && process.stdin.isTTY;

  async function prompt<T>(
    question: string,
    run: (library: typeof import('inquirer').default) => Promise<{ answer: T }>,
  ): Promise<T> {
    if (!isPossible) {
      throw new ResetError(
        'usage_invalid',
        `"${question}" can only be asked at a terminal.${what === undefined ? '' : ` ${what}`}`,
      );
    }
    const { default: inquirer } = await import('inquirer');
    try {
      return (await run(inquirer)).answer;
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError') throw new Interrupted();
      throw error;
    }
  }

  return {
    isPossible,
    password: (message) =>
      prompt(message, (inquirer) => promptOn(inquirer)([{ type: 'password', name: 'answer', message }])),
    text: (message, fallback) =>
      prompt(message, (inquirer) =>
        promptOn(inquirer)([{ type: 'input', name: 'answer', message, default: fallback }]),
      ),
    confirm: (message, fallback) =>
      prompt(message, (inquirer) =>
        promptOn(inquirer)([{ type: 'confirm', name: 'answer', message, default: fallback }]),
      ),
    choose: (message, choices) =>
      prompt(message, (inquirer) =>
        promptOn(inquirer)([{ type: 'select', name: 'answer', message, choices: [...choices] }]),
      ),
  };
}

const promptOn = (inquirer: typeof import('inquirer').default) =>
  inquirer.createPromptModule({ output: process.stderr }) as never as <T>(
    questions: readonly object[],
  ) => Promise<{ answer: T }>;
