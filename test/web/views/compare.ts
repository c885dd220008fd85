import { graphql } from 'polytope-atlas/client'
import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

const Metrics = graphql(`
  {
    comparison(a: "mnist-a/2..2@mnist", b: "mnist-b/2..2@mnist") {
      agreement
      adjustedMutualInformation
    }
    disagreements(a: "mnist-a/2..2@mnist", b: "mnist-b/2..2@mnist") {
      totalCount
    }
  }
`)

export function testCompare(explorer: Explorer): void {
  it('shows the numbers of a comparison, its heat map and where the networks disagree', async () => {
    const page = await explorer.open('/compare?a=mnist-a/2..2@mnist&b=mnist-b/2..2@mnist')
    const { comparison, disagreements } = await explorer.atlas.query(Metrics)
    const row = page.getByRole('row', { name: /^adjusted mutual information/ })
    const shown = Number(await row.getByRole('cell').nth(1).textContent())
    expect(shown).toBeCloseTo(comparison?.adjustedMutualInformation ?? NaN, 2)
    await page.getByText(`${disagreements.totalCount} inputs, the worst first`).waitFor()
    await page.getByRole('region', { name: 'Heat map of shared members' }).getByRole('link').first().waitFor()
    await page
      .getByRole('region', { name: / matches, the best first/ })
      .getByRole('link')
      .first()
      .waitFor()
  })

  it('compares what was not compared, and fills the matrix', async () => {
    const page = await explorer.open('/compare?a=mnist-a/0..0@mnist&b=mnist-b/0..0@mnist')
    await page.getByRole('button', { name: 'Compare them' }).click()
    await page.getByRole('row', { name: /^adjusted Rand index/ }).waitFor()
    const matrix = page.getByRole('region', { name: /^Matrix/ })
    const filled = matrix.getByTitle('mnist-a and mnist-b')
    await filled.getByRole('link').click()
    await page.waitForURL(/compare\?a=mnist-a\/0\.\.0@mnist&b=mnist-b\/0\.\.0@mnist$/)
    await page.getByRole('button', { name: 'Compare all' }).click()
    await page.getByText('not compared').waitFor({ state: 'detached' })
  })

  it('a training shows flips by layer, and what each step moved', async () => {
    const page = await explorer.open('/atlas/mnist-a-training')
    await page.getByRole('img', { name: /^Flipped bits by layer/ }).waitFor()
    await page
      .getByRole('region', { name: 'Inputs that moved', exact: true })
      .getByRole('link')
      .first()
      .waitFor()
    await page.getByRole('button', { name: '1 → 2' }).click()
    await page.getByRole('heading', { name: 'Inputs that moved from step 1 to 2' }).waitFor()
    await page.getByRole('button', { name: 'since the first' }).click()
    expect(await page.getByRole('button', { name: 'since the first' }).getAttribute('aria-pressed')).toBe(
      'true',
    )
  })
}
