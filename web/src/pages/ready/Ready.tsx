// The next seven days, one line a visit: ready, or what is missing, whose it is and by when; what can still be saved first.
import type { Commands, ReadyFact, ReadyRow, Views } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import { useNow } from '../../shell/clock'
import type { PageProps } from '../../shell/pages'
import { go, Link, useQueryValue } from '../../shell/router'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { addDays } from '../../ui/DayNav'
import { Empty, ViewStates } from '../../ui/Page'
import { When } from '../../ui/Time'
import { clock, isoDay, ms, sameDay, weekday } from '../../ui/format'
import { StateBadge, stateSymbol } from '../../ui/StateBadge'

type Answer = Views['ready']['answer']
interface Line { v: ReadyRow; open: ReadyFact[]; deadline: number }

export default function Ready(_: PageProps) {
  const query = useView('ready', {}, { everyCareSeconds: 120 })
  return <ViewStates query={query}>{(a) => <Week a={a} />}</ViewStates>
}

const ownerWord = (o?: string) => o ?? 'nobody named'

/** Where a fact is mended, if not by a form here. */
function pageOf(f: ReadyFact, v: ReadyRow): string | null {
  if (f.command === 'plan.sign' || f.command === 'plan.verify') return `/plan/${v.plan}`
  if (f.command === 'stock.receive') return '/pharmacy'
  if (f.what === 'laboratory') return `/plan/${v.plan}`
  if (f.what === 'allergies' || f.what === 'weight') return `/bedside/${v.visit}`
  if (f.what === 'coverage') return `/explain/${v.patient}`
  return null
}

function useMend() {
  const { mayDo } = useSession()
  const { ask } = useDoing()
  const today = isoDay(useNow(60_000))
  return (f: ReadyFact, v: ReadyRow): (() => void) | null => {
    const input = (f.input ?? {}) as never
    if (f.command === 'authorisation.record' && mayDo('authorisation.record')) return () => void ask({
      command: 'authorisation.record', input, title: `Authorisation for ${v.name}`, intro: <p className="quiet">{v.title}. On record: {f.says}.</p>,
      first: { state: 'granted', start: today, end: addDays(today, 180) }, done: 'The payer’s answer is recorded.',
    })
    if (f.command === 'consent.record' && mayDo('consent.record')) return () => void ask({
      command: 'consent.record', input, title: `Consent of ${v.name}`, intro: <p className="quiet">To: {v.title}.</p>, earlier: true, done: 'Consent is recorded.',
    })
    if (f.command && f.command in ({ 'plan.sign': 1, 'plan.verify': 1, 'stock.receive': 1, 'weight.record': 1 } as Partial<Record<keyof Commands, 1>>)) {
      const page = pageOf(f, v)
      return page ? () => go(page) : null
    }
    return null
  }
}

function Chip({ f, v, now }: { f: ReadyFact; v: ReadyRow; now: number }) {
  const mend = useMend()(f, v)
  const page = mend ? null : pageOf(f, v)
  const late = f.deadline !== undefined && ms(f.deadline) <= now
  const inside = (
    <>
      <span aria-hidden="true">{stateSymbol(f.state)}</span>
      <span><b>{f.what}</b> {f.says}</span>
      <span className="chip-who"><span>{ownerWord(f.owner)}</span>{f.deadline && <span>{late ? 'on the day' : <>by <When t={f.deadline} only="clock" /></>}</span>}</span>
      <span className="hidden-text">{f.state}</span>
    </>
  )
  const look = `chip ${f.state}`
  return mend ? <button type="button" className={look} onClick={mend}>{inside}<span className="does" aria-hidden="true">+</span></button>
    : page ? <Link className={look} to={page}>{inside}<span className="does" aria-hidden="true">›</span></Link> : <span className={look}>{inside}</span>
}

function Rows({ title, says, lines, now }: { title: string; says?: string; lines: Line[]; now: number }) {
  if (!lines.length) return null
  return (
    <section aria-label={title}>
      <h2 className="ready-group">{title} <span className="quiet">{lines.length}</span>{says && <span className="quiet small">{says}</span>}</h2>
      <ul className="sheet ready-list">
        {lines.map(({ v, open }) => (
          <li key={v.visit} className="ready-row">
            <span className="when"><b className="nowrap">{sameDay(v.start, now) ? 'today' : weekday(v.start)}</b> <span className="nowrap">{clock(v.start)}</span></span>
            <Link className="who" to={`/bedside/${v.visit}`}><b>{v.name}</b><span className="quiet small clip">{v.title}</span></Link>
            <span><StateBadge state={v.verdict} word={v.verdict === 'ready' ? 'ready' : v.verdict === 'blocked' ? 'blocked' : 'not known'} /></span>
            <span className="chips">{open.map((f) => <Chip key={f.what} f={f} v={v} now={now} />)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Week({ a }: { a: Answer }) {
  const now = useNow(30_000)
  const [owner, setOwner] = useQueryValue('owner')
  const open = new Map<string, ReadyFact[]>()
  for (const f of a.facts) if (f.state !== 'ready') open.set(f.visit, [...open.get(f.visit) ?? [], f])
  const owners = new Map<string, number>()
  for (const list of open.values()) for (const f of list) owners.set(ownerWord(f.owner), (owners.get(ownerWord(f.owner)) ?? 0) + 1)
  const lines: Line[] = a.visits.map((v) => {
    const facts = (open.get(v.visit) ?? []).sort((x, y) => (x.state === 'blocked' ? 0 : 1) - (y.state === 'blocked' ? 0 : 1))
    const ahead = facts.map((f) => f.deadline ? ms(f.deadline) : 0).filter((t) => t > now)
    return { v, open: facts, deadline: ahead.length ? Math.min(...ahead) : 0 }
  })
  const shown = owner ? lines.filter((l) => l.open.some((f) => ownerWord(f.owner) === owner)) : lines
  const weight = (l: Line) => l.v.verdict === 'blocked' ? 0 : 1
  const save = shown.filter((l) => l.open.length && l.deadline).sort((x, y) => weight(x) - weight(y) || x.deadline - y.deadline)
  const day = shown.filter((l) => l.open.length && !l.deadline).sort((x, y) => weight(x) - weight(y) || ms(x.v.start) - ms(y.v.start))
  const fine = shown.filter((l) => !l.open.length)
  const walk = (by: number, within: boolean) => {
    const list = [...document.querySelectorAll<HTMLElement>(within ? '.ready-row a, .ready-row button' : '.ready-row .who')]
    const row = document.activeElement?.closest('.ready-row')
    const here = within ? list.indexOf(document.activeElement as HTMLElement) : list.findIndex((x) => x.closest('.ready-row') === row)
    list[Math.max(0, Math.min(list.length - 1, here + by))]?.focus()
  }
  const names = [...owners.keys()].sort()
  useKeys('Ready', [
    { key: 'ArrowDown', says: 'The next visit', run: () => walk(1, false) },
    { key: 'ArrowUp', says: 'The one before', run: () => walk(-1, false) },
    { key: 'ArrowRight', says: 'To what it is missing', run: () => walk(1, true) },
    { key: 'ArrowLeft', says: 'Back', run: () => walk(-1, true) },
    { key: 'o', says: 'The next owner only, then all', run: () => setOwner(names[names.indexOf(owner ?? '') + 1] ?? null) },
  ])
  if (!a.visits.length) return <Empty title="No visits in the next seven days">Book what is due on the <Link to="/schedule">schedule</Link>; what each visit still needs then stands here.</Empty>
  const missing = lines.filter((l) => l.open.length).length
  return (
    <div className="page-in ready">
      <div className="page-head">
        <h1>Ready</h1>
        <span className="quiet">next seven days</span>
        <span className="counts small"><span><b>{a.visits.length}</b> visits</span><span><b>{a.visits.length - missing}</b> ready</span><span><b>{missing}</b> with something open</span></span>
        {names.length > 0 && <span className="push row wrap" role="group" aria-label="Whose">
          <button type="button" className={`btn low ${owner ? '' : 'chosen'}`} aria-pressed={!owner} onClick={() => setOwner(null)}>All</button>
          {names.map((n) => <button key={n} type="button" className={`btn low ${owner === n ? 'chosen' : ''}`} aria-pressed={owner === n} onClick={() => setOwner(owner === n ? null : n)}>{n} <span className="quiet">{owners.get(n)}</span></button>)}
          <kbd>O</kbd>
        </span>}
      </div>
      {!missing && <p className="sheet all-well"><span aria-hidden="true">✓ </span><b>All is well.</b> Every visit of the next seven days has what it needs. Ready is administrative: OK to treat is signed at the bedside.</p>}
      <Rows title="Can still be saved" says="mended by the evening before, nobody travels in vain" lines={save} now={now} />
      <Rows title="To settle on the day" says="the evening before has passed" lines={day} now={now} />
      <Rows title="Ready" lines={fine} now={now} />
      {owner && !shown.length && <p className="quiet" style={{ padding: 12 }}>Nothing is open for {owner}.</p>}
    </div>
  )
}
