import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResetError } from '../../src/errors.ts';
import { loadConfig } from '../../src/config/load.ts';
import { connect } from '../../src/db/connect.ts';
import { readAuthorities } from '../../src/mail/read-authorities.ts';
import { createRenderer } from '../../src/render/render-template.ts';
import { caFile } from '../helpers/mailbox.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

const STRANGER = 12_345;
const isRoot = process.getuid?.() === 0;
const KEY = `hex:${randomBytes(32).toString('hex')}`;

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'reset-trusted-')));
});
afterEach(() => {
  removeFolderSync(home);
});

/** Files that `reset` finds by itself: their place below the project, and how they are read. */
interface Kind {
  readonly file: string;
  readonly content: string;
  read(project: string): Promise<unknown>;
}

const load = (project: string, env: Record<string, string> = {}) => loadConfig({ cwd: project, env });
/** A setting that names the file. */
const named = (settings: Record<string, unknown>) => loadConfig({ cwd: null, env: {}, settings });
const KINDS: Readonly<Record<string, Kind>> = {
  'a config file': { file: 'reset.config.json', content: '{}', read: (project) => load(project) },
  'a config file above': {
    file: 'reset.config.json',
    content: '{}',
    read: (project) => {
      mkdirSync(join(project, 'sub'), { recursive: true });
      return load(join(project, 'sub'));
    },
  },
  '.env': { file: '.env', content: 'RESET_BASE_URL=https://evil.example', read: (project) => load(project) },
  'a template': {
    file: 'templates/mail/reset.text.ejs',
    content: 'code',
    read: (project) =>
      Promise.resolve().then(() =>
        createRenderer({ overrides: join(project, 'templates') }).readAsset('mail/reset.text.ejs'),
      ),
  },
  'a language file': {
    file: 'templates/locales/en.json',
    content: '{}',
    read: (project) =>
      Promise.resolve().then(() =>
        createRenderer({ overrides: join(project, 'templates') }).catalogue.translate('en', 'direction'),
      ),
  },
  'a list of refused passwords': {
    file: 'lists/words.txt',
    content: 'secret',
    read: (project) => named({ password: { blocklist: join(project, 'lists/words.txt') } }),
  },
  'a logo': {
    file: 'images/logo.svg',
    content: '<svg/>',
    read: (project) => named({ brand: { logo: join(project, 'images/logo.svg') } }),
  },
  'a signing key': {
    file: 'keys/reset.key',
    content: KEY,
    read: (project) => named({ secret: `file:${join(project, 'keys/reset.key')}` }),
  },
  'an authority of the mail server': {
    file: 'keys/mail.pem',
    content: readFileSync(caFile, 'utf8'),
    read: (project) => Promise.resolve().then(() => readAuthorities(join(project, 'keys/mail.pem'))),
  },
  'an authority of the database server': {
    file: 'keys/database.pem',
    content: readFileSync(caFile, 'utf8'),
    read: async (project) => {
      const file = join(project, 'keys/database.pem');
      await (await connect(`postgres://u@db.invalid/app?sslrootcert=${file}`)).destroy();
    },
  },
};

const allow = (mode: number) => (file: string) => {
  chmodSync(file, mode);
};
const allowFolder = (mode: number) => (file: string) => {
  chmodSync(dirname(file), mode);
};
const giveAway = (path: string) => {
  chownSync(path, STRANGER, STRANGER);
};

/** What somebody else may have done; `isFine`: it lets nobody change the file. */
interface Situation {
  readonly arrange: (file: string) => void;
  readonly isFine?: boolean;
  readonly needsRoot?: boolean;
}
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'that is mine alone': { isFine: true, arrange: () => undefined },
  'that everybody may write': { arrange: allow(0o666) },
  'that its group may write': { arrange: allow(0o660) },
  'of another user': { needsRoot: true, arrange: giveAway },
  'in a folder that everybody may write': { arrange: allowFolder(0o777) },
  'in a folder that its group may write': { arrange: allowFolder(0o770) },
  'in a folder of another user': {
    needsRoot: true,
    arrange: (file) => {
      giveAway(dirname(file));
    },
  },
  'below a folder that everybody may write': {
    arrange: () => {
      chmodSync(home, 0o777);
    },
  },
  'in a sticky folder, as /tmp is': { isFine: true, arrange: allowFolder(0o1777) },
  'of another user in a sticky folder': {
    needsRoot: true,
    arrange: (file) => {
      chmodSync(dirname(file), 0o1777);
      giveAway(file);
    },
  },
  'behind a link of mine': {
    isFine: true,
    arrange: (file) => {
      moveBehindLink(file, 'elsewhere');
    },
  },
  'behind a link of another user': {
    needsRoot: true,
    arrange: (file) => {
      moveBehindLink(file, 'elsewhere');
      chmodSync(dirname(file), 0o1777);
      lchownSync(file, STRANGER, STRANGER);
    },
  },
  'behind a link, where everybody may write': {
    arrange: (file) => {
      chmodSync(dirname(moveBehindLink(file, 'elsewhere')), 0o777);
    },
  },
};

function moveBehindLink(file: string, folder: string): string {
  const target = join(home, folder, basename(file));
  mkdirSync(dirname(target), { mode: 0o700 });
  renameSync(file, target);
  symlinkSync(target, file);
  return target;
}

describe.each(Object.entries(KINDS))('%s', (_kind, { file, content, read }) => {
  for (const [title, { isFine = false, needsRoot = false, arrange }] of Object.entries(SITUATIONS)) {
    it.runIf(isRoot || !needsRoot)(
      `${title} is ${isFine ? 'read' : 'refused by name, with a way out'}`,
      async () => {
        const project = join(home, 'project');
        const path = join(project, file);
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(path, content, { mode: 0o600 });
        arrange(path);
        const outcome = await read(project).then(
          () => 'read',
          (error: ResetError) => `${error.code}: ${error.message}`,
        );
        const refusal = new RegExp(
          `^config_invalid: .*${path.replace(/[.]/g, '\\.')}.*(chmod|chown|sudo -u) `,
          's',
        );
        expect(outcome).toMatch(isFine ? /^read$/ : refusal);
      },
    );
  }
});

it.runIf(isRoot)('a .env of another user that sets nothing of ours is nobody’s business', async () => {
  writeFileSync(join(home, '.env'), 'PORT=3000\n');
  chownSync(join(home, '.env'), STRANGER, STRANGER);
  await expect(load(home)).resolves.toBeDefined();
});

it.runIf(isRoot)('a config file of another user is read where the caller names it', async () => {
  const file = join(home, 'reset.config.json');
  writeFileSync(file, '{ "appName": "theirs" }');
  chownSync(file, STRANGER, STRANGER);
  await expect(load(home)).rejects.toThrow(`--config ${file}`);
  expect((await loadConfig({ cwd: home, env: {}, file })).appName).toBe('theirs');
});

it.runIf(isRoot)('behind .. the file that is really read is looked at', async () => {
  mkdirSync('/run/secrets', { recursive: true });
  const world = join(home, 'world.key');
  writeFileSync(world, KEY);
  chmodSync(world, 0o666);
  const path = `/run/secrets/../..${world}`;
  await expect(loadConfig({ cwd: null, env: {}, settings: { secret: `file:${path}` } })).rejects.toThrow(
    /mode 0666/,
  );
});
