// One word for where something stands: symbol and word, so that it never hangs on colour. Red, yellow and cyan only for
// alarms; what runs carries the accent, what is not known is hatched.
export type Tone = 'plain' | 'active' | 'strong' | 'hatch' | 'high' | 'medium' | 'low'

const known: Record<string, [symbol: string, tone: Tone, word?: string]> = {
  // flow
  associated: ['◇', 'plain', 'hung, not started'], waiting: ['◇', 'plain', 'waiting for the pump'], running: ['▶', 'active'], paused: ['❚❚', 'strong'],
  kvo: ['▷', 'strong', 'keep-vein-open'], ended: ['■', 'plain'], uncertain: ['?', 'hatch'], reconciled: ['■', 'plain'],
  // chairs and visits
  empty: ['○', 'plain'], arrived: ['●', 'plain'], ready: ['●', 'plain'], observing: ['◔', 'active'], reaction: ['▲', 'high'],
  due: ['○', 'plain'], booked: ['○', 'plain'], ok: ['✓', 'active', 'OK to treat'], treating: ['▶', 'active'], done: ['✓', 'plain'],
  held: ['❚❚', 'strong'], skipped: ['–', 'plain'], cancelled: ['–', 'plain'], 'not treated': ['–', 'strong', 'not treated today'],
  // plans, orders, bags
  draft: ['◌', 'plain'], signed: ['✎', 'plain'], verified: ['✓', 'active'], prepared: ['◆', 'active'], given: ['✓', 'plain'], 'part given': ['◐', 'strong'],
  stopped: ['■', 'strong'], completed: ['✓', 'plain'], started: ['◌', 'plain', 'being mixed'], labelled: ['▤', 'plain'], checked: ['✓', 'plain'],
  released: ['✓', 'active'], hung: ['◇', 'active'], used: ['■', 'plain'], killed: ['✕', 'strong', 'label struck'], wasted: ['✕', 'plain'],
  // readiness
  blocked: ['✕', 'strong'], unknown: ['?', 'hatch'],
  // time
  overdue: ['!', 'strong'], now: ['●', 'active'], soon: ['◔', 'plain'], later: ['○', 'plain'], late: ['!', 'strong'], next: ['◔', 'plain'], alarm: ['▲', 'high'],
  // charges
  open: ['○', 'plain'], made: ['◌', 'plain'], final: ['✓', 'active'], corrected: ['↺', 'strong'],
  granted: ['✓', 'active'], asked: ['◔', 'plain'], denied: ['✕', 'strong'],
}

export function StateBadge({ state, word }: { state: string; word?: string }) {
  const [symbol, tone, says] = known[state] ?? ['·', 'plain']
  return <span className={`badge ${tone}`}><span aria-hidden="true">{symbol}</span>{word ?? says ?? state}</span>
}

export const stateTone = (state: string): Tone => known[state]?.[1] ?? 'plain'
export const stateSymbol = (state: string): string => known[state]?.[0] ?? '·'

const alarmSign = { high: '▲ !!!', medium: '▲ !!', low: '● !' } as const

/** An alarm by priority (IEC 60601-1-8): ground, symbol and words together. */
export function AlarmBand({ priority, text, children }: { priority: 'high' | 'medium' | 'low'; text: string; children?: React.ReactNode }) {
  return (
    <div className={`alarm ${priority}`} role="group" aria-label={`${priority} priority alarm: ${text}`}>
      <span className="alarm-sign nowrap" aria-hidden="true">{alarmSign[priority]}</span>
      <span className="grow">{text}</span>{children}
    </div>
  )
}

/** How many alarms of a priority. */
export function AlarmCount({ priority, count }: { priority: 'high' | 'medium' | 'low'; count: number }) {
  if (!count) return null
  return <span className={`badge ${priority}`} title={`${count} ${priority} priority`}><span aria-hidden="true">{alarmSign[priority]}</span>{count}<span className="hidden-text"> {priority} priority alarms</span></span>
}
