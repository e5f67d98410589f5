import { chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { addressOf, makeBatchSite } from '../../helpers/batch-site.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { needs } from '../../helpers/needs.ts';
import { startPostfix } from '../../helpers/postfix.ts';
import { bin } from '../../helpers/run-reset.ts';

const [KNOWN, UNKNOWN] = [addressOf(1, 1), addressOf(2, 1)];
const DOMAIN = 'd0.example.com';
const NOBODY = 65_534;
/** Nothing listens at this port of the reserved ones. */
const AWAY = 'postgres://postgres@127.0.0.1:1/away';

/** The line that `reset help bounces` gives for /etc/aliases, with this program and this configuration. */
function aliasOf(configFile: string): string {
  const help = readFileSync(new URL('../../../templates/help/bounces.md', import.meta.url), 'utf8');
  const [, line = ''] = /`\/etc\/aliases` \| `bounce: (.*?)` \|/.exec(help) ?? [];
  const alias = line
    .replaceAll('\\|', '|')
    .replace('resetctl', `${process.execPath} ${bin}`)
    .replace('/etc/reset.config.json', configFile);
  expect(alias).toBe(`"|${process.execPath} ${bin} --config ${configFile} bounces - || exit 75"`);
  return alias;
}

describe.runIf(needs('postfix'))('an alias of Postfix', () => {
  eachDatabase(
    'hands bounces to reset',
    (open) => {
      it('as they come, and keeps them while the database is away', { timeout: 600_000 }, async () => {
        const { db, url } = await open();
        const mail = { from: 'Example <noreply@example.com>', bounces: `bounce@${DOMAIN}` };
        const site = await makeBatchSite({ db, url, mailUrl: '', users: 2, domains: 1 });
        const file = join(site.folder, 'reset.config.json');
        const postfix = await startPostfix(DOMAIN, [KNOWN], aliasOf(file));
        const settings = JSON.parse(readFileSync(file, 'utf8')) as object;
        const configure = (database: string) => {
          const config = { ...settings, database, mail: { ...mail, url: postfix.url } };
          writeFileSync(file, JSON.stringify(config));
        };
        configure(AWAY);
        // Postfix starts the commands of an alias as nobody
        for (const path of [site.folder, file]) chownSync(path, NOBODY, NOBODY);

        const run = (args: readonly string[]) =>
          site.run([...args, '--json', '--config', file, '--database', url]);
        const sent = await run(['send', '--all', '--yes']);
        expect([sent.code, sent.stderr]).toEqual([0, '']);
        const statuses = async () => {
          const id = String(sent.rows().at(-1)?.['batch']);
          const rows = (await run(['batch', 'report', id, '--format', 'ndjson'])).rows();
          return Object.fromEntries(rows.map(({ email, status }) => [email, status]));
        };
        await postfix.waitFor(postfix.inbox, 1);
        await expect.poll(() => postfix.deferred(), { timeout: 120_000 }).toBe(1);
        expect(await statuses()).toEqual({ [KNOWN]: 'sent', [UNKNOWN]: 'sent' });

        configure(url);
        for (const end = Date.now() + 120_000; postfix.deferred() > 0 && Date.now() < end; await sleep(500))
          await postfix.flush();
        await expect.poll(statuses, { timeout: 120_000 }).toEqual({ [KNOWN]: 'sent', [UNKNOWN]: 'bounced' });
        const [suppressed, ...others] = (await run(['bounces', 'list'])).rows();
        expect([suppressed, others]).toEqual([
          expect.objectContaining({ email: UNKNOWN, code: '5.1.1' }),
          [],
        ]);
        await site.remove();
      });
    },
    ['postgres', 'mysql'],
  );
});
