import { useEffect, useRef, useState, type RefObject } from 'react'

/** How far from the window's edge an element counts as in view already. */
const AHEAD = '100px'

/** Whether an element has been in view: what it shows is fetched only then. */
export function useSeen<Shown extends HTMLElement>(): [ref: RefObject<Shown | null>, seen: boolean] {
  const ref = useRef<Shown>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!ref.current || seen) return
    const observer = new IntersectionObserver(
      ([{ isIntersecting }]) => {
        if (isIntersecting) setSeen(true)
      },
      { rootMargin: AHEAD },
    )
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [seen])
  return [ref, seen]
}
