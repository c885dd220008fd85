import { useLocation, useSearch } from 'wouter'
import { pageHref } from './paths.ts'

/**
 * The arguments of the page's address: reads one, and writes some without adding to the history. Written they look as
 * people write them, paths with their slashes.
 */
export function useArgs(): [
  get: (name: string) => string,
  set: (changes: Record<string, string | number | null>) => void,
] {
  const [location, navigate] = useLocation()
  const search = useSearch()
  const args = new URLSearchParams(search)
  return [
    (name) => args.get(name) ?? '',
    (changes) => navigate(pageHref(location, { ...Object.fromEntries(args), ...changes }), { replace: true }),
  ]
}
