import vitest from '@vitest/eslint-plugin';
import tseslint from 'typescript-eslint';

const forbidden = [
  {
    object: 'process',
    property: 'exit',
    message: 'Throw a ResetError; cli/program/run.ts turns it into an exit code.',
  },
  { object: 'Math', property: 'random', message: 'Use node:crypto.' },
  { object: 'Date', property: 'now', message: 'Take app.clock, so that tests can fix the time.' },
];

const syntax = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only: one name per thing.' },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take app.clock, so that tests can fix the time.',
  },
  {
    selector: "NewExpression[callee.name='Error']",
    message: 'Use ResetError: a code, a way out, the cause.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'The environment is read in src/config only.',
  },
];

/** `reset send` in a sentence, but not "a reset link": people also call the program `resetctl` or `npx reset`. */
const command =
  '(?<![\\w./=-]|\\b(?:an?|the|of|no|its|own) )reset (?:--|(?:access|apply|audit|batch|bounces|cleanup|code|completion|demo|doctor|hashes|help|init|keygen|link|migrate|presets|preview|require|resend|revoke|send|serve|smoke|status|user|verify|version|worker)\\b)';
const ownName = [`Literal[value=/${command}/]`, `TemplateElement[value.raw=/${command}/]`].map(
  (selector) => ({
    selector,
    message: 'Write `${programName} send`: the program is named as it was called (values/program-name.ts).',
  }),
);

/** Lines of code, without empty ones and comments. */
const limit = (max) => ['error', { max, skipBlankLines: true, skipComments: true }];

/** One closure that holds what its inner functions share, or one list of steps: long, but not deep. */
const factories = [
  'src/app.ts',
  'src/create-reset.ts',
  'src/cli/program/run-program.ts',
  'src/cli/setup/init-settings.ts',
  'src/cli/terminal/output.ts',
  'src/config/config.ts',
  'src/db/node-sqlite.ts',
  'src/flows/delivery/open-pipeline.ts',
  'src/flows/preview/preview-page.ts',
  'src/flows/smoke/{native-steps,own-steps}.ts',
  'src/flows/visitors/{fair-line,request-queue}.ts',
  'src/http/{pages,server}.ts',
  'src/mail/{capture,probe-recipient,smtp-thread}.ts',
  'src/native/issuers/better-auth.ts',
  'src/throttle/throttle.ts',
];

/** Functions with more than ten branches: a `??` per field, or a case per thing. The list may only get shorter. */
const branching = [
  'src/cli/batch/{approve-plan,deliver-and-report,print-plan,send-options}.ts',
  'src/config/config.ts',
  'src/flows/batch/plan-batch.ts',
  'src/flows/demo/serve-mailbox.ts',
  'src/flows/links/send-reset.ts',
  'src/flows/native/form-fields.ts',
  'src/flows/preview/preview-page.ts',
  'src/mail/classify.ts',
  'src/passwords/kdf/gitea.ts',
  'src/users/recognition/detect.ts',
  'src/users/mapping/resolve-mapping.ts',
];

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**', 'test-output/**', 'test/fixtures/**'] },
  {
    files: ['src/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: 'tsconfig.json' } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      complexity: ['error', 10],
      'max-lines': limit(200),
      'max-lines-per-function': limit(40),
      'no-restricted-properties': ['error', ...forbidden],
      'no-restricted-syntax': ['error', ...syntax, ...ownName],
    },
  },
  { files: factories, rules: { 'max-lines-per-function': 'off' } },
  { files: branching, rules: { complexity: 'off' } },
  { files: ['src/config/schema.ts', 'src/passwords/formats/scheme.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['src/config/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...syntax.slice(0, 3), ...ownName] },
  },
  // Examples are written for `reset`; the help gives them the right name.
  {
    files: ['src/cli/**/declare.ts', 'src/cli/smoke/junit.ts'],
    rules: { 'no-restricted-syntax': ['error', ...syntax] },
  },
  {
    files: ['test/**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { vitest },
    rules: {
      ...vitest.configs.recommended.rules,
      'vitest/no-focused-tests': 'error',
      'vitest/no-disabled-tests': 'error',
      'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assert*'] }],
    },
  },
);
