// The day's visits and what they come to: which are still open, which have questions, which are closed.
import type { ChargeRow } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { go, Link } from '../../shell/router'
import { DayNav, useDay } from '../../ui/DayNav'
import { Empty, ViewStates } from '../../ui/Page'
import { clock, date, money } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'

export default function Charges(_: PageProps) {
  const nav = useDay()
  const query = useView('charges', { day: nav.day }, { everyCareSeconds: 120 })
  const walk = (by: number) => {
    const list = [...document.querySelectorAll<HTMLElement>('.charges-table tbody a')]
    list[Math.max(0, Math.min(list.length - 1, list.indexOf(document.activeElement as HTMLElement) + by))]?.focus()
  }
  useKeys('Charges', [
    { key: 'ArrowDown', says: 'The next visit', run: () => walk(1) }, { key: 'ArrowUp', says: 'The one before', run: () => walk(-1) }, ...nav.keys,
  ])
  return (
    <div className="page-in">
      <div className="page-head"><h1>Charges</h1><DayNav {...nav} /></div>
      <ViewStates query={query}>{({ visits, late }) => <>
        {late.length > 0 && <section className="sheet" aria-label="Out of date" style={{ marginBottom: 10, padding: '7px 12px' }}><h2>Charted otherwise since the charges were made</h2>
          <ul>{late.map((r) => <li key={r.visit}><Link to={`/charge/${r.visit}`}>{r.name}</Link> <span className="quiet small">{r.title}{r.at && `, ${date(r.at)}`}</span> <StateBadge state={r.state} /></li>)}</ul></section>}
        <List rows={visits} day={nav.day} /></>}</ViewStates>
    </div>
  )
}

function List({ rows, day }: { rows: ChargeRow[]; day: string }) {
  if (!rows.length) return <Empty title={`No charges on ${date(day)}`}>A visit appears here once its last drug is in; a nurse sees it while the drug still runs, when a question can be answered.</Empty>
  const order = { open: 0, corrected: 1, made: 2, final: 3 }
  const sorted = [...rows].sort((a, b) => (b.queries ? 1 : 0) - (a.queries ? 1 : 0) || order[a.state] - order[b.state])
  const sum = rows.reduce((n, r) => n + Math.round((r.total ?? 0) * 100), 0) / 100
  const asked = rows.reduce((n, r) => n + r.queries, 0)
  return (
    <div className="sheet charges-table">
      <table className="table">
        <thead><tr><th>Time</th><th>Patient</th><th>Treatment</th><th>State</th><th>Questions</th><th className="num">Total, USD</th></tr></thead>
        <tbody>
          {sorted.map((r) => (
            <tr key={r.visit} onClick={() => go(`/charge/${r.visit}`)}>
              <td className="nowrap">{r.at ? clock(r.at) : ''}</td>
              <td><Link to={`/charge/${r.visit}`} onClick={(e) => e.stopPropagation()}>{r.name}</Link></td>
              <td className="quiet">{r.title}</td>
              <td><StateBadge state={r.state} word={r.state === 'open' ? 'not made yet' : undefined} />{r.late && <b> ! out of date</b>}</td>
              <td>{r.queries ? <b>? {r.queries} to the nurse</b> : <span className="faint">none</span>}</td>
              <td className="num">{money(r.total)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot><tr><td /><td className="strong">{rows.length === 1 ? 'one visit' : `${rows.length} visits`}</td><td /><td className="quiet">{rows.filter((r) => r.state === 'final').length} closed</td><td>{asked ? `${asked} open` : ''}</td><td className="num strong">{money(sum)}</td></tr></tfoot>
      </table>
    </div>
  )
}
