import { it } from 'vitest'
import type { Explorer } from '../support/explorer.ts'

export function testQuery(explorer: Explorer): void {
  it('puts a worked query into GraphiQL, which answers it', async () => {
    const page = await explorer.open('/query')
    await page.getByRole('button', { name: 'What lies around an image?' }).click()
    await page.waitForURL(/example=neighbors$/)
    const graphiql = page.frameLocator('iframe')
    await graphiql.getByText('Neighbors').first().waitFor()
    await graphiql.getByRole('button', { name: /execute query/i }).click()
    await graphiql.getByText('"memberCount"').first().waitFor()
  })
}
