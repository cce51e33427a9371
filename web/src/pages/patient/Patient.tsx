// The patient's own page, for a phone first: one sentence, you are here, what and why, whom to call, questions. Plain
// words from the order itself. What is written is answered at once where the content can; the page says when nobody reads.
import { useState, type FormEvent, type ReactNode } from 'react'
import type { PatientNow, PatientStep, PlainText, Question, Views, Visit } from '../../api'
import { useView } from '../../net/view'
import { careNow } from '../../shell/clock'
import type { PageProps } from '../../shell/pages'
import { Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { clock, date, money, relative, sameDay, weekday } from '../../ui/format'
import { Markdown } from '../../ui/Markdown'
import { ViewStates } from '../../ui/Page'

type Answer = Views['patient']['answer']
type Told = { told?: string | null; red_flag?: string | null; level?: string | null }

export default function Patient({ patient }: PageProps) {
  const query = useView('patient', { patient }, { about: () => patient, everyCareSeconds: 60 })
  return <ViewStates query={query}>{(a) => <Me a={a} patient={patient} />}</ViewStates>
}

const tel = (n: string) => `tel:${n.replace(/[^\d+]/g, '')}`
const lines = (t: string) => t.split('\n').filter(Boolean)

function Me({ a, patient }: { a: Answer; patient: string }) {
  const { mayDo, maySee, isPatient } = useSession()
  const now = a.now
  if (!now) return null
  const text = (kind: PlainText['kind']) => a.texts.find((t) => t.kind === kind)
  const what = text('what'), why = text('why'), day = text('bring'), home = text('home'), leaflet = text('leaflet')
  return (
    <div className="me">
      <p className="hello">{isPatient ? `Hello ${now.given.split(' ')[0]}` : `As ${now.given} sees it`}</p>
      <h1 className="headline">{now.headline}</h1>
      {now.because && <p className="quiet">{now.because}</p>}
      {now.step > 0 && <Steps steps={a.steps} />}
      {mayDo('question.ask') && <Feel patient={patient} now={now} />}
      {what && (
        <section aria-labelledby="me-what">
          <h2 id="me-what">{what.title}</h2>
          <p>{what.text}</p>
          {why && <><h3>{why.title}</h3><p>{why.text}</p></>}
          {day && <><h3>{day.title}</h3><p>{day.text}</p></>}
          {home && <><h3>{home.title}</h3><p>{home.text}</p></>}
        </section>
      )}
      <Warning a={a} now={now} />
      <Visits visits={a.visits} now={now} />
      {mayDo('question.ask') && <Ask patient={patient} now={now} />}
      <Questions asked={a.questions} topics={a.texts.filter((t) => t.kind === 'question')} />
      <section>
        {leaflet && <details><summary>{leaflet.title}</summary><div><Markdown text={leaflet.text} /></div></details>}
        {now.visit && <Cost visit={now.visit} />}
        {maySee('reads') && <p><Link to={`/reads/${patient}`}>Who looked at my record</Link></p>}
      </section>
      {isPatient && (
        <nav className="me-bar" aria-label="Call">
          <a className="btn main" href={tel(now.phone)}><span>Call us</span> <span>{now.phone}</span></a>
          {now.phone_emergency && <a className="btn" href={tel(now.phone_emergency)}><span>Emergency</span> <span>{now.phone_emergency}</span></a>}
        </nav>
      )}
    </div>
  )
}

function Steps({ steps }: { steps: PatientStep[] }) {
  return (
    <section aria-label="You are here" style={{ marginTop: 16 }}>
      <ol className="me-steps">
        {steps.map((s) => (
          <li key={s.place} className={s.state} aria-current={s.state === 'now' ? 'step' : undefined}>
            <span className="dot" aria-hidden="true">{s.state === 'done' ? '✓' : s.place}</span>
            <span className="name">{s.name}{s.state === 'now' && <span className="quiet" style={{ fontWeight: 400 }}> · you are here</span>}</span>
            <span className="at">{s.at && <>{s.state !== 'done' && <span className="hidden-text">expected </span>}{s.state === 'done' ? '' : 'about '}{clock(s.at)}</>}</span>
            {s.state === 'now' && <span className="here">{s.plain}</span>}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Warning({ a, now }: { a: Answer; now: PatientNow }) {
  const normal = a.texts.find((t) => t.kind === 'normal'), call = a.texts.find((t) => t.kind === 'call'), urgent = a.texts.find((t) => t.kind === 'urgent')
  const list = (t: PlainText, sign: string) => <ul className="plain">{lines(t.text).map((l) => <li key={l} data-sign={sign}>{l}</li>)}</ul>
  return (
    <section aria-label="What is normal, and when to call">
      <h2>How you may feel</h2>
      {normal && <div className="me-card normal"><h3><span aria-hidden="true">✓</span>{normal.title}</h3>{list(normal, '✓')}</div>}
      {call && <div className="me-card call"><h3><span aria-hidden="true">☎</span>{call.title}</h3>{list(call, '•')}
        <a className="btn main" href={tel(now.phone)}>Call us: {now.phone}</a>
        {now.phone_after && <p className="quiet" style={{ marginTop: 8 }}>At night and on weekends: <a href={tel(now.phone_after)}>{now.phone_after}</a></p>}
      </div>}
      {urgent && <div className="me-card urgent"><h3><span aria-hidden="true">▲</span>{urgent.title}</h3>{list(urgent, '!')}
        {now.phone_emergency && <a className="btn me-red" href={tel(now.phone_emergency)}>Emergency: call {now.phone_emergency}</a>}
      </div>}
    </section>
  )
}

/* What came back at once: a worrying word is answered with whom to call, large. */
function Reply({ r, now }: { r: Told; now: PatientNow }) {
  const emergency = r.level === 'emergency' && now.phone_emergency
  const number = emergency || now.phone
  return (
    <div className={`me-told ${r.red_flag ? 'flag' : ''}`} role={r.red_flag ? 'alert' : 'status'}>
      {r.told ? <p>{r.told}</p> : <p>Your words are on record; a nurse reads them in opening hours.</p>}
      {r.red_flag ? <a className="btn" href={tel(number)}>Call {number} now</a> : <p className="quiet" style={{ marginTop: 8 }}>{now.phone_hours}</p>}
    </div>
  )
}

function useAsking(patient: string): [reply: Told | null, ask: (text: string) => Promise<boolean>, busy: boolean, clear: () => void] {
  const { run } = useDoing()
  const [reply, setReply] = useState<Told | null>(null)
  const [busy, setBusy] = useState(false)
  return [reply, async (text) => {
    setBusy(true)
    const o = await run('question.ask', { patient, text })
    setBusy(false)
    if (o.ok) setReply((o.answer.result ?? {}) as Told)
    return o.ok
  }, busy, () => setReply(null)]
}

const feelings = ['Well', 'Tired', 'Headache', 'Sick to my stomach', 'Itching or rash', 'Fever or chills', 'Light hurts, stiff neck', 'Drip is burning', 'Swollen face', 'Chest pain', 'Trouble breathing']

function Feel({ patient, now }: { patient: string; now: PatientNow }) {
  const [picked, setPicked] = useState<string[]>([])
  const [reply, ask, busy, clear] = useAsking(patient)
  const pick = (f: string) => {
    clear()
    setPicked((p) => p.includes(f) ? p.filter((x) => x !== f) : f === 'Well' ? [f] : [...p.filter((x) => x !== 'Well'), f])
  }
  const send = async () => { if (await ask(`I feel: ${picked.join(', ').toLowerCase()}.`)) setPicked([]) }
  return (
    <section aria-labelledby="me-feel">
      <h2 id="me-feel">How do you feel?</h2>
      <div className="me-feel" role="group" aria-labelledby="me-feel">
        {feelings.map((f) => <button key={f} type="button" className={`btn ${picked.includes(f) ? 'chosen' : ''}`} aria-pressed={picked.includes(f)} onClick={() => pick(f)}>{f}</button>)}
      </div>
      {picked.length > 0 && <button type="button" className="btn main" style={{ width: '100%', marginTop: 12 }} disabled={busy} onClick={() => void send()}>Tell us: {picked.join(', ').toLowerCase()}</button>}
      {reply && <Reply r={reply} now={now} />}
    </section>
  )
}

function Ask({ patient, now }: { patient: string; now: PatientNow }) {
  const [text, setText] = useState('')
  const [reply, ask, busy] = useAsking(patient)
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    if (text.trim() && await ask(text.trim())) setText('')
  }
  return (
    <section className="me-ask" aria-labelledby="me-ask">
      <h2 id="me-ask">Ask us</h2>
      <form onSubmit={(e) => void submit(e)}>
        <label htmlFor="ask-text" className="hidden-text">Your question</label>
        <textarea id="ask-text" className="input" maxLength={2000} placeholder="In your own words" value={text} onChange={(e) => setText(e.target.value)} />
        <p className="quiet" style={{ margin: '6px 0 10px' }}>{now.phone_hours}</p>
        <button type="submit" className="btn main" style={{ width: '100%' }} disabled={busy || !text.trim()}>Send</button>
      </form>
      {reply && <Reply r={reply} now={now} />}
    </section>
  )
}

function Questions({ asked, topics }: { asked: Question[]; topics: PlainText[] }) {
  const { mayDo } = useSession()
  const { ask } = useDoing()
  return (
    <>
      {asked.length > 0 && (
        <section aria-label="What you asked">
          <h2>What you asked</h2>
          {asked.map((q) => (
            <div key={q.id} className="me-asked">
              <p><b>{q.text}</b></p>
              <p className="quiet">{sameDay(q.at, careNow()) ? `today ${clock(q.at)}` : weekday(q.at)}{q.state === 'open' && ', a nurse has not answered yet'}</p>
              {q.told && <div className="answer">{q.red_flag && <b><span aria-hidden="true">▲ </span></b>}{q.told}</div>}
              {q.answer && <div className="answer"><span className="quiet">From your team, {q.answered_at && relative(q.answered_at, careNow())}</span><br />{q.answer}</div>}
              {q.state === 'open' && mayDo('question.answer') && <button type="button" className="btn" style={{ marginTop: 8 }} onClick={() => void ask({ command: 'question.answer', input: { question: q.id }, title: 'Answer', intro: <p><b>{q.text}</b></p>, button: 'Send the answer', done: 'The patient sees it now.' })}>Answer…</button>}
            </div>
          ))}
        </section>
      )}
      {topics.length > 0 && (
        <section aria-label="Questions and answers">
          <h2>Questions and answers</h2>
          {topics.map((t) => <details key={t.title}><summary>{t.title}</summary><div style={{ whiteSpace: 'pre-line' }}>{t.text}</div></details>)}
        </section>
      )}
    </>
  )
}

/* One calendar entry (RFC 5545) made here; it names no drug and no diagnosis: calendars are shared. */
function calendar(v: Visit): string {
  const t = (s: string) => s.replace(/[-:]|\.\d+/g, '')
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//venule//EN', 'BEGIN:VEVENT', `UID:${v.id}@venule`, `DTSTAMP:${t(new Date(careNow()).toISOString())}`, `DTSTART:${t(v.start!)}`,
    ...(v.end ? [`DTEND:${t(v.end)}`] : []), 'SUMMARY:Appointment', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n')
}

function save(v: Visit): void {
  const at = URL.createObjectURL(new Blob([calendar(v)], { type: 'text/calendar' }))
  const a = document.createElement('a')
  a.href = at
  a.download = 'visit.ics'
  a.click()
  setTimeout(() => URL.revokeObjectURL(at), 10_000)
}

function Visits({ visits, now }: { visits: Visit[]; now: PatientNow }) {
  const coming = visits.filter((v) => v.id !== now.visit || now.step === 0)
  const minutes = (v: Visit) => Math.round((v.setup_min + v.drug_min + v.observe_min) / 15) / 4
  if (!coming.length) return null
  return (
    <section aria-labelledby="me-visits">
      <h2 id="me-visits">Next visits</h2>
      <ul className="me-visits">
        {coming.slice(0, 6).map((v) => (
          <li key={v.id}>
            <span>{v.start ? <><b>{weekday(v.start)}, {clock(v.start)}</b><br /><span className="quiet">about {minutes(v)} hours with us</span></> : <><b>around {date(v.due, true)}</b><br /><span className="quiet">we will call you with a time</span></>}</span>
            {v.start && <button type="button" className="btn" onClick={() => save(v)}>To my calendar</button>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Cost({ visit }: { visit: string }) {
  const [open, setOpen] = useState(false)
  const { maySee } = useSession()
  const query = useView('estimate', { visit }, { enabled: open, everyCareSeconds: 3600 })
  if (!maySee('estimate')) return null
  const shown: ReactNode = query.data ? (
    query.data.answer.rows.length ? (
      <dl>{query.data.answer.rows.map((r, i) => <div key={i} style={{ padding: '6px 0' }}><dt className="row"><span className="grow">{r.what}</span><b>{money(r.amount)}</b></dt><dd className="quiet">{r.says}</dd></div>)}</dl>
    ) : <p>Nothing can be estimated yet. Call us and we will work it out with you.</p>
  ) : query.error ? <p>{query.error.problem.detail ?? query.error.problem.title}</p> : <p className="quiet">Working it out…</p>
  return <details onToggle={(e) => setOpen(e.currentTarget.open)}><summary>What it may cost</summary><div>{open && shown}<p className="quiet">An estimate, not a bill.</p></div></details>
}
