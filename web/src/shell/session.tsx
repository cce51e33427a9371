// Who is signed in. Signed out while working keeps the page and asks to sign in over it; nothing typed is lost.
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { commandRoles, viewRoles, type Commands, type Me, type Role, type Views } from '../api'
import { Failed, get, post, setCsrf } from '../net/http'
import { startLive, stopLive } from '../net/live'
import { setClock } from './clock'

interface Session {
  me: Me
  signOut: () => Promise<void>
  mayDo: (command: keyof Commands) => boolean
  maySee: (view: keyof Views) => boolean
  isPatient: boolean
}

const Context = createContext<Session | null>(null)

export function useSession(): Session {
  const s = useContext(Context)
  if (!s) throw new Error('nobody is signed in')
  return s
}

const overlap = (a: readonly Role[], b: readonly Role[]) => a.some((r) => b.includes(r))

export type SignedState = { state: 'asking' } | { state: 'out'; problem?: string } | { state: 'away' } | { state: 'in'; me: Me }

/** Whoever learns that the session is over says so here. */
const over = new Set<() => void>()
export const sessionOver = () => over.forEach((f) => f())

export function SessionGate({ signIn, away, children }: {
  signIn: (done: (me: Me) => void) => ReactNode
  away: (again: () => void) => ReactNode
  children: ReactNode
}) {
  const queries = useQueryClient()
  const [signed, setSigned] = useState<SignedState>({ state: 'asking' })

  const enter = useCallback((me: Me) => {
    setCsrf(me.csrf)
    setClock(me)
    queries.clear()
    startLive(queries)
    setSigned({ state: 'in', me })
  }, [queries])

  const ask = useCallback(() => {
    get<Me>('/api/me').then(({ answer }) => enter(answer), (e: unknown) => {
      setSigned(e instanceof Failed && e.problem.status === 401 ? { state: 'out' } : { state: 'away' })
    })
  }, [enter])

  useEffect(() => { ask() }, [ask])
  useEffect(() => {
    const end = () => setSigned((s) => s.state === 'in' ? { state: 'out', problem: 'over' } : s)
    over.add(end)
    return () => { over.delete(end) }
  }, [])

  if (signed.state === 'asking') return null
  if (signed.state === 'away') return <>{away(ask)}</>
  if (signed.state === 'out') return <>{signIn(enter)}</>
  const { me } = signed
  const session: Session = {
    me,
    isPatient: me.roles.length === 1 && me.roles[0] === 'patient',
    mayDo: (c) => overlap(commandRoles[c], me.roles),
    maySee: (v) => overlap(viewRoles[v], me.roles),
    signOut: async () => {
      await post('/api/logout', {}).catch(() => undefined)
      stopLive()
      setCsrf('')
      queries.clear()
      setSigned({ state: 'out' })
    },
  }
  return <Context.Provider value={session}>{children}</Context.Provider>
}
