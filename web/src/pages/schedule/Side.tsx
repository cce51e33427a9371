// Beside the board: the visit chosen and what can be done with it, times offered with their reasons, what a move costs,
// and what is due but not booked.
import { useMemo, useState } from 'react'
import type { DayBlock, DueRow, Offer } from '../../api'
import { Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { clock, date, isoDay, ms, span, weekday } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { nurseName, type Answer, type Ghost } from './model'

export interface Finding { visit: string; name: string; title: string; booked: boolean; offers: Offer[]; whyNone: string; at: number }

export function VisitPanel({ b, a, move, find, unbook, close }: { b: DayBlock; a: Answer; move: () => void; find: () => void; unbook: () => void; close: () => void }) {
  const { mayDo } = useSession()
  const booked = b.state === 'booked'
  const drugs = ms(b.start) + b.setup_min * 60_000, watch = ms(b.end) - b.observe_min * 60_000
  return (
    <section className="side-panel" aria-label={b.name}>
      <div className="row"><h2 className="grow clip">{b.name}</h2><StateBadge state={b.state} /><button type="button" className="btn low bare" aria-label="Close" title="Close (Esc)" onClick={close}>✕</button></div>
      <p className="small quiet">{b.title}</p>
      <dl className="pairs small">
        <dt>chair</dt><dd>{b.chair ?? 'none'}</dd>
        <dt>nurse</dt><dd>{nurseName(a.nurses, b.nurse)}</dd>
        <dt>set-up</dt><dd>{clock(b.start)} to {clock(drugs)} <span className="faint">{b.setup_min} min</span></dd>
        <dt>drugs</dt><dd>{clock(drugs)} to {clock(Math.max(drugs, watch))} <span className="faint">{span(b.drug_min * 60_000)} planned</span></dd>
        <dt>observation</dt><dd>{b.observe_min ? <>{clock(Math.max(drugs, watch))} to {clock(b.end)} <span className="faint">{b.observe_min} min</span></> : 'none'}</dd>
      </dl>
      <div className="row wrap" style={{ marginTop: 8 }}>
        {booked && mayDo('visit.move') && <><button type="button" className="btn low" onClick={move}>Move <kbd>M</kbd></button>
          <button type="button" className="btn low" onClick={find}>Other times <kbd>F</kbd></button>
          <button type="button" className="btn low" onClick={unbook}>Unbook <kbd>U</kbd></button></>}
        <Link className="btn low" to={`/bedside/${b.visit}`}>Bedside <kbd>O</kbd></Link>
        <Link className="btn low" to={`/explain/${b.visit}`}>Story</Link>
      </div>
      {!booked && b.state !== 'done' && <p className="tiny quiet" style={{ marginTop: 6 }}>The patient is here: seat them elsewhere at the bedside.</p>}
    </section>
  )
}

export function MovePanel({ g, b, a, says, stops, refused, busy, yes, no }: { g: Ghost; b: DayBlock; a: Answer; says: string[]; stops: string[]; refused: string; busy: boolean; yes: () => void; no: () => void }) {
  return (
    <section className="side-panel moving" aria-label="Move">
      <h2>Move {b.name}?</h2>
      <p className="move-to"><span className="quiet">{clock(b.start)}, {b.chair}</span> → <b>{clock(g.start)} to {clock(g.start + g.minutes * 60_000)}, {g.chair}</b><br /><span className="small">{nurseName(a.nurses, g.nurse)}</span></p>
      <ul className="small plain-list" aria-live="polite">
        {says.map((s) => <li key={s}>{s}</li>)}
        {stops.map((s) => <li key={s} className="strong"><span aria-hidden="true">✕ </span>{s}</li>)}
      </ul>
      {refused && <p className="why-not" role="alert"><b>Not moved.</b> {refused}</p>}
      <div className="row" style={{ marginTop: 8 }}>
        <button type="button" className="btn low main" disabled={busy} onClick={yes}>Move here <kbd>Enter</kbd></button>
        <button type="button" className="btn low" onClick={no}>Leave it <kbd>Esc</kbd></button>
      </div>
      <p className="tiny quiet" style={{ marginTop: 6 }}><kbd>←</kbd> <kbd>→</kbd> a quarter of an hour, <kbd>,</kbd> <kbd>.</kbd> five minutes, <kbd>↑</kbd> <kbd>↓</kbd> another row</p>
    </section>
  )
}

export function OffersPanel({ f, a, day, look, take, close }: { f: Finding; a: Answer; day: string; look: (i: number) => void; take: (i: number) => void; close: () => void }) {
  return (
    <section className="side-panel" aria-label={`Times for ${f.name}`}>
      <div className="row"><h2 className="grow clip">{f.booked ? 'Other times' : 'Times'} for {f.name}</h2><button type="button" className="btn low bare" aria-label="Close" title="Close (Esc)" onClick={close}>✕</button></div>
      {!f.offers.length && <p className="small">{f.whyNone || 'No time fits in the window. Open another day, or ask the prescriber to move the due day.'}</p>}
      <ol className="offers" aria-label="Offered times">
        {f.offers.map((o, i) => (
          <li key={o.id}>
            <button type="button" className="offer" aria-current={f.at === i} onMouseEnter={() => look(i)} onFocus={() => look(i)} onClick={() => take(i)}>
              <kbd>{i + 1}</kbd>
              <span className="grow"><b>{isoDay(ms(o.start)) === day ? '' : `${weekday(o.start)} `}{clock(o.start)} to {clock(o.end)}</b><span className="quiet"> {o.chair}, {nurseName(a.nurses, o.nurse) === 'no nurse' ? '' : nurseName(a.nurses, o.nurse)}</span><span className="why">{o.says}</span></span>
            </button>
          </li>
        ))}
      </ol>
      {f.offers.length > 0 && <p className="tiny quiet"><kbd>↑</kbd> <kbd>↓</kbd> look, <kbd>Enter</kbd> or its number {f.booked ? 'moves it there' : 'books it'}</p>}
    </section>
  )
}

const SOON_DAYS = 14

export function DueList({ rows, find, today, may }: { rows: DueRow[]; find: (r: DueRow) => void; today: string; may: boolean }) {
  const [q, setQ] = useState('')
  const [all, setAll] = useState(false)
  const edge = useMemo(() => new Date(Date.parse(today) + SOON_DAYS * 86_400_000).toISOString().slice(0, 10), [today])
  const shown = useMemo(() => rows.filter((r) => r.name.toLowerCase().includes(q.trim().toLowerCase())), [rows, q])
  const soon = shown.filter((r) => r.earliest <= edge || r.state === 'held'), later = shown.filter((r) => r.earliest > edge && r.state !== 'held')
  const item = (r: DueRow) => (
    <li key={r.visit}>
      <button type="button" className="due-item" disabled={!may || r.state === 'held'} onClick={() => find(r)}>
        <span className="grow clip"><b>{r.name}</b></span><span className="small nowrap">{r.state === 'held' ? <StateBadge state="held" /> : r.state === 'booked' ? <b>! booked too short</b> : r.urgency === 'past its window' || r.urgency === 'last day' ? <b>! {r.urgency}</b> : r.urgency}</span>
        <span className="line small quiet"><span className="clip grow">{r.title}, visit {r.number}</span><span className="nowrap">{span(r.minutes * 60_000)}</span></span>
        {r.state === 'booked' && <span className="line tiny">{r.urgency}</span>}
        <span className="line tiny faint">due {date(r.due, true)}, window {date(r.earliest).slice(0, 6)} to {date(r.latest).slice(0, 6)}</span>
      </button>
    </li>
  )
  return (
    <section className="due" aria-label="Due, not booked">
      <div className="row due-head"><h2>Due, not booked</h2><span className="small quiet">{rows.length}</span>
        {rows.length > 6 && <input className="input push" aria-label="Filter by name" placeholder="Name" value={q} onChange={(e) => setQ(e.target.value)} />}</div>
      <ul className="due-list">
        {soon.map(item)}
        {!soon.length && <li className="quiet small" style={{ padding: '6px 10px' }}>{rows.length ? 'Nothing falls due in the next two weeks without a booking.' : 'Everything that is due is booked.'}</li>}
        {later.length > 0 && <li><button type="button" className="btn low bare" aria-expanded={all || !!q} onClick={() => setAll(!all)}>{all || q ? '▾' : '▸'} Later: {later.length}</button></li>}
        {(all || q) && later.map(item)}
      </ul>
    </section>
  )
}
