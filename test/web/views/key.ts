import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

export function testKey(explorer: Explorer): void {
  it('asks for the key, keeps it where scripts do not see it, and goes on where it was missing', async () => {
    const { origin, key } = explorer.keyed
    const page = await explorer.open(`${origin}/atlas/mnist-a`, { mayFail: true })
    await page.getByRole('heading', { name: 'This atlas answers those with a key' }).waitFor()
    await page.getByLabel('key', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Use the key' }).click()
    await page.getByRole('alert').getByText('UNKNOWN_KEY').waitFor()
    await page.getByLabel('key', { exact: true }).fill(key)
    await page.getByRole('button', { name: 'Use the key' }).click()
    await page.waitForURL(`${origin}/atlas/mnist-a`)
    await page.getByRole('heading', { level: 1, name: 'mnist-a' }).waitFor()
    expect(await page.evaluate('document.cookie')).not.toContain(key)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'mnist-a' }).waitFor()
    // GraphiQL asks with the same cookie.
    await page.goto(`${origin}/graphql?query=${encodeURIComponent('{ networks(first: 1) { totalCount } }')}`)
    await page.getByRole('button', { name: /execute query/i }).click()
    await page.getByText('"totalCount"').first().waitFor()
    await page.context().clearCookies()
  })

  it('says where a key may not do something, and leads to where another one is given', async () => {
    const { origin, reader } = explorer.keyed
    const page = await explorer.open(`${origin}/key?from=/atlas/mnist-b/0..0@mnist`, { mayFail: true })
    await page.getByLabel('key', { exact: true }).fill(reader)
    await page.getByRole('button', { name: 'Use the key' }).click()
    await page.getByRole('button', { name: 'Find neighbours' }).click()
    const alert = page.getByRole('alert')
    await alert.getByText('computeNeighbors needs a key of scope write; you may read.').waitFor()
    await alert.getByRole('link', { name: 'Use another key' }).click()
    await page.waitForURL(`${origin}/key`)
    await page.context().clearCookies()
  })
}
