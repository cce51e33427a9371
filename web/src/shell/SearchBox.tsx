// One box takes everything: a name, a number, a scan.
import { useEffect, useId, useRef, useState } from 'react'
import { useView } from '../net/view'
import { Dialog } from '../ui/Dialog'
import { go } from './router'

const TYPING_MS = 120

export function SearchBox({ text, close }: { text: string; close: () => void }) {
  const [typed, setTyped] = useState(text)
  const [q, setQ] = useState(text)
  const [at, setAt] = useState(0)
  const list = useId()
  const scanned = useRef(text)
  useEffect(() => {
    const t = setTimeout(() => setQ(typed.trim()), TYPING_MS)
    return () => clearTimeout(t)
  }, [typed])
  const query = useView('search', { q }, { enabled: q.length > 0, everyCareSeconds: 3600 })
  const found = q ? query.data?.answer.found ?? [] : []
  const open = (page: string) => {
    close()
    go(page)
  }
  useEffect(() => { setAt(0) }, [q])
  useEffect(() => {
    // A scan that names one thing goes there at once.
    if (scanned.current && q === scanned.current && found.length === 1) open(found[0].page)
  })
  return (
    <Dialog title="Search" close={close}>
      <input className="input" role="combobox" aria-expanded={found.length > 0} aria-controls={list} aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
        aria-label="A name, a number or a scan" placeholder="A name, a number, a scan" autoComplete="off" data-autofocus value={typed} onChange={(e) => setTyped(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown') setAt((n) => Math.min(n + 1, found.length - 1))
          else if (e.key === 'ArrowUp') setAt((n) => Math.max(n - 1, 0))
          else if (e.key === 'Enter' && found[at]) open(found[at].page)
          else return
          e.preventDefault()
        }} />
      <div className="found-list" role="listbox" id={list} aria-label="Found">
        {found.map((f, i) => (
          <div key={f.kind + f.id} id={`${list}-${i}`} role="option" aria-selected={i === at} className="found" onClick={() => open(f.page)} onMouseMove={() => setAt(i)}>
            <span className="badge plain" style={{ minWidth: 52, justifyContent: 'center' }}>{f.kind}</span><span className="grow clip">{f.text}</span>
          </div>
        ))}
      </div>
      {q && query.data && !found.length && <p className="quiet" style={{ padding: 8 }}>Nothing here is called “{q}”. Try the family name, the identifier or the code on the bag.</p>}
      {!q && <p className="quiet small" style={{ padding: '8px 2px' }}>Patients, visits, plans, bags, pumps, staff and chairs.</p>}
    </Dialog>
  )
}
