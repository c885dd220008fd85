import { AtlasError } from '../../../compute/errors.ts'
import { existing } from '../../store/existing.ts'
import { firstOf } from '../connection.ts'
import type {
  CodeChangeResolvers,
  InputFlipsResolvers,
  SeriesTrainingResolvers,
  TrainingStepResolvers,
} from '../generated/types.ts'
import type { CodeChangeModel } from '../models.ts'

/** A training and its steps. */
export const seriesTrainingResolvers: SeriesTrainingResolvers = {
  steps: (training) => training.steps.map((step) => ({ training, step })),
  step(training, { index }) {
    const step = index < 0 ? undefined : training.steps.at(index)
    return step ? { training, step } : null
  },
}

/** A step: its members, and the two changes. */
export const trainingStepResolvers: TrainingStepResolvers = {
  from: ({ step }) => step.from,
  to: ({ step }) => step.to,
  regionCount: ({ step }) => step.regionCount,
  change: ({ training, step }) => ({ training, change: step.change }),
  sinceFirst: ({ training, step }) => ({ training, change: step.sinceFirst }),
}

/** What changed, and the shares that follow. */
export const codeChangeResolvers: CodeChangeResolvers = {
  flips: ({ change }) => change.flips,
  rate: ({ training, change }) => change.flips / (training.bitCount * training.dataset.inputCount),
  perLayer: ({ training, change }) =>
    change.perLayer.map(({ layer, flips }) => {
      const bits = existing(training.bitCounts.get(layer)) * training.dataset.inputCount
      return { layer, flips, rate: flips / bits }
    }),
  units: ({ change }, args) => change.units.slice(0, firstOf(args)),
  inputs: ({ training, change }, args) =>
    change.sites
      .slice(0, firstOf(args))
      .map(({ site, flips }) => ({ datasetId: training.dataset.id, index: site, flips })),
  regionSurvival: (model, { minMembers }) => survivalOf(model, minMembers ?? 1),
  sharedCodeCount: ({ change }) => change.sharedCodeCount,
  // A region is a code: the earlier network has as many of the one as of the other.
  codeSurvival: (model) => model.change.sharedCodeCount / survivalOf(model, 1).regionCount,
  agreement: ({ change }) => change.agreement,
}

function survivalOf({ change }: CodeChangeModel, minMembers: number) {
  if (minMembers < 1)
    throw new AtlasError('BAD_ARGUMENT', `minMembers is ${minMembers}: a region has 1 input or more.`)
  const counted = change.survival.filter(({ size }) => size >= minMembers)
  const regionCount = counted.reduce((sum, { regions }) => sum + regions, 0)
  const survivingCount = counted.reduce((sum, { surviving }) => sum + surviving, 0)
  return { regionCount, survivingCount, rate: regionCount === 0 ? null : survivingCount / regionCount }
}

/** The input that a flip count is of. */
export const inputFlipsResolvers: InputFlipsResolvers = {
  input: async ({ datasetId, index }, _args, { loaders }) =>
    existing(await loaders.input.load([datasetId, index])),
}
