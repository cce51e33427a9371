// Who this page is about: the same place, the same order on every page (ISB 1505).
import type { Banner } from '../api'
import { day } from './format'
import { Link } from '../shell/router'

function age(days: number): string {
  if (days === 0) return 'today'
  if (days === 1) return 'yesterday'
  return days < 60 ? `${days} days ago` : `${Math.round(days / 30)} months ago`
}

export function PatientBanner({ b, children }: { b: Banner; children?: React.ReactNode }) {
  return (
    <section className="banner" aria-label="Patient">
      <Link to={`/explain/${b.id}`} className="who" style={{ color: 'inherit', textDecoration: 'none' }} title="The story of this patient">{b.name}</Link>
      <span className="item"><span>born</span>{b.born} ({b.age} y)</span>
      <span className="item"><span>sex</span>{b.sex}</span>
      <span className="item"><span>identifier</span>{b.mrn}</span>
      <span className="item"><span>weight</span>{b.weight ? <>{b.weight}{b.weight_days !== undefined && <i className="quiet" style={{ fontStyle: 'normal' }} title={b.weight_at && day(b.weight_at)}> ({age(b.weight_days)})</i>}</> : 'not recorded'}</span>
      <span className={`item allergy ${b.allergy_state === 'recorded' ? 'recorded' : ''}`}><span>allergies</span>{b.allergy_state === 'not recorded' ? 'not recorded' : b.allergies}</span>
      <span className="item"><span>line</span>{b.line ?? 'none recorded'}</span>
      {b.alerts?.split('|').filter(Boolean).map((a) => <span key={a} className="alert">{a}</span>)}
      {children && <span className="push row">{children}</span>}
    </section>
  )
}
