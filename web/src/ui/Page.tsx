// The states every page has: loading without flicker, empty with what to do next, error with how to go on, offline with
// what still works.
import { useEffect, useState, type ReactNode } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Failed } from '../net/http'
import { useLink } from '../net/live'
import { useNow } from '../shell/clock'
import { clockSeconds } from './format'
import type { Shown } from '../net/view'

const SLOW_MS = 250

/** Nothing at first, so that a quick answer does not flicker; then a quiet line. */
export function Loading() {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const t = setTimeout(() => setSlow(true), SLOW_MS)
    return () => clearTimeout(t)
  }, [])
  return slow ? <div role="status" aria-label="Loading"><div className="waiting-bar" /></div> : null
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="state-box sheet"><h2>{title}</h2><div className="quiet">{children}</div></div>
}

export function Trouble({ failed, again }: { failed: Failed; again?: () => void }) {
  const p = failed.problem
  const next = failed.unreachable ? 'Nothing you recorded is lost: what was acknowledged is on the disk.'
    : p.status === 403 ? 'Someone with the right role can open it, or sign in as that person.'
      : p.status === 404 ? 'Check the address, or search with Ctrl-K.' : 'Try again; if it stays, tell the administrator what stands here.'
  return (
    <div className="state-box sheet" role="alert">
      <h2>{p.title}</h2>
      <p>{p.detail}</p>
      <p className="quiet">{next}</p>
      {again && <button className="btn" type="button" onClick={again}>Try again</button>}
    </div>
  )
}

/** Shows a view's answer in whatever state it is; stale data stays, with a strip that says so. */
export function ViewStates<T>({ query, children }: { query: UseQueryResult<Shown<T>, Failed>; children: (answer: T, shown: Shown<T>) => ReactNode }) {
  if (query.data) {
    return (
      <>
        {query.error && <Stale shown={query.data} failed={query.error} again={() => void query.refetch()} />}
        {children(query.data.answer, query.data)}
      </>
    )
  }
  if (query.error) return <Trouble failed={query.error} again={() => void query.refetch()} />
  return <Loading />
}

function Stale({ shown, failed, again }: { shown: Shown<unknown>; failed: Failed; again: () => void }) {
  const link = useLink()
  useNow(1000)
  return (
    <div className="state-strip" role="status">
      <strong>{failed.unreachable || link.state === 'lost' ? 'Offline.' : failed.problem.title + '.'}</strong>
      <span>You see {clockSeconds(shown.at)}. Pumps run on; look at the pump, and chart on the downtime sheet until the link is back.</span>
      <button className="btn low push" type="button" onClick={again}>Try now</button>
    </div>
  )
}
