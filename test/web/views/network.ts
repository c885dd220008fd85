import { graphql } from 'polytope-atlas/client'
import { expect, it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

const Cut = graphql('{ partition(path: "mnist-a/2..2@mnist") { regionCount } }')

export function testNetwork(explorer: Explorer): void {
  it('shows its layers with regions and firing rates', async () => {
    const page = await explorer.open('/atlas/mnist-a')
    const layers = page.getByRole('group', { name: 'Layers' })
    await layers
      .getByRole('img', { name: /units fire how often/ })
      .nth(2)
      .waitFor()
    const { partition } = await explorer.atlas.query(Cut)
    await layers.getByRole('link', { name: String(partition?.regionCount), exact: true }).waitFor()
    expect(await layers.getByRole('button').allTextContents()).toEqual(['0: Relu', '1: Relu', '2: Relu'])
  })

  it('picks a span by a click and a Shift click, and by its ends', async () => {
    const page = await explorer.open('/atlas/mnist-a')
    const pressed = () => page.getByRole('button', { pressed: true }).allTextContents()
    await page.getByRole('button', { name: '1: Relu' }).click()
    expect(await pressed()).toEqual(['1: Relu'])
    await page.getByRole('button', { name: '2: Relu' }).click({ modifiers: ['Shift'] })
    expect(await pressed()).toEqual(['1: Relu', '2: Relu'])
    await page.getByRole('button', { name: 'Make a partition' }).waitFor()
    await page.getByRole('combobox', { name: 'Layers' }).selectOption('0')
    await page.getByText('cut mnist into').waitFor()
  })
}
