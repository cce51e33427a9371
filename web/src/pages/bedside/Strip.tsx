// The infusion strip: one time axis for everything that flows, was measured and was done. Hover or arrow keys read all
// rows at one instant; without a cursor the right column reads "now". Nothing on it is drawn by colour alone.
import { memo, useEffect, useMemo, useRef, useState, type PointerEvent } from 'react'
import type { MarkRow, ScoreBand, VitalSigns } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useNow } from '../../shell/clock'
import { clock, ms, num, qty, span } from '../../ui/format'
import { blockAt, breached, plannedAt, pointAt, setAt, stripModel, volumeAt, type Bedside, type Block, type DrugRow, type SignRow, type StripModel } from './strip-model'

const LEFT = 92, RIGHT = 118, AXIS = 24, NEWS = 26, MARKS = 40, GAP = 6
// Rows as tall as the page allows, between these.
const DRUG = [70, 120], CURVE = [52, 90], SIGN = [42, 66]
const MINUTE = 60_000

interface Scale { x: (t: number) => number; t: (x: number) => number; from: number; to: number; left: number; right: number }

function scaleOf(m: StripModel, width: number): Scale {
  const left = LEFT, right = Math.max(LEFT + 120, width - RIGHT), k = (right - left) / (m.to - m.from)
  return { x: (t) => left + (t - m.from) * k, t: (x) => m.from + (x - left) / k, from: m.from, to: m.to, left, right }
}

function Axis({ s, height }: { s: Scale; height: number }) {
  const perTick = ((s.to - s.from) / (s.right - s.left)) * 74
  const step = [5, 10, 15, 30, 60, 120, 240, 480, 720, 1440].map((m) => m * MINUTE).find((x) => x >= perTick) ?? 1440 * MINUTE
  const ticks: number[] = []
  for (let t = Math.ceil(s.from / step) * step; t <= s.to; t += step) ticks.push(t)
  return (
    <g className="strip-axis">
      {ticks.map((t) => <g key={t}><line x1={s.x(t)} x2={s.x(t)} y1={AXIS} y2={height} />{s.x(t) < s.right - 14 && <text x={s.x(t)} y={AXIS - 9} textAnchor="middle">{clock(t)}</text>}</g>)}
      <line x1={s.left} x2={s.right} y1={AXIS} y2={AXIS} className="edge" />
    </g>
  )
}

function BlockShape({ k, d, s, y, tall }: { k: Block; d: DrugRow; s: Scale; y: number; tall: number }) {
  const x = s.x(k.from), w = Math.max(1.5, s.x(k.to) - x), base = y + tall - 8, room = tall - 26
  const h = k.kind === 'uncertain' ? room : k.kind === 'paused' ? 8 : k.kind === 'kvo' ? 8 : k.kind === 'flush' ? 14 : Math.max(7, room * Math.min(1, k.rate / d.peak))
  const label = k.kind === 'running' || k.kind === 'bolus' ? num(k.rate, 1) : k.kind === 'uncertain' ? '?' : k.kind === 'paused' ? 'paused' : k.kind === 'kvo' ? `KVO ${num(k.rate, 1)}` : k.kind
  const unsure = k.certainty !== 'certain' && k.certainty !== 'stated'
  return (
    <g className={`block ${k.kind} ${k.certainty === 'stated' ? 'stated' : ''}`}>
      <rect x={x} y={base - h} width={w} height={h} />
      {(k.kind === 'uncertain' || unsure) && <rect x={x} y={base - h} width={w} height={h} fill="url(#hatch)" className="over" />}
      {w > label.length * 6.4 + 4 && <text x={x + w / 2} y={base - h - 4} textAnchor="middle">{label}</text>}
    </g>
  )
}

const DrugBlocks = memo(function DrugBlocks({ d, s, y, tall }: { d: DrugRow; s: Scale; y: number; tall: number }) {
  const base = y + tall - 8, room = tall - 26
  return (
    <g>
      <line className="base" x1={s.left} x2={s.right} y1={base} y2={base} />
      {d.planned.map((p, i) => {
        const x = s.x(p.from), w = Math.max(1, s.x(p.to) - x), h = Math.max(7, room * (p.rate / d.peak)), label = num(p.rate, 1)
        return <g key={i} className="planned"><rect x={x} y={base - h} width={w} height={h} />{w > label.length * 6.4 + 4 && <text x={x + w / 2} y={base - h - 4} textAnchor="middle">{label}</text>}</g>
      })}
      {d.blocks.map((k) => <BlockShape key={`${k.from}${k.kind}`} k={k} d={d} s={s} y={y} tall={tall} />)}
    </g>
  )
})

function Curve({ d, s, y, tall }: { d: DrugRow; s: Scale; y: number; tall: number }) {
  const top = y + 18, base = y + tall - 6, at = (v: number) => base - (base - top) * Math.min(1, d.ordered ? v / d.ordered : 0)
  const path = (points: { t: number; v: number }[]) => points.map((p, i) => `${i ? 'L' : 'M'}${s.x(p.t).toFixed(1)} ${at(p.v).toFixed(1)}`).join('')
  const end = d.ahead.length ? d.ahead[d.ahead.length - 1] : undefined
  const first = d.curve[0], last = d.curve[d.curve.length - 1]
  return (
    <g className="curve">
      <line className="full" x1={s.left} x2={s.right} y1={top} y2={top} />
      <line className="base" x1={s.left} x2={s.right} y1={base} y2={base} />
      {first && <path className="under" d={`${path(d.curve)}L${s.x(last.t).toFixed(1)} ${base}L${s.x(first.t).toFixed(1)} ${base}Z`} />}
      {first && <path className="line" d={path(d.curve)} />}
      {d.ahead.length > 1 && <path className="ahead" d={path(d.ahead)} />}
      {end && <g><circle cx={s.x(end.t)} cy={at(end.v)} r="3.5" className="end" /><text x={Math.min(s.x(end.t), s.right - 2)} y={top - 6} textAnchor="end">in at {clock(end.t)}</text></g>}
    </g>
  )
}

// The band of each score is the server's: it knows the chart, and that a 3 in one parameter alone counts more.
const News = memo(function News({ sets, bands, s, y }: { sets: VitalSigns[]; bands: ScoreBand[]; s: Scale; y: number }) {
  const scored = sets.filter((v) => v.news2 !== undefined)
  return (
    <g className="news">
      {scored.map((v, i) => {
        const x = s.x(ms(v.at)), to = i + 1 < scored.length ? s.x(ms(scored[i + 1].at)) : Math.min(s.right, x + 40), band = bands.find((b) => b.vitals === v.id)?.band ?? 'zero'
        return (
          <g key={v.id}>
            <title>{`NEWS2 ${v.news2}: ${band}`}</title>
            <rect className={`band ${band}`} x={x} y={y + 4} width={Math.max(2, to - x)} height={NEWS - 8} />
            <rect className={`score ${band}`} x={x - 10} y={y + 3} width={20} height={NEWS - 6} rx="3" />
            <text className={band} x={x} y={y + NEWS - 8} textAnchor="middle">{v.news2}</text>
          </g>
        )
      })}
    </g>
  )
})

const Sign = memo(function Sign({ row, s, y, tall }: { row: SignRow; s: Scale; y: number; tall: number }) {
  const top = y + 4, base = y + tall - 4, at = (v: number) => base - ((v - row.low) / (row.high - row.low || 1)) * (base - top)
  let shown = -Infinity
  return (
    <g className="sign">
      <line className="base" x1={s.left} x2={s.right} y1={y + tall} y2={y + tall} />
      {row.limits.map((l) => {
        const ly = at(l.value)
        return <g key={l.side + l.value}><line className={`limit ${l.level}`} x1={s.left} x2={s.right} y1={ly} y2={ly} /></g>
      })}
      {row.sign === 'sbp' ? row.points.map((p) => p.v2 !== undefined && <line key={p.t} className="pressure" x1={s.x(p.t)} x2={s.x(p.t)} y1={at(p.v)} y2={at(p.v2)} />)
        : <path className="line" d={row.points.map((p, i) => `${i ? 'L' : 'M'}${s.x(p.t).toFixed(1)} ${at(p.v).toFixed(1)}`).join('')} />}
      {row.points.map((p) => {
        const out = breached(row, p.v), x = s.x(p.t), py = at(p.v), label = row.sign === 'sbp' && p.v2 !== undefined ? `${p.v}/${p.v2}` : num(p.v, 1)
        const room = x - shown > label.length * 6.5 + 6
        if (room) shown = x
        return (
          <g key={p.t}>
            {out ? <path className={`point ${out.level}`} d={`M${x} ${py - 6}L${x + 6} ${py + 5}L${x - 6} ${py + 5}Z`} /> : <circle className="point" cx={x} cy={py} r="3" />}
            {(room || out) && <text className={out ? 'out' : ''} x={x + 5} y={Math.max(y + 11, py - 4)}>{label}</text>}
          </g>
        )
      })}
    </g>
  )
})

const markSign: Record<MarkRow['kind'], string> = { reaction: '▲', alarm: '◆', symptom: '!', action: '✓', scan: '◇', note: '✎', step: '↗' }

const Marks = memo(function Marks({ marks, s, y }: { marks: MarkRow[]; s: Scale; y: number }) {
  const sorted = [...marks].sort((a, b) => ms(a.at) - ms(b.at))
  const lanes = [-Infinity, -Infinity]
  return (
    <g className="marks">
      {sorted.map((m, i) => {
        const x = s.x(ms(m.at)), text = m.text.length > 26 ? m.text.slice(0, 25) + '…' : m.text, w = text.length * 6 + 16
        const lane = lanes.findIndex((end) => x > end + 4)
        const words = lane >= 0 && x + w < s.right + 40
        if (words) lanes[lane] = x + w
        const ly = y + 13 + (lane < 0 ? 0 : lane) * 17
        return (
          <g key={`${m.at}${i}`} className={m.kind}>
            <title>{`${clock(m.at)} ${m.text}`}</title>
            <line x1={x} x2={x} y1={AXIS} y2={y} />
            <text x={x} y={ly} textAnchor="middle" className="glyph">{markSign[m.kind]}</text>
            {words && <text x={x + 9} y={ly}>{text}</text>}
          </g>
        )
      })}
    </g>
  )
})

/* ---- what all rows say at one moment ------------------------------------------------------------------------------------ */

function drugReads(d: DrugRow, at: number): [string, string] {
  const k = blockAt(d, at), p = k ? undefined : plannedAt(d, at)
  if (k?.kind === 'running' || k?.kind === 'bolus') return [qty(k.rate, 'mL/h', 1), k.certainty === 'certain' ? k.source : k.certainty]
  if (k?.kind === 'uncertain') return ['not known', k.source]
  if (k) return [k.kind === 'kvo' ? `KVO ${qty(k.rate, 'mL/h', 1)}` : k.kind, k.source]
  if (p) return [qty(p.rate, 'mL/h', 1), 'planned']
  return ['no flow', '']
}

function volumeReads(d: DrugRow, at: number): string {
  const v = volumeAt(d, at)
  return v ? `${v.ahead ? 'about ' : ''}${num(v.v, v.ahead ? 0 : 1)} of ${qty(d.ordered, 'mL', 1)}` : `0 of ${qty(d.ordered, 'mL', 1)}`
}

function reading(b: Bedside, m: StripModel, at: number): string {
  const bits = [clock(at)]
  for (const d of m.drugs) bits.push(`${d.drug.drug_name} ${drugReads(d, at)[0]}, ${volumeReads(d, at)}`)
  const n = setAt(b, at)
  if (n) bits.push(`NEWS2 ${n.news2}`)
  for (const r of m.signs) {
    const p = pointAt(r, at)
    if (p) bits.push(`${r.name} ${num(p.v, 1)}${p.v2 !== undefined ? ' over ' + p.v2 : ''} ${r.unit}, ${span(at - p.t)} before`)
  }
  for (const k of b.marks) if (Math.abs(ms(k.at) - at) < 1.5 * MINUTE) bits.push(k.text)
  return bits.join('. ')
}

/* ---- the strip ------------------------------------------------------------------------------------------------------------ */

function useSize(): [React.RefObject<HTMLDivElement | null>, [number, number]] {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<[number, number]>([0, 0])
  useEffect(() => {
    if (!box.current) return
    const seen = new ResizeObserver(([e]) => setSize([Math.floor(e.contentRect.width), Math.floor(e.contentRect.height)]))
    seen.observe(box.current)
    return () => seen.disconnect()
  }, [])
  return [box, size]
}

export function Strip({ b }: { b: Bedside }) {
  const now = useNow(5000)
  const [box, [width, room]] = useSize()
  const [cursor, setCursor] = useState<number | null>(null)
  const model = useMemo(() => stripModel(b, now), [b, now])
  const s = useMemo(() => scaleOf(model, width || 700), [model, width])
  const clampT = (t: number) => Math.max(model.from, Math.min(model.to, t))
  const step = (by: number) => setCursor((c) => clampT((c ?? now) + by * MINUTE))
  useKeys('Infusion strip', [
    { key: 'ArrowLeft', says: 'Read a minute earlier', run: () => step(-1) },
    { key: 'ArrowRight', says: 'Read a minute later', run: () => step(1) },
    { key: 'PageUp', says: 'Read 15 minutes earlier', run: () => step(-15) },
    { key: 'PageDown', says: 'Read 15 minutes later', run: () => step(15) },
    { key: 'Home', says: 'Back to now', run: () => setCursor(null) },
  ])
  const at = cursor ?? now
  const hover = (e: PointerEvent<SVGSVGElement>) => {
    const x = e.clientX - e.currentTarget.getBoundingClientRect().left
    if (x >= s.left && x <= s.right) setCursor(s.t(x))
  }
  const rows: { y: number; height: number; kind: string; row?: DrugRow | SignRow }[] = []
  let y = AXIS + 2
  const place = (kind: string, height: number, row?: DrugRow | SignRow) => {
    rows.push({ y, height, kind, row })
    y += height + GAP
  }
  const scored = b.vitals.some((v) => v.news2 !== undefined), n = model.drugs.length, m = model.signs.length
  const fixed = AXIS + 2 + MARKS + GAP + (scored ? NEWS + GAP : 0) + (2 * n + m) * GAP + 34
  const grow = (k: 0 | 1) => n * (DRUG[k] + CURVE[k]) + m * SIGN[k]
  const f = Math.max(0, Math.min(1, (room - fixed - grow(0)) / Math.max(1, grow(1) - grow(0))))
  const tall = ([low, high]: number[]) => Math.round(low + (high - low) * f)
  for (const d of model.drugs) {
    place('drug', tall(DRUG), d)
    place('curve', tall(CURVE), d)
  }
  if (scored) place('news', NEWS)
  for (const r of model.signs) place('sign', tall(SIGN), r)
  place('marks', MARKS)
  const height = y
  const near = b.marks.filter((m) => Math.abs(s.x(ms(m.at)) - s.x(at)) < 8)
  const text = reading(b, model, at)
  return (
    <section className="strip sheet" aria-label="Infusion strip" ref={box}>
      {width > 0 && (
        <svg width={width} height={height} className="strip-svg" onPointerMove={hover} onPointerDown={hover} onPointerLeave={(e) => { if (e.pointerType === 'mouse') setCursor(null) }}
          role="slider" tabIndex={0} aria-label="Time on the infusion strip" aria-valuemin={Math.round(model.from / MINUTE)} aria-valuemax={Math.round(model.to / MINUTE)}
          aria-valuenow={Math.round(at / MINUTE)} aria-valuetext={text}>
          <defs>
            <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="7" className="hatch-line" /></pattern>
          </defs>
          <rect className="future" x={Math.max(s.left, s.x(now))} y={AXIS} width={Math.max(0, s.right - Math.max(s.left, s.x(now)))} height={height - AXIS} />
          <Axis s={s} height={height - MARKS} />
          {rows.map((r, i) => r.kind === 'drug' ? <g key={i}><RowName y={r.y + 15} name={(r.row as DrugRow).drug.drug_name} more={[(r.row as DrugRow).drug.dose, 'mL/h']} /><DrugBlocks d={r.row as DrugRow} s={s} y={r.y} tall={r.height} /></g>
            : r.kind === 'curve' ? <g key={i}><RowName y={r.y + 15} name="Volume" more={[`of ${qty((r.row as DrugRow).ordered, 'mL', 1)}`]} /><Curve d={r.row as DrugRow} s={s} y={r.y} tall={r.height} /></g>
              : r.kind === 'news' ? <g key={i}><RowName y={r.y + 17} name="NEWS2" /><News sets={b.vitals} bands={b.bands} s={s} y={r.y} /></g>
                : r.kind === 'sign' ? <g key={i}><RowName y={r.y + 18} name={(r.row as SignRow).name} more={[(r.row as SignRow).unit]} /><Sign row={r.row as SignRow} s={s} y={r.y} tall={r.height} /></g>
                  : <g key={i}><RowName y={r.y + 14} name="Marks" /><Marks marks={b.marks} s={s} y={r.y} /></g>)}
          <g className="now"><line x1={s.x(now)} x2={s.x(now)} y1={AXIS - 4} y2={height - MARKS} /></g>
          {cursor !== null && <g className="cursor"><line x1={s.x(at)} x2={s.x(at)} y1={AXIS - 4} y2={height} /></g>}
          <g className="reads">
            <text x={s.right + 10} y={AXIS - 8} className="head">{cursor === null ? `now ${clock(now)}` : clock(at)}</text>
            {rows.map((r, i) => {
              const x = s.right + 10
              if (r.kind === 'drug') {
                const [main, sub] = drugReads(r.row as DrugRow, at)
                return <g key={i}><text x={x} y={r.y + 40} className="main">{main}</text><text x={x} y={r.y + 56} className="sub">{sub}</text></g>
              }
              if (r.kind === 'curve') {
                const v = volumeAt(r.row as DrugRow, at)
                return <g key={i}><text x={x} y={r.y + 32} className="main">{v?.ahead ? 'about ' : ''}{qty(v?.v ?? 0, 'mL', v?.ahead ? 0 : 1)}</text></g>
              }
              if (r.kind === 'news') {
                const v = setAt(b, at)
                return <g key={i}>{v && <text x={x} y={r.y + 18} className="main">{v.news2}<tspan className="sub" dx="6">{span(at - ms(v.at))} old</tspan></text>}</g>
              }
              if (r.kind === 'sign') {
                const p = pointAt(r.row as SignRow, at)
                return <g key={i}>{p && <><text x={x} y={r.y + 20} className="main">{num(p.v, 1)}{p.v2 !== undefined ? `/${p.v2}` : ''}</text><text x={x} y={r.y + 35} className="sub">{span(at - p.t)} old</text></>}</g>
              }
              return null
            })}
          </g>
        </svg>
      )}
      <p className="strip-note small">{near.length ? near.map((m) => `${clock(m.at)} ${m.text}`).join(' · ') : <span className="faint">← → read all rows at one moment; dashed is planned, hatched is not known</span>}</p>
    </section>
  )
}

function RowName({ y, name, more = [] }: { y: number; name: string; more?: string[] }) {
  const words = name.length > 14 ? cut(name, 14) : [name]
  return (
    <text className="row-name" x={0} y={y}>
      {words.slice(0, 2).map((w, i) => <tspan key={i} x={0} dy={i ? 13 : 0} className="name">{w}</tspan>)}
      {more.map((w) => <tspan key={w} x={0} dy={14} className="more">{w}</tspan>)}
    </text>
  )
}

function cut(text: string, at: number): string[] {
  const out: string[] = []
  for (const w of text.split(' ')) {
    const last = out[out.length - 1]
    if (last !== undefined && (last + ' ' + w).length <= at) out[out.length - 1] = last + ' ' + w
    else out.push(w)
  }
  return out
}
