import { lazy, type ComponentType } from 'react'
import { graphql } from '../lib/atlas.ts'
import { useAnswer } from '../lib/useAnswer.ts'
import { usePageTitle } from '../lib/usePageTitle.ts'
import { Empty, Loaded } from '../parts/panel.tsx'

/** The page of an entity takes its path. */
type Page = ComponentType<{ path: string }>

const PAGES: Record<string, Page> = {
  Network: lazy(() => import('./network/index.tsx')),
  Layer: lazy(() => import('./layer/index.tsx')),
  Dataset: lazy(() => import('./dataset/index.tsx')),
  Input: lazy(() => import('./input/index.tsx')),
  Partition: lazy(() => import('./partition/index.tsx')),
  Region: lazy(() => import('./region/index.tsx')),
  Clustering: lazy(() => import('./clustering/index.tsx')),
  Cluster: lazy(() => import('./cluster/index.tsx')),
  Series: lazy(() => import('./series/index.tsx')),
}

const Kind = graphql(`
  query EntityKind($path: String!) {
    entity(path: $path) {
      __typename
    }
  }
`)

/** The page of whatever entity has this path. */
export default function EntityView({ path }: { path: string }) {
  usePageTitle(path)
  return (
    <Loaded what={path} key={path}>
      <EntityPage path={path} />
    </Loaded>
  )
}

function EntityPage({ path }: { path: string }) {
  const { entity } = useAnswer(Kind, { path })
  const kind = entity?.__typename
  const Page = kind && PAGES[kind]
  if (Page) return <Page path={path} />
  return (
    <>
      <h1>{path}</h1>
      <Empty>
        {kind
          ? `This is a ${kind}: it has no page here, but Query shows all of it.`
          : 'The atlas holds nothing with this path. Names and hashes are written as in lists and links.'}
      </Empty>
    </>
  )
}
