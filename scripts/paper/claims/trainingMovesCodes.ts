import { z } from 'zod'
import { exactlyAbove, exactlyBelow } from '../check.ts'
import type { Claim } from '../claim.ts'
import { number, percent } from '../text.ts'

const step = z.object({
  to: z.object({ step: z.int() }),
  regionCount: z.int(),
  change: z.object({
    rate: z.number(),
    agreement: z.number(),
    regionSurvival: z.object({ regionCount: z.int(), survivingCount: z.int() }),
    codeSurvival: z.number(),
  }),
  sinceFirst: z.object({ rate: z.number() }),
})
const answer = z.object({
  series: z.object({ training: z.object({ bitCount: z.int(), steps: z.array(step).min(2) }) }),
})

/** Two codes at random differ in this share of their bits. */
const RANDOM_RATE = 0.5

export const trainingMovesCodes: Claim = {
  title: 'Training moves the polytopes to their places early',
  section: null,
  says: `The paper looks at trained networks and at random ones, not at the steps in between. If training moves boundaries
to where they serve, it should come to leave them there.`,
  questions: [{ query: 'training' }],
  read([data]) {
    const { bitCount, steps } = answer.parse(data).series.training
    const [first, last] = [steps[0], steps[steps.length - 1]]
    const rates = (rate: (one: z.infer<typeof step>) => number) =>
      steps.map((one) => ({ x: one.to.step, y: rate(one) }))
    const { regionCount, survivingCount } = last.change.regionSurvival
    return {
      blocks: [
        {
          columns: [
            'until step',
            'polytopes that hold images',
            'bits flipped since the step before',
            'since the first',
            'codes that stayed',
            'same prediction',
          ],
          rows: steps.map(({ to, regionCount, change, sinceFirst }) => [
            String(to.step),
            number(regionCount),
            percent(change.rate),
            percent(sinceFirst.rate),
            percent(change.codeSurvival),
            percent(change.agreement),
          ]),
        },
        {
          file: 'training-moves-codes',
          plot: {
            kind: 'line',
            title: 'Bits that training flips',
            description: `Share of the ${bitCount} bits of all images that differ from the checkpoint before and from the untrained network, by training step.`,
            xLabel: 'training step',
            yLabel: 'share of bits',
            xTicks: steps.map(({ to }) => ({ x: to.step, label: String(to.step) })),
            series: [
              { name: 'since the checkpoint before', points: rates(({ change }) => change.rate) },
              { name: 'since the first', points: rates(({ sinceFirst }) => sinceFirst.rate) },
            ],
          },
        },
        `All numbers are counted over all images, so that they have no intervals.`,
      ],
      checks: [
        exactlyAbove(
          'Most of the way from the untrained codes is gone by the second checkpoint (share of it)',
          steps[1].sinceFirst.rate / last.sinceFirst.rate,
          0.5,
        ),
        exactlyBelow(
          'The last steps flip fewer bits than the first ones (share)',
          last.change.rate,
          first.change.rate,
        ),
        exactlyBelow(
          'The untrained code of an image still tells something of its trained one (share of flipped bits)',
          last.sinceFirst.rate,
          RANDOM_RATE,
        ),
        exactlyAbove(
          'At the end most polytopes of two images or more outlast a step (share)',
          regionCount === 0 ? 0 : survivingCount / regionCount,
          0.5,
        ),
      ],
    }
  },
}
