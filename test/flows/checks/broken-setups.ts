import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { inspectConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/create-reset.ts';
import { connect, type Db } from '../../../src/db/connect.ts';
import type { FindingCode } from '../../../src/flows/checks/finding-codes.ts';
import { checkSetup, type Finding } from '../../../src/flows/checks/check-setup.ts';
import { createLog } from '../../../src/log.ts';
import { phpass } from '../../../src/passwords/formats/phpass.ts';
import { startMailbox, type Mailbox, type MailboxOptions } from '../../helpers/mailbox.ts';
import { makeSetup, type Setup } from '../../helpers/run-reset.ts';

const silent = createLog({ level: 'error', format: 'text', write: () => undefined, now: () => 0 });

export interface Look {
  readonly env?: Record<string, string>;
  readonly isOnline?: boolean;
  readonly clockOffMs?: number;
}

/** What doctor finds in a folder, and how to run the remedies that it offers. */
export async function examine(folder: string, { env = {}, isOnline = false, clockOffMs = 0 }: Look = {}) {
  const needed = ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'] as const;
  const inspected = await inspectConfig({ env, cwd: folder, needed });
  const clock = { now: () => systemClock.now() + clockOffMs };
  const open = () => createApp(inspected.config, { clock, log: silent, isSetup: true, mayCreate: false });
  const findings: Finding[] = [];
  for await (const finding of checkSetup({ inspected, clock, open, isOnline })) findings.push(finding);
  return { findings, open };
}

export const bad = (findings: readonly Finding[]) => findings.filter(({ status }) => status !== 'ok');

/** A set-up that is broken in one way: what doctor says, what doctor says to do, and the remedy. */
export interface Case {
  readonly name: string;
  readonly breakIt: (setup: Setup, mailbox: Mailbox) => Promise<Look | void>;
  /** which the finding must have */
  readonly code: FindingCode;
  readonly status?: 'warning';
  readonly says: RegExp;
  /** what the message or the remedy must advise */
  readonly advice: RegExp;
  /** without it, the remedy that `--fix` runs */
  readonly remedy?: (setup: Setup, mailbox: Mailbox) => Promise<Look | void>;
  readonly mailbox?: MailboxOptions;
}

export const configured = (broken: Record<string, unknown>, fixed: Record<string, unknown>) => ({
  breakIt: (setup: Setup) => setup.configure(broken),
  remedy: (setup: Setup) => setup.configure(fixed),
});

export const sql = (broken: (db: Db) => Promise<unknown>, fixed?: (db: Db) => Promise<unknown>) => ({
  breakIt: async (setup: Setup) => void (await broken(await setup.open())),
  ...(fixed && { remedy: async (setup: Setup) => void (await fixed(await setup.open())) }),
});

export const template = (name: string, text: string, fixed = '') => ({
  breakIt: async (setup: Setup) => {
    const folder = join(setup.folder, 'templates');
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
    await setup.configure({ templates: folder });
  },
  remedy: async (setup: Setup) =>
    fixed === ''
      ? setup.configure({ templates: undefined })
      : writeFile(join(setup.folder, 'templates', name), fixed),
});

export const smtp = (query = '') => ({
  breakIt: (setup: Setup, mailbox: Mailbox) => setup.configure({ 'mail.url': `${mailbox.url}${query}` }),
});

/** The doctor hashes as the rows do, and phpass takes a quarter of the time of bcrypt. */
async function makeQuickSetup(): Promise<Setup> {
  const setup = await makeSetup();
  const db = await connect(setup.database);
  await db('users').update({ password_hash: phpass.examples[0]?.encoded });
  await db.destroy();
  return setup;
}

/** The doctor must name what is broken in each, and the remedy must work. */
export function eachBrokenSetup(subject: string, cases: readonly Case[]): void {
  describe(`the doctor looks at ${subject}`, () => {
    it.each(cases)('$name: names it, and its remedy works', async (test) => {
      const setup = await makeQuickSetup();
      const mailbox = await startMailbox(test.mailbox);
      try {
        const look = (await test.breakIt(setup, mailbox)) ?? {};
        const { findings, open } = await examine(setup.folder, look);
        const found = bad(findings).find(
          ({ code, message }) => code === test.code && test.says.test(message),
        );
        expect(found ?? bad(findings)).toBe(found);
        expect(found?.status).toBe(test.status ?? 'failure');
        expect(`${found?.message}\n${found?.remedy}`).toMatch(test.advice);
        let fixed: Look | void = undefined;
        if (test.remedy) fixed = await test.remedy(setup, mailbox);
        else await found?.fix?.run(open);
        expect(bad((await examine(setup.folder, fixed ?? {})).findings)).toEqual([]);
        expect(mailbox.messages).toEqual([]);
      } finally {
        await mailbox.close();
      }
    });
  });
}
