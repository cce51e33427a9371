// What people charted at a visit: each thing with when it happened, when it was charted and by whom; any value can be
// told otherwise with a reason, and the old one stays beside it.
import { useState, type FormEvent } from 'react'
import type { ChartEntry, Commands, Views } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { go, Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'
import { Empty, ViewStates } from '../../ui/Page'
import { PatientBanner } from '../../ui/PatientBanner'
import { clock, day, fromLocal, isoDay, qty } from '../../ui/format'

type Answer = Views['chart']['answer']
type In = Commands['chart.correct']

const times = new Set(['at', 'happened', 'onset', 'taken', 'arrived_at', 'line_at', 'left_at'])
const numbers = new Set(['temp', 'hr', 'rr', 'sbp', 'dbp', 'spo2', 'rate', 'total', 'grade'])
const choices: Record<string, string[]> = {
  phase: ['baseline', 'during', 'rate change', 'end', 'after', 'reaction', 'entered in error'], acvpu: ['A', 'C', 'V', 'P', 'U'], oxygen: ['yes', 'no'],
  kind: ['start', 'rate', 'stop', 'flush', 'void'], state: ['open', 'treated', 'closed', 'entered in error'],
}
const names: Record<string, string> = {
  at: 'when', happened: 'when', onset: 'first sign', taken: 'when', arrived_at: 'arrived', line_at: 'line placed', left_at: 'left', temp: 'temperature, °C', hr: 'heart rate', rr: 'breaths',
  sbp: 'systolic', dbp: 'diastolic', spo2: 'saturation, %', acvpu: 'alertness', phase: 'why taken', kind: 'what', rate: 'rate, mL/h', total: 'volume, mL', line: 'line', next_time: 'next time',
}
const name = (f: string) => names[f] ?? f.replaceAll('_', ' ')

type Value = string | number | boolean | { value: number; unit: string } | undefined
const words = (f: string, v: Value): string =>
  v === undefined ? 'none' : typeof v === 'object' ? qty(v.value, v.unit) : typeof v === 'boolean' ? (v ? 'yes' : 'no') : times.has(f) ? `${clock(String(v))}, ${day(String(v))}` : String(v)
const told = (f: string, text?: string) => text === undefined ? 'none' : times.has(f) ? `${clock(text)}, ${day(text)}` : text

/* As typed, and back as the record holds it. */
const typed = (f: string, v: Value): string =>
  v === undefined ? '' : typeof v === 'object' ? `${v.value} ${v.unit}` : typeof v === 'boolean' ? (v ? 'yes' : 'no') : times.has(f) ? `${isoDay(Date.parse(String(v)))}T${clock(String(v))}` : String(v)
function read(f: string, was: Value, text: string): unknown {
  const t = text.trim()
  if (!t) return undefined
  if (times.has(f)) return fromLocal(t)
  if (f === 'oxygen') return t === 'yes'
  if (f === 'value') return { value: Number(t.split(/\s+/)[0]), unit: t.split(/\s+/)[1] ?? (typeof was === 'object' ? was.unit : '') }
  return numbers.has(f) ? Number(t) : t
}

function Correct({ entry, field, close }: { entry: ChartEntry; field: string; close: () => void }) {
  const { run, busy } = useDoing()
  const was = (entry.data as Record<string, Value>)[field]
  const [text, setText] = useState(typed(field, was))
  const [reason, setReason] = useState('')
  const send = async (e: FormEvent) => {
    e.preventDefault()
    const value = read(field, was, text)
    const input = { record: entry.record as In['record'], id: entry.id, field, ...(value === undefined ? {} : { value }) } as In
    const o = await run('chart.correct', input, { said: { reason }, done: 'Corrected. The old value stands beside it.' })
    if (o.ok) close()
  }
  return (
    <Dialog title={`Correct ${entry.what}: ${name(field)}`} close={close}>
      <form className="form-grid" onSubmit={(e) => void send(e)}>
        <p className="quiet">Charted: <b>{words(field, was)}</b>{entry.who && <> by {entry.who}</>}</p>
        <div className="field"><label htmlFor="right">What is right</label>
          {choices[field] ? <select id="right" className="input" value={text} data-autofocus onChange={(e) => setText(e.target.value)}><option value="" />{choices[field].map((c) => <option key={c}>{c}</option>)}</select>
            : <input id="right" className="input" value={text} data-autofocus autoComplete="off" type={times.has(field) ? 'datetime-local' : 'text'} inputMode={numbers.has(field) ? 'decimal' : undefined} onChange={(e) => setText(e.target.value)} />}</div>
        <div className="field"><label htmlFor="why">Why</label><input id="why" className="input" value={reason} autoComplete="off" maxLength={400} onChange={(e) => setReason(e.target.value)} /></div>
        <div className="form-foot"><button type="button" className="btn" onClick={close}>Cancel</button><button type="submit" className="btn main" disabled={busy || !reason.trim()}>Correct it</button></div>
      </form>
    </Dialog>
  )
}

function Entry({ e, may, correct }: { e: ChartEntry; may: boolean; correct: (field: string) => void }) {
  const data = e.data as Record<string, Value>
  const fields = e.fields.split(' ').filter((f) => f !== 'answers' && (data[f] !== undefined || e.record === 'vital_signs'))
  return (
    <li className="story-row">
      <time className="nowrap strong" dateTime={e.at}>{e.at ? clock(e.at) : ''}</time>
      <div className="grow">
        <div>{e.struck ? <s><b>{e.what}</b></s> : <b>{e.what}</b>} <span className="quiet">{e.who}</span> {e.struck && <span className="badge strong">struck out</span>} <Link className="tiny" to={`/explain/${encodeURIComponent(e.id)}`}>story</Link></div>
        {e.charted && <div className="small quiet">charted {clock(e.charted)}{day(e.charted) !== day(e.at ?? e.charted) && ` on ${day(e.charted)}`}, after the fact</div>}
        <div className="row wrap small" style={{ gap: '2px 10px' }}>{fields.map((f) => (
          <span key={f} className="nowrap"><span className="quiet">{name(f)}</span> {data[f] === undefined ? <span className="faint">none</span> : words(f, data[f])}
            {may && !e.struck && <button type="button" className="btn low bare" aria-label={`Correct ${name(f)} of ${e.what}${e.at ? ` at ${clock(e.at)}` : ''}`} title="Correct" onClick={() => correct(f)}>✎</button>}</span>
        ))}</div>
      </div>
    </li>
  )
}

function Page({ a, visit }: { a: Answer; visit: string }) {
  const { mayDo } = useSession()
  const [open, setOpen] = useState<{ entry: ChartEntry; field: string } | null>(null)
  useKeys('Chart', [{ key: 'b', says: 'The bedside of this visit', run: () => go(`/bedside/${visit}`) }])
  const entries = [...a.entries].sort((x, y) => (x.at ?? '').localeCompare(y.at ?? ''))
  return (
    <>
    {a.banner && <PatientBanner b={a.banner} />}
    <div className="page-in">
      <div className="page-head"><h1>What was charted</h1><Link className="btn low push" to={`/bedside/${visit}`}>Bedside <kbd>B</kbd></Link></div>
      <section className="sheet" aria-label="Charted" style={{ marginBottom: 10 }}>
        {entries.length ? <ol>{entries.map((e) => <Entry key={e.id} e={e} may={mayDo('chart.correct')} correct={(field) => setOpen({ entry: e, field })} />)}</ol> : <Empty title="Nothing is charted yet">It appears here once the patient is here.</Empty>}
      </section>
      {a.corrections.length > 0 && <section className="sheet" aria-label="Corrections"><h2 style={{ padding: '7px 12px 3px' }}>Told otherwise, or late</h2>
        <ol>{a.corrections.map((x) => (
          <li key={x.id} className="story-row"><time className="nowrap strong" dateTime={x.at}>{clock(x.at)}</time>
            <div className="grow"><div><b>{name(x.field)}</b> <s className="quiet">{told(x.field, x.was)}</s> → <b>{told(x.field, x.now)}</b> <span className="quiet">{x.who}</span> <Link className="tiny" to={`/explain/${encodeURIComponent(x.about)}`}>story</Link></div>
              <div className="small">Reason: {x.reason}</div></div></li>
        ))}</ol></section>}
      {open && <Correct entry={open.entry} field={open.field} close={() => setOpen(null)} />}
    </div>
    </>
  )
}

export default function Chart({ visit }: PageProps) {
  const query = useView('chart', { visit }, { everyCareSeconds: 120 })
  return <ViewStates query={query}>{(a) => <Page a={a} visit={visit} />}</ViewStates>
}
