// What an event holds and how it came about, opened on demand.
import { Fact } from '../../ui/Facts'

export function Facts({ data, why }: { data: unknown; why: unknown }) {
  if (!data && !why) return null
  return (
    <details className="facts">
      <summary>{why ? 'What and why' : 'What'}</summary>
      {data !== undefined && data !== null && <div className="facts-box"><Fact v={data} /></div>}
      {why !== undefined && why !== null && <div className="facts-box"><div className="tiny quiet">how it came about</div><Fact v={why} /></div>}
    </details>
  )
}
