/** The schema of this checkout, and schemas as lists of names that can be compared. */
import { readdirSync, readFileSync } from 'node:fs'
import {
  Kind,
  print,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
} from 'graphql'

const SCHEMA = new URL('../../schema/', import.meta.url)

/** The text of schema/*.graphql, one string. */
export function readSchemaSource(): string {
  const files = readdirSync(SCHEMA).filter((name) => name.endsWith('.graphql'))
  return files.map((name) => readFileSync(new URL(name, SCHEMA), 'utf8')).join('\n')
}

/**
 * Every name that a client can rely on, one string each: `scalar DateTime`, `Granularity.WHOLE_INPUT`,
 * `Layer implements Node`, `Layer.index: Int!`, `Network.layer(index): Int!`, `Input.region(position) = 0`.
 */
export function namesOf(document: DocumentNode): string[] {
  return document.definitions.flatMap(namesOfDefinition)
}

function namesOfDefinition(definition: DefinitionNode): string[] {
  switch (definition.kind) {
    case Kind.SCALAR_TYPE_DEFINITION:
      return [`scalar ${definition.name.value}`]
    case Kind.ENUM_TYPE_DEFINITION:
      return (definition.values ?? []).map((value) => `${definition.name.value}.${value.name.value}`)
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (definition.fields ?? []).flatMap((field) =>
        namesOfValue(`${definition.name.value}.${field.name.value}`, field),
      )
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const type = definition.name.value
      return [
        ...(definition.interfaces ?? []).map(({ name }) => `${type} implements ${name.value}`),
        ...(definition.fields ?? []).flatMap((field) => namesOfField(type, field)),
      ]
    }
    default:
      throw new Error(`a schema has no ${definition.kind} here`)
  }
}

function namesOfField(type: string, field: FieldDefinitionNode): string[] {
  const name = `${type}.${field.name.value}`
  return [
    `${name}: ${print(field.type)}`,
    ...(field.arguments ?? []).flatMap((argument) =>
      namesOfValue(`${name}(${argument.name.value})`, argument),
    ),
  ]
}

/** An argument or input field: its type, and its default where it has one. */
function namesOfValue(name: string, { type, defaultValue }: InputValueDefinitionNode): string[] {
  return [`${name}: ${print(type)}`, ...(defaultValue ? [`${name} = ${print(defaultValue)}`] : [])]
}
