import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** One row a rule of the architecture: files under `target` may not import from `from`, but for `except`. */
const forbid = (target, from, message, except = []) => ({ target, from, message, except })

/** The errors that users see, and what tells of work under way, are every room's. */
const EVERYWHERE = ['./errors.ts', './tracing.ts']

const zones = [
  forbid('./compute', './src', 'compute/ knows networks and arrays; no GraphQL, no database'),
  forbid('./compute', './prisma', 'compute/ knows no database'),
  forbid('./prisma', './src', 'the migrator stands alone'),
  ...['graphql', 'http', 'cli', 'jobs'].map((room) =>
    forbid('./src/store', `./src/${room}`, 'store/ is below jobs, graphql, http and cli'),
  ),
  forbid('./src/store', './compute', 'jobs bring store and compute together', EVERYWHERE),
  ...['graphql', 'http', 'cli'].map((room) =>
    forbid('./src/jobs', `./src/${room}`, 'jobs/ is below graphql, http and cli'),
  ),
  ...['store', 'graphql', 'http', 'cli', 'jobs'].map((room) =>
    forbid('./src/ingest', `./src/${room}`, 'ingest/ reads files and knows nothing else'),
  ),
  forbid('./src/graphql', './compute', 'resolvers are thin: they call store and jobs', EVERYWHERE),
  forbid('./src/graphql', './src/http', 'graphql/ is served by http/, not the other way round'),
  ...['graphql', 'http', 'cli', 'jobs', 'store'].map((room) =>
    forbid('./src/telemetry', `./src/${room}`, 'telemetry/ listens, and is told what to ask'),
  ),
  ...['graphql', 'store', 'ingest'].map((room) =>
    forbid(`./src/${room}`, './src/telemetry', 'telemetry/ hears of statements and tasks by their channels'),
  ),
  ...['cli', 'jobs', 'store'].map((room) =>
    forbid(`./src/${room}`, './src/graphql', 'only http/ serves graphql/; nothing else imports it'),
  ),
  ...['src', 'compute', 'prisma'].flatMap((room) => [
    forbid('./web', `./${room}`, 'the explorer knows the public API alone, by the client of schema/'),
    forbid('./schema/client', `./${room}`, 'the client knows the public API alone'),
    forbid(`./${room}`, './web', 'the server serves what web/ was built to; it imports none of it'),
  ]),
]

export default tseslint.config(
  { ignores: ['dist/', '**/generated/', 'node_modules/', '.atlas/'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['warn', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['test/**', 'bench/**'], rules: { 'max-lines-per-function': 'off' } },
)
