// Four storeys (src/README.md): doors → flows → modules → ground. You may only look down, never at a neighbour.
const modules = 'users|passwords|tokens|mail|outbox|batches|throttle|audit|native|intents';
const ground = 'values|config|db|render|errors|log|types';
const owners = {
  'commander|inquirer|chalk|cli-progress|uqr': 'cli',
  'fastify|@fastify': 'http',
  jsonwebtoken: 'tokens',
  'nodemailer|smtp-server|mailparser': 'mail',
  ejs: 'render',
  'knex|pg|mysql2|sqlite3': 'db',
  'bcrypt|@node-rs|@zxcvbn-ts': 'passwords',
  'csv-parse': 'batches',
  'csv-stringify': 'values',
};
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

export default {
  forbidden: [
    rule('no-cycles', { pathNot: '^src/cli/' }, { circular: true }),
    // A command's code takes the type of its options from the declaration that loads it when it runs.
    rule(
      'no-cycles-but-of-types',
      { path: '^src/cli/' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'commands-do-not-meet',
      { path: '^src/cli/([^/]+)/', pathNot: '^src/cli/(terminal|person|command|program)/' },
      { path: '^src/cli/[^/]+/', pathNot: ['^src/cli/$1/', '^src/cli/(terminal|person|command)/'] },
    ),
    rule('doors-call-flows', { path: '^src/(cli|http)/' }, { path: `^src/(${modules}|db)/` }),
    // Flows know no more of the users than the store says; what is about SQL itself is named here.
    rule(
      'flows-ask-the-store',
      { path: '^src/(flows|http)/', pathNot: '^src/flows/(checks|native|setup)/' },
      { path: '^src/users/', pathNot: '^src/users/(store|preset|presets)/' },
    ),
    rule(
      'doors-do-not-meet',
      { path: '^src/(cli|http)/' },
      { path: '^src/(cli|http)/', pathNot: ['^src/$1/', '^src/http/listen\\.ts$'] },
    ),
    rule('nobody-calls-a-door', { path: '^src/', pathNot: '^src/(cli|http)/' }, { path: '^src/(cli|http)/' }),
    rule('modules-are-called', { path: `^src/(${modules}|${ground})` }, { path: '^src/(flows/|app\\.ts)' }),
    rule(
      'modules-do-not-meet',
      { path: `^src/(${modules})/` },
      { path: `^src/(${modules})/`, pathNot: '^src/$1/' },
    ),
    rule('ground-floor', { path: `^src/(${ground})` }, { path: '^src/', pathNot: `^src/(${ground})` }),
    rule(
      'entries-stand-alone',
      { path: '/(formats|presets|rules|issuers)/(?!index)' },
      { path: '/(formats|presets|rules|issuers)/' },
    ),
    ...Object.entries(owners).map(([library, folder]) =>
      rule(
        `${folder}-owns-its-library`,
        { path: '^src/', pathNot: `^src/${folder}/` },
        { path: `^node_modules/(${library})(/|$)`, dependencyTypesNot: ['type-only'] },
      ),
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
