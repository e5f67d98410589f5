import { createServer } from 'node:net';
import type { App } from '../../app.ts';
import { systemClock } from '../../create-reset.ts';
import { ResetError } from '../../errors.ts';
import { addDemoUsers } from '../../flows/demo/add-demo-users.ts';
import type { Playground } from '../../flows/demo/make-playground.ts';
import { makePlayground, playgroundConfig, writePlaygroundConfig } from '../../flows/demo/make-playground.ts';
import type { DemoMail } from '../../flows/demo/start-demo-mail.ts';
import { startDemoMail } from '../../flows/demo/start-demo-mail.ts';
import { startListener } from '../../http/listen.ts';
import type { Context } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';

export interface OpenPlayground {
  readonly app: App;
  readonly mail: DemoMail;
  readonly playground: Playground;
  readonly passwords: ReadonlyMap<string, string>;
}

interface PlaygroundOptions {
  readonly dir: string;
  /** wanted for the pages; another if it is taken */
  readonly port: number;
  /** no log lines */
  readonly isQuiet?: boolean;
}

/** Starts everything that a demo needs, and closes it again. */
export async function withPlayground(
  context: Context,
  { dir, port: wanted, isQuiet = false }: PlaygroundOptions,
  work: (opened: OpenPlayground) => Promise<number>,
): Promise<number> {
  const playground = await makePlayground(dir);
  const mail = await startDemoMail(playground.mailbox, systemClock);
  try {
    const port = await findPort(wanted);
    const settings = { baseUrl: `http://127.0.0.1:${port}`, port };
    await writePlaygroundConfig(playground, settings);
    const flags = {
      ...chosen(context.flags),
      ...playgroundConfig(playground, settings),
      secretFile: playground.keyFile,
      'mail.url': mail.capture.url,
    };
    const opening = { ...context, flags, file: null, isAlone: true, quiet: isQuiet || context.quiet };
    return await withApp(opening, { needed: [], isSetup: true }, async ({ app }) => {
      const passwords = await addDemoUsers(app);
      const listener = await startListener(app);
      return work({ app, mail, playground, passwords }).finally(() => listener.close());
    });
  } finally {
    await mail.capture.close();
  }
}

/** The global flags that make sense in a playground. Everything else is its own. */
function chosen(flags: Context['flags']): Context['flags'] {
  const mine: readonly string[] = ['mail.locale', 'templates', 'token.expiresIn'];
  return Object.fromEntries(Object.entries(flags).filter(([name]) => mine.includes(name)));
}

/** The wanted port of loopback if it is free, else any: links must know it before the listener starts. */
async function findPort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    const found = await new Promise<number | undefined>((resolve) => {
      server.once('error', () => {
        resolve(undefined);
      });
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : undefined);
      });
    });
    await new Promise((resolve) => server.close(resolve));
    if (found !== undefined) return found;
  }
  throw new ResetError('usage_invalid', 'The playground found no free port on 127.0.0.1.');
}
