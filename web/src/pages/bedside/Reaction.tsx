// A reaction. First line: STOP THE PUMP BY HAND. Then grade and symptoms, which raise help on the floor; then the pathway
// of the content with each rescue drug and dose, readable at arm's length. The strip stays in sight; the segment is shown
// running until the pump or a person confirms the stop.
import { useState } from 'react'
import type { BedsideDrug, Reaction } from '../../api'
import { useKeys } from '../../input/keyboard'
import { careNow, useNow } from '../../shell/clock'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { clock, ms, qty, span } from '../../ui/format'
import type { Bedside } from './strip-model'
import { VitalsDialog } from './Vitals'

// CTCAE: the words of the grades.
const gradeWords = ['', 'mild', 'moderate', 'severe', 'life-threatening']
const flowing = new Set(['running', 'kvo', 'waiting', 'uncertain'])

export function ReactionPanel({ b, current, flowing: d, close }: { b: Bedside; current: Reaction | undefined; flowing: BedsideDrug | undefined; close: () => void }) {
  const stopped = current ? current.stop_seen : false
  const runs = d?.state !== undefined && flowing.has(d.state)
  return (
    <section className="reaction sheet" aria-label="Reaction">
      <div className="first" role="alert">STOP THE PUMP BY HAND</div>
      <div className="in">
        <div className="row wrap">
          {runs ? <span className="strong"><span aria-hidden="true">▶ </span>{d!.drug_name} shown {d!.state} at {qty(d!.rate, 'mL/h', 1) || 'unknown rate'} until the pump or you confirm the stop (Stop, <kbd>X</kbd>)</span>
            : d ? <span className="strong"><span aria-hidden="true">■ </span>{d.drug_name}: {d.state}{stopped && ', stop confirmed'}</span> : <span className="quiet">Nothing is on the pump now.</span>}
          <button type="button" className="btn low push" onClick={close}>{current ? 'Put aside' : 'No reaction'}</button>
        </div>
        {current ? <Going b={b} r={current} /> : <Raise b={b} d={d} />}
      </div>
    </section>
  )
}

/* Before anything is recorded: hand, symptoms, grade. Choosing the grade records and calls for help. */
function Raise({ b, d }: { b: Bedside; d: BedsideDrug | undefined }) {
  const { run } = useDoing()
  const [byHand, setByHand] = useState(false)
  const [signs, setSigns] = useState<string[]>([])
  const least = Math.max(1, ...b.symptoms.filter((s) => signs.includes(s.text)).map((s) => s.grade_min))
  const record = (grade: number) => void run('reaction.record', {
    visit: b.visit!.id, ...(d?.infusion ? { infusion: d.infusion } : {}), grade, symptoms: signs.join(', ') || 'not yet described', stopped_by_hand: byHand,
  }, { done: `Reaction grade ${grade}: help is called on the floor.` })
  useKeys('Reaction', [
    ...(d ? [{ key: 'h', says: 'I stopped the pump by hand', run: () => setByHand((v) => !v) }] : []),
    ...[1, 2, 3, 4].map((g) => ({ key: String(g), says: `Grade ${g}, ${gradeWords[g]}: record and call help`, run: () => record(g) })),
  ])
  return (
    <>
      {d && <button type="button" className={`btn ${byHand ? 'chosen' : ''}`} aria-pressed={byHand} style={{ minHeight: 48, fontSize: 16 }} onClick={() => setByHand(!byHand)}>{byHand ? '✓ ' : ''}I stopped the pump by hand <kbd>H</kbd></button>}
      <div className="field"><div className="label" id="symptoms">Symptoms</div>
        <div className="choices" role="group" aria-labelledby="symptoms">{b.symptoms.map((s) => {
          const on = signs.includes(s.text)
          return <button key={s.text} type="button" className={`btn low ${on ? 'chosen' : ''}`} aria-pressed={on} onClick={() => setSigns(on ? signs.filter((x) => x !== s.text) : [...signs, s.text])}>{s.text}</button>
        })}</div>
      </div>
      <div className="field"><div className="label" id="grade">Grade: records it and calls help</div>
        <div className="grades" role="group" aria-labelledby="grade">{[1, 2, 3, 4].map((g) => (
          <button key={g} type="button" className={`btn ${g === least && signs.length ? 'chosen' : ''}`} disabled={g < least} onClick={() => record(g)} title={g < least ? 'the symptoms chosen are graver' : ''}><b>{g}</b><span className="small">{gradeWords[g]}</span></button>
        ))}</div>
      </div>
    </>
  )
}

/* Recorded: the pathway of its grade, what was done, what comes after. */
function Going({ b, r }: { b: Bedside; r: Reaction }) {
  const { run, ask } = useDoing()
  const { mayDo } = useSession()
  const now = useNow(1000)
  const [vitals, setVitals] = useState(false)
  const steps = b.pathway.filter((s) => s.grade === Math.min(4, r.grade)).sort((x, y) => x.place - y.place)
  const resume = b.actions.find((a) => a.command === 'give.resume')
  const after = b.restarts.filter((x) => x.grade === r.grade)
  const note = (text: string) => void run('reaction.change', { reaction: r.id, actions: `${text} ${clock(careNow())}` }, { done: 'Noted.' })
  useKeys('Reaction', [
    { key: 'v', says: 'Vital signs', run: () => setVitals(true) },
    ...[1, 2, 3, 4].filter((g) => g !== r.grade).map((g) => ({ key: String(g), says: `It is grade ${g}, ${gradeWords[g]}`, run: () => void run('reaction.change', { reaction: r.id, grade: g }) })),
  ])
  return (
    <>
      <div className="row wrap" style={{ alignItems: 'baseline' }}><span style={{ fontSize: 19, fontWeight: 750 }}>Grade {r.grade}, {gradeWords[Math.min(4, r.grade)]}</span><span className="quiet">{r.symptoms}</span><span className="push strong nowrap">{span(now - ms(r.onset))}</span></div>
      <div className="choices" role="group" aria-label="Grade now">{[1, 2, 3, 4].map((g) => <button key={g} type="button" className={`btn low ${g === r.grade ? 'chosen' : ''}`} aria-pressed={g === r.grade} onClick={() => { if (g !== r.grade) void run('reaction.change', { reaction: r.id, grade: g }) }}>{g} {gradeWords[g]}</button>)}</div>
      <ol>
        {steps.map((s) => {
          const done = (r.actions ?? '').includes(s.drug_name ? `${s.drug_name} given` : s.words.slice(0, 40))
          return (
            <li key={s.place} className={`step ${done ? 'off' : ''}`}>
              <span>{done ? '✓' : s.place}</span>
              <span>{s.words}{s.dose && <span className="dose">{s.dose}</span>}{s.allergy && <span className="allergy">allergy recorded: {s.allergy}</span>}</span>
              {mayDo('reaction.change') && <button type="button" className="btn low" onClick={() => s.drug_name
                ? void ask({ command: 'reaction.change', input: { reaction: r.id }, asks: ['actions'], title: `${s.drug_name} given`, first: { actions: `${s.drug_name} given, dose: , ${clock(careNow())}` }, labels: { actions: 'Dose, route and time as given' }, done: 'Noted.' })
                : note(s.words.slice(0, 60))}>{s.drug_name ? 'Given' : 'Done'}</button>}
            </li>
          )
        })}
      </ol>
      {r.actions && <p className="small"><b>Done so far:</b> {r.actions}</p>}
      <div className="row wrap">
        <button type="button" className="btn" onClick={() => setVitals(true)}>Vital signs <kbd>V</kbd></button>
        <button type="button" className="btn" onClick={() => void ask({ command: 'reaction.change', input: { reaction: r.id }, asks: ['actions', 'state', 'next_time'], title: 'More about the reaction', done: 'Recorded.' })}>More, treated, closed</button>
      </div>
      {(after.length > 0 || r.restart) && <div className="small">
        <b>Restart: </b>{r.restart === 'ordered' ? `ordered at ${qty(r.restart_rate, 'mL/h', 1)} at most` : r.restart ?? ''}
        {after.map((x) => <div key={x.drug_name} className="quiet">{x.drug_name}: {x.words}</div>)}
        {r.restart === 'ordered' && resume?.enabled && mayDo('give.resume') && <button type="button" className="btn" style={{ marginTop: 5 }} onClick={() => void ask({
          command: 'give.resume', input: resume.input as { infusion: string }, asks: ['rate'], title: 'Record resume', done: 'Resume recorded.', labels: { rate: 'Rate set on the pump' },
          first: r.restart_rate !== undefined ? { rate: String(r.restart_rate) } : {}, intro: <p className="strong">Start the pump again by hand first, at the ordered rate; this records it.</p>,
        })}>Record resume</button>}
        {mayDo('restart.order') && r.restart !== 'never' && <button type="button" className="btn low" style={{ marginTop: 5 }} onClick={() => void ask({ command: 'restart.order', input: { reaction: r.id }, title: 'Order restart', first: r.restart_rate !== undefined ? { rate: String(r.restart_rate) } : {}, done: 'Restart ordered.' })}>Order restart</button>}
      </div>}
      {vitals && <VitalsDialog b={b} phase="reaction" close={() => setVitals(false)} />}
    </>
  )
}
