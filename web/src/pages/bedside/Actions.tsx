// The right column: Stop and Reaction, what flows in figures, alarms, checks due, and everything that can be done now,
// each with its key.
import { useState } from 'react'
import type { ActionRow, BedsideDrug, Commands } from '../../api'
import { deliverScan, useKeys } from '../../input/keyboard'
import { useNow } from '../../shell/clock'
import { useSession } from '../../shell/session'
import { AlarmBand, StateBadge } from '../../ui/StateBadge'
import { When } from '../../ui/Time'
import { useDoing } from '../../ui/Commands'
import { clock, ms, num, qty, span } from '../../ui/format'
import { LineDialog } from './Line'
import { NotTreatedDialog } from './NotTreated'
import { ScreenDialog } from './Screen'
import { VitalsDialog } from './Vitals'
import type { Bedside } from './strip-model'

type Opened = { kind: 'vitals' } | { kind: 'line' } | { kind: 'not' } | { kind: 'screen'; screen: string }

const byHand: Record<string, string> = {
  'give.start': 'Start the pump by hand first; this records that it was started. The pump’s own word follows.',
  'give.rate': 'Set the rate on the pump first; this records it.',
  'give.pause': 'Pause the pump by hand first; this records it.',
  'give.resume': 'Start the pump again by hand first; this records it.',
  'give.flush': 'Record the flush when it is in.',
  'give.disconnect': 'Only when it is taken down: the dose record closes.',
}
const handOnly = new Set(['give.start', 'give.rate', 'give.pause', 'give.resume'])

export function Actions({ b, flowing, hang }: { b: Bedside; flowing: BedsideDrug | undefined; hang: () => void }) {
  const { mayDo } = useSession()
  const { run, ask } = useDoing()
  const [opened, setOpened] = useState<Opened | null>(null)
  const mine = b.actions.filter((a) => mayDo(a.command as keyof Commands) && a.command !== 'alarm.see')

  const act = (a: ActionRow) => {
    if (!a.enabled) return
    const input = a.input as Record<string, unknown>, command = a.command as keyof Commands
    const asks = (a.asks ?? '').split(' ').filter(Boolean)
    if (a.command === 'vitals.record') return setOpened({ kind: 'vitals' })
    if (a.command === 'screen.record') return setOpened({ kind: 'screen', screen: String(input.kind) })
    if (a.command === 'give.associate') return hang()
    if (a.command === 'line.place') return setOpened({ kind: 'line' })
    if (a.command === 'visit.not_treated') return setOpened({ kind: 'not' })
    if (a.command === 'visit.ok') {
      return void ask({ command, input, title: 'OK to treat', button: 'Sign OK to treat', done: 'OK to treat is signed; mixing is released.',
        intro: <p>You sign that vital signs, screen and laboratory were looked at and that treatment may go on today. The pharmacy starts to mix.</p> })
    }
    if (a.command === 'visit.discharge') return void ask({ command, input, title: 'Discharge', button: 'The patient leaves', done: 'Discharged.' })
    if (!asks.length && !byHand[a.command]) return void run(command, input as never, { done: `${a.label}: recorded.` })
    const rate = a.command === 'give.start' ? flowing?.first_rate : a.command === 'give.rate' ? flowing?.next_rate : undefined
    void ask({
      command, input, asks, title: a.label, done: `${a.label}: recorded.`, earlier: a.command.startsWith('give.'), reason: asks.includes('reason'),
      intro: byHand[a.command] && <p className="strong">{byHand[a.command]}</p>,
      first: rate !== undefined ? { rate: String(rate) } : {}, labels: { rate: 'Rate set on the pump', volume: 'Volume the pump’s display shows' },
    })
  }
  useKeys('What can be done now', mine.filter((a) => a.key && a.enabled).map((a) => ({ key: a.key!, says: a.label, run: () => act(a) })))

  return (
    <>
      {b.alarms.filter((a) => a.state === 'active').map((a) => (
        <AlarmBand key={a.id} priority={a.priority} text={`${a.text}, ${a.pump}, since ${clock(a.started)}`}>
          {!a.seen_by && mayDo('alarm.see') && <button type="button" className="btn low" onClick={() => void run('alarm.see', { alarm: a.id }, { done: 'Alarm answered.' })}>Answer</button>}
        </AlarmBand>
      ))}
      {b.drugs.map((d) => <DrugNow key={d.order} d={d} />)}
      {b.checks.length > 0 && <section className="sheet" aria-label="Checks due">
        <h2>Checks due</h2>
        {b.checks.map((c) => (
          <div key={c.what + c.due} className={`check ${c.state}`}>
            <span className="what">{c.state === 'overdue' && <span aria-hidden="true">! </span>}{c.what}</span><When t={c.due} />
            <span className="why">{c.why}</span>
          </div>
        ))}
      </section>}
      <section className="sheet" aria-label="What can be done now">
        <h2>Now</h2>
        <div className="actions">
          {!mine.length && <p className="quiet small" style={{ padding: '2px 4px' }}>{b.visit?.state === 'done' ? 'This visit is over.' : 'Nothing for your role now.'}</p>}
          {mine.map((a) => (
            <button key={a.command + JSON.stringify(a.input) + a.label} type="button" className="btn" aria-disabled={!a.enabled} onClick={() => act(a)}>
              <span className="grow">{a.label}
                {handOnly.has(a.command) && a.enabled && <span className="why">by hand at the pump, then here</span>}
                {!a.enabled && <span className="why">{a.why_not}</span>}
              </span>
              {a.key && <kbd>{a.key.toUpperCase()}</kbd>}
            </button>
          ))}
        </div>
        <ScanBox />
      </section>
      {opened?.kind === 'vitals' && <VitalsDialog b={b} close={() => setOpened(null)} />}
      {opened?.kind === 'line' && <LineDialog visit={b.visit!.id} close={() => setOpened(null)} />}
      {opened?.kind === 'not' && <NotTreatedDialog visit={b.visit!.id} close={() => setOpened(null)} />}
      {opened?.kind === 'screen' && <ScreenDialog b={b} kind={opened.screen} close={() => setOpened(null)} />}
    </>
  )
}

/** Always in the same place, whatever else the column shows. */
export function Emergency({ flowing, mayReact, stop, react }: { flowing: BedsideDrug | undefined; mayReact: boolean; stop: () => void; react: () => void }) {
  const { mayDo } = useSession()
  return (
      <div className="emergency">
        <button type="button" className="stop" disabled={!flowing || !mayDo('give.stop')} onClick={stop} title={flowing ? '' : 'Nothing is on the pump'}><span aria-hidden="true">■</span>Stop<kbd>X</kbd></button>
        <button type="button" className="react" disabled={!mayReact || !mayDo('reaction.record')} onClick={react}><span aria-hidden="true">▲</span>Reaction<kbd>E</kbd></button>
      </div>
  )
}

/* What flows, in figures to be read from two steps away. */
function DrugNow({ d }: { d: BedsideDrug }) {
  const now = useNow(5000)
  const flows = d.state === 'running' || d.state === 'kvo'
  return (
    <section className="sheet" aria-label={d.drug_name}>
      <div className="state-line">
        <span className="strong grow">{d.drug_name}</span>
        <StateBadge state={d.state ?? d.order_state} />
      </div>
      <div style={{ padding: '0 10px 4px' }}>
        {flows && <div className="row wrap" style={{ alignItems: 'baseline' }}><span className="big" style={{ fontSize: 21, fontWeight: 700 }}>{qty(d.rate, 'mL/h', 1)}</span><span className="quiet">{d.dose_rate}</span></div>}
        <div className="small">
          {d.volume !== undefined ? <>{num(d.volume, 1)} of {qty(d.ordered, 'mL', 1)}{d.given && <span className="quiet">, {d.given} of {d.dose}</span>}</> : <>{d.dose}{d.ordered !== undefined && <span className="quiet"> in {qty(d.ordered, 'mL', 1)}</span>}</>}
        </div>
        {flows && d.ends && <div className="small">ends {clock(d.ends)} <span className="quiet">({ms(d.ends) > now ? `in ${span(ms(d.ends) - now)}` : 'due'})</span></div>}
        {d.next_rate !== undefined && d.next_at && <div className="small strong">next step {qty(d.next_rate, 'mL/h', 1)} {ms(d.next_at) < now - 60_000 ? `was due at ${clock(d.next_at)}` : `at ${clock(d.next_at)}`}</div>}
        {!d.state && d.prep_state && <div className="small quiet">bag {d.prep_state}{d.beyond_use && `, start by ${clock(d.beyond_use)}`}</div>}
        {d.certainty && d.certainty !== 'certain' && <div className="small strong">{d.certainty === 'stated' ? 'by a person’s word, no pump' : <><span aria-hidden="true">? </span>{d.certainty}{d.why_uncertain && `: ${d.why_uncertain}`}</>}</div>}
        {d.pump && <div className="tiny quiet">pump {d.pump}{d.heard && `, last word ${clock(d.heard)}`}</div>}
      </div>
    </section>
  )
}

function ScanBox() {
  const [code, setCode] = useState('')
  return (
    <form className="scanbox" onSubmit={(e) => {
      e.preventDefault()
      if (code.trim()) deliverScan(code.trim())
      setCode('')
    }}>
      <input className="input" aria-label="Scan, or type a code" placeholder="Scan, or type a code" value={code} onChange={(e) => setCode(e.target.value)} autoComplete="off" />
    </form>
  )
}
