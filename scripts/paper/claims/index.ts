import type { Claim } from '../claim.ts'
import { affineInside } from './affineInside.ts'
import { boundariesAtChange } from './boundariesAtChange.ts'
import { boundariesAvoidData } from './boundariesAvoidData.ts'
import { clustersBesideDirections } from './clustersBesideDirections.ts'
import { deepCodesAreUnique } from './deepCodesAreUnique.ts'
import { monosemanticClusters } from './monosemanticClusters.ts'
import { nearCodes } from './nearCodes.ts'
import { neighborsComputeAlike } from './neighborsComputeAlike.ts'
import { pureRegions } from './pureRegions.ts'
import { scalingLeavesPolytopes } from './scalingLeavesPolytopes.ts'
import { semanticBoundaries } from './semanticBoundaries.ts'
import { trainingMovesCodes } from './trainingMovesCodes.ts'

/** All claims, in the order of the page. */
export const claims: readonly Claim[] = [
  affineInside,
  deepCodesAreUnique,
  neighborsComputeAlike,
  monosemanticClusters,
  clustersBesideDirections,
  pureRegions,
  nearCodes,
  semanticBoundaries,
  scalingLeavesPolytopes,
  trainingMovesCodes,
  boundariesAvoidData,
  boundariesAtChange,
]
