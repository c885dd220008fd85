/** What a query asks of a field's answer, so that nothing else is read for it. */
import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql'

type Fragments = GraphQLResolveInfo['fragments']

/**
 * The fields that are asked of an answer and, of each, what is asked of its. Fragments are written out, and all of them
 * count, whatever their types and `@skip` or `@include` say: it is never less than what is read.
 */
export class Asked {
  readonly #fields = new Map<string, FieldNode[]>()
  readonly #inner = new Map<string, Asked>()
  readonly #fragments: Fragments

  constructor(nodes: readonly FieldNode[], fragments: Fragments) {
    this.#fragments = fragments
    for (const { selectionSet } of nodes) if (selectionSet) this.#collect(selectionSet)
  }

  /** By name, not by alias. */
  get names(): Iterable<string> {
    return this.#fields.keys()
  }

  has(name: string): boolean {
    return this.#fields.has(name)
  }

  /** What is asked of a field's answer; nothing where the field is not asked for. */
  of(name: string): Asked {
    let inner = this.#inner.get(name)
    if (!inner) this.#inner.set(name, (inner = new Asked(this.#fields.get(name) ?? [], this.#fragments)))
    return inner
  }

  #collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { value: name } = selection.name
        const nodes = this.#fields.get(name)
        if (nodes) nodes.push(selection)
        else this.#fields.set(name, [selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) this.#collect(selection.selectionSet)
      else this.#collect(this.#fragments[selection.name.value].selectionSet)
    }
  }
}

/** By the list of a field's nodes, which a compiled query has once for ever. */
const known = new WeakMap<readonly FieldNode[], Asked>()

/** What is asked of the answer of the field that is resolved. */
export function askedOf({ fieldNodes, fragments }: GraphQLResolveInfo): Asked {
  let asked = known.get(fieldNodes)
  if (!asked) known.set(fieldNodes, (asked = new Asked(fieldNodes, fragments)))
  return asked
}
