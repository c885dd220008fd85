import { graphql } from '../lib/atlas.ts'
import { PictureFields } from './picture.tsx'

/** What tells regions apart where they are one of many: how many members, of which classes, and one of them. */
export const RegionCardFields = graphql(
  `
    fragment RegionCard on Region {
      path
      memberCount
      labelCounts {
        label
        className
        count
      }
      exemplar {
        ...Picture
      }
    }
  `,
  [PictureFields],
)
