import { z } from 'zod'
import { above } from '../check.ts'
import type { Claim } from '../claim.ts'
import { difference } from '../estimate.ts'
import { intervalText, number } from '../text.ts'

const estimateSchema = z.object({ mean: z.number(), low: z.number(), high: z.number() })
const set = z
  .object({
    groups: z.object({
      nodes: z.tuple([
        z.object({
          count: z.int(),
          profile: z.array(
            z.object({ from: z.number(), boundaryDensity: estimateSchema, changeShare: z.number() }),
          ),
          atChange: z.object({
            count: z.int(),
            boundaryDensity: estimateSchema,
            elsewhere: estimateSchema,
            baseline: estimateSchema,
          }),
        }),
      ]),
    }),
  })
  .transform(({ groups }) => groups.nodes[0])
const answer = z.object({ trained: set, untrained: set })

export const boundariesAtChange: Claim = {
  title: 'On the way between two classes, boundaries lie where the prediction changes',
  section: null,
  says: `If boundaries tell meanings apart, a line from an input of one class to one of another should meet most of them
where the network changes its mind.`,
  questions: [{ query: 'density-around-change' }],
  read([data]) {
    const { trained, untrained } = answer.parse(data)
    const line = ({ profile }: typeof trained) =>
      profile.map(({ from, boundaryDensity: { mean, low, high } }) => ({ x: from, y: mean, low, high }))
    const row = (name: string, { count, atChange }: typeof trained) => [
      name,
      `${number(atChange.count)} of ${number(count)}`,
      intervalText(atChange.boundaryDensity),
      intervalText(atChange.elsewhere),
      intervalText(atChange.baseline),
    ]
    return {
      blocks: [
        {
          columns: ['', 'lines with a change', 'where it changes', 'elsewhere', 'where another line changes'],
          rows: [row('trained', trained), row('before training', untrained)],
        },
        {
          file: 'boundaries-at-change',
          plot: {
            kind: 'line',
            title: 'Boundaries on the way between two digits',
            description:
              'Boundaries a unit of length in each twentieth of 1,000 lines between images of two digits, with intervals, after training and before.',
            xLabel: 'place on the line',
            yLabel: 'boundaries a unit of length',
            xTicks: [0, 0.25, 0.5, 0.75, 1].map((x) => ({ x, label: String(x) })),
            series: [
              { name: 'trained', points: line(trained) },
              { name: 'before training', points: line(untrained) },
            ],
          },
        },
        `Densities are of twentieths of the lines. Those at the places where other lines change stand for what any place
has where changes are likely.`,
      ],
      checks: [
        above(
          'Trained: denser where the prediction changes than elsewhere',
          difference(trained.atChange.boundaryDensity, trained.atChange.elsewhere),
        ),
        above(
          'Trained: denser than where other lines change',
          difference(trained.atChange.boundaryDensity, trained.atChange.baseline),
        ),
      ],
    }
  },
}
