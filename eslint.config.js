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
      'no-restricted-syntax': ['error', ...syntax],
    },
  },
  { files: ['src/config/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...syntax.slice(0, 3)] } },
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
