// Who looked at this patient's record: for the patient, and for administration.
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { Empty, ViewStates } from '../../ui/Page'
import { clock, day } from '../../ui/format'

export default function Reads({ patient }: PageProps) {
  const query = useView('reads', { patient }, { everyCareSeconds: 600 })
  return (
    <div className="page-in">
      <h1 style={{ marginBottom: 4 }}>Who looked at this record</h1>
      <p className="quiet small" style={{ marginBottom: 8 }}>Every look, one line for each person, purpose and five minutes; the newest first.</p>
      <ViewStates query={query}>{({ reads }) => reads.length
        ? <div className="sheet"><table className="table"><thead><tr><th>Day</th><th>Time</th><th>Who</th><th>What was shown</th></tr></thead>
          <tbody>{reads.map((r, i) => <tr key={i}><td className="nowrap">{day(r.first)}</td><td className="nowrap">{clock(r.first)}</td><td>{r.name}</td><td className="quiet">{r.purpose}</td></tr>)}</tbody></table></div>
        : <Empty title="Nobody has looked yet">Each look at the record is written down here.</Empty>}</ViewStates>
    </div>
  )
}
