// One chair: who, what flows, how far, what is next. Its height never changes; what changes, changes in place.
import { memo } from 'react'
import type { ChairCard as Card } from '../../api'
import { useNow } from '../../shell/clock'
import { Link } from '../../shell/router'
import { clock, ms, num, span } from '../../ui/format'
import { AlarmBand, StateBadge } from '../../ui/StateBadge'

/* A reaction does not stop a pump: it is shown flowing until the pump or a person says otherwise. */
const flows = (k: Card): boolean => k.state === 'running' || (k.state === 'reaction' && k.rate !== undefined)

/* Between two answers the volume grows evenly towards the expected end: the bar moves, the figures are the server's. */
function flowed(k: Card, at: number, now: number): number {
  const v = k.volume ?? 0
  if (!flows(k) || !k.ends || !k.ordered) return v
  const left = ms(k.ends) - at
  return left <= 0 ? v : Math.min(k.ordered, v + (k.ordered - v) * Math.max(0, Math.min(1, (now - at) / left)))
}

function Progress({ k, at }: { k: Card; at: number }) {
  const now = useNow(1000)
  if (!k.ordered) return null
  const v = flowed(k, at, now)
  const text = `${num(v, 0)} of ${num(k.ordered, 0)} mL`
  return (
    <>
      <div className={`flow-bar ${flows(k) ? '' : 'still'}`} role="progressbar" aria-label="Flowed" aria-valuemin={0} aria-valuemax={k.ordered} aria-valuenow={Math.round(v)} aria-valuetext={text}><i style={{ width: `${Math.min(100, (100 * v) / k.ordered)}%` }} /></div>
      <div className="row tiny quiet" style={{ gap: 8 }}>
        <span className="nowrap">{text}</span>
        {k.ends && flows(k) && <span className="nowrap push">ends {clock(k.ends)}</span>}
      </div>
      {k.ends && flows(k) && <div className="tiny left">{ms(k.ends) > now ? `${span(ms(k.ends) - now)} left` : 'should be in'}</div>}
    </>
  )
}

function Next({ k }: { k: Card }) {
  const now = useNow(10_000)
  if (!k.next) return null
  const late = k.next_at !== undefined && ms(k.next_at) < now - 60_000
  const away = ms(k.next_at ?? 0) - now
  return (
    <div className={`next ${late ? 'overdue' : ''}`}>
      <span className="what clip">{late && <span aria-hidden="true">! </span>}{k.next}</span>
      {k.next_at && <span className="nowrap push">{late ? `${span(away)} late` : <>{Math.abs(away) < 30_000 ? 'now' : `in ${span(away)}`}<span className="quiet"> · {clock(k.next_at)}</span></>}</span>}
    </div>
  )
}

const stateWord: Record<string, string | undefined> = { ready: 'OK to treat', arrived: 'here', observing: 'observation' }

export const ChairCard = memo(function ChairCard({ k, at, wall, dim }: { k: Card; at: number; wall: boolean; dim: boolean }) {
  if (k.state === 'empty') {
    const inside = (
      <div className="chair-in">
        <div className="top"><span className="number">{k.chair}</span><span className="faint tiny push">{k.bed ? 'bed' : ''}</span></div>
        {k.coming_at ? <>
          <div className="quiet small">next {clock(k.coming_at)}</div>
          {!wall && <div className="small clip">{k.coming}</div>}
          {k.waits_for && <div className="tiny quiet">waits for {k.waits_for}</div>}
        </> : <div className="faint small">free</div>}
      </div>
    )
    return k.visit ? <Link to={`/bedside/${k.visit}`} className={`chair empty ${k.bed ? 'bed' : ''}`}>{inside}</Link>
      : <div className={`chair empty ${k.bed ? 'bed' : ''}`}>{inside}</div>
  }
  const moving = k.state === 'running' || k.state === 'kvo' || k.state === 'paused' || k.state === 'uncertain' || k.volume !== undefined
  return (
    <Link to={`/bedside/${k.visit}`} className={`chair ${k.state} ${k.bed ? 'bed' : ''} ${dim ? 'dim' : ''}`}>
      {k.state === 'reaction' && <AlarmBand priority="high" text="REACTION: help" />}
      {k.alarm && <AlarmBand priority={k.alarm} text={k.alarm_text ?? 'pump alarm'} />}
      <div className="chair-in">
        <div className="top">
          <span className="number">{k.chair}</span>
          {k.state !== 'reaction' ? <StateBadge state={k.state} word={stateWord[k.state]} /> : flows(k) && <StateBadge state="running" />}
          {!wall && <span className="faint tiny push clip">{k.nurse_name}</span>}
        </div>
        {!wall && <div className="who clip">{k.name}</div>}
        <div className="drug clip">{k.drug}</div>
        {moving ? <>
          {(k.rate || k.dose_rate) && <div className="flow"><b className="nowrap">{k.rate}</b><span className="nowrap">{k.dose_rate}</span></div>}
          <Progress k={k} at={at} />
        </> : k.waits_for && <div className="small quiet">waits for {k.waits_for}</div>}
        <Next k={k} />
      </div>
    </Link>
  )
})
