import { useState } from 'react'
import { graphql, type ResultOf } from '../../lib/atlas.ts'
import { bits, count, counted } from '../../lib/format.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { LabelBar } from '../../parts/labels.tsx'
import { Empty } from '../../parts/panel.tsx'

const Tree = graphql(`
  query RoutingTree($network: String!, $dataset: String!, $fromLayer: Int!, $toLayer: Int!) {
    routingTree(
      network: $network
      dataset: $dataset
      fromLayer: $fromLayer
      toLayer: $toLayer
      maxNodes: 500
    ) {
      memberCount
      nodeCount
      complete
      prunedMembers
      nodes {
        index
        parent
        depth
        memberCount
        labelEntropy
        prunedMembers
        labelCounts {
          label
          className
          count
        }
        layer {
          index
        }
      }
    }
  }
`)

type RoutingNode = ResultOf<typeof Tree>['routingTree']['nodes'][number]

interface RoutingTreeProps {
  network: string
  dataset: string
  fromLayer: number
  toLayer: number
}

/** How many children of a node are drawn before one asks for more. */
const BRANCHES = 12

/** The codes over the first layers of the span as a tree to open, the greatest first. */
export function RoutingTree(span: RoutingTreeProps) {
  const { routingTree: tree } = useAnswer(Tree, span)
  if (tree.nodeCount === 0)
    return <Empty>No two inputs share the code of layer {span.fromLayer}: there is no tree to draw.</Empty>
  const children = new Map<number | null, RoutingNode[]>()
  for (const node of tree.nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node])
  return (
    <>
      <p className="hint">
        Codes that two inputs or more share, layer by layer; {count(tree.prunedMembers)} of{' '}
        {count(tree.memberCount)} inputs share none.
        {!tree.complete && ` Only the ${tree.nodeCount} greatest are shown.`}
      </p>
      <Branches nodes={children.get(null) ?? []} children={children} total={tree.memberCount} />
    </>
  )
}

interface BranchesProps {
  nodes: readonly RoutingNode[]
  children: ReadonlyMap<number | null, readonly RoutingNode[]>
  total: number
}

function Branches({ nodes, children, total }: BranchesProps) {
  const [shown, setShown] = useState(BRANCHES)
  return (
    <ul className="tree">
      {nodes.slice(0, shown).map((node) => (
        <li key={node.index}>
          <Branch node={node} children={children} total={total} />
        </li>
      ))}
      {nodes.length > shown && (
        <li>
          <button type="button" onClick={() => setShown(2 * shown)}>
            {counted(nodes.length - shown, 'more node')}
          </button>
        </li>
      )}
    </ul>
  )
}

function Branch({ node, children, total }: Omit<BranchesProps, 'nodes'> & { node: RoutingNode }) {
  const [open, setOpen] = useState(false)
  const further = children.get(node.index) ?? []
  const summary = (
    <>
      <span className="muted">layer {node.layer.index}</span> {counted(node.memberCount, 'input')}{' '}
      <span className="muted">{bits(node.labelEntropy)}</span>
      <LabelBar counts={node.labelCounts} />
    </>
  )
  if (further.length === 0) return <div className="row tree-node">{summary}</div>
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="tree-node">
        <span className="row">{summary}</span>
      </summary>
      {open && <Branches nodes={further} children={children} total={total} />}
    </details>
  )
}
