import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runReset, succeed, type Ran } from '../../helpers/run-reset.ts';

/** `reset` as an operator has set it up for one application. */
export interface Reset {
  run(args: readonly string[], input?: string): Promise<Ran>;
  /** `reset link` for the user, then `reset apply` with the token in a file and the password on standard input */
  apply(email: string, password: string, output?: 'json' | 'text'): Promise<Ran>;
}

export interface ResetSettings {
  /** a folder of the peer, removed by the peer */
  readonly folder: string;
  readonly database: string;
  readonly preset: string;
  /** the application's address, for its own reset pages */
  readonly baseUrl?: string;
  /** more of `users.*` */
  readonly users?: Readonly<Record<string, unknown>>;
  /** more keys of the config file */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Writes reset.config.json into a folder of its own and migrates our tables into the application's database. */
export async function createReset(settings: ResetSettings): Promise<Reset> {
  const { database, preset, users = {}, baseUrl = 'https://accounts.example.com', config = {} } = settings;
  const folder = join(settings.folder, `reset-${randomBytes(4).toString('hex')}`);
  await mkdir(folder);
  const file = {
    database,
    users: { preset, ...users },
    baseUrl,
    secret: `base64url:${randomBytes(32).toString('base64url')}`,
    mail: { url: `file:${join(folder, 'mailbox')}`, from: 'Example <noreply@example.com>' },
    ...config,
  };
  await writeFile(join(folder, 'reset.config.json'), JSON.stringify(file), { mode: 0o600 });

  const run: Reset['run'] = (args, input) =>
    runReset(args, { cwd: folder, ...(input === undefined ? {} : { input }) });
  await succeed(run(['migrate']));
  return {
    run,
    async apply(email, password, output = 'json') {
      const [link] = (await succeed(run(['link', email, '--json']))).rows();
      const tokenFile = join(folder, 'token');
      await writeFile(tokenFile, String(link?.['token']), { mode: 0o600 });
      const args = ['apply', '--token-file', tokenFile, '--password-stdin'];
      return run(output === 'json' ? [...args, '--json'] : args, `${password}\n`);
    },
  };
}
