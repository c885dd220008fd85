import { useSearchParams } from 'wouter'

/** The arguments of the page's address: reads one, and writes some without adding to the history. */
export function useArgs(): [
  get: (name: string) => string,
  set: (changes: Record<string, string | number | null>) => void,
] {
  const [search, setSearch] = useSearchParams()
  return [
    (name) => search.get(name) ?? '',
    (changes) =>
      setSearch(
        (now) => {
          for (const [name, value] of Object.entries(changes)) {
            if (value === null || value === '') now.delete(name)
            else now.set(name, String(value))
          }
          return now
        },
        { replace: true },
      ),
  ]
}
