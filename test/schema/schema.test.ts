import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  validateSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { readSchemaSource } from './names.ts'

const schema = buildSchema(readSchemaSource())
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
)
const objects = types.filter(isObjectType)

/** The type and everything in it that can carry a description. */
function* describedParts(type: GraphQLNamedType): Generator<[name: string, description: string]> {
  yield [type.name, type.description ?? '']
  if (isEnumType(type))
    for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description ?? '']
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields()))
      yield [`${type.name}.${field.name}`, field.description ?? '']
  if (!isObjectType(type) && !isInterfaceType(type)) return
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}`, field.description ?? '']
    for (const argument of field.args)
      yield [`${type.name}.${field.name}(${argument.name})`, argument.description ?? '']
  }
}

function fieldsOf(type: GraphQLObjectType): Record<string, string> {
  return Object.fromEntries(Object.values(type.getFields()).map(({ name, type }) => [name, String(type)]))
}

describe('the schema', () => {
  it('is valid', () => {
    expect(validateSchema(schema)).toEqual([])
  })

  it('describes every type, field, argument, input field and enum value in whole sentences', () => {
    const parts = types.flatMap((type) => [...describedParts(type)])
    expect(parts.length).toBeGreaterThan(400)
    const poor = parts.filter(([, description]) => !/^[\p{Lu}\d`].{6,}[.:]$/su.test(description.trim()))
    expect(poor).toEqual([])
  })

  it('gives every node type an id and makes it reachable by `node`', () => {
    const node = schema.getType('Node')
    const nodes = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : []
    const withId = objects.filter((type) => type.getFields().id).map(({ name }) => name)
    expect([...nodes].sort()).toEqual(withId.sort())
    expect(nodes).toHaveLength(17)
  })
})

describe('connections', () => {
  const connections = objects.filter(({ name }) => name.endsWith('Connection'))

  it.each(connections.map((type) => [type.name, type] as const))('%s follows Relay', (name, type) => {
    const edgeName = name.replace(/Connection$/, 'Edge')
    const edge = schema.getType(edgeName)
    const edgeFields: Record<string, string> = isObjectType(edge) ? fieldsOf(edge) : {}
    expect(edgeFields.cursor).toBe('String!')
    expect(edgeFields.node).toMatch(/^\w+!$/)
    expect(fieldsOf(type)).toEqual({
      edges: `[${edgeName}!]!`,
      nodes: `[${edgeFields.node}]!`,
      pageInfo: 'PageInfo!',
      totalCount: 'Int!',
    })
  })

  const fields = objects.flatMap((type) =>
    Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const),
  )
  const paged = fields.filter(([, field]) => String(field.type).endsWith('Connection!'))

  it('are paged with `first`, 20 unless told, and `after`', () => {
    const odd = paged.filter(([, { args }]) => {
      const first = args.find(({ name }) => name === 'first')
      const after = args.find(({ name }) => name === 'after')
      return first?.defaultValue !== 20 || String(first.type) !== 'Int' || String(after?.type) !== 'String'
    })
    expect(odd.map(([name]) => name)).toEqual([])
    expect(paged.length).toBeGreaterThan(10)
  })
})
