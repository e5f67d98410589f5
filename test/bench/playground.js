import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../dist/app.js';
import { loadConfig } from '../../dist/config/load.js';
import { systemClock } from '../../dist/create-reset.js';
import { createUser } from '../../dist/flows/users/create-user.js';
import { issueLink } from '../../dist/flows/links/issue-link.js';
import { migrateDatabase } from '../../dist/flows/setup/migrate-database.js';
import { createLog } from '../../dist/log.js';
import { bin } from './measure.js';
import { freePort } from './free-port.js';

/** A migrated SQLite database (`isApart`: two), its config file, and an open app on it. */
export async function openPlayground(changes = {}, { isApart = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'reset-bench-'));
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const config = {
    database: `sqlite:${join(folder, 'app.db')}`,
    ...(isApart ? { ledger: `sqlite:${join(folder, 'reset.db')}` } : {}),
    baseUrl,
    secret: `base64url:${randomBytes(32).toString('base64url')}`,
    mail: { url: `file:${join(folder, 'mailbox')}`, from: 'bench@example.com' },
    ...changes,
    server: { port, ...changes.server },
  };
  writeFileSync(join(folder, 'reset.config.json'), JSON.stringify(config), { mode: 0o600 });
  const log = createLog({ level: 'error', format: 'text', write: console.error, now: Date.now });
  const app = await createApp(await loadConfig({ cwd: folder }), { clock: systemClock, log, isSetup: true });
  await migrateDatabase(app);
  const addUser = (email) => createUser(app, { email, password: randomBytes(15).toString('base64url') });
  const issue = (email) => issueLink(app, { identifier: { email }, actor: app.operator });
  return {
    app,
    folder,
    baseUrl,
    addUser,
    issue,
    /** adds the user first */
    issueToNew: (email) => addUser(email).then(() => issue(email)),
    /** `reset serve` in a process of its own; gives the way to end it */
    serve: () => serve(folder),
    async close() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serve(folder) {
  const child = spawn(process.execPath, [bin, 'serve'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      if (said.includes('listening')) {
        resolve(() => {
          child.kill('SIGTERM');
          return new Promise((ended) => child.once('exit', ended));
        });
      }
    });
    child.once('exit', () => reject(new Error(said)));
  });
}
