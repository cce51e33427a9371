// The infusion strip as data: everything of one visit on one time axis. Pure: the same answer and the same moment give
// the same rows.
import type { BedsideDrug, SegmentRow, SignLimit, Views, VitalSigns } from '../../api'
import { ms } from '../../ui/format'

export type Bedside = Views['bedside']['answer']

const MINUTE = 60_000
const STEP_SLACK = 1.02 // pumps round the rate they are set to

export interface Block { from: number; to: number; open: boolean; kind: SegmentRow['kind']; rate: number; volume?: number; certainty: string; source: string }
export interface Planned { from: number; to: number; rate: number }
export interface CurvePoint { t: number; v: number; sure: boolean }
export interface DrugRow {
  drug: BedsideDrug
  blocks: Block[]
  planned: Planned[]
  peak: number           // largest rate of the row, mL/h
  curve: CurvePoint[]    // what has flowed
  ahead: CurvePoint[]    // what is expected from now on
  ordered: number
}
export interface SignPoint { t: number; v: number; v2?: number; set: VitalSigns }
export interface SignRow { sign: 'temp' | 'hr' | 'rr' | 'sbp' | 'spo2'; name: string; unit: string; points: SignPoint[]; limits: SignLimit[]; low: number; high: number }
export interface StripModel { from: number; to: number; drugs: DrugRow[]; signs: SignRow[] }

const t = (text?: string): number | undefined => text === undefined ? undefined : ms(text)

interface Step { rate: number; minutes?: number }
const stepsOf = (d: BedsideDrug): Step[] => Array.isArray(d.steps) ? (d.steps as Step[]).filter((s) => typeof s.rate === 'number') : []

function blocksOf(b: Bedside, infusion: string | undefined, now: number): Block[] {
  if (!infusion) return []
  return b.segments.filter((s) => s.infusion === infusion).map((s) => ({
    from: ms(s.start), to: s.end ? ms(s.end) : Math.max(now, ms(s.start)), open: !s.end, kind: s.kind, rate: s.rate ?? 0, volume: s.volume, certainty: s.certainty, source: s.source,
  })).sort((x, y) => x.from - y.from)
}

/* The steps still to come: from the rate that runs now, or all of them from the planned start. */
function plannedOf(d: BedsideDrug, b: Bedside, now: number): Planned[] {
  const steps = stepsOf(d), out: Planned[] = []
  const total = d.ordered ?? 0
  if (!steps.length || d.state === 'ended' || d.state === 'reconciled' || b.visit?.state === 'done' || d.order_state === 'held' || d.order_state === 'cancelled') return out
  let at: number, given: number, i: number
  if (d.infusion && d.rate && d.state === 'running') {
    at = now
    given = d.volume ?? 0
    i = steps.findLastIndex((s) => s.rate <= d.rate! * STEP_SLACK)
    const next = t(d.next_at)
    const until = next !== undefined && next > now ? next : i >= 0 && steps[i].minutes === undefined ? Infinity : now
    const left = ((total - given) / d.rate) * 60 * MINUTE
    const to = Math.min(until, now + left)
    if (to > now) out.push({ from: now, to, rate: d.rate })
    given += (d.rate * (to - now)) / (60 * MINUTE)
    at = to
    i = i < 0 ? steps.length : i + 1
  } else if (!d.infusion || d.state === 'associated' || d.state === 'waiting') {
    const start = t(b.visit?.start)
    at = Math.max(now, start === undefined ? now : start + (b.visit?.setup_min ?? 0) * MINUTE)
    given = 0
    i = 0
  } else {
    return out
  }
  for (; i < steps.length && given < total - 0.01; i++) {
    const left = ((total - given) / steps[i].rate) * 60 * MINUTE
    const len = steps[i].minutes === undefined ? left : Math.min(left, steps[i].minutes! * MINUTE)
    out.push({ from: at, to: at + len, rate: steps[i].rate })
    given += (steps[i].rate * len) / (60 * MINUTE)
    at += len
  }
  return out
}

function curveOf(blocks: Block[], d: BedsideDrug, now: number): CurvePoint[] {
  const out: CurvePoint[] = []
  let v = 0
  for (const s of blocks) {
    if (s.kind === 'kvo' || s.kind === 'flush') continue // not part of the ordered volume
    const sure = s.kind !== 'uncertain' && s.certainty !== 'uncertain total'
    const add = s.volume ?? (s.rate * (s.to - s.from)) / (60 * MINUTE)
    if (!out.length) out.push({ t: s.from, v: 0, sure })
    else if (s.from > out[out.length - 1].t) out.push({ t: s.from, v, sure })
    v += add
    out.push({ t: s.to, v, sure })
  }
  // The server's figure is the one that counts; the last point carries it.
  if (out.length && d.volume !== undefined) {
    const last = out[out.length - 1]
    if (d.state === 'running' && Math.abs(last.t - now) < 3 * MINUTE) last.v = Math.max(out.length > 1 ? out[out.length - 2].v : 0, d.volume)
  }
  return out
}

function drugRow(b: Bedside, d: BedsideDrug, now: number): DrugRow {
  const blocks = blocksOf(b, d.infusion, now), planned = plannedOf(d, b, now)
  const curve = curveOf(blocks, d, now)
  let v = curve.length ? curve[curve.length - 1].v : 0
  const ahead: CurvePoint[] = planned.length ? [{ t: planned[0].from, v, sure: true }] : []
  for (const p of planned) {
    v = Math.min(d.ordered ?? Infinity, v + (p.rate * (p.to - p.from)) / (60 * MINUTE))
    ahead.push({ t: p.to, v, sure: true })
  }
  return { drug: d, blocks, planned, curve, ahead, ordered: d.ordered ?? 0, peak: Math.max(1, ...blocks.map((s) => s.rate), ...stepsOf(d).map((s) => s.rate)) }
}

const signs: [SignRow['sign'], string, string][] = [['temp', 'Temp', '°C'], ['hr', 'Heart rate', 'per min'], ['sbp', 'Pressure', 'mmHg'], ['rr', 'Breaths', 'per min'], ['spo2', 'SpO₂', '%']]

function signRow([sign, name, unit]: (typeof signs)[number], b: Bedside): SignRow {
  const points = b.vitals.filter((s) => s[sign] !== undefined)
    .map((s) => ({ t: ms(s.at), v: s[sign]!, v2: sign === 'sbp' ? s.dbp : undefined, set: s })).sort((x, y) => x.t - y.t)
  const limits = b.limits.filter((l) => l.sign === sign)
  const all = [...points.flatMap((p) => p.v2 === undefined ? [p.v] : [p.v, p.v2]), ...limits.map((l) => l.value)]
  const low = Math.min(...all), high = Math.max(...all), pad = Math.max((high - low) * 0.15, sign === 'temp' ? 0.4 : 3)
  return { sign, name, unit, points, limits, low: low - pad, high: high + pad }
}

/** Outside which limit, the graver one first. */
export function breached(row: SignRow, v: number): SignLimit | undefined {
  const out = row.limits.filter((l) => l.side === 'low' ? v <= l.value : v >= l.value)
  return out.find((l) => l.level === 'act') ?? out[0]
}

export function stripModel(b: Bedside, now: number): StripModel {
  const drugs = b.drugs.filter((d) => d.method !== 'oral').map((d) => drugRow(b, d, now))
  const v = b.visit
  const begun = [t(v?.arrived_at), ...drugs.flatMap((d) => d.blocks.map((s) => s.from)), ...b.vitals.map((s) => ms(s.at))].filter((x): x is number => x !== undefined)
  const start = begun.length ? Math.min(...begun) : t(v?.start) ?? now
  const ends = [...drugs.flatMap((d) => [...d.blocks.map((s) => s.to), ...d.planned.map((p) => p.to)]), ...b.vitals.map((s) => ms(s.at)), ...b.marks.map((m) => ms(m.at))]
  const over = t(v?.left_at)
  const end = over ?? Math.max(now + 15 * MINUTE, ...ends)
  return {
    from: start - 6 * MINUTE, to: Math.max(end, start + 40 * MINUTE) + 8 * MINUTE, drugs,
    signs: signs.map((s) => signRow(s, b)).filter((s) => s.points.length),
  }
}

/** The block that covers a moment. */
export const blockAt = (d: DrugRow, at: number): Block | undefined => d.blocks.find((s) => at >= s.from && (at < s.to || (s.open && at <= s.to)))
export const plannedAt = (d: DrugRow, at: number): Planned | undefined => d.planned.find((p) => at >= p.from && at < p.to)

export function volumeAt(d: DrugRow, at: number): { v: number; ahead: boolean } | undefined {
  const line = d.curve.length && at <= d.curve[d.curve.length - 1].t ? d.curve : d.ahead.length && at >= d.ahead[0].t ? d.ahead : d.curve
  if (!line.length || at < line[0].t) return undefined
  const ahead = line === d.ahead
  for (let i = 1; i < line.length; i++) {
    if (at <= line[i].t) {
      const p = line[i - 1], q = line[i]
      return { v: q.t === p.t ? q.v : p.v + ((q.v - p.v) * (at - p.t)) / (q.t - p.t), ahead }
    }
  }
  return { v: line[line.length - 1].v, ahead }
}

/** The latest point at or before a moment. */
export function pointAt(row: SignRow, at: number): SignPoint | undefined {
  let found: SignPoint | undefined
  for (const p of row.points) if (p.t <= at) found = p
  return found
}
export function setAt(b: Bedside, at: number): VitalSigns | undefined {
  let found: VitalSigns | undefined
  for (const s of b.vitals) if (ms(s.at) <= at && s.news2 !== undefined) found = s
  return found
}
