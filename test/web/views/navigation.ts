import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

export function testNavigation(explorer: Explorer): void {
  it('goes to a path that is typed after /', async () => {
    const page = await explorer.open('/')
    await page.getByRole('heading', { name: 'Networks' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('mnist-a/2..2@mnist')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'mnist-a/2..2@mnist', level: 1 }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/atlas/mnist-a/2..2@mnist')
    expect(await page.title()).toBe('mnist-a/2..2@mnist · Polytope Atlas')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  })

  it('the first Tab leads past the bar', async () => {
    const page = await explorer.open('/')
    await page.getByRole('heading', { name: 'Networks' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).hash).toBe('#main')
  })

  it.each(['mnist/17', 'mnist-a/2', 'mnist-a/0..2@mnist/clusters:hamming:10:3', 'mnist'])(
    'there is a page of %s',
    async (path) => {
      const page = await explorer.open(`/atlas/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.getByRole('status').first().waitFor({ state: 'detached' })
      expect(await page.getByRole('alert').count()).toBe(0)
    },
  )

  it('says what a path that leads nowhere should look like', async () => {
    const page = await explorer.open('/atlas/no such/thing', { mayFail: true })
    await page.getByRole('alert').getByText('BAD_PATH').waitFor()
    const none = await explorer.open('/atlas/nothing')
    await none.getByText('The atlas holds nothing with this path').waitFor()
  })

  it('says when the atlas is away, and tries again when asked to', async () => {
    const page = await explorer.open('/', { mayFail: true })
    const link = page.getByRole('link', { name: 'mnist-a', exact: true })
    await link.waitFor()
    await page.route('**/graphql', (route) => route.abort())
    await link.click()
    const alert = page.getByRole('alert')
    await alert.getByText('UNREACHABLE').waitFor({ timeout: 15_000 })
    await page.unroute('**/graphql')
    await alert.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'mnist-a', level: 1 }).waitFor()
  })
}
