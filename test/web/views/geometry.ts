import { readFile } from 'node:fs/promises'
import { graphql } from 'polytope-atlas/client'
import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

const Walk = graphql(`
  {
    segment(network: "mnist-a", from: { input: "mnist/0" }, to: { input: "mnist/4" }) {
      regionCount
      crossings {
        layer
      }
      predictions {
        label
      }
    }
  }
`)

const SEGMENT = '/segment?network=mnist-a&from=mnist/0&to=mnist/4'
const SLICE = '/slice?network=mnist-a&a=mnist/0&b=mnist/4&c=mnist/1&toLayer=0'

export function testGeometry(explorer: Explorer): void {
  it('a segment shows what the API says it crosses', async () => {
    const page = await explorer.open(SEGMENT)
    const { segment } = await explorer.atlas.query(Walk)
    for (const layer of [0, 1, 2]) {
      const crossed = segment.crossings.filter((crossing) => crossing.layer === layer).length
      await page.getByRole('img', { name: `${crossed} bits of layer ${layer}, Relu, change` }).waitFor()
    }
    expect(await page.getByText('polytopes crossed').locator('+ dd').textContent()).toBe(
      String(segment.regionCount),
    )
    expect(await page.getByRole('button', { name: 'at t = ' }).count()).toBe(11)
  })

  it('a place on a segment has the prediction of the input there', async () => {
    const page = await explorer.open(SEGMENT)
    const { segment } = await explorer.atlas.query(Walk)
    const likely = page.locator('.place').getByRole('listitem').first()
    const place = page.getByLabel('place t')
    await place.fill('0')
    expect(await likely.textContent()).toMatch(new RegExp(`^${segment.predictions[0].label} `))
    await place.fill('1')
    expect(await likely.textContent()).toMatch(new RegExp(`^${segment.predictions.at(-1)?.label} `))
  })

  it('a segment turns round, and takes another input', async () => {
    const page = await explorer.open(SEGMENT)
    await page.getByRole('button', { name: 'Turn round' }).click()
    await page.getByRole('heading', { name: 'mnist/4 to mnist/0' }).waitFor()
    await page.getByLabel('to', { exact: true }).fill('mnist/7')
    await page.getByRole('heading', { name: 'mnist/4 to mnist/7' }).waitFor()
    expect(page.url()).toContain('from=mnist/4&to=mnist/7')
  })

  it('a slice is cut anew for each view, to any depth', async () => {
    const page = await explorer.open(SLICE)
    const canvas = page.getByRole('img', { name: / polygons of the plane/ })
    const polygons = async () => Number.parseInt((await canvas.getAttribute('aria-label')) ?? '')
    await expect.poll(polygons).toBeGreaterThan(10)
    const whole = await polygons()
    await canvas.focus()
    await page.keyboard.press('+')
    await expect.poll(polygons).toBeLessThan(whole)
    const { searchParams } = new URL(page.url())
    expect(Number(searchParams.get('width'))).toBeGreaterThan(0)
    for (let i = 0; i < 20; i++) await page.keyboard.press('+')
    await expect.poll(() => Number(new URL(page.url()).searchParams.get('width'))).toBeLessThan(1e-4)
    await expect.poll(polygons).toBeLessThanOrEqual(3)
    expect(await polygons()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Whole view' }).click()
    await expect.poll(polygons).toBe(whole)
  })

  it('a slice says what is where one points, and is saved with its exact corners', async () => {
    const page = await explorer.open(SLICE)
    const canvas = page.getByRole('img', { name: / polygons of the plane/ })
    await expect.poll(() => canvas.getAttribute('aria-label')).not.toContain('no polygons')
    await canvas.hover({ position: { x: 5, y: 5 } })
    await page.getByText(/^predicted/).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save SVG' }).click(),
    ])
    const svg = await readFile(await download.path(), 'utf8')
    const shown = Number.parseInt((await canvas.getAttribute('aria-label')) ?? '')
    expect(svg.match(/<polygon /g)).toHaveLength(shown)
    const [image] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save PNG' }).click(),
    ])
    expect((await readFile(await image.path())).subarray(1, 4).toString()).toBe('PNG')
  })

  it('a slice leaves no gap between its polygons', async () => {
    // Two corners of one of these 2,550 polygons are a tenth of a pixel apart.
    const page = await explorer.open(SLICE.replace('&toLayer=0', ''))
    const canvas = page.getByRole('img', { name: '2550 polygons of the plane' })
    await canvas.waitFor()
    await expect.poll(() => canvas.evaluate(clearPixels)).toBe(0)
  })

  it('a plane needs three inputs that are not on one line', async () => {
    const page = await explorer.open('/slice?network=mnist-a&a=mnist/0&b=mnist/4&c=mnist/0')
    await page.getByText('These are not three inputs that span a plane').waitFor()
  })
}

/** Runs in the page: how many pixels of a canvas the ground shows through. */
function clearPixels(canvas: HTMLCanvasElement): number {
  const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
  let clear = 0
  for (let i = 3; i < data.length; i += 4) if (data[i] < 200) clear++
  return clear
}
