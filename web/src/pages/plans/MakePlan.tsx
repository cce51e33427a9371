// Making a plan: what the content offers for this diagnosis, every dose as it would be ordered, then one button.
import { useState } from 'react'
import type { DoseRow, Views } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import { careNow } from '../../shell/clock'
import { useDoing } from '../../ui/Commands'
import { date, isoDay } from '../../ui/format'
import { Empty, ViewStates } from '../../ui/Page'
import { PatientBanner } from '../../ui/PatientBanner'
import { Proof, proofOf } from '../../ui/Proof'

export function MakePlan({ patient, done }: { patient: string; done: () => void }) {
  const [regimen, setRegimen] = useState<string>()
  const [day, setDay] = useState(() => isoDay(careNow()))
  const query = useView('regimens', { patient, regimen, first_day: regimen && day ? day : undefined }, { about: () => patient })
  const offered = useView('regimens', { patient }, { about: () => patient })
  return (
    <ViewStates query={offered}>{(a) => (
      <div className="plan-page">
        {a.banner && <PatientBanner b={a.banner} />}
        <Offers a={a} chosen={regimen} choose={setRegimen} day={day} setDay={setDay} patient={patient} done={done}
          preview={regimen ? query.data?.answer : undefined} failed={query.error?.problem.detail} />
      </div>
    )}</ViewStates>
  )
}

type Answer = Views['regimens']['answer']

function Offers({ a, chosen, choose, day, setDay, patient, done, preview, failed }: {
  a: Answer; chosen?: string; choose: (r: string) => void; day: string; setDay: (d: string) => void; patient: string; done: () => void; preview?: Answer; failed?: string
}) {
  const { run, busy } = useDoing()
  const [at, setAt] = useState(0)
  const offer = a.regimens.find((r) => r.regimen === chosen)
  const doses = preview?.doses ?? []
  const problem = preview?.problems[0]?.text ?? failed
  const make = async () => {
    if (!offer || !day) return
    const o = await run('plan.make', { patient, regimen: offer.regimen, indication: offer.indication, first_day: day }, { done: 'The plan is drafted. Read the doses, then sign.' })
    if (o.ok) done()
  }
  const step = (by: number) => setAt((n) => Math.max(0, Math.min(doses.length - 1, n + by)))
  useKeys('Make a plan', [
    ...a.regimens.slice(0, 9).map((r, i) => ({ key: 'abcdefghi'[i], says: r.title, run: () => choose(r.regimen) })),
    { key: 'ArrowDown', says: 'Next dose', run: () => step(1) },
    { key: 'ArrowUp', says: 'The dose before', run: () => step(-1) },
    { key: 'm', says: 'Make the plan', run: () => void make() },
  ])
  if (!a.regimens.length) return <Empty title="No regimen is offered for this patient">The content has none for the diagnoses on record. Someone with the role formulary can add one.</Empty>
  const proof = proofOf(doses[at]?.proof)
  return (
    <div className="make">
      <div>
        <h1 style={{ marginBottom: 8 }}>Make a plan</h1>
        <p className="quiet small" style={{ marginBottom: 8 }}>{a.regimens[0].indication_text} ({a.regimens[0].indication})</p>
        {a.regimens.map((r, i) => (
          <button key={r.regimen} type="button" className="offer" aria-pressed={chosen === r.regimen} onClick={() => { choose(r.regimen); setAt(0) }}>
            <div className="row"><b className="grow">{r.title}</b><kbd>{'ABCDEFGHI'[i]}</kbd></div>
            <div className="small quiet">{r.outline}</div>
            <div className="tiny faint">approved by {r.approved_by}</div>
          </button>
        ))}
        <div className="field" style={{ marginTop: 12 }}>
          <label htmlFor="first-day">First day</label>
          <input id="first-day" type="date" className="input" style={{ maxWidth: 170 }} value={day} onChange={(e) => setDay(e.target.value)} />
          {day && <div className="hint">{date(day, true)}</div>}
        </div>
        <button type="button" className="btn main" style={{ marginTop: 12 }} disabled={!offer || !day || busy || !!problem} onClick={() => void make()}>Make the plan <kbd>M</kbd></button>
        <p className="quiet tiny" style={{ marginTop: 8 }}>It is a draft until you sign it.</p>
      </div>
      <section aria-label="Preview of every dose" tabIndex={0}>
        <h2 style={{ marginBottom: 6 }}>Every dose, as it would be ordered today</h2>
        {!offer && <p className="quiet">Choose a regimen on the left: its doses are worked out here.</p>}
        {problem && <p role="alert" className="sheet" style={{ padding: 10 }}><b>It cannot be worked out.</b> {problem}</p>}
        {!!doses.length && <table className="table preview sheet">
          <thead><tr><th>Visit</th><th>Due</th><th>Drug</th><th className="num">Dose</th><th>Rate</th></tr></thead>
          <tbody>{doses.map((d: DoseRow, i) => (
            <tr key={i} className={i === at ? 'chosen' : ''} onClick={() => setAt(i)}>
              <td>{d.number}</td><td className="nowrap">{date(d.due, true)}</td><td>{d.drug_name}</td>
              <td className="num"><button type="button" className="nowrap" aria-pressed={i === at} onClick={() => setAt(i)}>{d.dose}</button></td><td className="small">{d.rates}</td>
            </tr>
          ))}</tbody>
        </table>}
      </section>
      <section className="side" aria-label="Proof of the dose" tabIndex={0}>
        <h2 style={{ marginBottom: 6 }}>How this dose comes about</h2>
        {proof ? <Proof p={proof} dose={doses[at].dose} /> : <p className="quiet">Choose a dose: its inputs, steps, cap and rounding stand here.</p>}
      </section>
    </div>
  )
}
