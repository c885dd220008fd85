import { useEffect } from 'react'

/** Names the page, for tabs and bookmarks; null names the atlas alone. */
export function usePageTitle(title: string | null): void {
  useEffect(() => {
    document.title = title === null ? 'Polytope Atlas' : `${title} · Polytope Atlas`
  }, [title])
}
