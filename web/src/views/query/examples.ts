/** The worked queries of examples/queries, by name. */
const FILES = import.meta.glob<string>('../../../../examples/queries/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const FIRST = 'last-layer-regions'

interface Example {
  /** The file's name, such as `neighbors`. */
  name: string
  /** What it asks, the first comment line of the file. */
  question: string
  /** The comment lines after it. */
  description: string
  query: string
}

/** All of them by question, after the first of all: the biggest regions of a layer. */
export const EXAMPLES: readonly Example[] = Object.entries(FILES)
  .map(([path, query]) => exampleOf(path, query))
  .sort((a, b) => Number(b.name === FIRST) - Number(a.name === FIRST) || a.question.localeCompare(b.question))

function exampleOf(path: string, query: string): Example {
  const name = path.split('/').at(-1)?.replace('.graphql', '') ?? path
  const lines = query.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  const [question, ...rest] = lines.slice(0, end).map((line) => line.replace(/^#\s*/, ''))
  return { name, question, description: rest.join(' '), query: lines.slice(end).join('\n') }
}
