// Today as a ladder: planned and real times.
import { memo } from 'react'
import type { LadderStep } from '../../api'
import { clock, ms, span } from '../../ui/format'
import { useNow } from '../../shell/clock'

const sign = { done: '✓', now: '●', next: '◔', later: '○', late: '!' } as const

export const Ladder = memo(function Ladder({ steps }: { steps: LadderStep[] }) {
  const now = useNow(30_000)
  return (
    <section className="ladder sheet" aria-label="Today">
      <h2>Today</h2>
      <ol>
        {steps.map((s) => (
          <li key={s.name} className={`rung ${s.state}`} aria-current={s.state === 'now' || s.state === 'late' ? 'step' : undefined}>
            <span className="sign" aria-hidden="true">{sign[s.state]}</span>
            <span className="name">{s.name}</span>
            <span className="times">
              {s.actual ? <>{clock(s.actual)}{s.planned && Math.abs(ms(s.actual) - ms(s.planned)) > 5 * 60_000 && <span className="faint"> planned {clock(s.planned)}</span>}</>
                : s.planned && <>{s.state === 'late' ? `${span(now - ms(s.planned))} late, planned ` : 'about '}{clock(s.planned)}</>}
              {s.detail && <div>{s.detail}</div>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
})
