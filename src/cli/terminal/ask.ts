import { ResetError, Signal } from '../../errors.ts';
import { printableLines } from '../../values/printable.ts';

/** Prompts, by inquirer, only at a terminal. */
export interface Ask {
  readonly isPossible: boolean;
  /** without echo */
  password(question: string): Promise<string>;
  text(question: string, fallback?: string): Promise<string>;
  confirm(question: string, fallback: boolean): Promise<boolean>;
  /** the first choice is marked when the question appears */
  choose(question: string, choices: readonly { name: string; value: string }[]): Promise<string>;
}

/** Before anything is read: a question will come that nobody can answer. Throws usage_invalid. */
export function assertAnswerable(
  { isPossible }: Pick<Ask, 'isPossible'>,
  { yes, dryRun }: { readonly yes?: boolean | undefined; readonly dryRun?: boolean | undefined },
): void {
  if (isPossible || yes === true || dryRun === true) return;
  throw new ResetError('usage_invalid', 'There is nobody to ask here. Check with --dry-run, then add --yes.');
}

/** Thrown by a prompt that Ctrl-C ended: exit code 130, no message. */
export class Interrupted extends Signal {}

/** What inquirer needs to ask one question. */
type Question = { readonly type: string; readonly message: string } & Readonly<Record<string, unknown>>;

/** `hasInput` is false with --no-input. Prompts go to stderr, so that stdout holds results only. */
export function createAsk({ hasInput }: { hasInput: boolean }): Ask {
  // Opening stdin takes time, and most commands ask nothing.
  const isPossible = () => hasInput && process.stdin.isTTY;

  async function ask(question: Question): Promise<unknown> {
    if (!isPossible()) {
      throw new ResetError(
        'usage_invalid',
        `"${question.message}" can only be asked at a terminal. For the flag to use instead: --help`,
      );
    }
    const { default: inquirer } = await import('inquirer');
    const message = printableLines(question.message);
    const prompt = inquirer.createPromptModule({ output: process.stderr });
    try {
      const { answer } = await prompt<{ answer: unknown }>([
        { ...question, message, name: 'answer' } as never,
      ]);
      return answer;
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError') throw new Interrupted();
      throw error;
    }
  }

  return {
    get isPossible() {
      return isPossible();
    },
    password: async (message) => (await ask({ type: 'password', message })) as string,
    text: async (message, fallback) => (await ask({ type: 'input', message, default: fallback })) as string,
    confirm: async (message, fallback) =>
      (await ask({ type: 'confirm', message, default: fallback })) as boolean,
    choose: async (message, choices) =>
      (await ask({
        type: 'select',
        message,
        choices: choices.map(({ name, value }) => ({ name: printableLines(name), value })),
      })) as string,
  };
}
