// Messages that could not be used, a cause a row: the segment, the rule that failed, what can be done. Nothing waits
// unseen; nothing is thrown away.
import type { FailedRow } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { Link } from '../../shell/router'
import { useDoing } from '../../ui/Commands'
import { Empty, ViewStates } from '../../ui/Page'
import { StateBadge } from '../../ui/StateBadge'
import { When } from '../../ui/Time'

const words: Record<FailedRow['state'], string> = { open: 'waits', again: 'being taken in', settled: 'settled', 'put aside': 'put aside' }
const badge: Record<FailedRow['state'], string> = { open: 'blocked', again: 'running', settled: 'ready', 'put aside': 'cancelled' }

/** The field at fault inside its segment stands out. */
function Line({ f }: { f: FailedRow }) {
  if (!f.line) return null
  const nth = Number(f.place?.match(/-(\d+)$/)?.[1] ?? 0)
  const parts = f.line.split('|')
  const at = parts[0] === 'MSH' ? nth - 1 : nth
  return (
    <code className="failed-line">
      {parts.map((p, i) => <span key={i}>{i > 0 && '|'}{nth > 0 && i === at ? <mark title={`field ${nth}`}>{p || '(empty)'}</mark> : p}</span>)}
    </code>
  )
}

function useMending() {
  const { run, ask } = useDoing()
  const about = (f: FailedRow) => <p className="quiet">{f.says}</p>
  return {
    replay: (f: FailedRow) => void run('interface.replay', { failed: f.id }, { done: 'They are being taken in again.' }),
    fix: (f: FailedRow) => void ask({
      command: 'interface.fix', input: { failed: f.id }, title: `Mend ${f.place}`, intro: about(f), button: 'Mend and take in',
      labels: { value: 'The field should hold' }, done: 'Mended; they are being taken in again.',
    }),
    map: (f: FailedRow) => void ask({
      command: 'interface.map', input: { failed: f.id }, title: `Which pump is ${f.pump}?`, intro: about(f), button: 'Map and take in',
      labels: { pump: 'Serial of the registered pump' }, done: 'Mapped; they are being taken in again.',
    }),
    register: async (f: FailedRow) => {
      const o = await ask({ command: 'pump.add', input: { id: f.pump, active: true }, title: `Register pump ${f.pump}`, first: { channels: '1' }, done: 'The pump is registered.' })
      if (o.ok) void run('interface.replay', { failed: f.id }, { done: 'Its messages are being taken in again.' })
    },
    aside: (f: FailedRow) => void ask({
      command: 'interface.put_aside', input: { failed: f.id }, title: 'Put these messages aside', intro: about(f), reason: 'Why they are not needed', done: 'Put aside.',
    }),
  }
}

function Row({ f }: { f: FailedRow }) {
  const mend = useMending()
  return (
    <li className="failed-row" tabIndex={-1}>
      <div className="failed-head">
        <StateBadge state={badge[f.state]} word={words[f.state]} />
        <b>{f.says}</b>
        <span className="grow" />
        <span className="nowrap"><b>{f.waiting}</b> waiting{f.taken ? `, ${f.taken} taken in` : ''}</span>
      </div>
      <Line f={f} />
      <div className="small quiet">
        {f.place && <>{f.place} · </>}{f.sender}{f.pump && <> · pump {f.pump}</>} · since <When t={f.since} /> · code {f.code} · <Link to={`/explain/${f.id}`}>story</Link>
      </div>
      {f.outcome && <div className="small">Last try: {f.outcome}</div>}
      {f.state === 'open' && (
        <div className="failed-acts">
          {f.unknown_pump && <button type="button" className="btn" onClick={() => void mend.register(f)}>Register the pump</button>}
          {f.unknown_pump && <button type="button" className="btn" onClick={() => mend.map(f)}>It is another pump</button>}
          {!f.unknown_pump && /-\d+$/.test(f.place ?? '') && !f.place?.startsWith('MSH-1') && <button type="button" className="btn" onClick={() => mend.fix(f)}>Mend the field</button>}
          <button type="button" className="btn" onClick={() => mend.replay(f)}>Take in again</button>
          <button type="button" className="btn low" onClick={() => mend.aside(f)}>Put aside</button>
        </div>
      )}
    </li>
  )
}

function Queue({ failed }: { failed: FailedRow[] }) {
  const open = failed.filter((f) => f.state === 'open' || f.state === 'again')
  const done = failed.filter((f) => f.state === 'settled' || f.state === 'put aside')
  const walk = (by: number) => {
    const rows = [...document.querySelectorAll<HTMLElement>('.failed-row')]
    const here = rows.findIndex((r) => r.contains(document.activeElement))
    const next = rows[Math.max(0, Math.min(rows.length - 1, here + by))]
    ;(next?.querySelector<HTMLElement>('button') ?? next)?.focus()
  }
  useKeys('Interfaces', [
    { key: 'ArrowDown', says: 'The next cause', run: () => walk(1) },
    { key: 'ArrowUp', says: 'The one before', run: () => walk(-1) },
  ])
  return (
    <div className="page-in">
      <h1 style={{ marginBottom: 8 }}>Interfaces <span className="quiet">{open.length ? `${open.reduce((n, f) => n + f.waiting, 0)} messages wait, ${open.length} ${open.length === 1 ? 'cause' : 'causes'}` : ''}</span></h1>
      {!open.length && <Empty title="No message waits">Whatever the pumps and their gateways sent was understood. What cannot be used will stand here, with the segment and the rule that failed.</Empty>}
      {open.length > 0 && <ul className="sheet failed-list" aria-label="Waiting">{open.map((f) => <Row key={f.id} f={f} />)}</ul>}
      {done.length > 0 && <><h2 className="ready-group">Done <span className="quiet">{done.length}</span></h2><ul className="sheet failed-list" aria-label="Done">{done.map((f) => <Row key={f.id} f={f} />)}</ul></>}
    </div>
  )
}

export default function Interfaces(_: PageProps) {
  const query = useView('interfaces', {}, { everyCareSeconds: 60 })
  return <ViewStates query={query}>{(a) => <Queue failed={a.failed} />}</ViewStates>
}
