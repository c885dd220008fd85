import { useArgs } from '../../lib/useArgs.ts'
import { usePageTitle } from '../../lib/usePageTitle.ts'
import { EXAMPLES } from './examples.ts'

/** GraphiQL, with the worked queries beside it and the schema's docs in it. */
export default function QueryView() {
  usePageTitle('Query')
  const [get, set] = useArgs()
  const chosen = EXAMPLES.find(({ name }) => name === get('example')) ?? EXAMPLES[0]
  return (
    <>
      <h1>Query: ask the atlas anything</h1>
      <div className="query">
        <nav className="panel" aria-label="Worked queries">
          <h2>Worked queries</h2>
          <ul className="examples" tabIndex={0} aria-label="Worked queries">
            {EXAMPLES.map(({ name, question, description }) => (
              <li key={name}>
                <button
                  type="button"
                  className="plain"
                  aria-pressed={name === chosen.name}
                  onClick={() => set({ example: name })}
                >
                  <span>{question}</span>
                  {name === chosen.name && description !== '' && <span className="hint">{description}</span>}
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <iframe
          key={chosen.name}
          title="GraphiQL: query editor and documentation of the schema"
          src={`/graphql?query=${encodeURIComponent(chosen.query)}`}
        />
      </div>
    </>
  )
}
