import { graphql } from '../../lib/atlas.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { ClassName } from '../../parts/labels.tsx'
import { EntityLink } from '../../parts/entityLink.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Picture, PictureFields } from '../../parts/picture.tsx'
import { InputRegions } from './inputRegions.tsx'
import { Nearest } from './nearest.tsx'

const Input = graphql(
  `
    query InputPage($path: String!) {
      entity(path: $path) {
        ... on Input {
          ...Picture
          index
          dataset {
            name
            classNames
          }
        }
      }
    }
  `,
  [PictureFields],
)

/** One input: where each network puts it, and which inputs have codes like its own. */
export default function InputView({ path }: { path: string }) {
  const { entity: input } = useAnswer(Input, { path })
  if (!input || !('dataset' in input)) return null
  const { dataset, label } = input
  return (
    <>
      <div className="row">
        <Picture input={input} size={7} caption="" />
        <div className="stack tight">
          <h1>{input.path}</h1>
          <p>
            of <EntityLink path={dataset.name} />
          </p>
          {label !== null && (
            <p>
              <ClassName label={label} name={dataset.classNames.at(label)} />
            </p>
          )}
          {input.text !== null && <p>{input.text}</p>}
        </div>
      </div>
      <div className="columns">
        <Panel title="Its region in each partition">
          <InputRegions path={path} />
        </Panel>
        <Panel title="Inputs with codes like its own">
          <Nearest path={path} dataset={dataset.name} />
        </Panel>
      </div>
    </>
  )
}
