import { z } from 'zod'
import { above } from '../check.ts'
import type { Claim, Question } from '../claim.ts'
import { estimate, median, share } from '../estimate.ts'
import { intervalText, number, percent } from '../text.ts'

const way = z.object({
  unitLength: z.number(),
  boundaryDensity: z.number(),
  stays: z.object({ from: z.number().nullable(), to: z.number().nullable() }),
  predictions: z.array(z.object({ from: z.number(), to: z.number(), label: z.int() })).nonempty(),
})
type Way = z.infer<typeof way>
const answers = z.array(z.object({ scaled: way, random: way })).nonempty()

const IMAGES = 100
const questions = Array.from({ length: IMAGES }, (_, index): Question => {
  return { query: 'scale-activation', variables: { input: `mnist/${index}` } }
})

/** Where a scaled activation is itself, and how far it is scaled. */
const BASE = 1
const MOST = 3
const PLACES = [0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, MOST]

export const scalingLeavesPolytopes: Claim = {
  title: 'A direction keeps its meaning only within its polytopes',
  section: '3.3',
  says: `A direction in activation space is a feature only as far as its polytopes reach: scaling an activation leaves the
polytopes in which it meant something, and the network then takes the input for another class.`,
  questions,
  read(data) {
    const images = answers.parse(data)
    const scaled = images.map((image) => image.scaled)
    const up = share(scaled.map(({ stays }) => stays.to !== null))
    const down = share(scaled.map(({ stays }) => stays.from !== null))
    const changesUp = share(scaled.map((one) => labelAt(one, MOST) !== labelAt(one, BASE)))
    const changesDown = share(scaled.map((one) => labelAt(one, 0) !== labelAt(one, BASE)))
    const gained = estimate(
      images.map(({ scaled, random }) => random.boundaryDensity - scaled.boundaryDensity),
    )
    const kept = PLACES.map((place) => {
      const { mean, low, high } = share(scaled.map((one) => labelAt(one, place) === labelAt(one, BASE)))
      return { x: place, y: mean, low, high }
    })
    const stays = PLACES.map((place) => {
      const { mean, low, high } = share(scaled.map((one) => isInside(one, place)))
      return { x: place, y: mean, low, high }
    })
    return {
      blocks: [
        `What layer 1 reads of each of ${number(images.length)} images, times 0 to ${MOST}. In the middle image the code stays
from ${number(median(scaled.map(({ stays }) => stays.from ?? 0)))} to ${number(median(scaled.map(({ stays }) => stays.to ?? MOST)))} times
the activation (${MOST} is as far as was scaled).`,
        {
          columns: ['scaled', 'code changes', 'prediction changes'],
          rows: [
            [`up to ${MOST} times`, percent(up.mean), percent(changesUp.mean)],
            ['down to 0', percent(down.mean), percent(changesDown.mean)],
          ],
        },
        {
          file: 'scaling-leaves-polytopes',
          plot: {
            kind: 'line',
            title: 'What is left of an activation that is scaled',
            description:
              'Share of images whose code, and whose prediction, are still those of the activation as it is, by the factor, with intervals.',
            xLabel: 'factor',
            yLabel: 'share of images',
            xTicks: PLACES.map((place) => ({ x: place, label: String(place) })),
            series: [
              { name: 'same prediction', points: kept },
              { name: 'same code', points: stays },
            ],
          },
        },
        `For control, lines of ${number(34.92)} units of length in a random direction through the same activations: they meet
${intervalText(estimate(images.map(({ random }) => random.boundaryDensity)))} boundaries a unit of length, the scaling
${intervalText(estimate(scaled.map((one) => one.boundaryDensity)))}.`,
      ],
      checks: [
        above(`Scaling up to ${MOST} times changes the code of most images (share)`, up, 0.5),
        above('Scaling down to 0 changes the code of most images (share)', down, 0.5),
        above(`Scaling up to ${MOST} times changes the prediction of most images (share)`, changesUp, 0.5),
        above('Scaling down to 0 changes the prediction of most images (share)', changesDown, 0.5),
        above('A random direction meets more boundaries a unit of length: difference above 0', gained),
      ],
    }
  },
}

function labelAt({ predictions }: Way, place: number): number {
  const run = predictions.find(({ to }) => place <= to) ?? predictions[predictions.length - 1]
  return run.label
}

function isInside({ stays }: Way, place: number): boolean {
  return place >= (stays.from ?? 0) && place <= (stays.to ?? MOST)
}
