import {
  getNamedType,
  getVariableValues,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  valueFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** Cost of an operation at most. */
export const COST_LIMIT = 1_000_000

/**
 * What a field costs where it starts work, beside 1 of one that is looked up: so much that one request starts at most some
 * dozens of the heaviest (lines, planes, passes over all codes) and some thousands of the lightest.
 */
const WORK: Record<string, number> = {
  'Query.slice': 50_000,
  'Query.segment': 10_000,
  'Query.sweep': 10_000,
  'Query.routingTree': 20_000,
  'Query.disagreements': 20_000,
  'Query.sharedCode': 2000,
  'Query.comparisonMatrix': 5000,
  'Network.localComplexity': 100_000,
  'Layer.units': 5000,
  'UnitStatistics.clusters': 50,
  'Series.training': 50_000,
  'Comparison.splits': 20_000,
  'Cluster.sharedCode': 2000,
  'Cluster.distinguishingBits': 2000,
  'Region.affineMap': 1000,
  'ComplexRegion.affineMap': 100,
  'Input.nearest': 2000,
  'Input.novelty': 2000,
  'Input.image': 5,
}

/** An operation with what it takes to count its cost. */
interface Costed {
  schema: GraphQLSchema
  document: DocumentNode
  /** One of the document's. */
  operation: OperationDefinitionNode
  /** As they were given. */
  variables: { readonly [name: string]: unknown }
}

/**
 * Refuses an operation that would cost too much: 1 a field and what `WORK` says, times `first` for all inside of a field
 * that has such an argument, whatever there is to answer. Answers the cost.
 * @throws GraphQLError TOO_COSTLY
 */
export function checkCost(costed: Costed): number {
  const { operation } = costed
  const cost = constants.get(operation) ?? countCost(costed)
  if (cost <= COST_LIMIT) return cost
  const message = `The operation could cost ${cost}, at most ${COST_LIMIT} is answered: a field costs 1, or more where it starts work, times each \`first\` around it. Ask for fewer at a time, or in several requests.`
  throw new GraphQLError(message, {
    nodes: operation,
    extensions: { code: 'TOO_COSTLY', http: { status: 400 } },
  })
}

/** Costs of operations in which no variable says how many. */
const constants = new WeakMap<OperationDefinitionNode, number>()

function countCost(costed: Costed): number {
  const { schema, operation } = costed
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], costed.variables)
  // Variables that do not fit are told of by the execution, which does not begin.
  if (!coerced) return 0
  const counter = new Counter(costed, coerced)
  const cost = counter.ofSelections(schema.getRootType(operation.operation), operation.selectionSet)
  if (!counter.usedVariables) constants.set(operation, cost)
  return cost
}

class Counter {
  /** Whether the cost is that of these variables alone. */
  usedVariables = false
  readonly #costed: Costed
  readonly #variables: Readonly<Record<string, unknown>>
  readonly #definitions: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #fragments = new Map<string, number>()

  /** @param variables with their defaults */
  constructor(costed: Costed, variables: Readonly<Record<string, unknown>>) {
    this.#costed = costed
    this.#variables = variables
    const fragments = costed.document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
    this.#definitions = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  }

  ofSelections(type: GraphQLNamedType | null | undefined, { selections }: SelectionSetNode): number {
    let cost = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += this.#ofField(type, selection)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.#ofFragment(selection.name.value)
      else
        cost += this.ofSelections(
          this.#typeOf(selection.typeCondition?.name.value) ?? type,
          selection.selectionSet,
        )
    }
    return cost
  }

  #ofField(type: GraphQLNamedType | null | undefined, node: FieldNode): number {
    const field = (isObjectType(type) || isInterfaceType(type)) && type.getFields()[node.name.value]
    if (!type || !field) return 1
    const own = 1 + (WORK[`${type.name}.${field.name}`] ?? 0)
    if (!node.selectionSet) return own
    const inner = getNamedType(field.type)
    const each = isCompositeType(inner) ? this.ofSelections(inner, node.selectionSet) : 0
    return own + this.#firstOf(field, node) * each
  }

  /** How many the field may answer: its `first`; 1 for fields that have none. */
  #firstOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
    const argument = field.args.find(({ name }) => name === 'first')
    if (!argument) return 1
    const given = node.arguments?.find(({ name }) => name.value === 'first')
    if (given?.value.kind === Kind.VARIABLE) this.usedVariables = true
    const value = given ? valueFromAST(given.value, argument.type, this.#variables) : undefined
    const first = value ?? argument.defaultValue
    return typeof first === 'number' ? Math.max(1, first) : 1
  }

  #ofFragment(name: string): number {
    const known = this.#fragments.get(name)
    if (known !== undefined) return known
    const fragment = this.#definitions.get(name)
    if (!fragment) return 0
    const cost = this.ofSelections(this.#typeOf(fragment.typeCondition.name.value), fragment.selectionSet)
    this.#fragments.set(name, cost)
    return cost
  }

  #typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#costed.schema.getType(name)
  }
}
