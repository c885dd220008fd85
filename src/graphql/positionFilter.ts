/** Filters of positions, as clients write them and as they are stored. */
import { AtlasError } from '../../compute/errors.ts'
import type { Granularity } from '../store/models.ts'
import { ALL_POSITIONS, type PositionRange } from '../store/path.ts'
import type { PositionFilter, PositionRange as RangeAnswer } from './generated/types.ts'

/** The positions that a filter leaves; all without one. Throws BAD_ARGUMENT. */
export function positionRange(
  granularity: Granularity,
  filter: PositionFilter | null | undefined,
): PositionRange {
  if (!filter) return ALL_POSITIONS
  if (granularity === 'WHOLE_INPUT')
    throw new AtlasError(
      'BAD_ARGUMENT',
      'Under WHOLE_INPUT no position is a site of its own: leave out positions, or ask for PER_POSITION.',
    )
  const { at } = filter
  const [skip, every] = [filter.skip ?? 0, filter.every ?? 1]
  if (skip < 0 || every < 1 || (at != null && at < 0))
    throw new AtlasError(
      'BAD_ARGUMENT',
      'Positions count from 0: give at or skip as 0 or more, and every as 1 or more.',
    )
  if (at == null) return { positionStart: skip, positionStep: every }
  if (skip === 0 && every === 1) return { positionStart: at, positionStep: 0 }
  throw new AtlasError('BAD_ARGUMENT', 'at is one position alone: leave out skip and every, or at.')
}

/** What `Partition.positions` answers. */
export function rangeAnswer({ positionStart, positionStep }: PositionRange): RangeAnswer | null {
  if (positionStep === 0) return { at: positionStart, skip: null, every: null }
  const isAll = positionStart === ALL_POSITIONS.positionStart && positionStep === ALL_POSITIONS.positionStep
  return isAll ? null : { at: null, skip: positionStart, every: positionStep }
}
