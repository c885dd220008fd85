import { useEffect, useRef, useState, type RefObject } from 'react'

/** Whether an element has been in view: what it shows is fetched only then. */
export function useSeen<Shown extends HTMLElement>(): [ref: RefObject<Shown | null>, seen: boolean] {
  const ref = useRef<Shown>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!ref.current || seen) return
    const observer = new IntersectionObserver(([{ isIntersecting }]) => {
      if (isIntersecting) setSeen(true)
    })
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [seen])
  return [ref, seen]
}
