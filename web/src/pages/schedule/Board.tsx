// The board: one grid, rows down, time across. Everything is placed by share of the day, so that it fits any width;
// only the ghost and the now-line move. Arrow keys walk it; a visit can be dragged, and nothing moves without a yes.
import { memo, useCallback, useMemo, useRef, type CSSProperties, type PointerEvent } from 'react'
import { useNow } from '../../shell/clock'
import { clock } from '../../ui/format'
import { stateSymbol } from '../../ui/StateBadge'
import { nurseName, SNAP, type Answer, type By, type Ghost, type Placed, type Range, type Row } from './model'

const MINUTE = 60_000
const DRAG_PX = 5
const stateWord: Record<string, string> = { booked: 'booked', arrived: 'here', ok: 'OK to treat', treating: 'treating', observing: 'observation', done: 'done' }

const pct = (n: number, r: Range) => `${(100 * n) / r.minutes}%`

function label(b: Placed['b'], by: By, a: Answer): string {
  return `${b.name}, ${clock(b.start)} to ${clock(b.end)}, ${by === 'chairs' ? nurseName(a.nurses, b.nurse) : `chair ${b.chair ?? 'none'}`}, ${b.title}, ${stateWord[b.state] ?? b.state}`
}

const Block = memo(function Block({ p, r, by, a, chosen, moving, choose, grab }: {
  p: Placed; r: Range; by: By; a: Answer; chosen: boolean; moving: boolean
  choose: (visit: string) => void
  grab: (p: Placed, e: PointerEvent<HTMLElement>) => void
}) {
  const all = p.to - p.from, { b } = p
  const setup = Math.min(100, (100 * b.setup_min) / all), watch = Math.min(100 - setup, (100 * b.observe_min) / all)
  const over = b.state === 'done'
  return (
    <button type="button" data-visit={b.visit} aria-pressed={chosen} title={label(b, by, a)} tabIndex={chosen ? 0 : -1}
      className={`visit ${b.state} ${chosen ? 'chosen' : ''} ${moving ? 'leaving' : ''} ${over ? 'over' : ''}`}
      style={{ left: pct(p.from, r), width: pct(all, r), top: `calc(${p.lane} * var(--lane))` }}
      onClick={() => choose(b.visit)} onPointerDown={(e) => grab(p, e)}>
      <i className="part setup" style={{ width: `${setup}%` }} /><i className="part drug" style={{ left: `${setup}%`, right: `${watch}%` }} /><i className="part watch" style={{ width: `${watch}%` }} />
      <span className="text">
        <span className="clip name"><span aria-hidden="true">{stateSymbol(b.state)} </span><b>{b.name}</b></span>
        <span className="clip what">{stateWord[b.state] ?? b.state}, {b.title}</span>
        <span className="hidden-text">, {clock(b.start)} to {clock(b.end)}, {by === 'chairs' ? nurseName(a.nurses, b.nurse) : `chair ${b.chair ?? 'none'}`}</span>
      </span>
    </button>
  )
})

function NowLine({ r, chip }: { r: Range; chip?: boolean }) {
  const m = (useNow(15_000) - r.start) / MINUTE
  return m < 0 || m > r.minutes ? null : <div className={chip ? 'now-chip' : 'now-line'} style={{ left: pct(m, r) }}>{chip && clock(r.start + m * MINUTE)}</div>
}

export function Board({ a, by, r, rows, placed, chosen, ghost, choose, drag, mayMove }: {
  a: Answer; by: By; r: Range; rows: Row[]; placed: Placed[]
  chosen: string | null
  ghost: (Ghost & { says: string; stopped: boolean }) | null
  choose: (visit: string | null) => void
  /** The visit is being dragged to a row and a minute of the day. */
  drag: (visit: string, row: Row, start: number) => void
  mayMove: boolean
}) {
  const body = useRef<HTMLDivElement>(null)
  const hours = useMemo(() => {
    const out: number[] = []
    for (let m = 0; m < r.minutes; m += 30) if (clock(r.start + m * MINUTE).endsWith('00')) out.push(m)
    return out
  }, [r])
  const latest = useRef({ rows, drag, mayMove })
  latest.current = { rows, drag, mayMove }

  const grab = useCallback((p: Placed, e: PointerEvent<HTMLElement>) => {
    if (e.button !== 0 || !latest.current.mayMove || p.b.state !== 'booked') return
    const x0 = e.clientX, y0 = e.clientY, id = e.pointerId
    let moved = false
    const onMove = (m: globalThis.PointerEvent) => {
      const box = body.current?.getBoundingClientRect()
      if (m.pointerId !== id || !box) return
      if (!moved && Math.hypot(m.clientX - x0, m.clientY - y0) < DRAG_PX) return
      moved = true
      m.preventDefault()
      const track = body.current!.querySelector('.track')!.getBoundingClientRect()
      const by = ((m.clientX - x0) / track.width) * r.minutes
      const start = Math.round((p.from + by) / SNAP) * SNAP
      const els = [...body.current!.querySelectorAll<HTMLElement>('.board-row')]
      const i = els.findIndex((el) => m.clientY < el.getBoundingClientRect().bottom)
      const row = latest.current.rows[i < 0 ? els.length - 1 : i]
      latest.current.drag(p.b.visit, row, r.start + Math.max(0, Math.min(r.minutes - (p.to - p.from), start)) * MINUTE)
    }
    const onUp = () => {
      removeEventListener('pointermove', onMove)
      removeEventListener('pointerup', onUp)
      removeEventListener('pointercancel', onUp)
      if (moved) addEventListener('click', (c) => { c.stopPropagation(); c.preventDefault() }, { capture: true, once: true })
    }
    addEventListener('pointermove', onMove)
    addEventListener('pointerup', onUp)
    addEventListener('pointercancel', onUp)
  }, [r])

  const pick = useCallback((v: string) => choose(v), [choose])
  const byRow = useMemo(() => rows.map((_, i) => placed.filter((p) => p.row === i)), [rows, placed])
  const lanes = rows.reduce((n, x) => n + x.lanes, 0)
  const ghostRow = ghost ? rows.findIndex((x) => x.id === (by === 'chairs' ? ghost.chair : ghost.nurse)) : -1
  return (
    <div className={`board by-${by}`} role="group" aria-label="Day board" ref={body} style={{ '--n': lanes } as CSSProperties}>
      <div className="board-axis" aria-hidden="true"><span className="corner" /><div className="track">
        {hours.map((m) => <span key={m} className="tick" style={{ left: pct(m, r) }}>{clock(r.start + m * MINUTE)}</span>)}<NowLine r={r} chip />
      </div></div>
      <div className="board-rows">
        {rows.map((row, i) => (
          <div key={row.id} className="board-row" style={{ '--lanes': row.lanes } as CSSProperties}>
            <div className="row-label"><b className="clip">{row.label}</b>{row.hint && <span className="faint tiny clip">{row.hint}</span>}</div>
            <div className="track">
              {byRow[i].map((p) => <Block key={p.b.visit} p={p} r={r} by={by} a={a} chosen={chosen === p.b.visit} moving={ghost?.visit === p.b.visit} choose={pick} grab={grab} />)}
              {ghost && ghostRow === i && (
                <div className={`visit ghost ${ghost.stopped ? 'stopped' : ''}`} style={{ left: pct((ghost.start - r.start) / MINUTE, r), width: pct(ghost.minutes, r) }}>
                  <span className="text"><span className="clip name"><b>{ghost.stopped ? '✕ ' : ''}{clock(ghost.start)}</b></span><span className="clip what">{ghost.says}</span></span>
                </div>
              )}
            </div>
          </div>
        ))}
        <div className="now-layer"><div className="track">{hours.map((m) => <i key={m} className="hour-line" style={{ left: pct(m, r) }} />)}<NowLine r={r} /></div></div>
      </div>
    </div>
  )
}

/** What the shades mean. */
export function Legend() {
  return (
    <span className="legend small quiet" aria-hidden="true">
      <span><i className="part setup" />set-up</span><span><i className="part drug" />drugs</span><span><i className="part watch" />observation</span>
    </span>
  )
}
