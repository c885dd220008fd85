import { describe } from 'vitest'
import { hasChromium } from './support/chromium.ts'
import { useExplorer } from './support/explorer.ts'
import { testAccess } from './views/access.ts'
import { testAtlas } from './views/atlas.ts'
import { testCompare } from './views/compare.ts'
import { testFrontend } from './views/frontend.ts'
import { testGeometry } from './views/geometry.ts'
import { testKey } from './views/key.ts'
import { testNavigation } from './views/navigation.ts'
import { testNetwork } from './views/network.ts'
import { testPartition } from './views/partition.ts'
import { testQuery } from './views/query.ts'
import { testRegion } from './views/region.ts'

// One browser and one atlas for all of them: the sample takes longer to load than most tests to run.
describe.skipIf(!hasChromium)('the explorer', () => {
  const explorer = useExplorer()
  describe('the atlas', () => testAtlas(explorer))
  describe('a network', () => testNetwork(explorer))
  describe('a partition', () => testPartition(explorer))
  describe('a region', () => testRegion(explorer))
  describe('segments and slices', () => testGeometry(explorer))
  describe('comparisons', () => testCompare(explorer))
  describe('queries', () => testQuery(explorer))
  describe('finding the way', () => testNavigation(explorer))
  describe('for those with a key', () => testKey(explorer))
  describe('for everyone', () => testAccess(explorer))
  describe('a frontend of fifty lines', () => testFrontend(explorer))
})
