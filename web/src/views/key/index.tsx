import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useArgs } from '../../lib/useArgs.ts'
import { usePageTitle } from '../../lib/usePageTitle.ts'
import { keepKey } from '../../lib/session.ts'
import { Problem } from '../../parts/panel.tsx'

/** Asks for the key of an atlas that answers those who have one, and goes on where it was missing. */
export default function KeyView() {
  usePageTitle('Key')
  const [get] = useArgs()
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const [key, setKey] = useState('')
  const [error, setError] = useState<unknown>(null)
  const submit = async () => {
    try {
      await keepKey(key)
    } catch (problem) {
      return setError(problem)
    }
    queries.clear()
    navigate(get('from') || '/', { replace: true })
  }
  return (
    <>
      <h1>This atlas answers those with a key</h1>
      <form
        className="panel stack"
        aria-label="Key"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <p>
          Whoever runs the atlas makes keys with <code>atlas key create</code>. The browser keeps yours for
          this atlas, where scripts cannot read it, until it is closed.
        </p>
        <label>
          key
          <input
            type="password"
            autoComplete="current-password"
            required
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
        <div className="row">
          <button type="submit">Use the key</button>
        </div>
        {error !== null && <Problem error={error} />}
      </form>
    </>
  )
}
