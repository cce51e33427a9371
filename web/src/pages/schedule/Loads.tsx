// Under the board, on the same time axis: how busy the nurses and the pharmacy are; over the most is marked by sign and
// hatching. While a visit is being moved the strips already show the day as it would be.
import { memo, useMemo } from 'react'
import { clock } from '../../ui/format'
import { nurseLoad, pharmacyLoad, type Answer, type Bucket, type Ghost, type Range } from './model'

const Strip = memo(function Strip({ title, buckets, r, step, unit }: { title: string; buckets: Bucket[]; r: Range; step: number; unit: string }) {
  const top = Math.max(1, ...buckets.map((b) => Math.max(b.value, b.most)))
  const peak = buckets.reduce((x, b) => b.value > x.value ? b : x, buckets[0])
  const over = buckets.filter((b) => b.most > 0 ? b.value > b.most : false)
  const at = (m: number) => clock(r.start + m * 60_000)
  const says = !peak || !peak.value ? 'nothing' : `most ${peak.value} ${unit} at ${at(peak.at)}${peak.most ? ` of ${peak.most}` : ''}${over.length ? `; over the most ${at(over[0].at)} to ${at(over[over.length - 1].at + step)}` : ''}`
  return (
    <div className="load" role="img" aria-label={`${title}: ${says}`}>
      <div className="row-label"><b className="small">{title}</b><span className="faint tiny">{over.length ? <b>! over</b> : peak?.value ? `most ${peak.value}${peak.most ? ` of ${peak.most}` : ''}` : 'none'}</span></div>
      <div className="track">
        {buckets.map((b) => (
          <div key={b.at} className="bucket" style={{ left: `${(100 * b.at) / r.minutes}%`, width: `${(100 * step) / r.minutes}%` }} title={b.value ? `${at(b.at)}: ${b.value} ${unit}${b.most ? ` of ${b.most}` : ''}\n${b.names.join('\n')}` : undefined}>
            {b.most > 0 && <i className="most" style={{ bottom: `${(100 * b.most) / top}%` }} />}
            {b.value > 0 && <i className={`bar ${b.value > b.most && unit === 'patients' ? 'over' : ''}`} style={{ height: `${(100 * b.value) / top}%` }}>{step >= 30 ? b.value : ''}</i>}
          </div>
        ))}
      </div>
    </div>
  )
})

export function Loads({ a, r, ghost }: { a: Answer; r: Range; ghost: Ghost | null }) {
  const nurses = useMemo(() => nurseLoad(a, r, ghost), [a, r, ghost])
  const pharmacy = useMemo(() => pharmacyLoad(a, r, ghost), [a, r, ghost])
  return (
    <div className="loads">
      <Strip title="Nurses" buckets={nurses} r={r} step={15} unit="patients" />
      <Strip title="Pharmacy" buckets={pharmacy} r={r} step={30} unit="visits to have drugs ready" />
    </div>
  )
}
