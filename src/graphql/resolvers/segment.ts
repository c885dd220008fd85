import { segmentOutputs, segmentProfile } from '../../jobs/direct/segment.ts'
import type { SegmentResolvers } from '../generated/types.ts'

/** A line that was walked. */
export const segmentResolvers: SegmentResolvers = {
  outputs: (segment, { indices }) => segmentOutputs(segment, indices ?? null),
  profile: (segment, { bins }) => segmentProfile(segment, bins ?? 20),
}
