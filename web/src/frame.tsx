import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useLiveAnswer } from './lib/useAnswer.ts'
import { graphql } from './lib/atlas.ts'
import { entityHref } from './lib/paths.ts'

const PAGES = [
  ['/', 'Atlas'],
  ['/segment', 'Segment'],
  ['/slice', 'Slice'],
  ['/compare', 'Compare'],
  ['/query', 'Query'],
] as const

/** The bar at the top of every page. */
export function Frame({ children }: { children: ReactNode }) {
  const [location] = useLocation()
  return (
    <>
      <a className="skip-link" href="#main">
        To the content
      </a>
      <header className="frame-bar">
        <Link href="/" className="frame-name">
          <img src="/icon.svg" alt="" width="22" height="22" />
          Polytope Atlas
        </Link>
        <nav aria-label="Pages">
          {PAGES.map(([href, name]) => (
            <Link key={href} href={href} aria-current={location === href ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <GoTo />
      </header>
      {children}
    </>
  )
}

const Names = graphql(`
  query Names {
    networks(first: 200) {
      nodes {
        path
      }
    }
    datasets(first: 200) {
      nodes {
        path
      }
    }
    seriesList(first: 200) {
      nodes {
        path
      }
    }
    partitions(first: 200) {
      nodes {
        path
      }
    }
  }
`)

/** Goes to the entity whose path is typed; `/` puts the cursor there. Names are fetched when it is first used. */
function GoTo() {
  const [, navigate] = useLocation()
  const [used, setUsed] = useState(false)
  const [path, setPath] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const list = useId()
  const { data } = useLiveAnswer(Names, {}, { enabled: used })
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event.target)) return
      event.preventDefault()
      field.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])
  const known = data ? [data.networks, data.datasets, data.seriesList, data.partitions] : []
  return (
    <form
      className="frame-go"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        if (path.trim() === '') return
        navigate(entityHref(path.trim()))
        setPath('')
        field.current?.blur()
      }}
    >
      <input
        ref={field}
        value={path}
        onChange={(event) => setPath(event.target.value)}
        onFocus={() => setUsed(true)}
        placeholder="Go to a path, such as mnist-a/2..2@mnist  ( / )"
        aria-label="Go to a path"
        list={list}
        spellCheck={false}
        autoComplete="off"
      />
      <datalist id={list}>
        {known.flatMap(({ nodes }) => nodes.map(({ path }) => <option key={path} value={path} />))}
      </datalist>
    </form>
  )
}

/** Whether a key goes into a field. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}
