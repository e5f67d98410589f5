import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bindReset } from '../../create-reset.ts';
import { EXIT } from '../terminal/exit.ts';
import { DEMO_USERS } from '../../flows/demo/add-demo-users.ts';
import { listDemoSteps } from '../../flows/demo/demo-steps.ts';
import { exitOf } from '../../flows/smoke/steps.ts';
import { takeStep } from '../../flows/smoke/take-steps.ts';
import { makeTemporaryFolder } from '../../values/temporary-folder.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { demoOptions } from './declare.ts';
import { withPlayground } from './open-playground.ts';
import { untilAborted } from '../terminal/until-aborted.ts';
import { programIn, quoteWord } from '../../values/program-name.ts';
import { REQUEST_PATH } from '../../values/page-paths.ts';

const PREFERRED_PORT = 8025;

/** `reset demo`: a playground on loopback until Ctrl-C, or with `--once` the whole loop by itself. */
export const demo: Command<OptionsOf<typeof demoOptions>> = (context, _args, { dir, once = false }) =>
  once ? runOnce(context) : runUntilStopped(context, dir);

async function runOnce(context: Context): Promise<number> {
  const { signal } = context;
  const folder = makeTemporaryFolder('reset-demo-');
  try {
    const dir = join(folder, 'playground');
    return await withPlayground(context, { dir, port: 0, isQuiet: true }, async (opened) => {
      const { app, mail, passwords } = opened;
      print(context, 'a playground: SQLite database, three users, key file, mailbox');
      print(context, `SMTP on ${mail.capture.url}, pages on ${app.config.baseUrl ?? ''}`);
      const oldPassword = passwords.get(DEMO_USERS[0].email) ?? '';
      for (const step of await listDemoSteps({ app, capture: mail.capture, oldPassword })) {
        if (signal.aborted) return EXIT.interrupted;
        const result = await takeStep(app.clock, step);
        const isOk = result.status === 'ok';
        context.output.result(result, `${result.step}: ${result.message}`, isOk ? 'ok' : 'bad');
        if (!isOk) return exitOf(result.class);
      }
      return 0;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const print = ({ output }: Context, step: string) => {
  output.result({ step, status: 'ok' }, step, 'ok');
};

async function runUntilStopped(context: Context, dir: string): Promise<number> {
  const { output, signal } = context;
  const port = Number(context.flags['server.port'] ?? PREFERRED_PORT);
  return withPlayground(context, { dir, port }, async ({ app, mail, playground }) => {
    const mailbox = await mail.serve(await app.renderer());
    const [{ email }] = DEMO_USERS;
    const sent = await bindReset(app).send({ email, force: true });
    output.result(
      { folder: playground.folder, mailbox: mailbox.url, pages: app.config.baseUrl, sent: sent.email },
      [
        `a playground in ${playground.folder}, and a reset mail to ${email}`,
        '',
        `  1. Open the mailbox         ${mailbox.url}`,
        '  2. Click the link in the mail and set a password',
        `  3. Ask for another link     ${app.config.baseUrl ?? ''}${REQUEST_PATH}`,
        `     (${DEMO_USERS.map((user) => user.email).join(', ')})`,
        `  4. In another terminal      cd ${quoteWord(playground.folder)} && ${programIn(playground.folder)} user list`,
      ],
      'ok',
    );
    output.info('Ctrl-C ends. Start it again with the same command; it keeps its folder.');
    await untilAborted(signal);
    await mailbox.close();
    return 0;
  });
}
