// The shelf: vials by drug, first to expire first; receiving and recalling.
import type { Stock } from '../../api'
import { useKeys } from '../../input/keyboard'
import { useView } from '../../net/view'
import { careNow } from '../../shell/clock'
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import { date, drugWords } from '../../ui/format'
import { ViewStates } from '../../ui/Page'

const SOON_DAYS = 60

export function Shelf() {
  const { mayDo } = useSession()
  const { ask } = useDoing()
  const query = useView('stock', {}, { everyCareSeconds: 600 })
  const receive = (s?: Stock) => void ask({
    command: 'stock.receive', input: s ? { drug: s.drug, product: s.product } : {}, asks: ['patient'], title: s ? `Vials of ${drugWords(s.drug)} came in` : 'Vials came in', first: { owner: 'bought' },
    labels: { patient: 'Patient, if white-bagged' }, done: 'On the shelf.',
  })
  useKeys('Shelf', mayDo('stock.receive') ? [{ key: 'i', says: 'Vials came in', run: () => receive() }] : [])
  return (
    <ViewStates query={query}>{(a) => {
      const drugs = [...new Set(a.stock.map((s) => s.drug))]
      return (
        <>
          <div className="head"><h1 className="grow">Shelf</h1>{mayDo('stock.receive') && <button type="button" className="btn low" onClick={() => receive()}>Vials came in <kbd>I</kbd></button>}</div>
          <p className="quiet small">Choose a card to work on it, or scan its bag.</p>
          {!drugs.length && <p className="quiet" style={{ marginTop: 10 }}>The shelf is empty. Record what came in; nothing can be mixed before.</p>}
          {drugs.map((d) => (
            <section key={d}>
              <h2>{drugWords(d)} <span className="quiet">{a.stock.filter((s) => s.drug === d && !s.recalled).reduce((n, s) => n + s.vials, 0)} vials</span></h2>
              <table className="table">
                <thead><tr><th>Vial</th><th>Lot</th><th>Expires</th><th className="num">Left</th>{mayDo('stock.recall') && <th><span className="hidden-text">Recall</span></th>}</tr></thead>
                <tbody>{a.stock.filter((s) => s.drug === d).map((s) => {
                  const left = (Date.parse(s.expires) - careNow()) / 86_400_000
                  return (
                    <tr key={s.id}>
                      <td className="nowrap">{s.product.replaceAll('_', ' ')}{s.owner !== 'bought' && <div className="tiny quiet">{s.owner}</div>}</td>
                      <td>{s.recalled ? <><s>{s.lot}</s> <b>recalled</b></> : s.lot}</td>
                      <td className="nowrap">{left < SOON_DAYS ? <b>! {date(s.expires)}</b> : date(s.expires)}</td>
                      <td className="num"><b>{s.vials}</b></td>
                      {mayDo('stock.recall') && <td>{!s.recalled && <button type="button" className="btn bare low" style={{ minHeight: 22, padding: '0 4px', fontWeight: 400 }} onClick={() => void ask({ command: 'stock.recall', input: { drug: s.drug, lot: s.lot }, reason: 'Which notice says so', title: `Recall lot ${s.lot}`, button: 'Recall it', intro: <p className="quiet">Its vials cannot be drawn any more, and no bag made of it is released.</p>, done: 'Recalled.' })}>Recall…</button>}</td>}
                    </tr>
                  )
                })}</tbody>
              </table>
            </section>
          ))}
        </>
      )
    }}</ViewStates>
  )
}
