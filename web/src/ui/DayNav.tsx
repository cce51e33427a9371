// Which day a page shows, kept in the address (?day=2026-11-23): back, today, on.
import { careNow, useNow } from '../shell/clock'
import { useQueryValue } from '../shell/router'
import { date, isoDay } from './format'

/** "2026-11-23" and n days on. */
export const addDays = (d: string, n: number): string => new Date(Date.parse(d + 'T12:00:00Z') + n * 86_400_000).toISOString().slice(0, 10)

export function useDay(): { day: string; today: string; set: (day: string) => void; keys: { key: string; says: string; run: () => void }[] } {
  const [asked, setAsked] = useQueryValue('day')
  const today = isoDay(useNow(60_000))
  const day = asked && /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : today
  const set = (d: string) => setAsked(d === isoDay(careNow()) ? null : d)
  return {
    day, today, set,
    keys: [
      { key: 'n', says: 'The next day', run: () => set(addDays(day, 1)) },
      { key: 'p', says: 'The day before', run: () => set(addDays(day, -1)) },
      { key: 't', says: 'Today', run: () => set(isoDay(careNow())) },
    ],
  }
}

export function DayNav({ day, today, set }: { day: string; today: string; set: (day: string) => void }) {
  return (
    <span className="day-nav">
      <button type="button" className="btn low bare" aria-label="The day before" title="The day before (P)" onClick={() => set(addDays(day, -1))}>‹</button>
      <span className="strong nowrap" aria-live="polite">{date(day, true)}</span>
      <button type="button" className="btn low bare" aria-label="The next day" title="The next day (N)" onClick={() => set(addDays(day, 1))}>›</button>
      {day !== today && <button type="button" className="btn low" onClick={() => set(today)}>Today <kbd>T</kbd></button>}
    </span>
  )
}
