// One plan as a calendar: visits down, drugs across; the proof of the chosen dose and what can be done with it on the right.
import { useState } from 'react'
import type { DoseRow, Views, Visit } from '../../api'
import { useKeys, type Key } from '../../input/keyboard'
import { useView } from '../../net/view'
import { careNow } from '../../shell/clock'
import { go, Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { clock, date, day, isoDay } from '../../ui/format'
import { ViewStates } from '../../ui/Page'
import { PatientBanner } from '../../ui/PatientBanner'
import { Proof, proofOf } from '../../ui/Proof'
import { StateBadge } from '../../ui/StateBadge'
import { When } from '../../ui/Time'

type Answer = Views['plan']['answer']

export function PlanPage({ plan }: { plan: string }) {
  const query = useView('plan', { plan }, { about: (a) => a.banner?.id })
  return <ViewStates query={query}>{(a) => <Calendar a={a} />}</ViewStates>
}

const DAY = 86_400_000
const days = (a: string, b: string) => Math.round((Date.parse(b) - Date.parse(a)) / DAY)
const gone = new Set(['cancelled', 'skipped', 'not treated'])
const movable = new Set(['due', 'booked', 'held'])
const unchangeable = new Set(['running', 'given', 'part given', 'cancelled'])

function Window({ v }: { v: Visit }) {
  const wide = days(v.earliest, v.latest)
  if (wide <= 0) return null
  return <span className="window" title={`may be given ${date(v.earliest)} to ${date(v.latest)}`}><i style={{ left: `${(100 * Math.max(0, Math.min(wide, days(v.earliest, v.due)))) / wide}%` }} /></span>
}

/* The word of a cell: the order's state, but a visit that is held or skipped says so first. */
const cellState = (d: DoseRow, v?: Visit) => v && (v.state === 'held' || v.state === 'skipped' || v.state === 'not treated') ? v.state : d.state

function Calendar({ a }: { a: Answer }) {
  const { mayDo, maySee } = useSession()
  const { run, ask, busy } = useDoing()
  const [chosen, setChosen] = useState<string>()
  const plan = a.plan!
  const drugs = [...new Set(a.doses.map((d) => d.drug))]
  const next = a.visits.find((v) => !gone.has(v.state) && v.state !== 'done')
  const dose = a.doses.find((d) => d.order === chosen) ?? a.doses.find((d) => d.visit === next?.id) ?? a.doses[0]
  const visit = a.visits.find((v) => v.id === dose?.visit)
  const consent = a.consents[0]
  const toVerify = a.doses.filter((d) => d.state === 'signed').length
  const proof = proofOf(dose?.proof)
  const rows = a.visits.map((v) => drugs.map((drug) => a.doses.find((d) => d.visit === v.id && d.drug === drug)))
  const move = (dy: number, dx: number) => {
    const y = rows.findIndex((r) => r.includes(dose)), x = drugs.indexOf(dose?.drug ?? '')
    for (let ny = y + dy, nx = x + dx; ny >= 0 && ny < rows.length && nx >= 0 && nx < drugs.length; ny += dy, nx += dx) {
      const to = rows[ny][nx]
      if (to) {
        setChosen(to.order)
        document.getElementById(`cell-${to.order}`)?.focus()
        return
      }
    }
  }

  const queries = (useView('queries', {}, { everyCareSeconds: 300, enabled: maySee('queries') }).data?.answer.queries ?? []).filter((q) => q.plan === plan.id)
  const acts: (Key & { main?: boolean; side?: boolean; off?: string })[] = []
  const act = (may: boolean, key: string, says: string, go: () => void, more: { main?: boolean; side?: boolean; off?: string } = {}) => { if (may) acts.push({ key, says, run: () => { if (!more.off) go() }, ...more }) }
  act(mayDo('plan.sign') && plan.state === 'draft', 's', 'Sign the plan', () => void run('plan.sign', { plan: plan.id }, { done: 'Signed. A pharmacist verifies it next.' }), { main: true })
  act(mayDo('plan.verify') && toVerify > 0, 'v', `Verify ${toVerify === 1 ? 'the signed dose' : `${toVerify} signed doses`}`, () => void run('plan.verify', { plan: plan.id }, { done: 'Verified.' }), { main: true })
  act(mayDo('consent.record') && plan.state !== 'stopped', 'c', consent ? 'Consent again' : 'Consent', () => void ask({ command: 'consent.record', input: { plan: plan.id }, title: 'Consent to this plan', done: 'Recorded.' }))
  act(mayDo('plan.stop') && plan.state !== 'stopped' && plan.state !== 'completed', 'q', 'Stop the plan', () => void ask({ command: 'plan.stop', input: { plan: plan.id }, reason: true, title: 'Stop the plan', button: 'Stop the plan', intro: <p>What has not been given is cancelled. What was given stays as it is.</p>, done: 'The plan is stopped.' }))
  act(mayDo('plan.make') && (plan.state === 'stopped' || plan.state === 'completed'), 'n', 'Make a new plan', () => go(`/plans/${plan.patient}?new=1`), { main: true })
  if (visit && dose) {
    const what = `visit ${visit.number}, ${date(visit.due, true)}`
    const fixed = movable.has(visit.state) ? undefined : `visit ${visit.number} is ${visit.state}`
    act(mayDo('order.change'), 'd', 'Change dose', () => void ask({
      command: 'order.change', input: { order: dose.order! }, asks: ['dose', 'note'], reason: 'Why this dose', first: { dose: dose.dose.replace(/,/g, '') }, title: `Change ${dose.drug_name}, ${what}`, button: 'Change the dose',
      intro: <p className="quiet">Now {dose.dose}. A label made for it dies, and a pharmacist verifies the new dose.</p>, done: 'Changed. A pharmacist verifies the new dose.',
    }), { side: true, off: unchangeable.has(dose.state) ? `it is ${dose.state}` : undefined })
    act(mayDo('order.cancel'), 'x', 'Cancel this dose', () => void ask({
      command: 'order.cancel', input: { order: dose.order! }, reason: true, title: `Cancel ${dose.drug_name}, ${what}`, button: 'Cancel this dose',
      intro: <p className="quiet">A label made for it dies; the visit gets shorter, or goes if nothing else is given.</p>, done: 'Cancelled.',
    }), { side: true, off: unchangeable.has(dose.state) ? `it is ${dose.state}` : undefined })
    act(mayDo('visit.delay'), 'l', 'Delay', () => void ask({
      command: 'visit.delay', input: { visit: visit.id }, reason: true, first: { days: '7' }, title: `Delay ${what}`, button: 'Delay', done: 'Moved, with the visits after it.',
      intro: <p className="quiet">The visits after it keep their distance: they move too. It may be given until {date(visit.latest, true)}.</p>,
    }), { side: true, off: fixed })
    if (visit.state === 'held') act(mayDo('visit.resume'), 'h', 'Release the hold', () => void run('visit.resume', { visit: visit.id }, { done: 'Due again.' }), { side: true })
    else act(mayDo('visit.hold'), 'h', 'Hold', () => void ask({ command: 'visit.hold', input: { visit: visit.id }, reason: 'Why, and until when', title: `Hold ${what}`, button: 'Hold', done: 'Held until somebody releases it.' }), { side: true, off: fixed })
    act(mayDo('visit.skip'), 'k', 'Skip', () => void ask({ command: 'visit.skip', input: { visit: visit.id }, reason: true, title: `Skip ${what}`, button: 'Skip it', intro: <p className="quiet">The dose is left out, or moves with the later ones: as the regimen says.</p>, done: 'Skipped.' }), { side: true, off: fixed })
  }
  useKeys('Plan', [
    { key: 'ArrowDown', says: 'Next visit', run: () => move(1, 0) }, { key: 'ArrowUp', says: 'The visit before', run: () => move(-1, 0) },
    { key: 'ArrowRight', says: 'Next drug', run: () => move(0, 1), quiet: drugs.length < 2 }, { key: 'ArrowLeft', says: 'The drug before', run: () => move(0, -1), quiet: drugs.length < 2 },
    ...acts.filter((k) => !k.off),
  ])
  return (
    <div className="plan-page">
      {a.banner && <PatientBanner b={a.banner} />}
      <header className="plan-head">
        <h1>{plan.title}</h1>
        <StateBadge state={plan.state} />
        <span className="quiet small">{plan.indication_text} ({plan.indication})</span>
        <span className="quiet small">version {plan.version}{plan.signed_at && <>, signed {day(plan.signed_at)}</>}{plan.verified_at && <>, verified {day(plan.verified_at)} {clock(plan.verified_at)}</>}</span>
        <span className={`badge ${consent?.state === 'given' ? 'plain' : 'strong'}`}>{consent ? <><span aria-hidden="true">{consent.state === 'given' ? '✓' : '✕'}</span>consent {consent.state}</> : <><span aria-hidden="true">!</span>consent not recorded</>}</span>
        <span className="push row wrap">
          {acts.filter((k) => !k.side).map((k) => <button key={k.key} type="button" className={`btn low ${k.main ? 'main' : ''}`} disabled={busy} onClick={k.run}>{k.says} <kbd>{k.key.toUpperCase()}</kbd></button>)}
        </span>
      </header>
      {queries.map((q) => (
        <p key={q.query} className="charge-note" role="status"><b>? {q.who} asks</b> about {q.drug_name} {q.dose}: {q.text}{' '}
          {mayDo('order.reply') && <button type="button" className="btn low main" disabled={busy} onClick={() => void ask({ command: 'order.reply', input: { query: q.query }, title: 'Reply', intro: <p className="quiet">{q.text}</p>, button: 'Reply', done: 'Replied. The order goes on.' })}>Reply…</button>}</p>
      ))}
      <div className="plan-body">
        <div className="plan-main">
          <table className="calendar">
            <thead><tr><th scope="col"><span className="hidden-text">Days since the visit before</span></th><th scope="col">Visit</th>{drugs.map((d) => <th key={d} scope="col">{a.doses.find((x) => x.drug === d)?.drug_name}</th>)}<th scope="col">State of the visit</th></tr></thead>
            <tbody>
              {a.visits.map((v, i) => (
                <tr key={v.id} className={v.state === 'done' || gone.has(v.state) ? 'past' : ''}>
                  <td className="gap">{i > 0 && <>↓ {days(a.visits[i - 1].due, v.due)} days</>}</td>
                  <td className="due" title={`may be given ${date(v.earliest)} to ${date(v.latest)}`}><b>{v.number}. {date(v.due, true)}</b><span className="tiny quiet">{v.due === isoDay(careNow()) ? 'today, ' : ''}{date(v.earliest).slice(0, 6)} to {date(v.latest).slice(0, 6)}</span><Window v={v} /></td>
                  {rows[i].map((d, x) => (
                    <td key={drugs[x]}>{d && (
                      <button id={`cell-${d.order}`} type="button" className={`dose-cell ${d === dose ? 'chosen' : ''} ${d.state === 'cancelled' || gone.has(v.state) ? 'gone' : ''}`} aria-pressed={d === dose} onClick={() => setChosen(d.order)}>
                        <span className="dose nowrap">{d.dose}</span>
                        <span><StateBadge state={cellState(d, v)} word={d.percent !== undefined && d.percent > 0 && d.percent < 100 && (d.state === 'part given' || d.state === 'running') ? `${d.state} ${d.percent}\u00a0%` : d.state === 'given' && d.percent !== undefined ? `given ${d.percent}\u00a0%` : undefined} /></span>
                        <span className="changed">{d.changed && <>△ {d.changed}</>}</span>
                        <span className="rates">{d.rates}</span>
                      </button>
                    )}</td>
                  ))}
                  <td className="small">
                    <div className="row" style={{ gap: 6 }}><StateBadge state={v.state} />{v.chair && <span className="nowrap">{v.start && clock(v.start)} chair <Link to={`/bedside/${v.id}`}>{v.chair}</Link></span>}</div>
                    {v.reason && <div className="quiet tiny">{v.reason}</div>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {a.consents.length > 0 && <p className="quiet small" style={{ marginTop: 12 }}>{a.consents.map((c) => <span key={c.id} style={{ marginRight: 14 }}>Consent {c.state} <When t={c.at} /></span>)}</p>}
        </div>
        <aside className="plan-side" aria-label="The chosen dose" tabIndex={0}>
          {dose && visit ? <>
            <h2>{dose.drug_name} <span className="quiet">visit {visit.number}, {date(visit.due, true)}</span></h2>
            {dose.changed && <p className="small" style={{ marginBottom: 6 }}><b>△ {dose.changed}.</b> {proof?.reason}</p>}
            <div className="side-acts">
              {acts.filter((k) => k.side).map((k) => <button key={k.key} type="button" className="btn" disabled={busy || !!k.off} title={k.off} onClick={k.run}>{k.says} <kbd>{k.key.toUpperCase()}</kbd></button>)}
            </div>
            {proof ? <Proof key={dose.order} p={proof} dose={dose.dose} /> : <p className="quiet">There is no proof with this dose.</p>}
            <p className="small" style={{ marginTop: 8 }}><Link to={`/explain/${dose.order}`}>Everything that happened to this order</Link></p>
          </> : <p className="quiet">This plan has no doses.</p>}
        </aside>
      </div>
    </div>
  )
}
