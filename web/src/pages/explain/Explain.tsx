// The story of anything by its id: a patient, a visit, an infusion, a dose, a refusal. Each event with who, when it
// happened and when it was recorded, what it says and how the values came about.
import type { EventRow } from '../../api'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { Facts } from './Data'
import { Empty, ViewStates } from '../../ui/Page'
import { clock, clockSeconds, day, ms, weekday } from '../../ui/format'

const LATE_MS = 60_000

function Row({ e, self }: { e: EventRow; self: string }) {
  const late = Math.abs(ms(e.recorded) - ms(e.happened)) > LATE_MS
  return (
    <li className="story-row">
      <time className="nowrap strong" dateTime={e.happened} title={`${day(e.happened)} ${clockSeconds(e.happened)}`}>{clock(e.happened)}</time>
      <div className="grow">
        <div><b>{e.says[0]?.toUpperCase() + e.says.slice(1)}</b> <span className="quiet">{e.who}</span>{e.subject !== self && <> <Link to={`/explain/${encodeURIComponent(e.subject)}`} className="small">{e.subject}</Link></>}</div>
        {late && <div className="small quiet">recorded {clock(e.recorded)}{day(e.recorded) !== day(e.happened) && ` on ${day(e.recorded)}`}</div>}
        {e.reason && <div className="small">Reason: {e.reason}</div>}
        <Facts data={e.data} why={e.why} />
      </div>
      <span className="tiny faint nowrap" title={e.type}>no. {e.seq}</span>
    </li>
  )
}

export default function Explain({ id }: PageProps) {
  const { maySee } = useSession()
  const query = useView('explain', { id }, { everyCareSeconds: 600 })
  return (
    <div className="page-in">
      <h1 style={{ marginBottom: 8 }}>The story of <span className="nowrap">{id}</span></h1>
      {maySee('reads') && id.includes('-patient-') && <p style={{ marginBottom: 8 }}><Link to={`/reads/${encodeURIComponent(id)}`}>Who looked at this record</Link></p>}
      <ViewStates query={query}>{({ events }) => {
        if (!events.length) return <Empty title="Nothing is recorded about this">Check the number, or search with <kbd>Ctrl</kbd> <kbd>K</kbd>.</Empty>
        const days = [...new Set(events.map((e) => day(e.happened)))]
        return <>{days.map((d) => (
          <section key={d} className="sheet" style={{ marginBottom: 10 }}>
            <h2 className="quiet" style={{ padding: '7px 12px 3px' }}>{weekday(events.find((e) => day(e.happened) === d)!.happened).split(' ')[0]} {d}</h2>
            <ol>{events.filter((e) => day(e.happened) === d).map((e) => <Row key={e.seq} e={e} self={id} />)}</ol>
          </section>
        ))}</>
      }}</ViewStates>
    </div>
  )
}
