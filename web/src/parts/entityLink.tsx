import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { entityHref, shortPath } from '../lib/paths.ts'

/** A link to the page of an entity; by default it shows the path, a hash cut to eight digits. */
export function EntityLink({ path, children }: { path: string; children?: ReactNode }) {
  return (
    <Link href={entityHref(path)} className={children ? undefined : 'path'} title={path}>
      {children ?? shortPath(path)}
    </Link>
  )
}
