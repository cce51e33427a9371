// One bag on its way: start, worksheet, label, the second person's check (who answers before seeing anything), release.
import { useState, type FormEvent } from 'react'
import type { PharmacyCard, Prep } from '../../api'
import { useKeys, useScan, type Key } from '../../input/keyboard'
import { useView } from '../../net/view'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { clock, date, day, drugWords, money, qty } from '../../ui/format'
import { Proof, proofOf } from '../../ui/Proof'
import { StateBadge } from '../../ui/StateBadge'
import { When } from '../../ui/Time'
import { Query } from './Query'
import { CardHead, Countdown, type Card } from './Pharmacy'

interface Vial { stock: string; product: string; lot: string; expires: string; owner: string; count: number; amount: number }
interface Sheet { says?: string; vials_says?: string; vial_cost?: number; opened_mg?: number; drug_ml?: number }
interface First { dose: string; volume: string }

const vialsOf = (p: Prep): Vial[] => Array.isArray(p.vials) ? p.vials as Vial[] : []
const sheetOf = (p: Prep): Sheet => (p.proof ?? {}) as Sheet

/** An older bag of this order whose label is dead. */
export function Struck({ c }: { c: PharmacyCard }) {
  const { mayDo } = useSession()
  const { ask } = useDoing()
  return (
    <div className="struck" style={{ marginBottom: 8, fontSize: 'var(--size-small)' }} role="alert">
      <b>Do not use:</b> <s>{c.struck}</s>, {c.struck_why}.
      {mayDo('prep.waste') && <> <button type="button" className="btn low" onClick={() => void ask({ command: 'prep.waste', input: { prep: c.struck! }, reason: 'Where it went', title: `Throw ${c.struck} away`, button: 'It is thrown away', done: 'Recorded as waste.' })}>Thrown away…</button></>}
    </div>
  )
}

export function Bag({ c, close }: { c: Card; close: () => void }) {
  const { me, mayDo } = useSession()
  const { run, ask, busy } = useDoing()
  const [first, setFirst] = useState<First | null>(null)
  const query = useView('prep', { prep: c.prep ?? '' }, { enabled: !!c.prep, about: (a) => a.banner?.id })
  const staff = useView('staff', {}, { everyCareSeconds: 3600 })
  const p = query.data?.answer.prep ?? null
  const who = (id?: string) => staff.data?.answer.staff.find((s) => s.id === id)?.name ?? ''
  const mine = p?.made_by === me.id
  const blind = c.stage === 'check' && !mine && mayDo('prep.check')
  const acts: (Key & { main?: boolean; off?: string })[] = []
  const act = (may: boolean, key: string, says: string, go: () => void, main = false, off?: string) => { if (may) acts.push({ key, says, run: () => { if (!off) go() }, main, off }) }
  if (c.stage === 'prepare' && !c.prep) act(mayDo('prep.start'), 's', 'Start: draw the vials', () => void run('prep.start', { order: c.order }, { done: 'The worksheet is ready.' }), true, c.safe_now ? undefined : c.why_not)
  if (c.state === 'started' && c.prep) act(mayDo('prep.label'), 'l', 'It is mixed: label it', () => void run('prep.label', { prep: c.prep! }, { done: 'Labelled. A second person checks it now.' }), true)
  if (c.stage === 'release') act(mayDo('prep.release'), 'r', 'Release to the chair', () => void run('prep.release', { prep: c.prep! }, { done: 'Released.' }), true, c.safe_now ? undefined : c.why_not)
  if (c.prep && !['hung', 'used', 'wasted'].includes(c.state)) act(mayDo('prep.waste'), 'x', 'Throw away', () => void ask({ command: 'prep.waste', input: { prep: c.prep! }, reason: true, title: 'Throw the bag away', button: 'Throw it away', done: 'Recorded as waste.' }))
  useKeys('This bag', acts.filter((a) => !a.off))
  const proof = c.prep ? null : proofOf(c.proof)
  return (
    <>
      <CardHead c={c} close={close} />
      {c.struck && <Struck c={c} />}
      {c.prep && <div className="row wrap small" style={{ marginBottom: 8 }}><StateBadge state={c.state} /><span>{c.prep}</span>{c.beyond_use && !['hung', 'used', 'wasted'].includes(c.state) && <span className="quiet push"><Countdown until={c.beyond_use} />, until {clock(c.beyond_use)}</span>}</div>}
      <Query c={c} />
      {!c.safe_now && c.why_not && <p style={{ marginBottom: 8 }}><span className="badge strong"><span aria-hidden="true">!</span>{c.why_not}</span></p>}
      {blind ? <CheckForm c={c} done={setFirst} /> : <>
        <div className="row wrap" style={{ marginBottom: 4 }}>
          {acts.map((a) => <button key={a.key} type="button" className={`btn ${a.main ? 'main' : ''}`} disabled={busy || !!a.off} title={a.off} onClick={a.run}>{a.says} <kbd>{a.key.toUpperCase()}</kbd></button>)}
        </div>
        {c.stage === 'check' && mine && <p className="quiet">You made this bag: another person checks it. It takes two.</p>}
        {first && p && <Revealed first={first} p={p} c={c} />}
        {p && <Worksheet p={p} who={who} />}
        {p && p.state !== 'started' && <LabelPaper p={p} c={c} who={who} site={me.site.name} demo={me.demo} />}
        {proof && <><h2>The dose</h2><Proof p={proof} dose={c.dose} /></>}
      </>}
    </>
  )
}

/* Nothing the maker said is on screen while the checker answers. */
function CheckForm({ c, done }: { c: Card; done: (f: First) => void }) {
  const { run, busy } = useDoing()
  const [dose, setDose] = useState('')
  const [volume, setVolume] = useState('')
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  useScan((scan) => {
    setCode(scan)
    return true
  })
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    const d = dose.trim().match(/^(\d{1,9}(?:\.\d{1,6})?)\s*(\S+)$/)
    const bad: Record<string, string> = {}
    if (!d) bad.dose = 'Number and unit, please: 750 mg.'
    if (!/^\d{1,6}(\.\d{1,4})?$/.test(volume.trim())) bad.volume = 'A number, please.'
    if (!code.trim()) bad.barcode = 'Scan the bag, or type what its label says.'
    setWrong(bad)
    if (!d || Object.keys(bad).length) return
    const o = await run('prep.check', { prep: c.prep!, barcode: code.trim(), dose: { value: Number(d[1]), unit: d[2] }, volume: Number(volume) }, { done: 'Checked. Compare below.', own: true })
    if (o.ok) done({ dose: dose.trim(), volume: volume.trim() })
    else if (o.problem && !o.problem.refusals?.length && o.problem.status) setWrong({ [(o.problem.field ?? '').split('.').pop() || 'form']: o.problem.detail ?? o.problem.title })
  }
  const field = (name: string, label: string, hint: string, value: string, set: (v: string) => void, more: object = {}) => (
    <div className="field">
      <label htmlFor={`check-${name}`}>{label}</label>
      <input id={`check-${name}`} className="input" autoComplete="off" value={value} aria-invalid={!!wrong[name]} aria-describedby={`check-${name}-says`} onChange={(e) => set(e.target.value)} {...more} />
      <div id={`check-${name}-says`}>{wrong[name] ? <div className="wrong" role="alert">{wrong[name]}</div> : <div className="hint">{hint}</div>}</div>
    </div>
  )
  return (
    <form className="blind form-grid" onSubmit={(e) => void submit(e)} noValidate>
      <p><b>You answer first.</b> <span className="quiet">Work the dose out from the order and read the bag; the maker's answer and the derivation are shown beside yours afterwards.</span></p>
      {field('dose', 'Dose', 'your own result, with its unit', dose, setDose, { autoFocus: true })}
      {field('volume', 'Volume in the bag, mL', 'read from the bag', volume, setVolume, { inputMode: 'decimal' })}
      {field('barcode', 'Barcode', 'scan it at any time, wherever you are', code, setCode)}
      {(wrong.form || wrong.prep) && <div className="field"><div className="wrong" role="alert">{wrong.form ?? wrong.prep}</div></div>}
      <div className="form-foot" style={{ marginTop: 0 }}><button type="submit" className="btn main" disabled={busy}>This is what I see</button></div>
    </form>
  )
}

function Revealed({ first, p, c }: { first: First; p: Prep; c: Card }) {
  const plan = useView('plan', { plan: c.plan }, { about: (a) => a.banner?.id })
  const dose = plan.data?.answer.doses.find((d) => d.order === c.order)
  const proof = proofOf(dose?.proof)
  return (
    <>
      <h2>Two answers</h2>
      <table className="compare">
        <thead><tr><th /><th>You</th><th>The maker</th></tr></thead>
        <tbody>
          <tr><th scope="row">Dose</th><td>{first.dose}</td><td>{qty(p.dose.value, p.dose.unit)}</td></tr>
          <tr><th scope="row">Volume</th><td>{first.volume} mL</td><td>{qty(p.volume, 'mL')}</td></tr>
          <tr><th scope="row">Barcode</th><td>read</td><td>{p.id}</td></tr>
        </tbody>
      </table>
      {proof && <details className="derived"><summary>How the dose was derived</summary><Proof p={proof} dose={dose?.dose} /></details>}
    </>
  )
}

function Worksheet({ p, who }: { p: Prep; who: (id?: string) => string }) {
  const s = sheetOf(p)
  const wasted = s.vial_cost && s.opened_mg ? s.vial_cost * p.waste.value / s.opened_mg : undefined
  return (
    <>
      <h2>Worksheet</h2>
      {s.says && <p className="small" style={{ marginBottom: 6 }}>{s.says}</p>}
      <table className="table worksheet">
        <thead><tr><th className="num">Vials</th><th>Of</th><th>Lot</th><th>Expires</th><th>Owner</th></tr></thead>
        <tbody>{vialsOf(p).map((v, i) => <tr key={i}><td className="num"><b>{v.count} ×</b></td><td className="nowrap">{qty(v.amount, 'mg')}</td><td>{v.lot}</td><td className="nowrap">{date(v.expires)}</td><td>{v.owner}</td></tr>)}</tbody>
      </table>
      <dl className="pairs small" style={{ marginTop: 8 }}>
        <dt>Drug</dt><dd><b>{qty(p.dose.value, p.dose.unit)}</b> in {qty(p.drug_ml, 'mL')}</dd>
        <dt>Diluent</dt><dd>{p.diluent ? <>{qty(p.diluent_ml, 'mL')} {drugWords(p.diluent)}</> : 'none'}</dd>
        <dt>In the bag</dt><dd>{qty(p.volume, 'mL')}, {qty(p.concentration.value, p.concentration.unit, 4)}</dd>
        <dt>Waste</dt><dd>{p.waste.value ? <><b>{qty(p.waste.value, p.waste.unit)}</b>{wasted !== undefined && `, ${money(wasted)} of ${money(s.vial_cost)} in vials`}</> : <>none{s.vial_cost !== undefined && `, vials ${money(s.vial_cost)}`}</>}</dd>
        {s.vials_says && <><dt>Why these</dt><dd className="quiet">{s.vials_says}</dd></>}
        <dt>Made by</dt><dd>{who(p.made_by)} <span className="quiet"><When t={p.made_at} /></span></dd>
        {p.checked_by && <><dt>Checked by</dt><dd>{who(p.checked_by)} <span className="quiet">{p.checked_at && <When t={p.checked_at} />}</span></dd></>}
        {p.released_by && <><dt>Released by</dt><dd>{who(p.released_by)} <span className="quiet">{p.released_at && <When t={p.released_at} />}</span></dd></>}
      </dl>
    </>
  )
}

function LabelPaper({ p, c, who, site, demo }: { p: Prep; c: Card; who: (id?: string) => string; site: string; demo: boolean }) {
  const dead = p.state === 'killed'
  return (
    <>
      <h2 className="row">Label {dead ? <StateBadge state="killed" /> : <a className="btn low push" href={`/api/print/label/${encodeURIComponent(p.id)}.pdf`} target="_blank" rel="noreferrer">Print (PDF)</a>}</h2>
      <div className={`label-paper ${dead ? 'dead' : ''}`}>
        <div className="row"><span className="grow">{site}</span>{demo && <b>DEMO</b>}</div>
        <div className="big">{c.name}{c.chair && <span style={{ float: 'right' }}>{c.chair}</span>}</div>
        <div className="drug">{c.drug_name}</div>
        <div className="big">{qty(p.dose.value, p.dose.unit)} in {qty(p.volume, 'mL')}</div>
        {p.diluent && <div>{drugWords(p.diluent)} {qty(p.diluent_ml, 'mL')}</div>}
        {p.beyond_use && <div><b>Start by {day(p.beyond_use)} {clock(p.beyond_use)}</b></div>}
        <div>Bag {p.id}. Made {who(p.made_by)}{p.checked_by ? `, checked ${who(p.checked_by)}` : ', not checked yet'}</div>
        <div className="code">{p.barcode}</div>
      </div>
    </>
  )
}
