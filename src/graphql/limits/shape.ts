import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DirectiveNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'

/**
 * What an operation has of each at most, with its fragments written out wherever they are spread. The worked queries have
 * at most 9 levels and 4 aliases; introspection has 15 levels.
 */
export const SHAPE_LIMITS = { depth: 20, aliases: 100, directives: 50 } as const

type Shape = Record<keyof typeof SHAPE_LIMITS, number>

const REFUSALS: Record<keyof Shape, { code: string; what: string; remedy: string }> = {
  depth: {
    code: 'QUERY_TOO_DEEP',
    what: 'levels',
    remedy: 'Ask for the inner levels in a query of their own.',
  },
  aliases: { code: 'TOO_MANY_ALIASES', what: 'aliases', remedy: 'Ask in several requests.' },
  directives: { code: 'TOO_MANY_DIRECTIVES', what: 'directives', remedy: 'Leave some out.' },
}

/**
 * A validation rule: refuses operations that nest too deep or have too many aliases or directives, known or not. Each
 * fragment is measured once, however often it is spread, so that the time grows with the document alone.
 */
export function shapeRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const shape = new Measurer(context).ofOperation(operation)
      for (const limit of ['depth', 'aliases', 'directives'] as const) {
        if (shape[limit] <= SHAPE_LIMITS[limit]) continue
        const { code, what, remedy } = REFUSALS[limit]
        const message = `The operation has ${shape[limit]} ${what}, fragments written out; at most ${SHAPE_LIMITS[limit]} are answered. ${remedy}`
        context.reportError(new GraphQLError(message, { nodes: operation, extensions: { code } }))
      }
    },
  }
}

interface Measured {
  directives?: readonly DirectiveNode[]
  selectionSet?: SelectionSetNode
}

class Measurer {
  readonly #context: ValidationContext
  readonly #fragments = new Map<string, Shape>()

  constructor(context: ValidationContext) {
    this.#context = context
  }

  /** The shape of what is selected inside, and of the directives on it. */
  ofOperation({ directives = [], selectionSet }: Measured): Shape {
    const shape = { depth: 0, aliases: 0, directives: directives.length }
    for (const selection of selectionSet?.selections ?? []) {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.#ofFragment(selection.name.value)
          : this.ofOperation(selection)
      const isField = selection.kind === Kind.FIELD
      const own = selection.kind === Kind.FRAGMENT_SPREAD ? (selection.directives?.length ?? 0) : 0
      shape.depth = Math.max(shape.depth, inner.depth + (isField ? 1 : 0))
      shape.aliases += inner.aliases + (isField && selection.alias ? 1 : 0)
      shape.directives += inner.directives + own
    }
    return shape
  }

  #ofFragment(name: string): Shape {
    const known = this.#fragments.get(name)
    if (known) return known
    // A fragment that spreads itself is refused by another rule; here it is empty.
    this.#fragments.set(name, { depth: 0, aliases: 0, directives: 0 })
    const fragment: FragmentDefinitionNode | null | undefined = this.#context.getFragment(name)
    const shape = this.ofOperation(fragment ?? {})
    this.#fragments.set(name, shape)
    return shape
  }
}
