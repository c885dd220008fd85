import { connect, graphql, type ResultOf } from 'polytope-atlas/client'

const atlas = connect({ url: '/graphql' })
const Biggest = graphql(`
  query Biggest($path: String!) {
    partition(path: $path) {
      siteCount
      regionCount
      regions(first: 12, orderBy: MEMBER_COUNT_DESC) {
        nodes {
          path
          memberCount
          labelCounts {
            className
            count
          }
          exemplar {
            image
          }
        }
      }
    }
  }
`)

// The compiler knows what the query answers: `region.labelCounts[0].className` is a string.
type Region = NonNullable<ResultOf<typeof Biggest>['partition']>['regions']['nodes'][number]

function drawn({ path, memberCount, labelCounts, exemplar }: Region): HTMLElement {
  const item = document.createElement('li')
  const image = Object.assign(new Image(56, 56), { src: exemplar.image ?? '', alt: '' })
  const labels = labelCounts.map(({ className, count }) => `${className}: ${count}`)
  item.append(image, ` ${memberCount} inputs (${labels.join(', ')}) ${path}`)
  return item
}

async function show(path: string): Promise<void> {
  const said = document.querySelector('#said')
  const list = document.querySelector('#regions')
  const answer = await atlas.query(Biggest, { path }).catch((error: Error) => error)
  const partition = answer instanceof Error ? null : answer.partition
  list?.replaceChildren(...(partition?.regions.nodes ?? []).map(drawn))
  if (answer instanceof Error) said?.replaceChildren(answer.message)
  else if (!partition) said?.replaceChildren(`There is no partition ${path}.`)
  else said?.replaceChildren(`${partition.siteCount} inputs in ${partition.regionCount} polytopes`)
}

const field = document.querySelector<HTMLInputElement>('#path')
field?.addEventListener('change', () => void show(field.value))
if (field) void show(field.value)
