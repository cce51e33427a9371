// A question to the prescriber about an order, and the reply: while it is open, nothing goes on.
import { useSession } from '../../shell/session'
import { useDoing } from '../../ui/Commands'
import type { PharmacyCard } from '../../api'

export function Query({ c }: { c: PharmacyCard }) {
  const { mayDo } = useSession()
  const { ask } = useDoing()
  return (
    <div className="small" style={{ marginBottom: 8 }}>
      {c.query_text && <p><span className="badge plain">{c.query ? '? asked' : '✓ answered'}</span> {c.query_text}{c.reply && <> <b>{c.reply}</b></>}</p>}
      {c.query && mayDo('order.reply') && <button type="button" className="btn low" onClick={() => void ask({ command: 'order.reply', input: { query: c.query! }, title: 'Reply, or take your question back', intro: <p className="quiet">{c.query_text}</p>, button: 'Send', done: 'Settled.' })}>Take it back…</button>}
      {!c.query && mayDo('order.query') && !['given', 'part given', 'cancelled', 'hung', 'used'].includes(c.state) && <button type="button" className="btn low" onClick={() => void ask({ command: 'order.query', input: { order: c.order }, title: 'Ask the prescriber', intro: <p className="quiet">{c.drug_name} {c.dose}. Nothing of it goes on before the reply.</p>, button: 'Ask', done: 'Asked. It waits for the reply.' })}>Ask the prescriber…</button>}
    </div>
  )
}
