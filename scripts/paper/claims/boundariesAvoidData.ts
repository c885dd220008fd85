import { z } from 'zod'
import { above } from '../check.ts'
import type { Claim } from '../claim.ts'
import { difference } from '../estimate.ts'
import { intervalText, number } from '../text.ts'

const density = z.object({
  boundaryDensity: z.object({ mean: z.number(), low: z.number(), high: z.number() }),
})
const answer = z.object({
  series: z.object({
    members: z
      .array(
        z.object({
          step: z.int(),
          network: z.object({
            localComplexity: z.object({
              radius: z.number(),
              densities: z.tuple([density, density, density]),
            }),
          }),
        }),
      )
      .min(2),
  }),
})

export const boundariesAvoidData: Claim = {
  title: 'Training moves boundaries away from the data',
  section: null,
  says: `The paper counts boundaries on lines between inputs. Around single points, too, they should be rarer near the data
than between inputs or where none lie, if polytopes near data stand for what the network has learnt.`,
  questions: [{ query: 'local-complexity' }],
  read([data]) {
    const checkpoints = answer.parse(data).series.members.map(({ step, network }) => {
      const [near, between, elsewhere] = network.localComplexity.densities.map((row) => row.boundaryDensity)
      return { step, near, between, elsewhere }
    })
    const { radius } = answer.parse(data).series.members[0].network.localComplexity
    const [first, last] = [checkpoints[0], checkpoints[checkpoints.length - 1]]
    const line = (kind: 'near' | 'between' | 'elsewhere') =>
      checkpoints.map((checkpoint) => {
        const { mean, low, high } = checkpoint[kind]
        return { x: checkpoint.step, y: mean, low, high }
      })
    return {
      blocks: [
        {
          columns: ['step', 'near images', 'between two', 'values of images alone'],
          rows: checkpoints.map(({ step, near, between, elsewhere }) => [
            String(step),
            intervalText(near),
            intervalText(between),
            intervalText(elsewhere),
          ]),
        },
        {
          file: 'boundaries-avoid-data',
          plot: {
            kind: 'line',
            title: 'Boundaries around points, over the training',
            description:
              'Boundaries a unit of length on short lines through images, midpoints and points with the values of images alone, by training step, with intervals.',
            xLabel: 'training step',
            yLabel: 'boundaries a unit of length',
            xTicks: checkpoints.map(({ step }) => ({ x: step, label: String(step) })),
            series: [
              { name: 'values of images alone', points: line('elsewhere') },
              { name: 'between two images', points: line('between') },
              { name: 'near images', points: line('near') },
            ],
          },
        },
        `Lines of length ${number(2 * radius)} in random directions through 200 points of each kind; the crossings are exact.`,
      ],
      checks: [
        above('Trained: denser elsewhere than near images', difference(last.elsewhere, last.near)),
        above('Trained: denser between images than near them', difference(last.between, last.near)),
        above(
          'Training has thinned them out near images by more than elsewhere',
          difference(difference(first.near, last.near), difference(first.elsewhere, last.elsewhere)),
        ),
      ],
    }
  },
}
