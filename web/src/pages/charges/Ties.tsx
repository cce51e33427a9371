// What flowed on top, the charge lines below, and a drawn line from each to the minutes that made it. Every charge line
// has a lane under the flow with its minutes on the same axis; its wire runs down the left edge to its row.
import { useLayoutEffect, useMemo, useRef, useState, type CSSProperties } from 'react'
import type { ChargeEditRow, ChargeLine, SegmentRow } from '../../api'
import { useNow } from '../../shell/clock'
import { clock, money, ms, qty } from '../../ui/format'

const LABEL = 168, RIGHT = 12, LANE = 9, WIRE = 9, AXIS = 16
const MINUTE = 60_000

interface Span { from: number; to: number; exact: boolean }

export function Ties({ segments, lines, edits, at, pick }: { segments: SegmentRow[]; lines: ChargeLine[]; edits: ChargeEditRow[]; at: number; pick: (place: number) => void }) {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<{ w: number; rows: number[] }>({ w: 0, rows: [] })
  const now = useNow(30_000)
  const drugs = useMemo(() => [...new Set(segments.map((s) => s.infusion))], [segments])
  const FLOW = drugs.length < 3 ? 42 : 28
  const ends = (s: SegmentRow) => s.end ? ms(s.end) : Math.max(now, ms(s.start) + MINUTE)
  const from = segments.length ? Math.min(...segments.map((s) => ms(s.start))) : 0
  const to = segments.length ? Math.max(...segments.map(ends), from + 15 * MINUTE) : 0
  const pad = (to - from) * 0.02
  const x = (t: number) => LABEL + ((t - from + pad) / (to - from + 2 * pad)) * Math.max(0, size.w - LABEL - RIGHT)

  // A line without minutes of its own (a drug) is tied to the whole of the infusion it came from, drawn hollow.
  const spanOf = (l: ChargeLine): Span | null => {
    if (!segments.length) return null
    if (l.start) return { from: ms(l.start), to: l.end ? ms(l.end) : ms(l.start) + (l.minutes ?? 0) * MINUTE, exact: true }
    const ids = (l.events ?? '').split(' ')
    const flowing = segments.filter((s) => s.kind === 'running' || s.kind === 'bolus' || s.kind === 'uncertain')
    const mine = flowing.filter((s) => ids.includes(s.infusion))
    const use = mine.length ? mine : flowing.filter((s) => drugs.length === 1 || (l.drug && s.drug_name.toLowerCase().includes(l.drug.split('_')[0])))
    return use.length ? { from: Math.min(...use.map((s) => ms(s.start))), to: Math.max(...use.map(ends)), exact: false } : null
  }
  const spans = lines.map(spanOf)
  const tied = spans.filter(Boolean).length
  const flowBottom = AXIS + drugs.length * FLOW + 4
  const head = flowBottom + tied * LANE + 6

  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const measure = () => {
      const top = el.getBoundingClientRect().top
      const rows = [...el.querySelectorAll<HTMLElement>('.charge-line')].map((r) => { const b = r.getBoundingClientRect(); return b.top - top + 17 })
      setSize((s) => s.w === el.clientWidth && s.rows.length === rows.length && s.rows.every((v, i) => Math.abs(v - rows[i]) < 0.5) ? s : { w: el.clientWidth, rows })
    }
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(el)
    el.querySelectorAll('.charge-line').forEach((r) => watch.observe(r))
    return () => watch.disconnect()
  }, [lines, head])

  const step = to - from > 6 * 60 * MINUTE ? 60 : to - from > 100 * MINUTE ? 30 : to - from > 40 * MINUTE ? 15 : 5
  const ticks: number[] = []
  for (let t = Math.ceil((from - pad) / (step * MINUTE)) * step * MINUTE; t < to + pad; t += step * MINUTE) ticks.push(t)
  const bottom = size.rows.length ? size.rows[size.rows.length - 1] + 8 : head
  let lane = tied
  return (
    <div className="ties" ref={box} style={{ '--head': `${segments.length ? head : 0}px`, '--gutter': `${16 + tied * WIRE}px` } as CSSProperties}>
      {segments.length > 0 && size.w > 0 && (
        <svg className="ties-drawing" width={size.w} height={bottom} role="img" aria-label={`What flowed from ${clock(from)} to ${clock(to)}, and the minutes of each charge line`}>
          {ticks.map((t) => <g key={t}><line className="tick-line" x1={x(t)} x2={x(t)} y1={AXIS - 2} y2={head - 4} /><text className="tick-text" x={x(t)} y={AXIS - 5} textAnchor="middle">{clock(t)}</text></g>)}
          {lines.map((l, i) => at === l.place && spans[i] && <rect key={l.id} className="tie-band" x={x(spans[i].from)} width={Math.max(3, x(spans[i].to) - x(spans[i].from))} y={AXIS} height={head - AXIS - 4} />)}
          {drugs.map((id, i) => {
            const mine = segments.filter((s) => s.infusion === id), top = Math.max(1, ...mine.map((s) => s.rate ?? 0)), y = AXIS + i * FLOW
            return (
              <g key={id}>
                <foreignObject x={0} y={y} width={LABEL - 8} height={FLOW}><div className="tie-drug clip" title={mine[0].drug_name}>{mine[0].drug_name}</div></foreignObject>
                <line className="tick-line" x1={LABEL} x2={size.w - RIGHT} y1={y + FLOW - 2} y2={y + FLOW - 2} />
                {mine.map((s) => {
                  const h = s.kind === 'running' || s.kind === 'flush' || s.kind === 'bolus' ? Math.max(5, ((s.rate ?? top) / top) * (FLOW - 6)) : s.kind === 'kvo' ? 4 : s.kind === 'uncertain' ? FLOW - 6 : 2
                  return <rect key={s.start + s.kind} className={`tie-seg ${s.kind} ${s.certainty === 'certain' ? '' : 'doubt'}`} x={x(ms(s.start))} width={Math.max(1, x(ends(s)) - x(ms(s.start)) - 0.5)} y={y + FLOW - 2 - h} height={h}>
                    <title>{`${s.drug_name}: ${s.kind}, ${clock(s.start)} to ${s.end ? clock(s.end) : 'now'}${s.rate !== undefined ? `, ${qty(s.rate, 'mL/h', 1)}` : ''}${s.volume !== undefined ? `, ${qty(s.volume, 'mL', 1)}` : ''}; ${s.certainty}, from the ${s.source}`}</title>
                  </rect>
                })}
              </g>
            )
          })}
          {lines.map((l, i) => {
            const s = spans[i]
            if (!s || size.rows[i] === undefined) return null
            lane--
            const y = flowBottom + lane * LANE + 4, gx = 10 + lane * WIRE
            const x0 = x(s.from), x1 = Math.max(x0 + 3, x(s.to))
            return (
              <g key={l.id} className={`tie ${at === l.place ? 'at' : ''} ${s.exact ? '' : 'whole'}`} onMouseEnter={() => pick(l.place)}>
                <path d={`M${x0} ${y}H${gx + 4}Q${gx} ${y} ${gx} ${y + 4}V${size.rows[i] - 4}Q${gx} ${size.rows[i]} ${gx + 4} ${size.rows[i]}H${12 + tied * WIRE}`} />
                <rect className="tie-bar" x={x0} width={x1 - x0} y={y - 2.5} height={5} rx={1.5} />
                <circle cx={12 + tied * WIRE} cy={size.rows[i]} r={3} />
              </g>
            )
          })}
        </svg>
      )}
      <ol className="charge-lines" aria-label="Charge lines">
        {lines.map((l) => {
          const wrong = edits.filter((e) => e.line === l.place)
          return (
            <li key={l.id} className={`charge-line ${at === l.place ? 'at' : ''}`} tabIndex={0} onFocus={() => pick(l.place)} onMouseEnter={() => pick(l.place)}>
              <div className="row"><b>{l.code ?? l.role}</b>{l.modifiers && <span className="badge plain">{l.modifiers}</span>}<span className="quiet small clip">{l.role.replaceAll('_', ' ').toLowerCase()}</span>
                <span className="push nowrap small quiet">{l.start && <>{clock(l.start)}{l.end && ` to ${clock(l.end)}`}{l.minutes !== undefined && `, ${l.minutes} min`}</>}</span>
                <span className="units nowrap">× {l.units}</span><b className="amount nowrap">{l.amount === undefined ? <span className="faint">no price</span> : money(l.amount)}</b></div>
              <p className="small says">{l.says}</p>
              {wrong.map((e) => <p key={e.rule + e.says} className="small edit"><b>! {e.action}</b> {e.says} <span className="faint">{e.rule}</span></p>)}
            </li>
          )
        })}
      </ol>
    </div>
  )
}
