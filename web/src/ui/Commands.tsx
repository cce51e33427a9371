// Doing something: one host for all pages. `run` sends a command; a refusal opens the refusal dialog, a lost link keeps
// the very same command ready to be sent again. `ask` opens a form for what is still missing first.
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { Accepted, Commands, Override, Problem, Said } from '../api'
import { Failed } from '../net/http'
import { prepare, send, type Sending } from '../net/command'
import { sessionOver } from '../shell/session'
import { CommandForm, type FormAsk } from './CommandForm'
import { Refusals } from './Refusals'

export type Outcome = { ok: true; answer: Accepted } | { ok: false; problem: Problem | null }

interface Options {
  said?: Said
  /** What to say when it is done; nothing if left out. */
  done?: string
  /** The caller shows problems itself (a form). Refusals still open their dialog. */
  own?: boolean
}

export interface Doing {
  run: <K extends keyof Commands>(command: K, input: Commands[K], options?: Options) => Promise<Outcome>
  ask: <K extends keyof Commands>(ask: FormAsk<K>) => Promise<Outcome>
  say: (text: string) => void
  busy: boolean
}

const Context = createContext<Doing | null>(null)
export function useDoing(): Doing {
  const d = useContext(Context)
  if (!d) throw new Error('no command host')
  return d
}

interface Toast { id: number; text: string; act?: { label: string; run: () => void }; stays?: boolean }
interface Refused { sending: Sending; problem: Problem; end: (o: Outcome) => void }
interface Asking { ask: FormAsk; end: (o: Outcome) => void }

const TOAST_MS = 5000

export function CommandHost({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [toasts, setToasts] = useState<Toast[]>([])
  const [refused, setRefused] = useState<Refused | null>(null)
  const [asking, setAsking] = useState<Asking | null>(null)
  const [running, setRunning] = useState(0)
  const next = useRef(1)

  const toast = useCallback((t: Omit<Toast, 'id'>) => {
    const id = next.current++
    setToasts((all) => [...all.slice(-3), { ...t, id }])
    if (!t.stays) setTimeout(() => setToasts((all) => all.filter((x) => x.id !== id)), TOAST_MS)
  }, [])
  const drop = (id: number) => setToasts((all) => all.filter((x) => x.id !== id))

  const attempt = useCallback(async (sending: Sending, options: Options): Promise<Outcome> => {
    setRunning((n) => n + 1)
    try {
      const answer = await send(sending)
      void queries.invalidateQueries({ queryKey: ['view'] })
      const notes = answer.notes.filter((n) => n.severity === 'note').map((n) => n.says)
      const says = (answer.result as { says?: string } | undefined)?.says /* what else it moved */
      if (says) notes.unshift(`${says[0].toUpperCase()}${says.slice(1)}.`)
      if (notes.length) toast({ text: [options.done, ...notes].filter(Boolean).join(' '), stays: true })
      else if (options.done) toast({ text: options.done })
      return { ok: true, answer }
    } catch (e) {
      if (!(e instanceof Failed)) throw e
      const p = e.problem
      if (p.refusals?.length) return await new Promise<Outcome>((end) => setRefused({ sending, problem: p, end }))
      if (p.status === 401) {
        sessionOver()
        return { ok: false, problem: p }
      }
      if (!options.own || e.unreachable) {
        toast({
          text: e.unreachable ? 'Not recorded: the server cannot be reached.' : `Not recorded. ${p.detail ?? p.title}`, stays: true,
          act: e.unreachable ? { label: 'Send again', run: () => void attempt(sending, { ...options, done: options.done ?? 'Recorded.' }) } : undefined,
        })
      }
      return { ok: false, problem: p }
    } finally {
      setRunning((n) => n - 1)
    }
  }, [queries, toast])

  const doing = useMemo<Doing>(() => ({
    run: (command, input, options = {}) => attempt(prepare(command, input, options.said), options),
    ask: (ask) => new Promise((end) => setAsking({ ask: ask as unknown as FormAsk, end })),
    say: (text) => toast({ text }),
    busy: running > 0,
  }), [attempt, toast, running])

  const endRefusal = (o: Outcome) => {
    refused?.end(o)
    setRefused(null)
  }
  const override = async (list: Override[], reason: string) => {
    if (!refused) return
    const { sending } = refused
    const said = { ...sending.said, reason: sending.said?.reason ?? reason, override: [...(sending.said?.override ?? []), ...list] }
    setRefused(null)
    refused.end(await attempt(prepare(sending.command, sending.input, said), {}))
  }

  return (
    <Context.Provider value={doing}>
      {children}
      {asking && <CommandForm key={asking.ask.command} ask={asking.ask} close={(o) => {
        asking.end(o)
        setAsking(null)
      }} />}
      {refused && <Refusals problem={refused.problem} close={() => endRefusal({ ok: false, problem: refused.problem })} override={override} />}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((t) => (
          <div key={t.id} className="toast">
            <span className="grow">{t.text}</span>
            {t.act && <button className="btn low" type="button" onClick={() => { drop(t.id); t.act?.run() }}>{t.act.label}</button>}
            {t.stays && <button className="btn low" type="button" aria-label="Dismiss" onClick={() => drop(t.id)}>✕</button>}
          </div>
        ))}
      </div>
    </Context.Provider>
  )
}
