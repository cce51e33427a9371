// What a rule refused, in its own words, with the facts. A rule that only needs a reason can be overridden by who may:
// the override names the rule and the facts, and is void if these change.
import { useState, type FormEvent } from 'react'
import type { Override, Problem, Refused } from '../api'
import { useSession } from '../shell/session'
import { Dialog } from './Dialog'

const REASON_MIN = 4

const sign = { 'hard stop': '✕', 'needs a reason': '?', note: 'i' } as const

function facts(f: unknown): string {
  if (!f || typeof f !== 'object') return String(f ?? '')
  return Object.entries(f as Record<string, unknown>).map(([k, v]) => `${k.replaceAll('_', ' ')}: ${typeof v === 'object' ? JSON.stringify(v) : String(v)}`).join('\n')
}

export function Refusals({ problem, close, override }: {
  problem: Problem
  close: () => void
  override: (list: Override[], reason: string) => Promise<void>
}) {
  const { me } = useSession()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const all = problem.refusals ?? []
  const mine = (r: Refused) => r.severity === 'needs a reason' && (!r.who || r.who.split(' ').some((role) => (me.roles as string[]).includes(role)))
  const stops = all.filter((r) => r.severity === 'hard stop')
  const others = all.filter((r) => r.severity === 'needs a reason' && !mine(r))
  const may = !stops.length && !others.length && all.some(mine)
  const submit = (e: FormEvent) => {
    e.preventDefault()
    const text = reason.trim()
    if (text.length < REASON_MIN) setWrong('Write why, so that the next person understands it.')
    else void override(all.filter(mine).map((r) => ({ rule: r.rule, facts: r.facts_hash, reason: text })), text)
  }
  return (
    <Dialog title={may ? 'A reason is needed' : 'Not possible'} close={close} size={560}>
      {all.map((r) => (
        <div className="refusal" key={r.rule + r.facts_hash}>
          <span className={`badge ${r.severity === 'hard stop' ? 'strong' : 'plain'}`}><span aria-hidden="true">{sign[r.severity]}</span>{r.severity}</span>
          <p className="says">{r.says}</p>
          {r.severity === 'needs a reason' && !mine(r) && <p className="quiet small">May be overridden by: {(r.who ?? 'nobody').split(' ').join(', ')}. Ask one of them.</p>}
          <details className="facts"><summary>Why: rule {r.rule}</summary><pre>{facts(r.facts)}</pre></details>
        </div>
      ))}
      {may ? (
        <form onSubmit={submit} className="form-grid" style={{ marginTop: 8 }}>
          <div className="field">
            <label htmlFor="override-reason">Your reason, kept with the record</label>
            <textarea id="override-reason" className="input" rows={2} maxLength={400} value={reason} onChange={(e) => setReason(e.target.value)} data-autofocus aria-invalid={!!wrong} />
            {wrong && <div className="wrong" role="alert">{wrong}</div>}
          </div>
          <div className="form-foot">
            <button className="btn" type="button" onClick={close}>Do not</button>
            <button className="btn main" type="submit">Go on with this reason</button>
          </div>
        </form>
      ) : <div className="form-foot"><button className="btn" type="button" onClick={close} data-autofocus>Close</button></div>}
    </Dialog>
  )
}
