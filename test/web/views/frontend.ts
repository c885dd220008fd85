import { join } from 'node:path'
import { createServer } from 'vite'
import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

const root = join(import.meta.dirname, '..', '..', '..', 'examples', 'frontend')

export function testFrontend(explorer: Explorer): void {
  it('shows the biggest regions of a partition, and says that there is none', async () => {
    const vite = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      server: { port: 0, host: '127.0.0.1', proxy: { '/graphql': explorer.origin } },
    })
    await vite.listen()
    try {
      const url = vite.resolvedUrls?.local[0]
      if (!url) throw new Error('The frontend is not served.')
      // Its page is of another origin than the explorer: it is the one asked.
      const page = await explorer.open('/', { mayFail: true })
      await page.getByRole('heading', { name: 'Networks' }).waitFor()
      const own = await page.context().newPage()
      await own.goto(url)
      await own.getByRole('status').getByText('300 inputs in').waitFor()
      expect(await own.getByRole('listitem').count()).toBe(12)
      await own.getByLabel('partition').fill('mnist-a/2..2@none')
      await own.keyboard.press('Enter')
      await own.getByText('There is no partition mnist-a/2..2@none.').waitFor()
    } finally {
      await vite.close()
    }
  })
}
