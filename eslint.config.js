import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Where the outside world may be touched directly: time, timers, the environment, the console. Everywhere else these
 * come in as arguments, so that a test (or the simulation) can hand in its own.
 */
const edges = [
  'src/domain/clock.ts',
  'src/config/**',
  'src/main.ts',
  'src/cli.ts',
  'src/demo.ts',
  'src/logging/**',
  'src/chat/terminal/**',
  'bench/**',
];

const production = ['src/**/*.ts', 'commands/**/*.ts', 'schedules/**/*.ts', 'runbooks/**/*.ts'];

const clockOnly = 'Time comes from the Clock in src/domain/clock.ts, handed in as an argument.';
const handedIn = 'Configuration is parsed once in src/config and handed in as an argument.';
const loggerOnly = 'Write through the logger, or return what a person shall read.';

const luxonNow = [
  {
    selector: "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(now|local)$/]",
    message: clockOnly,
  },
  {
    selector: "CallExpression[callee.object.name='DateTime'][callee.property.name='utc'][arguments.length=0]",
    message: clockOnly,
  },
];

const readsOfNow = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockOnly },
  { selector: "CallExpression[callee.name='Date']", message: clockOnly },
];

export default defineConfig(
  { ignores: ['dist/', 'data/', 'coverage/', 'node_modules/'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // A simulated adapter answers at once behind an asynchronous port.
      '@typescript-eslint/require-await': 'off',
      // A type parameter that appears once often says what a caller gets back (rows of a query).
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: production,
    rules: { 'no-restricted-syntax': ['error', ...luxonNow] },
  },
  {
    files: production,
    ignores: edges,
    rules: {
      'no-restricted-syntax': ['error', ...luxonNow, ...readsOfNow],
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: clockOnly },
        { name: 'setInterval', message: clockOnly },
        { name: 'console', message: loggerOnly },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: clockOnly },
        { object: 'process', property: 'env', message: handedIn },
        { object: 'globalThis', property: 'setTimeout', message: clockOnly },
        { object: 'globalThis', property: 'setInterval', message: clockOnly },
        { object: 'globalThis', property: 'console', message: loggerOnly },
      ],
      // The same things under their other doors.
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...['timers', 'timers/promises']
              .flatMap((name) => [name, `node:${name}`])
              .map((name) => ({
                name,
                message: clockOnly,
              })),
            ...['console', 'node:console'].map((name) => ({ name, message: loggerOnly })),
            ...['process', 'node:process'].map((name) => ({ name, importNames: ['env'], message: handedIn })),
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error', 'no-unused-vars': 'error' },
  },
);
