import { existsSync, readFileSync } from 'node:fs';

/**
 * What most commands load. The rest of the packages stays outside, above all the drivers, what is compiled for a
 * machine, and what only a few commands need.
 */
const INSIDE = ['@noble/hashes', 'chalk', 'commander', 'ejs', 'jsonwebtoken', 'knex', 'nodemailer', 'parse5'];

/** Each is there or not, as the operator chose. */
const DRIVERS = ['pg', 'pg-native', 'pg-query-stream', 'mysql', 'mysql2', 'sqlite3'];

/** `import()` of one of these becomes `require()`: the loader of modules is one more thing that Node would start. */
const COMMON = ['@node-rs/argon2', 'bcrypt', 'pg', 'sqlite3'];
const REQUIRED = '\0required:';
const required = {
  name: 'required',
  resolveId: (id, importer) => (COMMON.includes(id) && isOurs(importer) ? `${REQUIRED}${id}` : null),
  load(id) {
    if (!id.startsWith(REQUIRED)) return null;
    const name = id.slice(REQUIRED.length);
    return `export { default } from '${name}';\nexport * from '${name}';`;
  },
};

const isPath = (id) => id.startsWith('.') || id.startsWith('/') || /^\w:\\/.test(id);
const packageOf = (id) => /^(?:@[^/]+\/)?[^/]+/.exec(id)[0];
const isOurs = (importer) => importer === undefined || !/node_modules|^\0/.test(importer);

/** Files of packages that give way to a line, because what they find out or do is settled here. */
const SETTLED = [
  // What Node can do: each version that we allow can do it all. Asking semver takes longer than checking a token.
  [/jsonwebtoken[\\/]lib[\\/]\w+Supported\.js$/, 'module.exports = true;'],
  // Which dialect by which name: `db/connect.ts` gives the class itself, so that only one is loaded.
  [/knex[\\/]lib[\\/]dialects[\\/]index\.js$/, 'exports.getDialectByNameOrAlias = undefined;'],
  // Two thousand types of files: our mails have text and HTML, and nothing is attached.
  [
    /nodemailer[\\/]dist[\\/]esm[\\/]mime-funcs[\\/]mime-types\.js$/,
    `export const detectMimeType = () => 'application/octet-stream';\nexport const detectExtension = () => 'bin';`,
  ],
  // What Knex prints where DEBUG is set, which `forgetDebug` takes away.
  [
    /[\\/]debug[\\/]src[\\/]index\.js$/,
    'module.exports = () => Object.assign(() => {}, { enabled: false });',
  ],
];
const settled = {
  name: 'settled',
  load: (id) => SETTLED.find(([file]) => file.test(id))?.[1],
};

/** What Nodemailer would fetch for a mail, by HTTP. Ours are complete; its logins with OAuth fetch as before. */
const UNFETCHED = '\0unfetched';
const unfetched = {
  name: 'unfetched',
  resolveId: (id, importer = '') =>
    id === '../fetch/index.js' && /nodemailer.*[\\/](?:shared|mime-node)[\\/]index\.js$/.test(importer)
      ? UNFETCHED
      : null,
  load: (id) =>
    id === UNFETCHED ? `export default () => { throw new Error('Mails fetch nothing.'); };` : null,
};

/** What only few commands use is required where it is used, and not at the top of a file that each command loads. */
const LATE = [
  [/commander[\\/]lib[\\/]command\.js$/, 'childProcess', `require('node:child_process')`],
  [
    /knex-builder[\\/]make-knex\.js$/,
    'Migrator',
    `require('../migrations/migrate/Migrator')`,
    `(require('../migrations/migrate/Migrator').Migrator)`,
  ],
  [/knex-builder[\\/]make-knex\.js$/, 'Seeder', `require('../migrations/seed/Seeder')`],
  [/dialects[\\/]sqlite3[\\/]index\.js$/, 'SQLite3_DDL', `require('./schema/ddl')`],
  // Only `migrate` and its like make tables.
  ...['Schema', 'Table', 'Column', 'View'].flatMap((name) => {
    const file = name === 'Schema' ? '' : name.toLowerCase();
    return [
      [/knex[\\/]lib[\\/]client\.js$/, `${name}Builder`, `require('./schema/${file}builder`],
      [/knex[\\/]lib[\\/]client\.js$/, `${name}Compiler`, `require('./schema/${file}compiler`],
      [/knex-builder[\\/]Knex\.js$/, `${name}Builder`, `require('../schema/${file}builder`],
      [/dialects[\\/]sqlite3[\\/]index\.js$/, `${name}Compiler`, `require('./schema/sqlite-${file}compiler`],
    ].map(([id, builder, call]) => [id, builder, call, `(${call}'))`]);
  }),
];
const late = {
  name: 'late',
  load(id) {
    const parts = LATE.filter(([file]) => file.test(id));
    if (parts.length === 0) return null;
    return parts.reduce((code, part) => requireLate(id, code, part), readFileSync(id, 'utf8'));
  },
};

function requireLate(id, code, [, name, call, value = `(${call})`]) {
  const [line, ...others] = code
    .split('\n')
    .filter((each) => each.startsWith('const ') && each.includes(call));
  if (line === undefined || others.length > 0) throw new Error(`${id} no longer has one line with ${call}`);
  return code.replace(line, '').replaceAll(new RegExp(`(?<![.\\w])${name}\\b`, 'g'), value);
}

/** The licences of what is inside, which have to go with it. */
const licences = {
  name: 'licences',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
    const folders = new Set(
      modules.flatMap((id) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []),
    );
    const source = [...folders].sort().map(licenceOf).join('\n');
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source });
  },
};

function licenceOf(folder) {
  const { name, version, license } = readPackage(folder);
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license']
    .map((each) => `${folder}/${each}`)
    .find(existsSync);
  const text = file ? readFileSync(file, 'utf8').trim() : '';
  return `${name} ${version}, ${license}\n\n${text}\n`;
}

function readPackage(folder) {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
}

/**
 * Each file takes Node a quarter of a millisecond to find, read and link. What a command loads in any case is one file,
 * with everything that it imports.
 */
const GROUPS = [
  // `--version` loads these and nothing else.
  { name: 'start', test: ours('cli/terminal/exit', 'values/package-folder'), priority: 9 },
  // With `smtp` the thread that sends, which needs nothing else.
  {
    name: 'values',
    test: ours(
      'errors',
      'config/access-token',
      'config/certificate-file',
      'config/secret-file',
      'values/loopback',
      'values/printable',
      'values/secret',
      'values/decode-text',
      'values/trusted-path',
      'values/program-name',
      'config/secret-mount',
      'config/environment',
    ),
    priority: 4,
  },
  { name: 'smtp', test: ours('mail/smtp-pool', 'mail/group-posts'), priority: 3 },
  { name: 'run', test: ours('cli/program/run'), priority: 3 },
  {
    name: 'ground',
    test: ours(
      'cli/command/open-app',
      'users/mapping/resolve-mapping',
      'users/mapping/check-mapping',
      'users/preset/load-preset',
      'users/sql-store/open-sql-store',
      'tokens/keyring',
      'flows/links/verify-reset-token',
    ),
    priority: 2,
  },
  {
    name: 'sending',
    test: ours(
      'flows/checks/check-delivery',
      'flows/links/send-reset',
      'mail/transport',
      'render/render-template',
      'throttle/throttle',
    ),
    priority: 1,
  },
];

function ours(...paths) {
  const files = paths.map((path) => path.replaceAll('/', '[\\\\/]')).join('|');
  return new RegExp(`[\\\\/]src[\\\\/](?:${files})\\.ts$`);
}

export default {
  input: ['src/cli/program/main.ts', 'src/mail/smtp-thread-main.ts'],
  platform: 'node',
  checks: { ineffectiveDynamicImport: false }, // a group may bring together what is also loaded by itself
  plugins: [required, settled, unfetched, late, licences],
  external(id, importer = '') {
    if (isPath(id) || id.startsWith('\0')) return false;
    if (importer.startsWith(REQUIRED)) return true;
    if (isOurs(importer)) return !INSIDE.includes(packageOf(id)) && !COMMON.includes(id);
    return DRIVERS.includes(packageOf(id));
  },
  output: {
    dir: 'dist/program',
    cleanDir: true,
    format: 'cjs', // Node loads it faster than modules, and starts without their loader.
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    sourcemap: true,
    sourcemapExcludeSources: true,
    comments: { jsdoc: false },
    codeSplitting: { groups: GROUPS },
  },
};
