// Whose bedside: my patients first, then the others who are here.
import type { ChairCard } from '../../api'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { Link } from '../../shell/router'
import { useSession } from '../../shell/session'
import { Empty, ViewStates } from '../../ui/Page'
import { StateBadge } from '../../ui/StateBadge'
import { When } from '../../ui/Time'
import { clock } from '../../ui/format'

function Row({ k }: { k: ChairCard }) {
  return (
    <Link className="bed-row" to={`/bedside/${k.visit}`}>
      <b>{k.chair}</b>
      <span className="clip strong">{k.name ?? k.coming}</span>
      <span className="clip">{k.drug ?? ''}</span>
      <span>{k.name ? <StateBadge state={k.state} word={k.state === 'ready' ? 'OK to treat' : k.state === 'arrived' ? 'here' : undefined} /> : <span className="quiet">comes {k.coming_at && clock(k.coming_at)}</span>}</span>
      <span className="small clip">{k.next ? <>{k.next} {k.next_at && <When t={k.next_at} />}</> : k.waits_for ? `waits for ${k.waits_for}` : ''}</span>
    </Link>
  )
}

export default function BedsideList(_: PageProps) {
  const { me } = useSession()
  const query = useView('floor', {}, { everyCareSeconds: 30 })
  return (
    <div className="page-in">
      <h1 style={{ marginBottom: 8 }}>Bedside</h1>
      <ViewStates query={query}>{(f) => {
        const here = f.chairs.filter((k) => k.visit)
        const mine = here.filter((k) => k.nurse === me.id), others = here.filter((k) => k.nurse !== me.id)
        if (!here.length) return <Empty title="Nobody is here yet">Who comes next stands on the floor page. A scanned wristband opens its bedside from anywhere.</Empty>
        return (
          <>
            {mine.length > 0 && <section className="sheet" style={{ marginBottom: 12 }}><h2 style={{ padding: '7px 12px' }} className="quiet">My patients</h2>{mine.map((k) => <Row key={k.visit} k={k} />)}</section>}
            {others.length > 0 && <section className="sheet"><h2 style={{ padding: '7px 12px' }} className="quiet">{mine.length ? 'The others' : 'Here and coming'}</h2>{others.map((k) => <Row key={k.visit} k={k} />)}</section>}
          </>
        )
      }}</ViewStates>
    </div>
  )
}
