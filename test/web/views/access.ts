import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { graphql } from 'polytope-atlas/client'
import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** All kinds of pages; `REGION` stands for a region's path. */
const PAGES = [
  '/',
  '/atlas/mnist',
  '/atlas/mnist/17',
  '/atlas/mnist-a',
  '/atlas/mnist-a/2',
  '/atlas/mnist-a/0..2@mnist',
  '/atlas/REGION',
  '/atlas/mnist-a/0..2@mnist/clusters:hamming:10:3',
  '/atlas/mnist-a-training',
  '/segment?network=mnist-a&from=mnist/0&to=mnist/4',
  '/slice?network=mnist-a&a=mnist/0&b=mnist/4&c=mnist/1&toLayer=0',
  '/compare?a=mnist-a/2..2@mnist&b=mnist-b/2..2@mnist',
  '/query',
  '/key',
]

export function testAccess(explorer: Explorer): void {
  const addressOf = async (page: string) => {
    if (!page.includes('REGION')) return page
    const { partition } = await explorer.atlas.query(First)
    return page.replace('REGION', partition?.regions.nodes[0].path ?? '')
  }

  it.each(PAGES)(
    '%s serves those who cannot see or point, in light and dark, and fits a phone',
    async (path) => {
      const page = await explorer.open(await addressOf(path))
      await settled(page)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await faults(page), colorScheme).toEqual([])
      }
      await page.setViewportSize({ width: 390, height: 800 })
      const excess = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      await expect.poll(excess).toBeLessThanOrEqual(0)
    },
  )

  it('what is far below the window is fetched when one scrolls there', async () => {
    const page = await explorer.open('/', { height: 300 })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.postData() ?? ''))
    await page.reload()
    await page.getByRole('link', { name: 'mnist-a', exact: true }).waitFor()
    const jobs = () => asked.some((query) => query.includes('query JobList'))
    expect(jobs()).toBe(false)
    await page.getByRole('heading', { name: 'Jobs' }).scrollIntoViewIfNeeded()
    await expect.poll(jobs).toBe(true)
  })

  it('the first page needs less than 300 KB of JavaScript, gzipped', async () => {
    const page = await explorer.open('/')
    await settled(page)
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => new URL(name).pathname.endsWith('.js')),
    )
    expect(scripts.length).toBeGreaterThan(0)
    const bodies = await Promise.all(scripts.map(async (url) => (await fetch(url)).arrayBuffer()))
    expect(bodies.reduce((sum, body) => sum + gzipSync(Buffer.from(body)).length, 0)).toBeLessThan(300_000)
  })
}

const First = graphql('{ partition(path: "mnist-a/0..2@mnist") { regions(first: 1) { nodes { path } } } }')

/** Waits until nothing is loading any more. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expect.poll(() => page.locator('.skeleton').count()).toBe(0)
}

/** What axe finds that is serious or worse, as rule and place. GraphiQL, in its frame, is not ours. */
function faults(page: Page): Promise<string[]> {
  return page.evaluate(
    `(async () => {
      if (!window.axe) { ${axe} }
      const { violations } = await window.axe.run(document, { iframes: false })
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary].join(' ')))
    })()`,
  )
}
