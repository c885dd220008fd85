// Writes the table of docs/operators.md anew from the built table of operators.
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { withOperatorTable } from '../dist/compute/onnx/operatorTable.js'

const file = 'docs/operators.md'
const options = { ...(await resolveConfig(file)), parser: 'markdown' }
writeFileSync(file, await format(withOperatorTable(readFileSync(file, 'utf8')), options))
