// Times for people who must act: relative with the clock time beside it. They renew themselves in place.
import { clock, day, ms, relative, sameDay, weekday } from './format'
import { useNow } from '../shell/clock'

/** "in 4 min · 10:42"; with `only="clock"` just the time, the day too if it is another one. */
export function When({ t, only }: { t: string; only?: 'clock' | 'relative' }) {
  const now = useNow(10_000)
  const near = Math.abs(ms(t) - now) < 18 * 3600_000
  const at = sameDay(t, now) ? clock(t) : `${near ? weekday(t).split(' ')[0] : weekday(t)} ${clock(t)}`
  const full = `${day(t)} ${clock(t)}`
  if (only === 'clock') return <time dateTime={t} title={full} className="nowrap">{at}</time>
  if (only === 'relative') return <time dateTime={t} title={full} className="nowrap">{relative(t, now)}</time>
  return <time dateTime={t} title={full} className="nowrap">{near && <>{relative(t, now)} <span className="faint">· </span></>}<span className={near ? 'quiet' : ''}>{at}</span></time>
}
