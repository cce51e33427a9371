// One visit: what flowed on top, the lines it made below, each tied to its minutes; what is asked of the nurse, what a
// payer would send back, what is left of the authorisation, what the patient may pay.
import { useState } from 'react'
import type { AuthorisationLeft, Views } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { go, Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { PatientBanner } from '../../ui/PatientBanner'
import { Empty, ViewStates } from '../../ui/Page'
import { date, money, num } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Ties } from './Ties'

type Answer = Views['charge']['answer']

export default function Charge({ visit }: PageProps) {
  const query = useView('charge', { visit }, { about: (a) => a.banner?.id, everyCareSeconds: 60 })
  return <ViewStates query={query}>{(a) => a.charge ? <Page a={a} visit={visit} /> : <Empty title="No charges">Nothing was given at this visit.</Empty>}</ViewStates>
}

function Left({ a }: { a: AuthorisationLeft }) {
  const left = a.units - a.used - a.this_visit
  const share = (n: number) => `${Math.max(0, Math.min(100, (100 * n) / Math.max(1, a.units, a.used + a.this_visit)))}%`
  return (
    <div className="left">
      <div className="row wrap small" style={{ gap: '0 8px' }}><b>{a.drug.replaceAll('_', ' ')}</b><span className="quiet">{a.payer}{a.number && `, ${a.number}`}</span></div>
      <div className="left-bar" role="img" aria-label={`${num(a.used)} units used before, ${num(a.this_visit)} by this visit, ${num(Math.max(0, left))} of ${num(a.units)} left`}>
        <i className="used" style={{ width: share(a.used) }} /><i className="now" style={{ width: share(a.this_visit) }} />
      </div>
      <div className="small">{left < 0 ? <b>! {num(-left)} units more than granted</b> : <><b>{num(left)}</b> of {num(a.units)} units left</>}<span className="quiet">; {num(a.used)} before, {num(a.this_visit)} now{a.end && `; to ${date(a.end)}`}</span></div>
    </div>
  )
}

function Estimate({ visit }: { visit: string }) {
  const rows = useView('estimate', { visit }, { everyCareSeconds: 600 }).data?.answer.rows
  if (!rows) return null
  return (
    <section className="sheet" aria-label="What the patient may pay">
      <h2>What the patient may pay</h2>
      <ul className="estimate">{rows.map((r, i) => (
        <li key={i} className={i === rows.length - 1 ? 'total' : ''}><div className="row"><span className="grow">{r.what}</span><b className="nowrap">{money(r.amount)}</b></div><p className="tiny quiet">{r.says}</p></li>
      ))}</ul>
    </section>
  )
}

function Page({ a, visit }: { a: Answer; visit: string }) {
  const { mayDo, maySee } = useSession()
  const { run, ask, busy } = useDoing()
  const [at, pick] = useState(0)
  const h = a.charge!
  const biller = mayDo('charge.make')
  const mayMake = biller && !h.planned && (h.state === 'open' || h.late)
  const mayClose = biller && !h.late && (h.state === 'made' || h.state === 'corrected')
  const make = () => void run('charge.make', { visit }, { done: h.state === 'open' ? 'Charges made.' : 'Made again from what flowed.' })
  const close = () => void run('charge.finalise', { visit }, { done: 'Closed.' })
  const unlisted = a.edits.find((e) => e.rule === 'H07'), unlistedDrug = unlisted && a.lines.find((l) => l.place === unlisted.line)?.drug
  const notice = () => void ask({
    command: 'charge.notice', input: { visit, drug: unlistedDrug! }, asks: ['state', 'signed_on'], reason: 'Where it is kept, or why there is none', title: 'The patient’s advance notice', button: 'Record it',
    intro: <p className="quiet">{unlisted?.says}</p>, done: 'Recorded. Make the charges again: the line carries it.',
  })
  const walk = (by: number) => {
    const list = [...document.querySelectorAll<HTMLElement>('.charge-line')]
    list[Math.max(0, Math.min(list.length - 1, list.indexOf(document.activeElement as HTMLElement) + by))]?.focus()
  }
  useKeys('Charge', [
    { key: 'ArrowDown', says: 'The next line and its minutes', run: () => walk(1) }, { key: 'ArrowUp', says: 'The one before', run: () => walk(-1) },
    ...(mayMake ? [{ key: 'm', says: 'Make the charges from what flowed', run: make }] : []),
    ...(mayClose ? [{ key: 'f', says: 'Finalise: checked and closed', run: close }] : []),
    ...(mayDo('charge.notice') && unlistedDrug && !h.planned ? [{ key: 'n', says: 'The patient’s advance notice', run: notice }] : []),
    { key: 'c', says: 'What was charted', run: () => go(`/chart/${visit}`) },
    ...(maySee('statement') ? [{ key: 's', says: 'The statement, to print', run: () => go(`/charge/${visit}/statement`) }] : []),
    { key: 'b', says: 'The bedside of this visit', run: () => go(`/bedside/${visit}`) },
    { key: 'Escape', says: 'The day’s charges', run: () => go('/charges') },
  ])
  const general = a.edits.filter((e) => e.line === undefined)
  return (
    <div className="charge">
      {a.banner && <PatientBanner b={a.banner} />}
      <div className="charge-head">
        <h1>{h.title}</h1><StateBadge state={h.state} word={h.state === 'open' ? 'not made yet' : h.state === 'final' ? 'final' : undefined} />
        {h.revision !== undefined && <span className="small quiet">revision {h.revision}</span>}
        <span className="small quiet">{h.payer ?? 'no payer on record'}</span>
        <span className="push row wrap">
          <span className="nowrap">total <b className="sum">{money(h.total)}</b> <span className="quiet small">{h.currency}</span></span>
          {mayMake && <button type="button" className={`btn low ${a.queries.length ? '' : 'main'}`} disabled={busy} onClick={make}>{h.state === 'open' ? 'Make' : 'Make again'} <kbd>M</kbd></button>}
          {mayClose && <button type="button" className="btn low main" disabled={busy} onClick={close}>Finalise <kbd>F</kbd></button>}
          {mayDo('charge.notice') && unlistedDrug && !h.planned && <button type="button" className="btn low" disabled={busy} onClick={notice}>Advance notice <kbd>N</kbd></button>}
          {maySee('statement') && <Link className="btn low" to={`/charge/${visit}/statement`}>Statement <kbd>S</kbd></Link>}
        </span>
      </div>
      {h.late && <p className="charge-note"><b>! Facts have changed since it was made.</b> Make it again; the lines below are still the old ones.</p>}
      {h.planned && <p className="charge-note quiet">Nothing has flowed yet: the lines are what is planned.</p>}
      <div className="charge-grid">
        <div className="sheet charge-main">
          {a.lines.length ? <Ties segments={a.segments} lines={a.lines} edits={a.edits} at={at} pick={pick} /> : <p className="quiet" style={{ padding: 14 }}>Nothing here can be charged. What became of each thing stands under “How it came about”.</p>}
        </div>
        <aside className="charge-side" aria-label="Questions and checks">
          {a.queries.length > 0 && <section className="sheet asks" aria-label="Questions"><h2>Questions, while it can be answered</h2>
            <ul>{a.queries.map((q) => <li key={q.says}><span aria-hidden="true">? </span>{q.says} <span className="quiet small">to the {q.to}</span> <Link className="small" to={`/bedside/${visit}`}>Answer at the bedside</Link></li>)}</ul></section>}
          {general.length > 0 && <section className="sheet" aria-label="The claim"><h2>What a payer would send back</h2>
            <ul>{general.map((e) => <li key={e.rule + e.says} className="small"><b>! {e.action}</b> {e.says} <span className="faint">{e.rule}</span></li>)}</ul></section>}
          {a.authorisations.length > 0 && <section className="sheet" aria-label="Authorisation"><h2>Authorisation left after this visit</h2>{a.authorisations.map((x) => <Left key={x.drug + (x.number ?? '')} a={x} />)}</section>}
          <Estimate visit={visit} />
          <section className="sheet" aria-label="How it came about"><details open={!a.queries.length}><summary><b>How it came about</b> <span className="quiet small">{a.traces.length}</span></summary>
            <ul>{a.traces.map((t, i) => <li key={i} className="small">{t.says} <Link className="tiny" to={`/explain/${t.event}`}>story</Link></li>)}</ul>
            <p className="tiny faint">Rules of content {h.rules.slice(0, 12)}</p></details></section>
        </aside>
      </div>
    </div>
  )
}
