import { z } from 'zod'
import { above, below } from '../check.ts'
import type { Claim } from '../claim.ts'
import { difference } from '../estimate.ts'
import { intervalText } from '../text.ts'

const estimateSchema = z.object({ mean: z.number(), low: z.number(), high: z.number() })
const group = z.object({
  kind: z.string(),
  boundaryDensity: estimateSchema,
  endpointDensity: estimateSchema,
})
const answer = z.object({
  series: z.object({
    members: z
      .array(
        z.object({
          step: z.int(),
          network: z.object({
            segmentSets: z.object({
              nodes: z.tuple([z.object({ groups: z.object({ nodes: z.tuple([group, group]) }) })]),
            }),
          }),
        }),
      )
      .min(2),
  }),
})

/** How boundaries are counted: all on the line, or the bits in which its ends differ. */
type Way = 'boundaryDensity' | 'endpointDensity'

const NAMES: Record<Way, string> = {
  boundaryDensity: 'all boundaries on the line',
  endpointDensity: 'bits in which the ends differ',
}

export const semanticBoundaries: Claim = {
  title: 'Boundaries lie between meanings',
  section: '3.2',
  says: `Straight lines between inputs of two classes meet more boundaries a unit of length than lines between inputs of one
class, once the network is trained; a network with random weights shows no such difference.`,
  questions: [{ query: 'density-over-training' }],
  read([data]) {
    const checkpoints = answer.parse(data).series.members.map(({ step, network }) => {
      const [within, between] = network.segmentSets.nodes[0].groups.nodes
      return { step, within, between }
    })
    const [first, last] = [checkpoints[0], checkpoints[checkpoints.length - 1]]
    const line = (kind: 'within' | 'between') =>
      checkpoints.map((checkpoint) => {
        const { mean, low, high } = checkpoint[kind].boundaryDensity
        return { x: checkpoint.step, y: mean, low, high }
      })
    const gap = ({ between, within }: typeof first, way: Way) => difference(between[way], within[way])
    const excess = ({ between, within }: typeof first, way: Way) => between[way].mean / within[way].mean - 1
    return {
      blocks: [
        {
          columns: ['step', 'counted', 'within a digit', 'between digits', 'more between'],
          rows: [first, last].flatMap((checkpoint) =>
            (['boundaryDensity', 'endpointDensity'] as const).map((way) => [
              String(checkpoint.step),
              NAMES[way],
              intervalText(checkpoint.within[way]),
              intervalText(checkpoint.between[way]),
              `${(excess(checkpoint, way) * 100).toFixed(1)} %`,
            ]),
          ),
        },
        {
          file: 'semantic-boundaries',
          plot: {
            kind: 'line',
            title: 'Boundary density over the training',
            description:
              'Boundaries a unit of length on lines between images of one digit and of two digits, by training step, with intervals.',
            xLabel: 'training step',
            yLabel: 'boundaries a unit of length',
            xTicks: checkpoints.map(({ step }) => ({ x: step, label: String(step) })),
            series: [
              { name: 'between digits', points: line('between') },
              { name: 'within a digit', points: line('within') },
            ],
          },
        },
        `Counted as in the query \`segmentSet\`: 2,000 pairs of images, half of one digit and half of two, the same pairs at
every step.`,
      ],
      checks: [
        above(
          'Trained: more between digits than within, all boundaries counted',
          gap(last, 'boundaryDensity'),
        ),
        above('Trained: the same by the ends of the lines alone', gap(last, 'endpointDensity')),
        below(
          'The difference is smaller before training',
          gap(first, 'boundaryDensity'),
          gap(last, 'boundaryDensity').low,
        ),
      ],
    }
  },
}
