import vitest from '@vitest/eslint-plugin';
import tseslint from 'typescript-eslint';

const forbidden = [
  {
    object: 'process',
    property: 'exit',
    message: 'Throw a ResetError; cli/main.ts turns it into an exit code.',
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
      'no-restricted-properties': ['error', ...forbidden],
      'no-restricted-syntax': ['error', ...syntax, ...ownName],
    },
  },
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
