// What the board draws: a day as a range of minutes, rows, visits in lanes, and what a move would cost. Pure.
import type { Chair, DayBlock, NurseRow, Views } from '../../api'
import { clock, fromLocal, ms, span } from '../../ui/format'

export type Answer = Views['schedule']['answer']
export type By = 'chairs' | 'nurses'
export interface Row { id: string; label: string; hint: string; lanes: number; bed?: boolean }
/** A visit on the board: row, lane in the row, minutes from the board's start. */
export interface Placed { b: DayBlock; row: number; lane: number; from: number; to: number }
export interface Range { start: number; minutes: number }
/** Where a visit would go. */
export interface Ghost { visit: string; start: number; chair: string; nurse: string; minutes: number }

export const SNAP = 5
const MINUTE = 60_000

/** Opening hours, wider if a visit or a shift is. */
export function range(a: Answer, day: string, opens: number, closes: number): Range {
  const hm = (m: number) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`
  let from = ms(fromLocal(`${day}T${hm(opens)}`)), to = ms(fromLocal(`${day}T${hm(Math.min(closes, 1439))}`))
  for (const b of a.blocks) {
    from = Math.min(from, ms(b.start))
    to = Math.max(to, ms(b.end))
  }
  from = Math.floor(from / (30 * MINUTE)) * 30 * MINUTE
  to = Math.ceil(to / (30 * MINUTE)) * 30 * MINUTE
  return { start: from, minutes: (to - from) / MINUTE }
}

export const nurseIds = (nurses: NurseRow[]): string[] => [...new Set(nurses.map((n) => n.nurse))]
export const nurseName = (nurses: NurseRow[], id?: string): string => nurses.find((n) => n.nurse === id)?.name ?? 'no nurse'

/** Rows and the visits in them; two at the same time in one row get lanes. */
export function place(a: Answer, by: By, r: Range): { rows: Row[]; placed: Placed[] } {
  const rows: Row[] = by === 'chairs' ? a.chairs.map((c) => ({ id: c.id, label: c.id, hint: c.bed ? 'bed' : '', lanes: 1, bed: c.bed }))
    : nurseIds(a.nurses).map((id) => {
      const n = a.nurses.find((x) => x.nurse === id)!
      return { id, label: n.name, hint: `${clock(n.start)} to ${clock(n.end)}${n.pod ? `, pod ${n.pod}` : ''}`, lanes: 1 }
    })
  const at = new Map(rows.map((x, i) => [x.id, i]))
  const ends: number[][] = rows.map(() => [])
  const placed: Placed[] = []
  let none = -1
  for (const b of [...a.blocks].sort((x, y) => ms(x.start) - ms(y.start))) {
    let row = at.get((by === 'chairs' ? b.chair : b.nurse) ?? '')
    if (row === undefined) {
      if (none < 0) {
        none = rows.push({ id: '', label: 'none', hint: `no ${by === 'chairs' ? 'chair' : 'nurse'}`, lanes: 1 }) - 1
        ends.push([])
      }
      row = none
    }
    const from = (ms(b.start) - r.start) / MINUTE, to = Math.max(from + SNAP, (ms(b.end) - r.start) / MINUTE)
    let lane = ends[row].findIndex((e) => e <= from)
    if (lane < 0) lane = ends[row].push(0) - 1
    ends[row][lane] = to
    rows[row].lanes = Math.max(rows[row].lanes, lane + 1)
    placed.push({ b, row, lane, from, to })
  }
  return { rows, placed }
}

export interface Bucket { at: number; value: number; most: number; names: string[] }

/** Patients with their nurses against what the shifts allow, by the quarter of an hour. */
export function nurseLoad(a: Answer, r: Range, ghost: Ghost | null, step = 15): Bucket[] {
  const out: Bucket[] = []
  const spans = a.blocks.filter((b) => b.visit !== ghost?.visit).map((b) => ({ name: b.name, from: ms(b.start), to: ms(b.end) }))
  if (ghost) spans.push({ name: 'the visit you move', from: ghost.start, to: ghost.start + ghost.minutes * MINUTE })
  for (let m = 0; m < r.minutes; m += step) {
    const t = r.start + m * MINUTE, end = t + step * MINUTE
    const names = spans.filter((s) => s.from < end && s.to > t).map((s) => s.name)
    const most = a.nurses.filter((n) => ms(n.start) <= t && ms(n.end) >= end).reduce((n, x) => n + x.patients, 0)
    out.push({ at: m, value: names.length, most, names })
  }
  return out
}

/** Visits whose drugs are to be ready, by the half hour in which they are hung. */
export function pharmacyLoad(a: Answer, r: Range, ghost: Ghost | null, step = 30): Bucket[] {
  const out: Bucket[] = []
  const times = a.blocks.filter((b) => b.visit !== ghost?.visit).map((b) => ({ name: b.name, at: ms(b.start) + b.setup_min * MINUTE }))
  if (ghost) times.push({ name: 'the visit you move', at: ghost.start + (a.blocks.find((b) => b.visit === ghost.visit)?.setup_min ?? 30) * MINUTE })
  for (let m = 0; m < r.minutes; m += step) {
    const t = r.start + m * MINUTE
    const names = times.filter((x) => x.at >= t && x.at < t + step * MINUTE).map((x) => x.name)
    out.push({ at: m, value: names.length, most: 0, names })
  }
  return out
}

/** What a move costs, in words; `stops` is what the server would refuse, as far as the board knows. */
export function cost(a: Answer, g: Ghost, before: DayBlock | undefined, now: number): { says: string[]; stops: string[] } {
  const end = g.start + g.minutes * MINUTE
  const says: string[] = [], stops: string[] = []
  if (g.start < now - MINUTE) stops.push('that time has passed')
  const overlaps = (b: DayBlock) => b.visit !== g.visit && ms(b.start) < end && ms(b.end) > g.start
  for (const b of a.blocks) if (b.chair === g.chair && overlaps(b)) stops.push(`${g.chair} is taken by ${b.name} ${clock(b.start)} to ${clock(b.end)}`)
  const shift = a.nurses.find((n) => n.nurse === g.nurse && ms(n.start) <= g.start && ms(n.end) >= end)
  const name = nurseName(a.nurses, g.nurse)
  if (!shift) stops.push(`${name} is not on shift for all of it`)
  else {
    const at = a.blocks.filter((b) => b.nurse === g.nurse && overlaps(b))
    const most = Math.max(0, ...at.map((x) => 1 + at.filter((y) => ms(y.start) <= ms(x.start) && ms(y.end) > ms(x.start)).length))
    const top = at.length ? most : 1
    if (top > shift.patients) stops.push(`${name} would have ${top} patients at once, ${shift.patients} is the most`)
    else says.push(`${name}: at most ${top} of ${shift.patients} patients at once`)
  }
  if (before) {
    const d = g.start - ms(before.start)
    if (d) says.unshift(`${span(d)} ${d > 0 ? 'later' : 'earlier'}`)
    if (before.chair !== g.chair) says.push(`chair ${before.chair ?? 'none'} to ${g.chair}`)
    if (before.nurse !== g.nurse) says.push(`nurse ${nurseName(a.nurses, before.nurse)} to ${name}`)
  }
  return { says, stops }
}

/** Share of the chairs' opening time that is booked. */
export function use(a: Answer, chairs: Chair[], opens: number, closes: number): number {
  const all = chairs.length * (closes - opens)
  return all ? Math.min(1, a.blocks.reduce((n, b) => n + (ms(b.end) - ms(b.start)) / MINUTE, 0) / all) : 0
}
