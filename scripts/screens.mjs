// Takes the pictures of docs/explorer.md: of an atlas that runs with the whole sample (ATLAS_URL, by default
// http://localhost:4000), by Chromium (CHROMIUM, by default /usr/bin/chromium). Usage: npm run docs:screens
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const origin = process.env.ATLAS_URL ?? 'http://localhost:4000'
const OUT = 'docs/explorer'

/** The biggest region of all layers and of the last one, as the API names them. */
async function biggest(partition) {
  const query = `{ partition(path: "${partition}") { regions(first: 1, orderBy: MEMBER_COUNT_DESC) { nodes { path } } } }`
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = await response.json()
  return data.partition.regions.nodes[0].path
}

const SEGMENT = '/segment?network=mnist-a&from=mnist/0&to=mnist/4'
const SLICE = '/slice?network=mnist-a&a=mnist/0&b=mnist/4&c=mnist/1'

/** Picture -> its page, and how it is seen. */
const pictures = {
  atlas: { path: '/' },
  network: { path: '/atlas/mnist-a' },
  partition: { path: '/atlas/mnist-a/0..2@mnist', height: 900 },
  region: { path: `/atlas/${await biggest('mnist-a/0..2@mnist')}`, height: 1000 },
  segment: { path: SEGMENT, height: 900 },
  slice: { path: SLICE, height: 900 },
  compare: { path: '/compare?a=mnist-a/2..2@mnist&b=mnist-b/2..2@mnist', height: 1000 },
  series: { path: '/atlas/mnist-a-training', height: 900 },
  query: { path: '/query?example=neighbors' },
  'slice-dark': { path: SLICE, height: 900, colorScheme: 'dark' },
  'segment-phone': { path: SEGMENT, width: 390, height: 844 },
}

mkdirSync(OUT, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
})
for (const [name, { path, width = 1280, height = 800, colorScheme = 'light' }] of Object.entries(pictures)) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme })
  await page.goto(origin + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(
    () =>
      document.querySelector('.skeleton') === null && [...document.images].every(({ complete }) => complete),
  )
  if (name === 'query') {
    const graphiql = page.frameLocator('iframe')
    await graphiql.getByRole('button', { name: /execute query/i }).click()
    await graphiql.getByText('"memberCount"').first().waitFor()
  }
  // The map and the slice are painted once their numbers are there.
  if (path.startsWith('/slice')) await page.getByRole('img', { name: /^\d+ polygons/ }).waitFor()
  await page.evaluate(
    () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
  )
  // A palette of 256 colours takes a third of the bytes.
  await sharp(await page.screenshot())
    .png({ palette: true, colours: 256, effort: 10 })
    .toFile(`${OUT}/${name}.png`)
  console.log(`${OUT}/${name}.png`)
  await page.close()
}
await browser.close()
