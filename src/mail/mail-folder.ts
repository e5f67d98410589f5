import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadMail } from './read-mail.ts';
import { parseMail } from './read-mail.ts';

/** A mail in a folder; `id` is its file's name. */
export interface FolderMail extends ReadMail {
  readonly id: string;
}

/** Names that `saveMail` gives: no path can be spelled with them. */
const MAIL_FILE = /^[0-9TZ-]+-[0-9a-f]{12}\.eml$/;

/** The mails of a folder, the newest first. A folder that is not there yet has none. */
export async function listMails(directory: string): Promise<FolderMail[]> {
  const files = await readdir(directory).catch(() => []);
  const ids = files.filter((file) => MAIL_FILE.test(file)).sort();
  return Promise.all(ids.reverse().map(async (id) => ({ id, ...(await parseFile(directory, id)) })));
}

/** One mail, or undefined where there is none of this id. */
export async function readMail(directory: string, id: string): Promise<FolderMail | undefined> {
  if (!MAIL_FILE.test(id)) return undefined;
  return parseFile(directory, id).then(
    (mail) => ({ id, ...mail }),
    () => undefined,
  );
}

const parseFile = async (directory: string, id: string): Promise<ReadMail> =>
  parseMail(await readFile(join(directory, id)));
