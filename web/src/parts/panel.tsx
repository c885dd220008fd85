import { QueryErrorResetBoundary } from '@tanstack/react-query'
import { Component, Suspense, useId, type ReactNode } from 'react'
import { Link } from 'wouter'
import { AtlasRequestError } from '../lib/atlas.ts'
import { useSeen } from '../lib/useSeen.ts'

interface PanelProps {
  title: string
  /** What stands at the right of the title. */
  aside?: ReactNode
  children: ReactNode
}

/**
 * A titled part of a view that waits and fails by itself, so that the others can be used. It fetches what it shows when it
 * comes into view.
 */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId()
  const [ref, seen] = useSeen<HTMLElement>()
  return (
    <section className="panel" aria-labelledby={id} ref={ref}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {seen ? (
        <Loaded what={title} tall>
          {children}
        </Loaded>
      ) : (
        <div className="tall" />
      )}
    </section>
  )
}

interface LoadedProps {
  /** What is waited for, for those who cannot see the placeholder. */
  what: string
  /** The placeholder is as high as most panels are. */
  tall?: boolean
  children: ReactNode
}

/** Shows a placeholder until its content has its answers, and an error with a way to try again where it gets none. */
export function Loaded({ what, tall = false, children }: LoadedProps) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Failed onRetry={reset}>
          <Suspense fallback={<Waiting what={what} tall={tall} />}>{children}</Suspense>
        </Failed>
      )}
    </QueryErrorResetBoundary>
  )
}

function Waiting({ what, tall }: { what: string; tall: boolean }) {
  return (
    <div className={tall ? 'skeleton tall' : 'skeleton'} role="status">
      <span className="hidden-text">Loading: {what}</span>
    </div>
  )
}

/** An error of a request, as its code and what to do; other errors are bugs and say so. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const known = error instanceof AtlasRequestError
  return (
    <div className="note bad stack" role="alert">
      <p>
        {known ? error.message : `The page failed: ${error instanceof Error ? error.message : String(error)}`}
      </p>
      <div className="row">
        {known && <code>{error.code}</code>}
        {known && error.code === 'FORBIDDEN' && <Link href="/key">Use another key</Link>}
        {onRetry && (
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  )
}

interface FailedProps {
  onRetry: () => void
  children: ReactNode
}

/** React has error boundaries as classes only. */
class Failed extends Component<FailedProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  private readonly retry = () => {
    this.props.onRetry()
    this.setState({ error: null })
  }

  override render() {
    const { error } = this.state
    return error === null ? this.props.children : <Problem error={error} onRetry={this.retry} />
  }
}

/** What a list shows that holds nothing: why, and what would fill it. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="note muted">{children}</p>
}
