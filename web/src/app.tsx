import { lazy, useEffect, useRef } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { Frame } from './frame.tsx'
import { Loaded } from './parts/panel.tsx'
import { AtlasView } from './views/atlas/index.tsx'

// A view's code comes when it is first shown; the atlas itself is what most open first.
const EntityView = lazy(() => import('./views/entity.tsx'))
const SegmentView = lazy(() => import('./views/segment/index.tsx'))
const SliceView = lazy(() => import('./views/slice/index.tsx'))
const CompareView = lazy(() => import('./views/compare/index.tsx'))
const QueryView = lazy(() => import('./views/query/index.tsx'))
const KeyView = lazy(() => import('./views/key/index.tsx'))

export function App() {
  return (
    <Frame>
      <Main>
        <Loaded what="page">
          <Switch>
            <Route path="/" component={AtlasView} />
            <Route path="/atlas/*">{({ '*': path }) => <EntityView path={decode(path)} />}</Route>
            <Route path="/segment" component={SegmentView} />
            <Route path="/slice" component={SliceView} />
            <Route path="/compare" component={CompareView} />
            <Route path="/query" component={QueryView} />
            <Route path="/key" component={KeyView} />
            <Route>
              <h1>There is no such page</h1>
            </Route>
          </Switch>
        </Loaded>
      </Main>
    </Frame>
  )
}

const decode = (path: string) => path.split('/').map(decodeURIComponent).join('/')

/** Takes the focus when the page changes, so that keyboard and screen reader begin at its top. */
function Main({ children }: { children: React.ReactNode }) {
  const [location] = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(location)
  useEffect(() => {
    if (shown.current === location) return
    shown.current = location
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [location])
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {children}
    </main>
  )
}
