// Every page: its address, who sees it in the rail, and its code, loaded when it is first opened. A new page is one entry.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import type { Role } from '../api'
import type { IconName } from '../ui/icons'

export type PageProps = Record<string, string>
export interface PageDef {
  path: string
  /** In the rail, for these roles; none: reached by link only. */
  rail?: { name: string; icon: IconName; roles: Role[]; key: string }
  page: LazyExoticComponent<ComponentType<PageProps>>
  /** Opened from the rail entry with this path. */
  under?: string
}

const clinical: Role[] = ['prescriber', 'pharmacist', 'technician', 'nurse']
const staff: Role[] = [...clinical, 'scheduler', 'biller', 'formulary', 'administrator']

const load = (f: () => Promise<{ default: ComponentType<PageProps> }>) => lazy(f)

export const pages: PageDef[] = [
  { path: '/floor', rail: { name: 'Floor', icon: 'floor', roles: staff, key: '1' }, page: load(() => import('../pages/floor/Floor')) },
  { path: '/bedside', rail: { name: 'Bedside', icon: 'bedside', roles: ['nurse', 'prescriber'], key: '2' }, page: load(() => import('../pages/bedside/BedsideList')) },
  { path: '/bedside/:visit', under: '/bedside', page: load(() => import('../pages/bedside/Bedside')) },
  { path: '/chart/:visit', under: '/bedside', page: load(() => import('../pages/chart/Chart')) },
  { path: '/plans', rail: { name: 'Plans', icon: 'plans', roles: clinical, key: '3' }, page: load(() => import('../pages/plans/Plans')) },
  { path: '/plans/:patient', under: '/plans', page: load(() => import('../pages/plans/PlanFor')) },
  { path: '/plan/:plan', under: '/plans', page: load(() => import('../pages/plans/PlanFor')) },
  { path: '/pharmacy', rail: { name: 'Pharmacy', icon: 'pharmacy', roles: ['pharmacist', 'technician', 'nurse'], key: '4' }, page: load(() => import('../pages/pharmacy/Pharmacy')) },
  { path: '/patient/:patient', page: load(() => import('../pages/patient/Patient')) },
  { path: '/reads/:patient', page: load(() => import('../pages/reads/Reads')) },
  { path: '/schedule', rail: { name: 'Schedule', icon: 'schedule', roles: ['scheduler', 'nurse', 'prescriber', 'pharmacist', 'administrator'], key: '5' }, page: load(() => import('../pages/schedule/Schedule')) },
  { path: '/ready', rail: { name: 'Ready', icon: 'ready', roles: staff, key: '6' }, page: load(() => import('../pages/ready/Ready')) },
  { path: '/charges', rail: { name: 'Charges', icon: 'charges', roles: ['biller', 'nurse', 'administrator'], key: '7' }, page: load(() => import('../pages/charges/Charges')) },
  { path: '/charge/:visit', under: '/charges', page: load(() => import('../pages/charges/Charge')) },
  { path: '/charge/:visit/statement', under: '/charges', page: load(() => import('../pages/charges/Statement')) },
  { path: '/interfaces', rail: { name: 'Interfaces', icon: 'interfaces', roles: ['administrator'], key: '8' }, page: load(() => import('../pages/interfaces/Interfaces')) },
  { path: '/explain/:id', page: load(() => import('../pages/explain/Explain')) },
]

/** Where someone begins. */
export function home(roles: Role[], patient?: string): string {
  if (roles.includes('patient') && patient) return `/patient/${patient}`
  const rail = pages.find((p) => p.path === ({ prescriber: '/plans', pharmacist: '/pharmacy', technician: '/pharmacy', scheduler: '/schedule', biller: '/charges' } as Partial<Record<Role, string>>)[roles[0]])
  return rail?.path ?? '/floor'
}
