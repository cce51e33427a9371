// /plans/PATIENT: the latest plan, or making one. /plan/PLAN: that plan.
import { useView } from '../../net/view'
import type { PageProps } from '../../shell/pages'
import { useQueryValue } from '../../shell/router'
import { useSession } from '../../shell/session'
import { Empty, ViewStates } from '../../ui/Page'
import { MakePlan } from './MakePlan'
import { PlanPage } from './PlanPage'

export default function PlanFor({ patient, plan }: PageProps) {
  return plan ? <PlanPage key={plan} plan={plan} /> : <Latest patient={patient} />
}

function Latest({ patient }: { patient: string }) {
  const { mayDo } = useSession()
  const [making, setMaking] = useQueryValue('new')
  const query = useView('patients', {}, { everyCareSeconds: 600 })
  return (
    <ViewStates query={query}>{(a) => {
      const row = a.patients.find((p) => p.id === patient)
      if (!row) return <Empty title="There is no such patient">Search with <kbd>Ctrl</kbd> <kbd>K</kbd>.</Empty>
      if (row.plan && !making) return <PlanPage key={row.plan} plan={row.plan} />
      if (!mayDo('plan.make')) return <Empty title={`${row.name} has no plan yet`}>A prescriber makes one; it appears here by itself.</Empty>
      return <MakePlan patient={patient} done={() => setMaking(null)} />
    }}</ViewStates>
  )
}
