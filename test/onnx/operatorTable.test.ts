import { withOperatorTable } from '#atlas/compute/onnx/operatorTable.js'
import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'

test('docs/operators.md tells the operators as they are; if not, run node scripts/operators.mjs', async () => {
  const file = 'docs/operators.md'
  const document = readFileSync(file, 'utf8')
  const options = { ...(await resolveConfig(file)), parser: 'markdown' }
  expect(await format(withOperatorTable(document), options)).toBe(document)
})
