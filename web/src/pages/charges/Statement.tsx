// A statement on paper: what was done, what it comes to, what the patient may have to pay. The frame is left out by print CSS.
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { go, Link } from '../../shell/router'
import { Empty, ViewStates } from '../../ui/Page'

export default function Statement({ visit }: PageProps) {
  const query = useView('statement', { visit }, { everyCareSeconds: 600 })
  useKeys('Statement', [
    { key: 'p', says: 'Print', run: () => print() },
    { key: 'Escape', says: 'Back to the charges', run: () => go(`/charge/${visit}`) },
  ])
  return <ViewStates query={query}>{({ head: h, lines }) => !h ? <Empty title="No statement">Nothing was given at this visit.</Empty> : (
    <div className="page-in">
      <div className="row no-print" style={{ maxWidth: 820, margin: '0 auto 8px' }}>
        <Link className="btn low" to={`/charge/${visit}`}>Back</Link><button type="button" className="btn low main push" onClick={() => print()}>Print <kbd>P</kbd></button>
      </div>
      <article className="sheet statement" aria-label="Statement">
        <header className="row"><div><h1>{h.site}</h1><p>{h.address}</p>{h.phone && <p>Questions: {h.phone}</p>}</div><div className="push state">{h.state}</div></header>
        <dl className="pairs">
          <dt>Patient</dt><dd><b>{h.name}</b>, born {h.born}, {h.mrn}</dd><dt>Visit</dt><dd>{h.day}, {h.title}</dd><dt>Payer</dt><dd>{h.payer ?? 'none on record'}</dd>
        </dl>
        <table className="table"><thead><tr><th>What</th><th>Code</th><th className="num">Units</th><th className="num">Amount</th></tr></thead>
          <tbody>{lines.map((l, i) => <tr key={i}><td><b>{l.what}</b><div className="tiny quiet">{l.says}</div></td><td className="nowrap">{l.code}</td><td className="num">{l.units}</td><td className="num nowrap">{l.amount}</td></tr>)}</tbody>
          <tfoot><tr><td colSpan={3} className="strong">Sum</td><td className="num strong nowrap">{h.total}</td></tr><tr><td colSpan={3} className="strong">You may have to pay</td><td className="num strong nowrap">{h.yours}</td></tr></tfoot></table>
        <p className="small">{h.note}</p>
      </article>
    </div>
  )}</ViewStates>
}
