// Vein access in three taps: kind, size, where.
import { useState } from 'react'
import { useDoing } from '../../ui/Commands'
import { Dialog } from '../../ui/Dialog'

const kinds = ['peripheral', 'midline', 'PICC', 'port']
const sizes = ['24 G', '22 G', '20 G', '18 G']
const needle = ['20 G needle', '19 G needle', '22 G needle']
const arm = ['left forearm', 'right forearm', 'left hand', 'right hand', 'left elbow', 'right elbow']
const upper = ['left upper arm', 'right upper arm']
const chest = ['right chest', 'left chest']

export function LineDialog({ visit, close }: { visit: string; close: () => void }) {
  const { run } = useDoing()
  const [kind, setKind] = useState('peripheral')
  const [size, setSize] = useState('')
  const [site, setSite] = useState('')
  const [wrong, setWrong] = useState('')
  const bySize = kind === 'peripheral' ? sizes : kind === 'port' ? needle : []
  const bySite = kind === 'peripheral' ? arm : kind === 'port' ? chest : upper
  const text = [kind + (size ? ' ' + size : ''), site].filter(Boolean).join(', ')
  const submit = async () => {
    if (!site || (bySize.length && !size)) return setWrong(!site ? 'Say where it is.' : 'Say which size.')
    const o = await run('line.place', { visit, line: text }, { done: `Vein access: ${text}.`, own: true })
    if (o.ok) close()
    else if (o.problem && !o.problem.refusals?.length && o.problem.status) setWrong(o.problem.detail ?? o.problem.title)
  }
  const choose = (title: string, all: string[], chosen: string, set: (v: string) => void, first = false) => all.length > 0 && (
    <div className="field"><div className="label">{title}</div><div className="choices" role="group" aria-label={title}>
      {all.map((c, i) => <button key={c} type="button" className={`btn ${chosen === c ? 'chosen' : ''}`} aria-pressed={chosen === c} onClick={() => { setWrong(''); set(c) }} {...(first && i === 0 ? { 'data-autofocus': true } : {})}>{c}</button>)}
    </div></div>
  )
  return (
    <Dialog title="Vein access" close={close} keys={[{ key: 'Enter', says: 'Record', run: () => void submit() }]}>
      <div className="form-grid">
        {choose('Kind', kinds, kind, (k) => { setKind(k); setSize(''); setSite('') }, true)}
        {choose('Size', bySize, size, setSize)}
        {choose('Where', bySite, site, setSite)}
        {wrong && <div className="field"><div className="wrong" role="alert">{wrong}</div></div>}
      </div>
      <div className="form-foot"><span className="grow quiet">{text}</span><button type="button" className="btn" onClick={close}>Cancel</button><button type="button" className="btn main" onClick={() => void submit()}>Record</button></div>
    </Dialog>
  )
}
