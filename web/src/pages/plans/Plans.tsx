// Every patient with the diagnosis and where the plan stands. Typing narrows the list; arrows and Enter open.
import { useEffect, useRef, useState } from 'react'
import type { PatientRow } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { go, Link, useQueryValue } from '../../shell/router'
import { useSession } from '../../shell/session'
import { Empty, ViewStates } from '../../ui/Page'
import { StateBadge } from '../../ui/StateBadge'

export default function Plans(_: PageProps) {
  const query = useView('patients', {}, { everyCareSeconds: 600 })
  return <ViewStates query={query}>{(a) => <List rows={a.patients} />}</ViewStates>
}

const needs = (r: PatientRow) => !r.plan ? 'no plan' : r.plan_state ?? ''
/* What somebody must still do comes first. */
const order: Record<string, number> = { draft: 0, signed: 1, 'no plan': 2, verified: 3, stopped: 4, completed: 5 }

function fits(r: PatientRow, typed: string): boolean {
  const all = [r.name, r.mrn, r.born, r.diagnosis, r.plan_title, needs(r)].join(' ').toLowerCase()
  return typed.toLowerCase().split(/\s+/).every((w) => all.includes(w))
}

function List({ rows }: { rows: PatientRow[] }) {
  const { mayDo, maySee } = useSession()
  const queries = useView('queries', {}, { everyCareSeconds: 300, enabled: maySee('queries') }).data?.answer.queries ?? []
  const [state, setState] = useQueryValue('state')
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const box = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const states = [...new Set(rows.map(needs))].sort((a, b) => (order[a] ?? 9) - (order[b] ?? 9))
  const shown = rows.filter((r) => (!state || needs(r) === state) && fits(r, typed)).sort((a, b) => (order[needs(a)] ?? 9) - (order[needs(b)] ?? 9) || a.name.localeCompare(b.name))
  useEffect(() => { setAt(0) }, [typed, state])
  useEffect(() => { body.current?.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' }) }, [at])
  const open = (r: PatientRow | undefined) => { if (r) go(`/plans/${r.id}`) }
  const move = (by: number) => setAt((n) => Math.max(0, Math.min(shown.length - 1, n + by)))
  useKeys('Plans', [
    { key: 'f', says: 'Type to narrow the list', run: () => box.current?.focus() },
    { key: 'ArrowDown', says: 'Next patient', run: () => move(1) },
    { key: 'ArrowUp', says: 'The one before', run: () => move(-1) },
    { key: 'o', says: 'Open the plan, or make one', run: () => open(shown[at]) },
  ])
  if (!rows.length) return <Empty title="No patients yet">They come with their records: <code>venule import</code>, or FHIR from the hospital.</Empty>
  return (
    <div className="plans">
      {queries.length > 0 && <section className="sheet" aria-label="Questions about orders" style={{ margin: '0 0 8px', padding: '6px 12px' }}><h2>{queries.length === 1 ? 'A question about an order' : `${queries.length} questions about orders`}</h2>
        <ul>{queries.map((q) => <li key={q.query} className="small"><Link to={`/plan/${q.plan}`}>{q.name}</Link>, {q.drug_name} {q.dose}: {q.text} <span className="quiet">{q.who}</span></li>)}</ul></section>}
      <div className="plans-head">
        <h1>Plans</h1>
        <input ref={box} className="input" aria-label="Narrow the list" placeholder="Name, identifier, diagnosis" value={typed} autoFocus autoComplete="off" onChange={(e) => setTyped(e.target.value)}
          onKeyDown={(e) => {
            if (e.key === 'ArrowDown') move(1)
            else if (e.key === 'ArrowUp') move(-1)
            else if (e.key === 'Enter') open(shown[at])
            else if (e.key === 'Escape') { setTyped(''); box.current?.blur() } else return
            e.preventDefault()
          }} />
        <span className="row wrap" role="group" aria-label="By state">
          {states.map((s) => <button key={s} type="button" className={`btn low ${state === s ? 'chosen' : ''}`} aria-pressed={state === s} onClick={() => setState(state === s ? null : s)}>{s} <span className="quiet">{rows.filter((r) => needs(r) === s).length}</span></button>)}
        </span>
        <span className="quiet small push">{shown.length} of {rows.length} · <kbd>↑</kbd> <kbd>↓</kbd> <kbd>Enter</kbd></span>
      </div>
      <div className="plans-list sheet" tabIndex={0} role="region" aria-label="Patients">
        <table className="table">
          <thead><tr><th>Patient</th><th>Born</th><th>Identifier</th><th>Diagnosis</th><th>Plan</th><th>State</th></tr></thead>
          <tbody ref={body}>
            {shown.map((r, i) => (
              <tr key={r.id} className={i === at ? 'chosen' : ''} onMouseDown={() => setAt(i)} onDoubleClick={() => open(r)}>
                <td><Link to={`/plans/${r.id}`}>{r.name}</Link></td>
                <td className="nowrap">{r.born} <span className="quiet">({r.age} y)</span></td>
                <td className="nowrap">{r.mrn}</td>
                <td>{r.diagnosis ?? <span className="quiet">none a regimen is offered for</span>}</td>
                <td>{r.plan_title ?? (r.diagnosis && mayDo('plan.make') ? <Link to={`/plans/${r.id}`} style={{ color: 'var(--accent)' }}>make a plan</Link> : <span className="faint">–</span>)}</td>
                <td>{r.plan_state ? <StateBadge state={r.plan_state} /> : <span className="faint">no plan</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {!shown.length && <p className="quiet" style={{ padding: 14 }}>Nobody fits “{typed}”{state && ` and ${state}`}. <button type="button" className="btn low" onClick={() => { setTyped(''); setState(null) }}>Show all</button></p>}
      </div>
    </div>
  )
}
