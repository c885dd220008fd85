import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** How far from the window's edge an element counts as in view already, in CSS pixels. */
const AHEAD = 100

/** Whether an element has been in view: what it shows is fetched only then. */
export function useSeen<Shown extends HTMLElement>(): [ref: RefObject<Shown | null>, seen: boolean] {
  const ref = useRef<Shown>(null)
  const [seen, setSeen] = useState(false)
  useLayoutEffect(() => {
    if (!ref.current || seen) return
    // What is in view at once is looked at before the first paint: an observer would tell a frame or more later.
    const { top, bottom } = ref.current.getBoundingClientRect()
    if (top < innerHeight + AHEAD && bottom > -AHEAD) return setSeen(true)
    const observer = new IntersectionObserver(
      ([{ isIntersecting }]) => {
        if (isIntersecting) setSeen(true)
      },
      { rootMargin: `${AHEAD}px` },
    )
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [seen])
  return [ref, seen]
}
