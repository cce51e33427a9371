// One set of vital signs, entered without the mouse: Enter goes on, the last Enter records. The set before stands beside.
import { useRef, useState, type KeyboardEvent } from 'react'
import type { Commands, VitalSigns } from '../../api'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'
import { clock, num } from '../../ui/format'
import type { Bedside } from './strip-model'

type Name = 'temp' | 'hr' | 'rr' | 'sbp' | 'dbp' | 'spo2'
const fields: [Name, string, string][] = [
  ['temp', 'Temperature', '°C'], ['hr', 'Heart rate', 'per min'], ['rr', 'Breaths', 'per min'], ['sbp', 'Systolic', 'mmHg'], ['dbp', 'Diastolic', 'mmHg'], ['spo2', 'SpO₂', '%'],
]
const alert: [NonNullable<VitalSigns['acvpu']>, string][] = [['A', 'Alert'], ['C', 'Confused'], ['V', 'Voice'], ['P', 'Pain'], ['U', 'Unresponsive']]
type Phase = Commands['vitals.record']['phase']
const phases: Phase[] = ['baseline', 'during', 'rate change', 'end', 'after', 'reaction']

function phaseNow(b: Bedside): Phase {
  if (b.reactions.some((r) => r.state !== 'closed')) return 'reaction'
  const due = b.checks.find((c) => c.phase && c.what.toLowerCase().includes('vital'))?.phase ?? b.checks.find((c) => c.phase)?.phase
  if (due && (phases as string[]).includes(due)) return due as Phase
  if (!b.vitals.some((v) => v.phase === 'baseline')) return 'baseline'
  return b.visit?.state === 'observing' ? 'after' : 'during'
}

export function VitalsDialog({ b, close, phase: given }: { b: Bedside; close: () => void; phase?: Phase }) {
  const { run } = useDoing()
  const before = b.vitals[b.vitals.length - 1] as VitalSigns | undefined
  const [phase, setPhase] = useState(given ?? phaseNow(b))
  const [values, setValues] = useState<Partial<Record<Name, string>>>({})
  const [oxygen, setOxygen] = useState(before?.oxygen ?? false)
  const [acvpu, setAcvpu] = useState<NonNullable<VitalSigns['acvpu']>>('A')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLFormElement>(null)

  const submit = async () => {
    if (busy) return
    const input: Commands['vitals.record'] = { visit: b.visit!.id, phase, oxygen, acvpu }
    const bad: Record<string, string> = {}
    for (const [name, label] of fields) {
      const text = (values[name] ?? '').trim()
      if (!text) continue
      const ok = name === 'temp' ? /^\d{2}(\.\d{1,2})?$/.test(text) : /^\d{1,3}$/.test(text)
      if (ok) input[name] = Number(text)
      else bad[name] = name === 'temp' ? 'As 37.2' : `${label} in whole numbers`
    }
    if (!Object.keys(bad).length && fields.every(([n]) => !(values[n] ?? '').trim())) bad.temp = 'Nothing is entered yet.'
    setWrong(bad)
    const first = Object.keys(bad)[0]
    if (first) return box.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()
    setBusy(true)
    const o = await run('vitals.record', input, { done: 'Vital signs recorded.', own: true })
    setBusy(false)
    if (o.ok) return close()
    if (o.problem && !o.problem.refusals?.length && o.problem.status) {
      const at = fields.find(([n]) => o.problem!.field?.endsWith(n))?.[0] ?? ''
      setWrong({ [at]: o.problem.detail ?? o.problem.title })
      box.current?.querySelector<HTMLInputElement>(`[name=${at || 'temp'}]`)?.focus()
    }
  }
  const onEnter = (e: KeyboardEvent) => {
    if (e.key !== 'Enter') return
    e.preventDefault()
    const inputs = [...box.current!.querySelectorAll<HTMLInputElement>('.vitals-grid input')]
    const at = inputs.indexOf(e.target as HTMLInputElement)
    if (at >= 0 && at < inputs.length - 1) inputs[at + 1].focus()
    else void submit()
  }
  return (
    <Dialog title="Vital signs" close={close} size={620}>
      <form ref={box} className="form-grid" noValidate onSubmit={(e) => { e.preventDefault(); void submit() }}>
        <div className="vitals-grid">
          {fields.map(([name, label, unit], i) => (
            <div key={name} className="field">
              <label htmlFor={`v-${name}`}>{label}</label>
              <div className="input-unit">
                <input id={`v-${name}`} name={name} className="input" inputMode="decimal" autoComplete="off" value={values[name] ?? ''} onKeyDown={onEnter} aria-invalid={!!wrong[name]} aria-describedby={`v-${name}-s`}
                  onChange={(e) => setValues((all) => ({ ...all, [name]: e.target.value }))} {...(i === 0 ? { 'data-autofocus': true } : {})} />
                <span className="quiet small nowrap">{unit}</span>
              </div>
              <div id={`v-${name}-s`}>{wrong[name] ? <div className="wrong" role="alert">{wrong[name]}</div> : <div className="hint">{before?.[name] !== undefined ? `${num(before[name], 1)} at ${clock(before.at)}` : ''}</div>}</div>
            </div>
          ))}
        </div>
        <div className="field"><div className="label" id="acvpu">Alertness</div><div className="choices" role="group" aria-labelledby="acvpu">{alert.map(([c, w]) => <button key={c} type="button" className={`btn low ${acvpu === c ? 'chosen' : ''}`} aria-pressed={acvpu === c} onClick={() => setAcvpu(c)}><b>{c}</b> {w}</button>)}</div></div>
        <div className="field"><div className="label" id="oxygen">Oxygen</div><div className="choices" role="group" aria-labelledby="oxygen">{[false, true].map((o) => <button key={String(o)} type="button" className={`btn low ${oxygen === o ? 'chosen' : ''}`} aria-pressed={oxygen === o} onClick={() => setOxygen(o)}>{o ? 'On oxygen' : 'Room air'}</button>)}</div></div>
        <div className="field"><div className="label" id="phase">Why now</div><div className="choices" role="group" aria-labelledby="phase">{phases.map((p) => <button key={p} type="button" className={`btn low ${phase === p ? 'chosen' : ''}`} aria-pressed={phase === p} onClick={() => setPhase(p)}>{p}</button>)}</div></div>
        {wrong[''] && <div className="field"><div className="wrong" role="alert">{wrong['']}</div></div>}
        <div className="form-foot"><button type="button" className="btn" onClick={close}>Cancel</button><button type="submit" className="btn main" disabled={busy}>Record</button></div>
      </form>
    </Dialog>
  )
}
