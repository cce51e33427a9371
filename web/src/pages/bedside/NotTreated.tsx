// Not treated today, in three taps: why, what becomes of the dose, yes.
import { useState } from 'react'
import forms from 'venule:forms'
import type { Commands } from '../../api'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'

type In = Commands['visit.not_treated']
const words = (name: string) => forms['visit.not_treated'].fields.find((f) => f.name === name)?.words ?? []
const then: Record<string, string> = { delay: 'Delay: this and the later visits move', hold: 'Hold until someone releases it', skip: 'Skip: left out or moved, as the regimen says' }
const DELAY_DAYS = [1, 3, 7, 14]

export function NotTreatedDialog({ visit, close }: { visit: string; close: () => void }) {
  const { run } = useDoing()
  const [why, setWhy] = useState('')
  const [what, setWhat] = useState('')
  const [days, setDays] = useState(7)
  const send = async () => {
    const o = await run('visit.not_treated', { visit, why: why as In['why'], then: what as In['then'], ...(what === 'delay' ? { days } : {}) }, { said: { reason: why }, done: 'Not treated today. Chair, drug and later days are free.' })
    if (o.ok) close()
  }
  return (
    <Dialog title="Not treated today" close={close}>
      <div className="form-grid">
        <div className="field"><div className="label">1. Why</div><div className="choices" role="group" aria-label="Why">{words('why').map((w, i) => <button key={w} type="button" className={`btn ${why === w ? 'chosen' : ''}`} aria-pressed={why === w} onClick={() => setWhy(w)} {...(i === 0 ? { 'data-autofocus': true } : {})}>{w}</button>)}</div></div>
        {why && <div className="field"><div className="label">2. What becomes of the dose</div><div className="choices" role="group" aria-label="What becomes of the dose">{words('then').map((w) => <button key={w} type="button" className={`btn ${what === w ? 'chosen' : ''}`} aria-pressed={what === w} onClick={() => setWhat(w)}>{then[w] ?? w}</button>)}</div></div>}
        {what === 'delay' && <div className="field"><div className="label">By how long</div><div className="choices" role="group" aria-label="By how long">{DELAY_DAYS.map((d) => <button key={d} type="button" className={`btn low ${days === d ? 'chosen' : ''}`} aria-pressed={days === d} onClick={() => setDays(d)}>{d === 1 ? '1 day' : `${d} days`}</button>)}</div></div>}
      </div>
      <div className="form-foot"><button type="button" className="btn" onClick={close}>Cancel</button><button type="button" className="btn main" disabled={!why || !what} onClick={() => void send()}>3. Not treated today</button></div>
    </Dialog>
  )
}
