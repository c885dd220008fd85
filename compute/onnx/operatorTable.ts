import { LOWERINGS } from './lower/index.ts'
import { OPERATORS, type Operator } from './operators.ts'
import { DEPENDENT_VALUES } from './refusals.ts'

/** The table in a document begins behind this line and runs to the document's end. */
const MARK = '<!-- operators -->\n'

/** A Markdown document with its table of operators, which is its last part, written anew; see docs/operators.md. */
export function withOperatorTable(document: string): string {
  return `${document.slice(0, document.indexOf(MARK) + MARK.length)}\n${operatorTable()}`
}

/** What the atlas does with each operator: one row an operator, by name. */
function operatorTable(): string {
  const rows = [...OPERATORS]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, operator]) => [
      `[${name}](https://onnx.ai/onnx/operators/onnx__${name}.html)`,
      codesOf(operator),
      geometryOf(name, operator),
      limitsOf(operator).join('; '),
    ])
  const head = ['Operator', 'Codes (float32)', 'Exact geometry (float64)', 'Not taken as affine, or refused']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

function codesOf(operator: Operator): string {
  if (operator.role === 'gate') return `a layer; bits: ${operator.bits}`
  if (operator.role === 'curved') return 'a curved map'
  if (operator.role === 'static') return operator.reads ? 'a shape' : 'shapes and constants'
  return operator.role === 'affine' ? 'an affine map' : 'moves values'
}

function geometryOf(name: string, operator: Operator): string {
  if (operator.role === 'curved' || (operator.role === 'gate' && !operator.exact)) {
    return 'none: the network is approximate'
  }
  if (operator.role === 'gate') return 'piecewise affine'
  if (operator.role === 'static') return 'computed beforehand'
  return LOWERINGS.has(name) ? 'written as a matrix product' : 'as it is'
}

function limitsOf(operator: Operator): string[] {
  if (operator.role === 'gate' || operator.role === 'curved') return []
  if (operator.role === 'static') return operator.reads ? [] : [`refused where ${DEPENDENT_VALUES.reason}`]
  const limits: string[] = []
  if (operator.role === 'affine' && operator.factors)
    limits.push('approximate where both factors depend on the input')
  if (operator.constants) {
    limits.push(`approximate where input ${orList(operator.constants)} depends on the network's input`)
  }
  if (operator.untaken) limits.push(`approximate where ${operator.untaken.reason}`)
  if (operator.refusal) limits.push(`refused where ${operator.refusal.reason}`)
  return limits
}

/** Inputs as ONNX counts them, from 0. */
function orList(inputs: readonly number[]): string {
  return inputs.length === 1 ? `${inputs[0]}` : `${inputs.slice(0, -1).join(', ')} or ${inputs.at(-1) ?? ''}`
}
