import { graphql } from 'polytope-atlas/client'
import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

const Biggest = graphql(`
  query ($partition: String!) {
    partition(path: $partition) {
      regions(first: 1, orderBy: MEMBER_COUNT_DESC) {
        nodes {
          path
          memberCount
          neighbors(first: 1) {
            edges {
              distance
              region {
                path
              }
            }
          }
          polytope {
            facetCount
          }
        }
      }
    }
  }
`)

export function testRegion(explorer: Explorer): void {
  const biggest = async (partition: string) => {
    const answer = await explorer.atlas.query(Biggest, { partition })
    const region = answer.partition?.regions.nodes[0]
    if (!region) throw new Error(`${partition} has no region.`)
    return region
  }

  it('shows its members as pictures, and its code', async () => {
    const { path, memberCount } = await biggest('mnist-a/2..2@mnist')
    const page = await explorer.open(`/atlas/${path}`)
    const members = page.getByRole('region', { name: `${memberCount} members` })
    const first = members.locator('img').first()
    await first.waitFor()
    expect(await first.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(28)
    await page.getByRole('img', { name: /^layer 2 \(Relu\): \d+ of 16 bits on$/ }).waitFor()
  })

  it('lights the bits in which a neighbour differs, and leads there', async () => {
    const { path, neighbors } = await biggest('mnist-a/2..2@mnist')
    const [{ distance, region }] = neighbors.edges
    const page = await explorer.open(`/atlas/${path}`)
    const list = page.getByRole('region', { name: 'Neighbours, the nearest first' })
    const nearest = list.getByRole('row').nth(1).getByRole('link').last()
    await nearest.hover()
    await page.getByRole('img', { name: new RegExp(`bits on, ${distance} differ$`) }).waitFor()
    await nearest.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/atlas/${region?.path}`)
  })

  it('shows what is across its facets, also where they are to be found yet', async () => {
    const { path, polytope } = await biggest('mnist-a/2..2@mnist')
    const page = await explorer.open(`/atlas/${path}`)
    await page.getByRole('button', { name: 'across facets' }).click()
    await page.getByText(`${polytope?.facetCount} facets`).waitFor()
    const other = await biggest('mnist-b/2..2@mnist')
    expect(other.polytope).toBe(null)
    await page.goto(`${explorer.origin}/atlas/${other.path}`)
    await page.getByRole('button', { name: 'across facets' }).click()
    await page.getByRole('button', { name: 'Find them' }).click()
    await page.getByText(/^\d+ facets/).waitFor()
  })

  it('shows the rows of its affine map as pictures', async () => {
    const { path } = await biggest('mnist-a/0..2@mnist')
    const page = await explorer.open(`/atlas/${path}`)
    await page
      .getByRole('img', { name: /^row of A for/ })
      .nth(9)
      .waitFor()
    expect(await page.getByRole('img', { name: /^row of A for/ }).count()).toBe(10)
    const file = await fetch(`${explorer.origin}/regions/${path}/affine-map.npy`)
    expect(await page.getByRole('link', { name: 'A and b as NPY' }).getAttribute('href')).toBe(
      new URL(file.url).pathname,
    )
  })
}
