import { graphql } from 'polytope-atlas/client'
import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

const Counts = graphql(`
  query ($filter: RegionFilter) {
    partition(path: "mnist-a/2..2@mnist") {
      regions(filter: $filter) {
        totalCount
      }
    }
  }
`)

const PATH = '/atlas/mnist-a/2..2@mnist'

export function testPartition(explorer: Explorer): void {
  const countOf = async (filter: object) => {
    const { partition } = await explorer.atlas.query(Counts, { filter })
    return `${partition?.regions.totalCount} regions`
  }

  it('lists the regions that meet its filter, which its address holds', async () => {
    const page = await explorer.open(PATH)
    await page.getByRole('region', { name: await countOf({}) }).waitFor()
    await page.getByLabel('Least members').fill('3')
    await page.getByRole('combobox', { name: 'class', exact: true }).selectOption('7')
    const narrowed = await countOf({ memberCount: { min: 3 }, label: 7 })
    await page.getByRole('region', { name: narrowed }).waitFor()
    expect(new URL(page.url()).search).toBe('?min=3&label=7')
    await page.reload()
    await page.getByRole('region', { name: narrowed }).waitFor()
    await page.getByRole('textbox', { name: 'bits' }).fill('2:0=1')
    const withBit = await countOf({
      memberCount: { min: 3 },
      label: 7,
      bits: [{ layer: 2, unit: 0, value: true }],
    })
    await page
      .getByText(withBit === '0 regions' ? 'No region meets' : withBit)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('region', { name: await countOf({}) }).waitFor()
    expect(new URL(page.url()).search).toBe('')
  })

  it('says that no region meets a filter, and what is wrong with one', async () => {
    const page = await explorer.open(`${PATH}?min=99999`)
    await page.getByText('No region meets these conditions.').waitFor()
    const wrong = await explorer.open(`${PATH}?cluster=nothing`, { mayFail: true })
    await wrong.getByRole('alert').getByText('BAD_ID').waitFor()
  })

  it('lists regions in the order asked for', async () => {
    const page = await explorer.open(`${PATH}?order=MEMBER_COUNT_ASC`)
    const list = page.getByRole('region', { name: / regions$/ })
    const members = () => list.locator('tbody tr[data-index] td:nth-child(3)').allTextContents()
    await list.getByRole('link').first().waitFor()
    expect((await members()).map(Number)[0]).toBe(1)
    await page.getByLabel('order').selectOption('MEMBER_COUNT_DESC')
    await expect.poll(async () => Number((await members())[0])).toBeGreaterThan(1)
    const shown = (await members()).map(Number)
    expect(shown).toEqual([...shown].sort((a, b) => b - a))
  })

  it('draws a map, asked for by a button, whose points lead to regions', async () => {
    const page = await explorer.open('/atlas/mnist-b/2..2@mnist')
    await page.getByRole('button', { name: 'Draw it' }).click()
    const map = page.getByRole('img', { name: /^Map of/ })
    await map.waitFor()
    await expect.poll(() => map.evaluate(paintedSpot)).not.toBe(null)
    const spot = await map.evaluate(paintedSpot)
    if (!spot) throw new Error('Nothing is painted.')
    await map.hover({ position: spot })
    await page.getByText(/^\d+ members?$/).waitFor()
    await map.click({ position: spot })
    await page.waitForURL(/mnist-b\/2\.\.2@mnist\/[0-9a-f]{32}$/)
  })

  it('colours the map, and dims what the filter leaves out', async () => {
    const page = await explorer.open('/atlas/mnist-a/0..2@mnist')
    const map = page.getByRole('img', { name: /^Map of/ })
    await map.waitFor()
    const colors = () => map.evaluate(colorsOf)
    await expect.poll(async () => (await colors()).length).toBeGreaterThan(7)
    await page.getByLabel('colour').selectOption('clusters:hamming:10:3')
    await page.getByRole('listitem').getByText('none', { exact: true }).waitFor()
    expect(page.url()).toContain('color=mnist-a/0..2@mnist/clusters:hamming:10:3')
    await page.getByLabel('colour').selectOption('label')
    await page.getByRole('combobox', { name: 'class', exact: true }).selectOption('3')
    // The class, and the grey of the others.
    await expect.poll(async () => (await colors()).length).toBe(2)
    const before = await map.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
    await map.focus()
    await page.keyboard.press('+')
    await expect.poll(() => map.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())).not.toBe(before)
  })
}

/** Runs in the page: where a canvas has a painted pixel, in CSS pixels; null for none. */
function paintedSpot(canvas: HTMLCanvasElement): { x: number; y: number } | null {
  const { data, width } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
    data: [],
    width: 1,
  }
  const scale = canvas.clientWidth / canvas.width
  for (let i = 3; i < data.length; i += 4) {
    const pixel = (i - 3) / 4
    if (data[i] === 255) return { x: (pixel % width) * scale, y: Math.floor(pixel / width) * scale }
  }
  return null
}

/** Runs in the page: the colours of a canvas, clear ones left out. */
function colorsOf(canvas: HTMLCanvasElement): number[] {
  const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height)
  return [...new Set(new Uint32Array(image?.data.buffer ?? new ArrayBuffer(0)))].filter(
    (color) => color !== 0,
  )
}
