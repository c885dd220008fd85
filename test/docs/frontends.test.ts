import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'frontends.md'), 'utf8')

it.each(['index.html', 'main.ts', 'vite.config.ts'])('docs/frontends.md shows %s as it is', (name) => {
  const source = readFileSync(join(root, 'examples', 'frontend', name), 'utf8')
  expect(page).toContain(`\`\`\`${name.split('.').at(-1)}\n${source}\`\`\``)
  expect(source.split('\n').length - 1).toBeLessThanOrEqual(50)
})
