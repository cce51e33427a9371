// The day board: who sits where, when, with whom; what is due but has no time yet, and times for it with their reasons.
import { useCallback, useMemo, useRef, useState } from 'react'
import type { DayBlock, DueRow, Offer } from '../../api'
import { useKeys, type Key } from '../../input/keyboard'
import { useView } from '../../net/view'
import { careNow } from '../../shell/clock'
import type { PageProps } from '../../shell/pages'
import { go, useQueryValue } from '../../shell/router'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { DayNav, addDays, useDay } from '../../ui/DayNav'
import { Empty, ViewStates } from '../../ui/Page'
import { date, isoDay, ms } from '../../ui/format'
import { Board, Legend } from './Board'
import { Loads } from './Loads'
import { cost, nurseIds, place, range, SNAP, use, type Answer, type By, type Ghost, type Row } from './model'
import { DueList, MovePanel, OffersPanel, VisitPanel, type Finding } from './Side'

const MINUTE = 60_000
const QUARTER = 15
const OFFERS = 5

export default function Schedule(_: PageProps) {
  const nav = useDay()
  const query = useView('schedule', { day: nav.day }, { everyCareSeconds: 120 })
  const known = useRef(query.data)
  if (query.data) known.current = query.data
  // Another day begins as the same room without visits, so that what is being chosen stays in hand.
  const data = query.data ?? (known.current && !query.error ? { ...known.current, answer: { ...known.current.answer, blocks: [] } } : undefined)
  return <ViewStates query={{ ...query, data } as typeof query}>{(a) => <Day a={a} nav={nav} loading={!query.data} />}</ViewStates>
}

/** One day of the week: how full it is. Not renewed with every change: it is a map, not the board. */
function WeekDay({ day, shown, set }: { day: string; shown: boolean; set: (d: string) => void }) {
  const { me } = useSession()
  const a = useView('schedule', { day, week: '' } as { day: string }, { everyCareSeconds: 1800, about: () => 'the week' }).data?.answer
  const share = a ? use(a, a.chairs, me.site.opens, me.site.closes) : 0
  const n = a?.blocks.length ?? 0
  return (
    <button type="button" className={`week-day ${shown ? 'shown' : ''}`} aria-current={shown ? 'date' : undefined} onClick={() => set(day)}
      title={`${n} visits, ${Math.round(share * 100)} % of chair time`}>
      <span>{date(day, true).slice(0, 6)}</span><span className="heat"><i style={{ width: `${share * 100}%` }} /></span><span className="tiny">{n || '–'}<span className="hidden-text"> visits, {Math.round(share * 100)} % of chair time</span></span>
    </button>
  )
}

function Day({ a, nav, loading }: { a: Answer; nav: ReturnType<typeof useDay>; loading: boolean }) {
  const { me, mayDo } = useSession()
  const { run, ask, busy } = useDoing()
  const [byText, setBy] = useQueryValue('by')
  const by: By = byText === 'nurses' ? 'nurses' : 'chairs'
  const due = useView('due', {}, { everyCareSeconds: 600 }).data?.answer.visits ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const [moving, setMoving] = useState<Ghost | null>(null)
  const [refused, setRefused] = useState('')
  const [finding, setFinding] = useState<Finding | null>(null)
  const r = useMemo(() => range(a, nav.day, me.site.opens, me.site.closes), [a, nav.day, me.site.opens, me.site.closes])
  const { rows, placed } = useMemo(() => place(a, by, r), [a, by, r])
  const block = a.blocks.find((b) => b.visit === chosen)
  const mayMove = mayDo('visit.move')
  const monday = addDays(nav.day, -((new Date(nav.day + 'T12:00:00Z').getUTCDay() + 6) % 7))

  const focus = (visit: string) => setTimeout(() => document.querySelector<HTMLElement>(`.board [data-visit="${CSS.escape(visit)}"]`)?.focus())
  const choose = useCallback((v: string | null) => {
    setChosen(v)
    setFinding(null)
    setMoving(null)
    if (v) focus(v)
  }, [])

  /* ---- moving ---- */
  const begin = (b: DayBlock) => {
    if (b.state !== 'booked' || !mayMove) return
    setRefused('')
    setFinding(null)
    setMoving({ visit: b.visit, start: ms(b.start), chair: b.chair ?? a.chairs[0]?.id ?? '', nurse: b.nurse ?? a.nurses[0]?.nurse ?? '', minutes: b.setup_min + b.drug_min + b.observe_min })
  }
  const change = (to: Partial<Ghost>) => {
    setRefused('')
    setMoving((g) => g && { ...g, ...to, start: Math.max(r.start, Math.min(r.start + (r.minutes - g.minutes) * MINUTE, to.start ?? g.start)) })
  }
  const drag = useCallback((visit: string, row: Row, start: number) => {
    const b = a.blocks.find((x) => x.visit === visit)
    if (!b || !row.id) return
    setRefused('')
    setFinding(null)
    setChosen(visit)
    setMoving((g) => ({
      visit, start, minutes: b.setup_min + b.drug_min + b.observe_min,
      chair: by === 'chairs' ? row.id : g?.visit === visit ? g.chair : b.chair ?? '', nurse: by === 'nurses' ? row.id : g?.visit === visit ? g.nurse : b.nurse ?? '',
    }))
  }, [a, by])
  const step = (by_: number) => {
    if (!moving) return
    if (by === 'chairs') {
      const i = a.chairs.findIndex((c) => c.id === moving.chair)
      change({ chair: a.chairs[Math.max(0, Math.min(a.chairs.length - 1, i + by_))]?.id })
    } else {
      const ids = nurseIds(a.nurses), i = ids.indexOf(moving.nurse)
      change({ nurse: ids[Math.max(0, Math.min(ids.length - 1, i + by_))] })
    }
  }
  const confirm = async () => {
    if (!moving || busy) return
    const o = await run('visit.move', { visit: moving.visit, start: new Date(moving.start).toISOString(), chair: moving.chair, nurse: moving.nurse }, { own: true, done: 'Moved.' })
    if (o.ok) {
      setMoving(null)
      focus(moving.visit)
    } else setRefused(o.problem?.refusals?.map((x) => x.says).join(' ') || (o.problem?.detail ?? o.problem?.title ?? 'The server cannot be reached.'))
  }

  /* ---- finding a time ---- */
  const find = async (v: { visit: string; name: string; title: string }, booked: boolean, day?: string) => {
    setMoving(null)
    const o = await run('visit.offer', { visit: v.visit, count: OFFERS, ...(day ? { day } : {}) })
    if (!o.ok) return
    const { offers, why_none } = (o.answer.result ?? { offers: [] }) as { offers: Offer[]; why_none?: string }
    setFinding({ visit: v.visit, name: v.name, title: v.title, booked, offers, whyNone: why_none ?? '', at: -1 })
    if (offers.length) setTimeout(() => document.querySelector<HTMLElement>('.offer')?.focus())
  }
  const look = (i: number) => {
    if (!finding || !finding.offers[i] || finding.at === i) return
    setFinding({ ...finding, at: i })
    nav.set(isoDay(ms(finding.offers[i].start)))
  }
  const take = async (i: number) => {
    const o = finding?.offers[i]
    if (!finding || !o || busy) return
    const said = await run(finding.booked ? 'visit.move' : 'visit.book', { visit: finding.visit, offer: o.id }, { done: finding.booked ? `${finding.name} moved.` : `${finding.name} booked.` })
    if (!said.ok) return
    nav.set(isoDay(ms(o.start)))
    choose(finding.visit)
  }
  const findDue = (d: DueRow) => {
    setChosen(null)
    void find(d, d.state === 'booked')
  }
  const unbook = (b: DayBlock) => void ask({
    command: 'visit.unbook', input: { visit: b.visit }, title: `Unbook ${b.name}`, reason: 'Why', button: 'Unbook', done: 'The visit is due again.',
  }).then((o) => { if (o.ok) choose(null) })

  const toDue = () => {
    const first = () => document.querySelector<HTMLElement>('.due-item:not([disabled])')
    if (!first()) document.querySelector<HTMLElement>('.due-list button[aria-expanded=false]')?.click()
    setTimeout(() => first()?.focus())
  }

  /* ---- keys ---- */
  const walk = (dx: number, dy: number) => {
    const here = document.activeElement
    if (here instanceof HTMLElement && here.closest('.due-list, .offers') && dy) {
      const all = [...here.closest('.due-list, .offers')!.querySelectorAll<HTMLElement>('button:not([disabled])')]
      all[Math.max(0, Math.min(all.length - 1, all.indexOf(here) + dy))]?.focus()
      return
    }
    const p = placed.find((x) => x.b.visit === chosen)
    if (!p) return placed[0] && choose([...placed].sort((x, y) => x.row - y.row || x.from - y.from)[0].b.visit)
    const near = (list: typeof placed) => list.sort((x, y) => Math.abs(x.from - p.from) - Math.abs(y.from - p.from))[0]
    if (dx) {
      const same = placed.filter((x) => x.row === p.row).sort((x, y) => x.from - y.from)
      const next = same[same.indexOf(p) + dx]
      if (next) choose(next.b.visit)
      return
    }
    for (let row = p.row + dy; row >= 0 && row < rows.length; row += dy) {
      const next = near(placed.filter((x) => x.row === row))
      if (next) return choose(next.b.visit)
    }
  }
  const arrows = (key: string, says: string, dx: number, dy: number): Key => ({
    key, says, run: () => {
      if (!moving) return walk(dx, dy)
      if (dx) change({ start: moving.start + dx * QUARTER * MINUTE })
      else step(dy)
    },
  })
  const keys: Key[] = [
    arrows('ArrowLeft', 'The visit before; when moving, a quarter of an hour earlier', -1, 0), arrows('ArrowRight', 'The next visit; when moving, later', 1, 0),
    arrows('ArrowUp', 'The row above', 0, -1), arrows('ArrowDown', 'The row below', 0, 1),
    ...nav.keys,
    { key: 'v', says: 'Chairs or nurses', run: () => setBy(by === 'chairs' ? 'nurses' : null) },
    { key: 'd', says: 'To what is due', run: toDue },
    ...(block ? [{ key: 'o', says: 'Open the bedside of this visit', run: () => go(`/bedside/${block.visit}`) }] : []),
    ...(block?.state === 'booked' && mayMove ? [
      { key: 'm', says: 'Move this visit', run: () => begin(block) },
      { key: 'f', says: 'Other times for this visit', run: () => void find(block, true) },
      { key: 'u', says: 'Unbook this visit', run: () => unbook(block) },
    ] : []),
    ...(moving ? [
      { key: ',', says: 'Five minutes earlier', run: () => change({ start: moving.start - SNAP * MINUTE }) },
      { key: '.', says: 'Five minutes later', run: () => change({ start: moving.start + SNAP * MINUTE }) },
      { key: 'Enter', says: 'Move it here', run: () => void confirm() },
    ] : []),
    ...(finding ? finding.offers.map((_, i) => ({ key: String(i + 1), says: `Take time ${i + 1}`, run: () => void take(i), quiet: true })) : []),
    {
      key: 'Escape', says: 'Back', quiet: true, run: () => {
        const back = moving?.visit ?? chosen
        setMoving(null)
        if (finding) setFinding(null)
        else if (!moving) setChosen(null)
        if (back && (moving || finding)) focus(back)
      },
    },
  ]
  useKeys('Schedule', keys)

  if (!a.chairs.length) return <Empty title="No chairs are set up">An administrator adds chairs, pods and shifts first.</Empty>
  const moved = moving && a.blocks.find((b) => b.visit === moving.visit)
  const price = moving && cost(a, moving, moved ?? undefined, careNow())
  const looked = finding && finding.at >= 0 ? finding.offers[finding.at] : null
  const ghost = moving ? { ...moving, says: price!.stops[0] ?? price!.says[0] ?? '', stopped: price!.stops.length > 0 || !!refused }
    : looked && isoDay(ms(looked.start)) === nav.day ? { visit: finding!.booked ? finding!.visit : '', start: ms(looked.start), chair: looked.chair, nurse: looked.nurse, minutes: (ms(looked.end) - ms(looked.start)) / MINUTE, says: finding!.name, stopped: false } : null
  return (
    <div className="schedule">
      <div className="schedule-main">
        <div className="page-head">
          <h1>Schedule</h1><DayNav {...nav} />
          <span className="seg" role="group" aria-label="Rows">
            {(['chairs', 'nurses'] as const).map((x) => <button key={x} type="button" className={`btn low ${by === x ? 'chosen' : ''}`} aria-pressed={by === x} onClick={() => setBy(x === 'chairs' ? null : x)}>{x === 'chairs' ? 'Chairs' : 'Nurses'}</button>)}<kbd>V</kbd>
          </span>
          <span className="quiet small nowrap">{a.blocks.length ? `${a.blocks.length} visits` : ''}</span>
          <span className="push"><Legend /></span>
        </div>
        <div className="week" role="group" aria-label="Week">{[0, 1, 2, 3, 4, 5, 6].map((i) => <WeekDay key={i} day={addDays(monday, i)} shown={addDays(monday, i) === nav.day} set={nav.set} />)}</div>
        <div className="board-box">
          <Board a={a} by={by} r={r} rows={rows} placed={placed} chosen={chosen} ghost={ghost} choose={choose} drag={drag} mayMove={mayMove} />
          {!a.blocks.length && !loading && <p className="board-empty quiet">No visits are booked on this day.{due.length && mayMove ? ' Choose one that is due, at the right: times are offered.' : ''}</p>}
          <Loads a={a} r={r} ghost={ghost && (ghost.visit || looked) ? ghost : null} />
        </div>
      </div>
      <aside className="schedule-side" aria-label="Visit and what is due">
        {moving && moved ? <MovePanel g={moving} b={moved} a={a} says={price!.says} stops={price!.stops} refused={refused} busy={busy} yes={() => void confirm()} no={() => setMoving(null)} />
          : finding ? <OffersPanel f={finding} a={a} day={nav.day} look={look} take={(i) => void take(i)} close={() => setFinding(null)} />
            : block ? <VisitPanel b={block} a={a} move={() => begin(block)} find={() => void find(block, true)} unbook={() => unbook(block)} close={() => setChosen(null)} /> : null}
        <DueList rows={due} find={findDue} today={nav.today} may={mayDo('visit.book')} />
      </aside>
    </div>
  )
}
