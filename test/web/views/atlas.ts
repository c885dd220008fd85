import { graphql } from 'polytope-atlas/client'
import { expect, it } from 'vitest'
import { buildMlp } from '../../support/onnx.ts'
import type { Explorer } from '../support/explorer.ts'

const CSV = [
  'a,b,c,d,label',
  ...Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${-i},${i % 3},${i % 2}`),
]

export function testAtlas(explorer: Explorer): void {
  it('lists what there is', async () => {
    const page = await explorer.open('/')
    const networks = page.getByRole('region', { name: '4 networks' })
    await networks.getByRole('link', { name: 'mnist-a', exact: true }).waitFor()
    await page.getByRole('link', { name: 'mnist', exact: true }).waitFor()
    await page.getByRole('link', { name: 'mnist-a-training' }).waitFor()
    expect(
      await page.getByRole('region', { name: '12 partitions' }).getByRole('row').count(),
    ).toBeGreaterThan(8)
    await page.getByText('All work is done.').waitFor()
  })

  it('makes an atlas of files that are given: network, data, partition, tree', async () => {
    const page = await explorer.open('/')
    await page.getByLabel('choose files…').setInputFiles([
      { name: 'My Net.onnx', mimeType: '', buffer: Buffer.from(buildMlp({ sizes: [4, 6, 5, 3], seed: 2 })) },
      { name: 'points.csv', mimeType: '', buffer: Buffer.from(CSV.join('\n')) },
    ])
    await page.getByRole('button', { name: 'Import' }).click()
    const form = page.getByRole('region', { name: 'Import' })
    await form.getByRole('group', { name: 'points.csv' }).getByText(/^done/).waitFor()
    await page.getByRole('region', { name: '2 datasets' }).waitFor()
    await form.getByRole('link', { name: 'my-net' }).click()
    await page.getByRole('button', { name: 'Make a partition' }).click()
    const cut = page.getByText('cut points into').getByRole('link')
    await cut.waitFor()
    const { partition } = await explorer.atlas.query(Regions)
    expect(await cut.textContent()).toBe(`${partition?.regionCount} regions`)
    await cut.click()
    const tree = page.getByRole('region', { name: 'Routing tree' })
    await tree.getByText('layer 0').first().click()
    await tree.getByText('layer 1').first().waitFor()
  })

  it('takes files that are dropped on it', async () => {
    const page = await explorer.open('/')
    await page.getByRole('heading', { name: 'Networks' }).waitFor()
    const files = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['1,2\n3,4\n'], 'Dropped Data.csv'))
      return transfer
    })
    await page.dispatchEvent('body', 'drop', { dataTransfer: files })
    expect(await page.getByLabel('called').inputValue()).toBe('dropped-data')
    expect(await page.getByRole('combobox', { name: 'is' }).inputValue()).toBe('data')
  })

  it('says what is wrong with a file, and what to do', async () => {
    const page = await explorer.open('/')
    await page
      .getByLabel('choose files…')
      .setInputFiles([{ name: 'broken.onnx', mimeType: '', buffer: Buffer.from('no network') }])
    await page.getByRole('button', { name: 'Import' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('MALFORMED_ONNX')
  })
}

const Regions = graphql('{ partition(path: "my-net/0..1@points") { regionCount } }')
