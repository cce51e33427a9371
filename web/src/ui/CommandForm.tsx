// A form for any command, made from its description (doc/openapi.json): it asks only for what is missing. Enter sends;
// what the server finds wrong stands at its field.
import { useMemo, useRef, useState, type FormEvent, type ReactNode } from 'react'
import forms, { type FormField } from 'venule:forms'
import type { Commands, Said } from '../api'
import { careNow } from '../shell/clock'
import { Dialog } from './Dialog'
import { Field } from './Field'
import { useDoing, type Outcome } from './Commands'
import { clock, fromLocal, isoDay } from './format'

export interface FormAsk<K extends keyof Commands = keyof Commands> {
  command: K
  /** What is known already. */
  input: Partial<Commands[K]>
  /** Members to ask for; those the command must have and the input lacks are added. */
  asks?: string[]
  title: string
  /** Above the fields: what this is about, what the hand must do first. */
  intro?: ReactNode
  button?: string
  done?: string
  /** Words for members, instead of those of the description. */
  labels?: Record<string, string>
  /** Values to begin with, as typed. */
  first?: Record<string, string>
  /** Ask for a reason too. */
  reason?: boolean | string
  /** It may have happened earlier: offers a time. */
  earlier?: boolean
}

type Values = Record<string, string>

/* What was typed, as the API takes it. `wrong`: what to say at the field. */
export function readValue(f: FormField, text: string): { value?: unknown; wrong?: string } {
  const t = text.trim()
  if (!t) return f.must ? { wrong: f.kind === 'code' || f.kind === 'yes' ? 'Choose one.' : 'This is needed.' } : {}
  if (f.kind === 'yes') return { value: t === 'yes' }
  if (f.kind === 'whole') return /^-?\d{1,15}$/.test(t) ? { value: Number(t) } : { wrong: 'A whole number, please.' }
  if (f.kind === 'number') return /^-?\d{1,12}(\.\d{1,8})?$/.test(t) ? { value: Number(t) } : { wrong: 'A number, please: 12.5 with a point.' }
  if (f.kind === 'quantity') {
    const m = t.match(/^(-?\d{1,12}(?:\.\d{1,8})?)\s*(\S+)?$/)
    if (!m) return { wrong: 'A number, please: 12.5 with a point.' }
    const unit = m[2] ?? f.unit
    return unit ? { value: { value: Number(m[1]), unit } } : { wrong: 'The unit is missing: 750 mg.' }
  }
  if (f.kind === 'time') return { value: /Z$/.test(t) ? t : fromLocal(t) }
  if (f.kind === 'json') {
    try { return { value: JSON.parse(t) } } catch { return { wrong: 'This is not JSON.' } }
  }
  return { value: t }
}

export function CommandForm({ ask, close }: { ask: FormAsk; close: (o: Outcome) => void }) {
  const { run } = useDoing()
  const fields = useMemo(() => {
    const all = forms[ask.command]?.fields ?? []
    const wanted = new Set(ask.asks ?? [])
    const known = ask.input as Record<string, unknown>
    return all.filter((f) => wanted.has(f.name) || (f.must && known[f.name] === undefined))
  }, [ask])
  const wantsReason = ask.reason || ask.asks?.includes('reason')
  const [values, setValues] = useState<Values>(ask.first ?? {})
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [reason, setReason] = useState('')
  const [earlier, setEarlier] = useState('')
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLFormElement>(null)

  const show = (bad: Record<string, string>) => {
    setWrong(bad)
    const first = Object.keys(bad)[0]
    setTimeout(() => box.current?.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)?.focus())
  }
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    if (busy) return
    const input: Record<string, unknown> = { ...ask.input }
    const bad: Record<string, string> = {}
    for (const f of fields) {
      const r = readValue(f, values[f.name] ?? '')
      if (r.wrong) bad[f.name] = r.wrong
      else if (r.value !== undefined) input[f.name] = r.value
    }
    if (wantsReason && !reason.trim()) bad.reason = 'Write why, so that the next person understands it.'
    if (Object.keys(bad).length) return show(bad)
    const said: Said = {}
    if (reason.trim()) said.reason = reason.trim()
    if (earlier) said.happened = fromLocal(`${isoDay(careNow())}T${earlier}`)
    setBusy(true)
    const o = await run(ask.command, input as never, { said, done: ask.done, own: true })
    setBusy(false)
    if (o.ok) return close(o)
    const p = o.problem
    if (!p || p.refusals?.length || p.status === 0) return
    const at = (p.field ?? '').split(/[.[]/).filter((s) => s && s !== 'input')[0] ?? ''
    if (at === 'reason' && !wantsReason) show({ '': p.detail ?? p.title })
    else show({ [fields.some((f) => f.name === at) || at === 'reason' ? at : '']: p.detail ?? p.title })
  }
  return (
    <Dialog title={ask.title} close={() => close({ ok: false, problem: null })}>
      <form ref={box} onSubmit={(e) => void submit(e)} className="form-grid" noValidate>
        {ask.intro}
        {fields.map((f, i) => (
          <Field key={f.name} field={f} label={ask.labels?.[f.name]} value={values[f.name] ?? ''} wrong={wrong[f.name]} first={i === 0}
            set={(v) => setValues((all) => ({ ...all, [f.name]: v }))} />
        ))}
        {wantsReason && <div className="field">
          <label htmlFor="form-reason">{typeof ask.reason === 'string' ? ask.reason : 'Reason'}</label>
          <textarea id="form-reason" name="reason" className="input" rows={2} maxLength={400} value={reason} aria-invalid={!!wrong.reason}
            onChange={(e) => setReason(e.target.value)} {...(fields.length ? {} : { 'data-autofocus': true })} />
          {wrong.reason && <div className="wrong" role="alert">{wrong.reason}</div>}
        </div>}
        {ask.earlier && <div className="field">
          <label htmlFor="form-earlier">When, if not now</label>
          <div className="input-unit"><input id="form-earlier" className="input" type="time" style={{ maxWidth: 130 }} value={earlier} onChange={(e) => setEarlier(e.target.value)} />
            <span className="quiet small">now is {clock(careNow())}</span></div>
        </div>}
        {wrong[''] && <div className="field"><div className="wrong" role="alert">{wrong['']}</div></div>}
        <div className="form-foot">
          <button className="btn" type="button" onClick={() => close({ ok: false, problem: null })}>Cancel</button>
          <button className="btn main" type="submit" disabled={busy} {...(fields.length || wantsReason ? {} : { 'data-autofocus': true })}>{ask.button ?? 'Record'}</button>
        </div>
      </form>
    </Dialog>
  )
}
