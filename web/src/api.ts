// Printed by venule-describe from the tables of commands, views and records. Do not edit: `ninja -C build describe`.
/* eslint-disable */

/** RFC 3339, UTC. */
export type Time = string
/** YYYY-MM-DD. */
export type Day = string
export interface Quantity { value: number; unit: string }
export interface Refused {
  id?: string
  rule: string
  severity: 'hard stop' | 'needs a reason' | 'note'
  says: string
  facts: unknown
  facts_hash: string
  /** roles that may override, separated by spaces */
  who?: string
}
export interface Problem { type: string; title: string; status: number; detail?: string; field?: string; refusals?: Refused[] }
export interface Note { rule: string; severity: string; says: string; facts: unknown }
export interface Accepted {
  seq: number
  id?: string
  events: { seq: number; type: string; subject: string }[]
  notes: Note[]
  result?: unknown
}
export interface Override { rule: string; facts: string; reason: string }
/** What a command's body holds beside its input. */
export interface Said { happened?: Time; reason?: string; override?: Override[] }
export interface LiveEvent { seq: number; topic: string; id: string }

export type Role = 'prescriber' | 'pharmacist' | 'technician' | 'nurse' | 'scheduler' | 'biller' | 'formulary' | 'administrator' | 'patient'
/** GET /api/me */
export interface Me {
  id: string
  login: string
  name: string
  badge?: string
  roles: Role[]
  /** for the role patient: who they are */
  patient?: string
  csrf: string
  ends: Time
  site: SiteInfo
  site_number: number
  /** care time; speed_thousandths 1000 is life */
  now: Time
  real_now: Time
  clock: string
  speed_thousandths: number
  demo: boolean
  /** hash of the clinical content in force */
  content?: string
  /** of the content this server has read and content.release would bring into force */
  candidate?: string
}
/** GET /api/demo */
export interface Demo {
  demo: true
  site: string | null
  password: string
  people: { login: string; name: string; roles: string; badge?: string; patient?: string }[]
}

/** the site */
export interface SiteInfo {
  /** always "site" */
  id: string
  /** name on labels and pages */
  name: string
  /** IANA time zone */
  zone: string
  /** where care is given */
  setting: 'hospital' | 'centre' | 'home'
  /** whose charge rules apply */
  billing: 'facility' | 'office'
  /** a demo site may use content nobody approved */
  demo: boolean
  /** whom a patient calls */
  phone?: string
  /** opening, minutes after local midnight [min] */
  opens: number
  /** closing, minutes after local midnight [min] */
  closes: number
}

/** a person who signs in */
export interface Staff {
  /** staff id */
  id: string
  /** sign-in name, unique in the site */
  login: string
  /** name as shown */
  name: string
  /** roles, separated by spaces */
  roles: string
  /** Argon2id hash; never shown */
  password?: string
  /** what the badge's barcode says */
  badge?: string
  /** for the role patient: who they are */
  patient?: string
  /** may sign in */
  active: boolean
  /** Ed25519 public key with which this person signs content, 64 hex digits */
  sign_key?: string
}

/** a place to be treated */
export interface Chair {
  /** number on the chair, as "A3" */
  id: string
  /** pod it stands in */
  pod: string
  /** is a bed */
  bed: boolean
  /** order on the board */
  place: number
  /** in use */
  active: boolean
}

/** a nurse's shift */
export interface Shift {
  /** shift id */
  id: string
  /** who works */
  nurse: string
  /** from */
  start: Time
  /** to */
  end: Time
  /** patients at once, at most */
  patients: number
  /** pod looked after first */
  pod?: string
}

/** a released version of the clinical content */
export interface ContentRelease {
  /** SHA-256 of the canonical content, hex */
  id: string
  /** name of the release */
  version: string
  /** contains entries nobody approved */
  demo: boolean
  /** released */
  at: Time
  /** the two who signed, separated by spaces */
  signed_by: string
  /** the content itself, deflated, base64; shown by the command line only */
  blob?: string
  /** [{staff, key, signature}]: two people's Ed25519 signatures over hash and version */
  signatures?: unknown
}

/** a patient of this site */
export interface Patient {
  /** patient id */
  id: string
  /** identifier on the wristband */
  mrn: string
  /** family name */
  family: string
  /** given names */
  given: string
  /** date of birth */
  born: Day
  /** administrative sex */
  sex: 'male' | 'female' | 'other' | 'unknown'
  /** telephone */
  phone?: string
  /** BCP 47 tag */
  language?: string
  /** state of the allergy list */
  allergies: 'recorded' | 'none known' | 'not recorded'
  /** minutes from home to here [min] */
  travel?: number
}

/** a measured value */
export interface Observation {
  /** observation id */
  id: string
  /** of whom */
  patient: string
  /** our name: weight height creatinine hemoglobin ferritin igg …; else the code */
  name: string
  /** LOINC or other code */
  code?: string
  /** words for the code */
  display?: string
  /** value in our unit */
  value?: Quantity
  /** value that is not a number */
  text?: string
  /** value and unit as received */
  original?: string
  /** when it was measured */
  taken: Time
  /** import, or the staff id who measured */
  source: string
}

/** a diagnosis */
export interface Condition {
  /** condition id */
  id: string
  /** of whom */
  patient: string
  /** code system */
  system?: string
  /** code */
  code?: string
  /** words */
  display: string
  /** clinical status */
  status?: string
  /** since */
  onset?: Time
}

/** an allergy or intolerance */
export interface Allergy {
  /** allergy id */
  id: string
  /** of whom */
  patient: string
  /** to what, or "none known" */
  substance: string
  /** code */
  code?: string
  /** low, high, unable-to-assess */
  criticality?: string
  /** what happened */
  reaction?: string
  /** clinical status */
  status?: string
}

/** an insurance coverage */
export interface Coverage {
  /** coverage id */
  id: string
  /** of whom */
  patient: string
  /** payer id or name */
  payer: string
  /** plan name */
  plan?: string
  /** member number */
  member?: string
  /** active, cancelled */
  status?: string
  /** from */
  start?: Time
  /** until */
  end?: Time
}

/** a medication ordered elsewhere */
export interface MedicationRequest {
  /** id */
  id: string
  /** for whom */
  patient: string
  /** words */
  drug: string
  /** RxNorm or other code */
  code?: string
  /** status in the sending system */
  status?: string
  /** when ordered there */
  authored?: Time
}

/** an encounter elsewhere */
export interface Encounter {
  /** id */
  id: string
  /** of whom */
  patient: string
  /** class: AMB, IMP, HH … */
  kind?: string
  /** type or reason in words */
  reason?: string
  /** status */
  status?: string
  /** from */
  start?: Time
  /** until */
  end?: Time
}

/** a FHIR resource as received */
export interface Resource {
  /** import key: source|type|identifier */
  id: string
  /** FHIR resource type */
  type: string
  /** 1 for the first, +1 for each change */
  version: number
  /** SHA-256 of its canonical form, hex */
  digest: string
  /** stored: a record was made of it; kept: whole, unused */
  use: 'stored' | 'kept'
  /** ids of the records made of it, separated by spaces */
  made?: string
  /** of whom */
  patient?: string
  /** how its sender refers to it: its URN, or source|type|id */
  alias?: string
  /** ledger number of the event that holds its text */
  seq: number
}

/** a treatment plan */
export interface Plan {
  /** plan id */
  id: string
  /** for whom */
  patient: string
  /** regimen id in the content */
  regimen: string
  /** regimen name as shown */
  title: string
  /** ICD-10-CM code */
  indication: string
  /** words */
  indication_text: string
  /** where it stands */
  state: 'draft' | 'signed' | 'verified' | 'stopped' | 'completed'
  /** +1 for each change of an order in it */
  version: number
  /** content release it was made from */
  content: string
  /** who made it */
  prescriber: string
  /** day 1 */
  first_day: Day
  /** signed */
  signed_at?: Time
  /** pharmacist */
  verified_by?: string
  /** verified */
  verified_at?: Time
}

/** a visit of a plan */
export interface Visit {
  /** visit id */
  id: string
  /** of which plan */
  plan: string
  /** whose */
  patient: string
  /** 1 for the first of the plan */
  number: number
  /** the day it is due */
  due: Day
  /** first day allowed */
  earliest: Day
  /** last day allowed */
  latest: Day
  /** where it stands */
  state: 'due' | 'booked' | 'arrived' | 'ok' | 'treating' | 'observing' | 'done' | 'held' | 'skipped' | 'cancelled' | 'not treated'
  /** booked start */
  start?: Time
  /** booked end */
  end?: Time
  /** booked chair */
  chair?: string
  /** booked nurse */
  nurse?: string
  /** check-in, vital signs, line [min] */
  setup_min: number
  /** drugs, as the steps give [min] */
  drug_min: number
  /** observation after [min] */
  observe_min: number
  /** arrived */
  arrived_at?: Time
  /** OK to treat signed */
  ok_at?: Time
  /** who signed OK to treat */
  ok_by?: string
  /** vein access in place */
  line_at?: Time
  /** vein access: kind, size, site */
  line?: string
  /** discharged */
  left_at?: Time
  /** why held, skipped, cancelled or not treated */
  reason?: string
  /** why its booking no longer fits its length: someone finds another time */
  unfit?: string
}

/** one drug ordered for one visit */
export interface MedOrder {
  /** order id */
  id: string
  /** of which plan */
  plan: string
  /** to be given at */
  visit: string
  /** for whom */
  patient: string
  /** drug id in the content */
  drug: string
  /** as shown */
  drug_name: string
  /** order in the visit, from 1 */
  place: number
  /** why it is given */
  role: 'treatment' | 'premedication' | 'hydration'
  /** delivery method */
  method: 'pump' | 'ambulatory pump' | 'elastomeric' | 'gravity' | 'push' | 'injection' | 'oral'
  /** dose ordered */
  dose: Quantity
  /** volume to be infused [mL] */
  volume?: number
  /** rate steps: [{"rate":mL/h,"minutes":n|null}] */
  steps?: unknown
  /** hard limit of the rate for this patient [mL/h] */
  max_rate?: number
  /** planned duration [min] */
  minutes: number
  /** weight the rates are worked out with [kg] */
  weight?: number
  /** where it stands */
  state: 'draft' | 'signed' | 'verified' | 'prepared' | 'running' | 'given' | 'part given' | 'held' | 'cancelled'
  /** +1 for each change; a label carries it */
  version: number
  /** how the dose came about: inputs, formula, steps, cap, rounding, product */
  proof: unknown
  /** the prescriber's words */
  note?: string
}

/** a question about an order */
export interface OrderQuery {
  /** query id */
  id: string
  /** about which order */
  med_order: string
  /** of which plan */
  plan: string
  /** whose */
  patient: string
  /** the question */
  text: string
  /** who asks */
  asked_by: string
  /** when */
  asked_at: Time
  /** where it stands */
  state: 'open' | 'answered'
  /** the reply */
  reply?: string
  /** by whom */
  replied_by?: string
  /** when */
  replied_at?: Time
}

/** a payer's authorisation */
export interface Authorisation {
  /** authorisation id */
  id: string
  /** for whom */
  patient: string
  /** payer */
  payer: string
  /** drug id */
  drug: string
  /** the payer's number */
  number: string
  /** where it stands */
  state: 'asked' | 'granted' | 'denied' | 'ended'
  /** valid from */
  start: Day
  /** valid to */
  end: Day
  /** billing units granted */
  units: number
  /** billing units used by what was given */
  used: number
}

/** a patient's consent */
export interface Consent {
  /** consent id */
  id: string
  /** who consents */
  patient: string
  /** to what */
  plan: string
  /** the decision */
  state: 'given' | 'withdrawn' | 'declined'
  /** when */
  at: Time
  /** who took it */
  witness: string
}

/** a symptom or infection screen */
export interface Screen {
  /** screen id */
  id: string
  /** at which visit */
  visit: string
  /** of whom */
  patient: string
  /** screen id in the content: arrival, infection … */
  kind: string
  /** {question id: answer} */
  answers: unknown
  /** the questions whose answer needs someone: [id] */
  positive: unknown
  /** when */
  at: Time
  /** who asked */
  taker: string
}

/** one set of vital signs */
export interface VitalSigns {
  /** set id */
  id: string
  /** at which visit */
  visit: string
  /** of whom */
  patient: string
  /** why it was taken; or struck out */
  phase: 'baseline' | 'during' | 'rate change' | 'end' | 'after' | 'reaction' | 'entered in error'
  /** when */
  at: Time
  /** temperature [Cel] */
  temp?: number
  /** heart rate [/min] */
  hr?: number
  /** breaths [/min] */
  rr?: number
  /** systolic [mm[Hg]] */
  sbp?: number
  /** diastolic [mm[Hg]] */
  dbp?: number
  /** oxygen saturation [%] */
  spo2?: number
  /** on oxygen */
  oxygen?: boolean
  /** alert, confused, voice, pain, unresponsive */
  acvpu?: 'A' | 'C' | 'V' | 'P' | 'U'
  /** NEWS2, if all of it was measured [{score}] */
  news2?: number
  /** points by parameter */
  news2_parts?: unknown
  /** change rules that fired against the baseline */
  change?: string
  /** who measured */
  taker: string
  /** when it was recorded, if after the fact */
  charted?: Time
}

/** vials of one lot on the shelf */
export interface Stock {
  /** stock id */
  id: string
  /** drug id */
  drug: string
  /** product (vial) id in the content */
  product: string
  /** lot */
  lot: string
  /** last day of use */
  expires: Day
  /** whose drug it is */
  owner: 'bought' | 'white-bagged' | 'free'
  /** white-bagged: for whom */
  patient?: string
  /** vials on hand */
  vials: number
  /** recalled: not to be used */
  recalled: boolean
}

/** one bag prepared */
export interface Prep {
  /** preparation (bag) id; on the label */
  id: string
  /** for which order */
  med_order: string
  /** version of the order it was made from */
  order_version: number
  /** for which visit */
  visit: string
  /** for whom */
  patient: string
  /** drug id */
  drug: string
  /** where it stands */
  state: 'started' | 'labelled' | 'checked' | 'released' | 'hung' | 'used' | 'killed' | 'wasted'
  /** drug in the bag */
  dose: Quantity
  /** vials drawn: [{"stock","product","lot","expires","owner","count","amount"}] */
  vials: unknown
  /** drug drawn and thrown away */
  waste: Quantity
  /** volume of drug [mL] */
  drug_ml: number
  /** diluent */
  diluent?: string
  /** volume of diluent [mL] */
  diluent_ml?: number
  /** volume in the bag [mL] */
  volume: number
  /** drug per volume */
  concentration: Quantity
  /** must be started by */
  beyond_use?: Time
  /** GS1 element string on the label, human form */
  barcode?: string
  /** vials, diluent, waste, beyond-use: how worked out */
  proof?: unknown
  /** technician */
  made_by: string
  /** started */
  made_at: Time
  /** second person */
  checked_by?: string
  /** checked */
  checked_at?: Time
  /** pharmacist */
  released_by?: string
  /** released */
  released_at?: Time
  /** why killed or wasted */
  reason?: string
}

/** an infusion pump */
export interface Pump {
  /** serial number, as the pump sends it and its barcode says */
  id: string
  /** model */
  model: string
  /** channels, named A, B, … */
  channels: number
  /** in use */
  active: boolean
}

/** another name of a pump */
export interface PumpAlias {
  /** serial as the pump or its gateway sends it */
  id: string
  /** which registered pump that is */
  pump: string
}

/** messages that could not be used */
export interface FailedMessage {
  /** id of the failure */
  id: string
  /** sending application and facility */
  sender: string
  /** code, place and pump: what makes failures the same */
  cause: string
  /** the sender they have in the inbox */
  box: string
  /** the first of them: its message control id */
  message: string
  /** HL7 table 0357 */
  code: number
  /** segment at fault */
  segment?: string
  /** which of that name, from 1 */
  nth?: number
  /** field at fault; absent: the segment as a whole */
  field?: number
  /** the rule that failed, in words */
  says: string
  /** serial, if the message names one */
  pump?: string
  /** when the first came */
  since: Time
  /** again: to be taken in once more */
  state: 'open' | 'again' | 'settled' | 'put aside'
  /** what the field at fault is to hold instead, when taken in again */
  fix?: string
  /** messages taken in after all */
  taken?: number
  /** what came of the last try */
  outcome?: string
}

/** one bag running into one patient */
export interface Infusion {
  /** infusion id */
  id: string
  /** at which visit */
  visit: string
  /** into whom */
  patient: string
  /** what was ordered */
  med_order: string
  /** which bag */
  prep?: string
  /** drug id */
  drug: string
  /** as shown */
  drug_name: string
  /** delivery method */
  method: 'pump' | 'ambulatory pump' | 'elastomeric' | 'gravity' | 'push' | 'injection' | 'oral'
  /** which pump */
  pump?: string
  /** which channel */
  channel?: string
  /** volume to be infused [mL] */
  ordered_ml: number
  /** drug per volume */
  concentration: Quantity
  /** where it stands */
  state: 'associated' | 'waiting' | 'running' | 'paused' | 'kvo' | 'ended' | 'uncertain' | 'reconciled'
  /** how sure the volume is */
  certainty: 'certain' | 'uncertain when' | 'uncertain total' | 'stated'
  /** rate now [mL/h] */
  rate?: number
  /** given so far, keep-open apart [mL] */
  volume: number
  /** given at keep-open rate [mL] */
  kvo_ml: number
  /** patient, bag, pump and order tied together */
  associated_at: Time
  /** first flow */
  started?: Time
  /** last flow, once ended */
  ended?: Time
  /** last fact about it */
  heard?: Time
  /** the drug last stopped flowing, for good or not */
  stopped?: Time
  /** up to here the volume is counted; what flowed since is not in it */
  counted?: Time
  /** minutes at this rate count from here, pauses left out; absent while nothing flows */
  rate_since?: Time
  /** the rate last changed while it ran, or first flow */
  rate_changed?: Time
  /** who hung it */
  nurse: string
  /** what is not known */
  why_uncertain?: string
}

/** one fact about flow */
export interface FlowFact {
  /** fact id */
  id: string
  /** which; absent while nobody tied the channel to a patient */
  infusion?: string
  /** pump */
  pump?: string
  /** channel */
  channel?: string
  /** associate start rate stop resume complete kvo counter reset flush stated lost disassociate …: clinic/flow.h; void: struck out */
  kind: string
  /** by our clock */
  happened: Time
  /** sender of the message, or staff id */
  sender: string
  /** message id, unique by sender */
  message: string
  /** who says so */
  source: 'pump' | 'nurse' | 'patient'
  /** rate from now on [mL/h] */
  rate?: number
  /** the pump's counter, or the volume stated [mL] */
  total?: number
  /** step of the counter [mL] */
  resolution?: number
  /** why */
  reason?: string
  /** a person's: when it was recorded, if after the fact */
  charted?: Time
}

/** a pump alarm */
export interface Alarm {
  /** alarm id: pump and the sender's alert id */
  id: string
  /** pump */
  pump: string
  /** channel */
  channel?: string
  /** infusion on that channel */
  infusion?: string
  /** MDC code */
  code: number
  /** words */
  text: string
  /** IEC 60601-1-8 */
  priority: 'high' | 'medium' | 'low'
  /** sounding or over */
  state: 'active' | 'ended'
  /** from */
  started: Time
  /** to */
  ended?: Time
  /** who answered it */
  seen_by?: string
}

/** a barcode read at the bedside */
export interface Scan {
  /** scan id */
  id: string
  /** at which visit */
  visit?: string
  /** for which infusion */
  infusion?: string
  /** what was read */
  what: 'patient' | 'bag' | 'pump' | 'badge'
  /** what it said */
  code: string
  /** typed, not scanned */
  typed: boolean
  /** why typed */
  reason?: string
  /** by whom */
  nurse: string
  /** when */
  at: Time
}

/** a reaction */
export interface Reaction {
  /** reaction id */
  id: string
  /** at which visit */
  visit: string
  /** whose */
  patient: string
  /** during which infusion */
  infusion?: string
  /** first sign */
  onset: Time
  /** CTCAE grade 1 to 5 [{score}] */
  grade: number
  /** symptoms, separated by commas */
  symptoms: string
  /** rate at onset [mL/h] */
  rate?: number
  /** what was done and given */
  actions?: string
  /** where it stands; or struck out */
  state: 'open' | 'treated' | 'closed' | 'entered in error'
  /** a pump event or a person confirmed the stop */
  stop_seen: boolean
  /** by the drug's table and an order */
  restart?: 'never' | 'allowed' | 'ordered' | 'restarted'
  /** rate ordered for the restart [mL/h] */
  restart_rate?: number
  /** prescriber who ordered the restart */
  restart_by?: string
  /** what to do differently next time */
  next_time?: string
  /** when it was recorded, if after the fact */
  charted?: Time
}

/** a patient's question */
export interface Question {
  /** question id */
  id: string
  /** who asks */
  patient: string
  /** the question, or how they feel */
  text: string
  /** asked */
  at: Time
  /** red-flag words found */
  red_flag?: string
  /** what was said at once */
  told?: string
  /** where it stands */
  state: 'open' | 'answered'
  /** the answer */
  answer?: string
  /** by whom */
  answered_by?: string
  /** when */
  answered_at?: Time
}

/** the charges of one visit */
export interface Charge {
  /** charge id, one a visit */
  id: string
  /** for which visit */
  visit: string
  /** whose */
  patient: string
  /** made by the engine; final: checked by a biller */
  state: 'made' | 'final' | 'corrected'
  /** content release of the rules */
  pack: string
  /** +1 when a late fact changed it */
  revision: number
  /** SHA-256 of the facts it was made from */
  facts: string
  /** sum of the lines [{currency}] */
  total: number
  /** biller */
  final_by?: string
  /** made */
  at: Time
}

/** one line of a charge */
export interface ChargeLine {
  /** line id */
  id: string
  /** of which charge */
  charge: string
  /** for which visit */
  visit: string
  /** revision of the charge it belongs to */
  revision: number
  /** order on the claim */
  place: number
  /** our role: TPD_INF_INIT …, DRUG, DRUG_WASTE */
  role: string
  /** the site's code for the role */
  code?: string
  /** drug id */
  drug?: string
  /** separated by spaces */
  modifiers?: string
  /** billing units */
  units: number
  /** units × the site's price [{currency}] */
  amount?: number
  /** minutes that made it [min] */
  minutes?: number
  /** first minute */
  start?: Time
  /** last minute */
  end?: Time
  /** infusion or preparation ids, separated by spaces */
  events?: string
  /** the sentence that made it */
  says: string
}

/** the patient's advance notice about a drug */
export interface ChargeNotice {
  /** notice id */
  id: string
  /** for which visit */
  visit: string
  /** whose */
  patient: string
  /** drug id */
  drug: string
  /** signed before the service, or there is none */
  state: 'signed' | 'none'
  /** signed: on which day */
  signed_on?: Day
  /** the biller's words */
  reason: string
  /** biller */
  by: string
  /** when this was recorded */
  at: Time
}

/** a time that was offered */
export interface Offer {
  /** offer id */
  id: string
  /** for which visit */
  visit: string
  /** 1 is the best */
  place: number
  /** from */
  start: Time
  /** to */
  end: Time
  /** chair */
  chair: string
  /** nurse */
  nurse: string
  /** why here, in one sentence */
  says: string
}

/** a rule that said no */
export interface Refusal {
  /** refusal id */
  id: string
  /** what was asked */
  command: string
  /** about whom */
  patient?: string
  /** rule id in the content */
  rule: string
  /** severity */
  severity: 'hard stop' | 'needs a reason' | 'note'
  /** the sentence shown */
  says: string
  /** what it was decided from */
  facts: unknown
  /** an override is void if this differs */
  facts_hash: string
  /** roles that may override */
  who?: string
  /** who overrode it */
  overridden_by?: string
  /** with which reason */
  reason?: string
  /** when */
  at: Time
}

/** a value told otherwise later */
export interface Correction {
  /** correction id */
  id: string
  /** kind of record: vital_signs, flow_fact … */
  record: string
  /** id of the record corrected */
  about: string
  /** its field */
  field: string
  /** value before; absent: none */
  was?: string
  /** value since; absent: none */
  now?: string
  /** at which visit */
  visit?: string
  /** of which infusion */
  infusion?: string
  /** whose */
  patient: string
  /** why */
  reason: string
  /** who */
  by: string
  /** when */
  at: Time
}

/** a person who may sign in */
export interface StaffAddIn {
  /** sign-in name */
  login: string
  /** name as shown */
  name: string
  /** roles, separated by spaces */
  roles: string
  /** Argon2id hash of the password, made by the caller of the command */
  hash: string
  /** badge code */
  badge?: string
  /** for the role patient */
  patient?: string
}

/** a new password */
export interface StaffPasswordIn {
  /** whose */
  staff: string
  /** Argon2id hash of the new password, made by the caller of the command */
  hash: string
}

/** what changes about a person */
export interface StaffChangeIn {
  /** who */
  staff: string
  /** all roles from now on */
  roles?: string
  /** may sign in */
  active?: boolean
  /** badge code */
  badge?: string
  /** Ed25519 public key for signing content, 64 hex digits */
  sign_key?: string
}

/** a nurse's shift */
export interface ShiftAddIn {
  /** who works */
  nurse: string
  /** from */
  start: Time
  /** to */
  end: Time
  /** patients at once */
  patients: number
  /** pod looked after first */
  pod?: string
}

/** content to bring into force */
export interface ContentReleaseIn {
  /** SHA-256 of the content, as the server shows it */
  hash: string
  /** name of the release */
  version: string
  /** staff id of the second person who signs */
  second: string
  /** [{staff, signature}] of both, made by `venule content sign`; needed outside a demo site */
  signatures?: unknown
  /** the content itself, deflated, base64; added by the server */
  blob?: string
}

/** draft a plan: every dose computed and proven */
export interface PlanMakeIn {
  /** for whom */
  patient: string
  /** regimen id */
  regimen: string
  /** ICD-10-CM code, one the regimen is offered for */
  indication: string
  /** day 1 */
  first_day: Day
}

/** a plan */
export interface PlanIdIn {
  /** which plan */
  plan: string
}

/** delay a visit and those after it */
export interface VisitDelayIn {
  /** which visit */
  visit: string
  /** 1 or more later; the later visits of the plan move too [d] */
  days: number
}

/** a visit */
export interface VisitIdIn {
  /** which visit */
  visit: string
}

/** change a dose */
export interface OrderChangeIn {
  /** which order */
  order: string
  /** new dose */
  dose: Quantity
  /** to pharmacist and nurse */
  note?: string
}

/** an order */
export interface OrderIdIn {
  /** which order */
  order: string
}

/** a question about an order */
export interface OrderQueryIn {
  /** about which order */
  order: string
  /** the question */
  text: string
}

/** the reply */
export interface OrderReplyIn {
  /** which question */
  query: string
  /** the reply; who asked may take the question back */
  reply: string
}

/** ask for times */
export interface VisitOfferIn {
  /** which visit */
  visit: string
  /** this day only; else the days of its window */
  day?: Day
  /** how many offers, 1 to 12; 5 if left out */
  count?: number
}

/** book or move a visit */
export interface VisitBookIn {
  /** which visit */
  visit: string
  /** an offer made before; else: */
  offer?: string
  /** start */
  start?: Time
  /** chair */
  chair?: string
  /** nurse */
  nurse?: string
}

/** the payer's answer */
export interface AuthorisationRecordIn {
  /** for whom */
  patient: string
  /** drug id */
  drug: string
  /** payer */
  payer: string
  /** the payer's number */
  number: string
  /** the answer */
  state: 'asked' | 'granted' | 'denied'
  /** valid from */
  start: Day
  /** valid to */
  end: Day
  /** billing units granted */
  units: number
}

/** the patient's decision */
export interface ConsentRecordIn {
  /** to which plan */
  plan: string
  /** the decision */
  state: 'given' | 'withdrawn' | 'declined'
}

/** another chair or nurse */
export interface VisitSeatIn {
  /** which visit */
  visit: string
  /** other chair */
  chair?: string
  /** other nurse */
  nurse?: string
}

/** an allergy, or that there is none */
export interface AllergyRecordIn {
  /** who was asked */
  patient: string
  /** to what; left out: asked, none known */
  substance?: string
  /** what happened */
  reaction?: string
}

/** answers to a screen */
export interface ScreenRecordIn {
  /** which visit */
  visit: string
  /** screen id in the content */
  kind: string
  /** {question id: "yes"|"no"|text} */
  answers: unknown
}

/** one set of vital signs */
export interface VitalsRecordIn {
  /** which visit */
  visit: string
  /** why */
  phase: 'baseline' | 'during' | 'rate change' | 'end' | 'after' | 'reaction'
  /** temperature, 30 to 43 [Cel] */
  temp?: number
  /** heart rate, 20 to 250 [/min] */
  hr?: number
  /** breaths, 4 to 70 [/min] */
  rr?: number
  /** systolic, 40 to 280 [mm[Hg]] */
  sbp?: number
  /** diastolic, 20 to 180, below systolic [mm[Hg]] */
  dbp?: number
  /** saturation, 50 to 100 [%] */
  spo2?: number
  /** on oxygen */
  oxygen?: boolean
  /** alertness */
  acvpu?: 'A' | 'C' | 'V' | 'P' | 'U'
}

/** a weight measured at the visit */
export interface WeightRecordIn {
  /** which visit */
  visit: string
  /** weight; [lb_av] is converted exactly */
  weight: Quantity
}

/** vein access */
export interface LinePlaceIn {
  /** which visit */
  visit: string
  /** kind, size and site: "peripheral 22 G, left forearm" */
  line: string
}

/** not treated today */
export interface VisitNotTreatedIn {
  /** which visit */
  visit: string
  /** the first tap */
  why: 'unwell' | 'infection' | 'laboratory' | 'no access' | 'drug not here' | 'patient declined' | 'other'
  /** the second tap: what becomes of the dose */
  then: 'delay' | 'hold' | 'skip'
  /** for delay: how many days, 7 if left out [d] */
  days?: number
}

/** vials that came in */
export interface StockReceiveIn {
  /** drug id */
  drug: string
  /** product id of the drug */
  product: string
  /** lot */
  lot: string
  /** last day of use */
  expires: Day
  /** whose drug it is */
  owner: 'bought' | 'white-bagged' | 'free'
  /** white-bagged: for whom */
  patient?: string
  /** vials */
  vials: number
}

/** a lot that is recalled */
export interface StockRecallIn {
  /** drug id */
  drug: string
  /** lot; wants a reason */
  lot: string
}

/** start a bag */
export interface PrepStartIn {
  /** which order */
  order: string
}

/** a bag */
export interface PrepIdIn {
  /** which bag */
  prep: string
}

/** the second person's check */
export interface PrepCheckIn {
  /** which bag */
  prep: string
  /** the label's barcode, read from the bag */
  barcode: string
  /** dose the checker worked out before looking */
  dose: Quantity
  /** volume read from the bag [mL] */
  volume: number
}

/** tie patient, bag, pump and nurse together */
export interface GiveAssociateIn {
  /** which visit */
  visit: string
  /** wristband */
  patient_code: string
  /** label of the bag */
  bag_code: string
  /** pump; none for gravity, push, injection */
  pump_code?: string
  /** channel, A if left out */
  channel?: string
  /** the nurse's badge */
  badge_code: string
  /** which were typed: any of patient bag pump badge */
  typed?: string
  /** why typed; needed if any was */
  typed_reason?: string
}

/** what the person at the pump did */
export interface GiveFlowIn {
  /** which infusion */
  infusion: string
  /** rate set on the pump (start, rate, resume) [mL/h] */
  rate?: number
  /** volume the pump's display shows (stop, flush), or was given by hand [mL] */
  volume?: number
}

/** what flowed, as a person knows it */
export interface GiveReconcileIn {
  /** which infusion */
  infusion: string
  /** what flowed in all [mL] */
  volume: number
  /** how it is known */
  seen_by: 'display' | 'pump log' | 'bag weight' | 'estimate'
}

/** an alarm answered */
export interface AlarmSeeIn {
  /** which alarm */
  alarm: string
}

/** messages that could not be used */
export interface FailedIdIn {
  /** which failure */
  failed: string
}

/** what the field at fault should hold */
export interface InterfaceFixIn {
  /** which failure */
  failed: string
  /** what the field at fault holds instead, as HL7 text */
  value: string
}

/** which pump a serial is */
export interface InterfaceMapIn {
  /** which failure: its serial is not registered */
  failed: string
  /** which registered pump that serial is */
  pump: string
}

/** a reaction */
export interface ReactionRecordIn {
  /** at which visit */
  visit: string
  /** during which infusion */
  infusion?: string
  /** CTCAE grade 1 to 5 [{score}] */
  grade: number
  /** symptoms, separated by commas */
  symptoms: string
  /** what was done and given */
  actions?: string
  /** the person at the pump stopped it */
  stopped_by_hand: boolean
}

/** more about a reaction */
export interface ReactionChangeIn {
  /** which reaction */
  reaction: string
  /** grade now known better [{score}] */
  grade?: number
  /** all symptoms as now known */
  symptoms?: string
  /** what was done and given (added) */
  actions?: string
  /** where it stands */
  state?: 'treated' | 'closed'
  /** what to do differently next time */
  next_time?: string
}

/** an order to restart */
export interface RestartOrderIn {
  /** after which reaction */
  reaction: string
  /** rate to restart at, at most the drug table's [mL/h] */
  rate: number
}

/** what is right instead */
export interface ChartCorrectIn {
  /** kind of record */
  record: 'vital_signs' | 'flow_fact' | 'reaction' | 'screen' | 'observation' | 'allergy' | 'visit'
  /** which one */
  id: string
  /** its field */
  field: string
  /** what is right, as the record holds it; left out: there was none */
  value?: unknown
}

/** a question or how the patient feels */
export interface QuestionAskIn {
  /** who asks */
  patient: string
  /** the question, or how they feel */
  text: string
}

/** the answer */
export interface QuestionAnswerIn {
  /** which question */
  question: string
  /** the answer, in plain words */
  answer: string
}

/** what is known of the patient's advance notice */
export interface ChargeNoticeIn {
  /** which visit */
  visit: string
  /** drug id, one charged for it */
  drug: string
  /** signed before the service (the line carries GA), or there is none (GZ) */
  state: 'signed' | 'none'
  /** signed: on which day, not after the visit's */
  signed_on?: Day
}

/** no fields */
export interface Nothing {
}

/** one pump channel */
export interface PumpRow {
  /** serial */
  pump: string
  /** channel */
  channel: string
  /** model */
  model: string
  /** latest status */
  status?: string
  /** flow now [mL/h] */
  rate?: number
  /** counter [mL] */
  total?: number
  /** last word */
  heard?: Time
  /** its clock minus ours [s] */
  offset_s?: number
  /** battery [%] */
  battery?: number
  /** patient it is tied to */
  patient?: string
  /** flow nobody claimed, silence, … */
  doubt?: string
}

/** words to look for */
export interface ByText {
  /** a name, a number, a scan */
  q: string
}

/** something found */
export interface FoundRow {
  /** what it is */
  kind: 'patient' | 'visit' | 'plan' | 'bag' | 'pump' | 'staff' | 'chair'
  /** id */
  id: string
  /** as shown */
  text: string
  /** where to go: "/bedside/ID" */
  page: string
}

/** any id */
export interface ById {
  /** any id */
  id: string
}

/** one event of the ledger */
export interface EventRow {
  /** ledger number */
  seq: number
  /** when it happened */
  happened: Time
  /** when it was recorded */
  recorded: Time
  /** event type */
  type: string
  /** meaning */
  says: string
  /** name */
  who: string
  /** id */
  subject: string
  /** reason given */
  reason?: string
  /** what it says */
  data?: unknown
  /** how the values came about */
  why?: unknown
}

/** one patient */
export interface ByPatient {
  /** which patient */
  patient: string
}

/** who looked at a patient */
export interface ReadRow {
  /** who looked */
  reader: string
  /** name */
  name: string
  /** which page or interface */
  purpose: string
  /** the first time within its five minutes; real time */
  first: Time
}

/** a patient in a list */
export interface PatientRow {
  /** patient id */
  id: string
  /** FAMILY, Given */
  name: string
  /** identifier */
  mrn: string
  /** 14-Jul-1968 */
  born: string
  /** years [a] */
  age: number
  /** the diagnosis a regimen is offered for */
  diagnosis?: string
  /** latest plan */
  plan?: string
  /** its title */
  plan_title?: string
  /** its state */
  plan_state?: string
}

/** regimens for a patient */
export interface RegimenParams {
  /** for whom */
  patient: string
  /** with this one: its doses are worked out as a preview */
  regimen?: string
  /** day 1 of the preview; today if left out */
  first_day?: Day
}

/** the patient banner */
export interface Banner {
  /** patient id */
  id: string
  /** FAMILY, Given */
  name: string
  /** 14-Jul-1968 */
  born: string
  /** completed years [a] */
  age: number
  /** administrative sex */
  sex: string
  /** identifier */
  mrn: string
  /** "85 kg" */
  weight?: string
  /** when weighed */
  weight_at?: Time
  /** age of the weight [d] */
  weight_days?: number
  /** list, "none known" or "not recorded" */
  allergies: string
  /** state of the list */
  allergy_state: 'recorded' | 'none known' | 'not recorded'
  /** vein access today */
  line?: string
  /** what everyone must know, separated by | */
  alerts?: string
}

/** a regimen on offer */
export interface RegimenRow {
  /** regimen id */
  regimen: string
  /** name */
  title: string
  /** ICD-10-CM code of the patient it is offered for */
  indication: string
  /** words */
  indication_text: string
  /** one line: doses, visits, spacing */
  outline: string
  /** who approved the content */
  approved_by: string
}

/** one dose of a plan */
export interface DoseRow {
  /** order; none in a preview */
  order?: string
  /** visit */
  visit?: string
  /** visit number */
  number: number
  /** due day */
  due: Day
  /** drug id */
  drug: string
  /** as shown */
  drug_name: string
  /** "750 mg" */
  dose: string
  /** "21 → 336 mL/h in 6 steps, 2 h 10 min" */
  rates: string
  /** state of the order */
  state: string
  /** given [%] */
  percent?: number
  /** what changed since the last one, and why */
  changed?: string
  /** {dose, steps:[{name, value, says}], inputs:[{name, value, at, source, age_days}], rules:[…], product, second:{dose, agrees}} */
  proof: unknown
}

/** a mark on the time axis */
export interface MarkRow {
  /** when */
  at: Time
  /** what it is */
  kind: 'symptom' | 'reaction' | 'action' | 'alarm' | 'scan' | 'note' | 'step'
  /** words */
  text: string
  /** record it stands for */
  id?: string
}

/** one plan */
export interface ByPlan {
  /** which plan */
  plan: string
}

/** an open question about an order */
export interface QueryRow {
  /** question */
  query: string
  /** order */
  order: string
  /** plan */
  plan: string
  /** patient */
  patient: string
  /** FAMILY, Given */
  name: string
  /** drug */
  drug_name: string
  /** dose */
  dose: string
  /** the question */
  text: string
  /** who asks */
  who: string
  /** when */
  at: Time
}

/** one day */
export interface ByDay {
  /** local day; today if left out */
  day?: Day
}

/** a nurse on the day board */
export interface NurseRow {
  /** nurse */
  nurse: string
  /** name */
  name: string
  /** shift from */
  start: Time
  /** to */
  end: Time
  /** at once, at most */
  patients: number
  /** pod */
  pod?: string
}

/** a visit on the day board */
export interface DayBlock {
  /** visit */
  visit: string
  /** patient */
  patient: string
  /** FAMILY, Given */
  name: string
  /** regimen */
  title: string
  /** chair */
  chair?: string
  /** nurse's staff id */
  nurse?: string
  /** booked start */
  start: Time
  /** booked end; the expected end once it runs */
  end: Time
  /** set-up [min] */
  setup_min: number
  /** drugs [min] */
  drug_min: number
  /** observation [min] */
  observe_min: number
  /** state of the visit */
  state: string
  /** why the booking no longer fits its length */
  unfit?: string
}

/** a visit due and not booked */
export interface DueRow {
  /** visit */
  visit: string
  /** patient */
  patient: string
  /** FAMILY, Given */
  name: string
  /** regimen */
  title: string
  /** visit number */
  number: number
  /** due */
  due: Day
  /** first day */
  earliest: Day
  /** last day */
  latest: Day
  /** chair time [min] */
  minutes: number
  /** due, or held; or its booking no longer fits */
  state: 'due' | 'held' | 'booked'
  /** past its window, 2 days left … */
  urgency: string
}

/** a visit of the next days */
export interface ReadyRow {
  /** visit */
  visit: string
  /** patient */
  patient: string
  /** its plan */
  plan: string
  /** FAMILY, Given */
  name: string
  /** regimen */
  title: string
  /** booked start */
  start: Time
  /** the worst of its facts */
  verdict: 'ready' | 'blocked' | 'unknown'
  /** facts that are not ready */
  open: number
}

/** one fact about readiness */
export interface ReadyFact {
  /** visit */
  visit: string
  /** which */
  what: 'order' | 'weight' | 'laboratory' | 'authorisation' | 'coverage' | 'consent' | 'drug' | 'access' | 'teaching' | 'allergies'
  /** verdict */
  state: 'ready' | 'blocked' | 'unknown'
  /** the fact */
  says: string
  /** role that mends it */
  owner?: string
  /** mended by */
  deadline?: Time
  /** command that mends it */
  command?: string
  /** what is known of its input */
  input?: unknown
}

/** one order on its way through the pharmacy */
export interface PharmacyCard {
  /** stage */
  stage: 'verify' | 'prepare' | 'check' | 'release' | 'done'
  /** plan */
  plan: string
  /** order */
  order: string
  /** visit */
  visit: string
  /** bag */
  prep?: string
  /** patient */
  patient: string
  /** FAMILY, Given */
  name: string
  /** drug */
  drug_name: string
  /** dose */
  dose: string
  /** chair */
  chair?: string
  /** needed by */
  needed_by?: Time
  /** must be started by */
  beyond_use?: Time
  /** hazardous-drug class */
  hazard?: string
  /** OK to treat is signed */
  ok_to_treat: boolean
  /** safe to mix now */
  safe_now: boolean
  /** if not: why */
  why_not?: string
  /** on the label */
  barcode?: string
  /** state of the order or bag */
  state: string
  /** an older bag whose label is dead and which nobody has thrown away yet */
  struck?: string
  /** why its label died */
  struck_why?: string
  /** an open question about the order */
  query?: string
  /** the latest question */
  query_text?: string
  /** and its reply */
  reply?: string
  /** verify: proof of the dose; later: of the bag */
  proof?: unknown
}

/** one bag */
export interface ByPrep {
  /** which bag */
  prep: string
}

/** messages that could not be used */
export interface FailedRow {
  /** id of the failure */
  id: string
  /** sending application and facility */
  sender: string
  /** where it stands */
  state: 'open' | 'again' | 'settled' | 'put aside'
  /** HL7 table 0357 */
  code: number
  /** segment, which of it, and field: OBX[12]-5 */
  place?: string
  /** the rule that failed */
  says: string
  /** the segment at fault as it came, of the first message */
  line?: string
  /** what its field is to hold instead */
  fix?: string
  /** serial */
  pump?: string
  /** the serial is not registered here */
  unknown_pump: boolean
  /** when the first came */
  since: Time
  /** messages that wait */
  waiting: number
  /** messages taken in after all */
  taken?: number
  /** what came of the last try */
  outcome?: string
}

/** one chair on the floor */
export interface ChairCard {
  /** number of the chair */
  chair: string
  /** pod */
  pod: string
  /** is a bed */
  bed: boolean
  /** the one word */
  state: 'empty' | 'arrived' | 'ready' | 'waiting' | 'running' | 'paused' | 'kvo' | 'uncertain' | 'observing' | 'reaction'
  /** who sits here */
  visit?: string
  /** patient */
  patient?: string
  /** FAMILY, Given */
  name?: string
  /** drug in the vein now, or next */
  drug?: string
  /** "166.7 mL/h" */
  rate?: string
  /** "4 mg/kg/min" */
  dose_rate?: string
  /** flowed so far [mL] */
  volume?: number
  /** to flow in all [mL] */
  ordered?: number
  /** expected end of the infusion */
  ends?: Time
  /** the next thing due */
  next?: string
  /** when */
  next_at?: Time
  /** highest alarm */
  alarm?: 'high' | 'medium' | 'low'
  /** its words */
  alarm_text?: string
  /** nurse */
  nurse?: string
  /** name */
  nurse_name?: string
  /** empty: who comes next */
  coming?: string
  /** when */
  coming_at?: Time
  /** what they wait for: screen, vital signs, OK to treat, mixing, hanging */
  waits_for?: string
}

/** one task of the walking list */
export interface WalkTask {
  /** order in which to walk */
  place: number
  /** what to do */
  what: string
  /** where */
  chair?: string
  /** for which visit */
  visit?: string
  /** for whom */
  patient?: string
  /** FAMILY, Given */
  name?: string
  /** whose task */
  nurse?: string
  /** by when */
  due?: Time
  /** how urgent */
  urgency: 'alarm' | 'overdue' | 'now' | 'soon' | 'later'
  /** priority, if it is an alarm or a reaction */
  alarm?: 'high' | 'medium' | 'low'
  /** why this place in the list */
  why: string
}

/** a patient who is here or expected */
export interface WaitingRow {
  /** visit */
  visit: string
  /** patient */
  patient: string
  /** FAMILY, Given */
  name: string
  /** regimen */
  title: string
  /** state */
  state: 'due' | 'booked' | 'arrived' | 'ok' | 'treating' | 'observing' | 'done' | 'held' | 'skipped' | 'cancelled' | 'not treated'
  /** booked */
  start?: Time
  /** arrived */
  arrived_at?: Time
  /** chair */
  chair?: string
  /** what they wait for */
  waits_for?: string
}

/** the floor in figures */
export interface FloorCount {
  /** infusions running */
  running: number
  /** patients here */
  present: number
  /** patients still to come today */
  expected: number
  /** visits done today */
  done: number
  /** infusions with something not known */
  uncertain: number
  /** high alarms */
  high: number
  /** medium alarms */
  medium: number
  /** low alarms */
  low: number
}

/** one visit */
export interface ByVisit {
  /** which visit */
  visit: string
}

/** one step of today */
export interface LadderStep {
  /** arrive, screen, vital signs, line, OK to treat, drug …, observation, discharge */
  name: string
  /** where it stands */
  state: 'done' | 'now' | 'next' | 'later' | 'late'
  /** planned */
  planned?: Time
  /** real */
  actual?: Time
  /** one line more */
  detail?: string
}

/** one drug of the visit */
export interface BedsideDrug {
  /** order */
  order: string
  /** drug id */
  drug: string
  /** as shown */
  drug_name: string
  /** "750 mg" */
  dose: string
  /** delivery method */
  method: 'pump' | 'ambulatory pump' | 'elastomeric' | 'gravity' | 'push' | 'injection' | 'oral'
  /** state of the order */
  order_state: string
  /** bag */
  prep?: string
  /** state of the bag */
  prep_state?: string
  /** barcode on the bag */
  bag_code?: string
  /** start by */
  beyond_use?: Time
  /** infusion */
  infusion?: string
  /** state of the infusion */
  state?: 'associated' | 'waiting' | 'running' | 'paused' | 'kvo' | 'ended' | 'uncertain' | 'reconciled'
  /** how sure */
  certainty?: 'certain' | 'uncertain when' | 'uncertain total' | 'stated'
  /** what is not known */
  why_uncertain?: string
  /** pump and channel */
  pump?: string
  /** to flow in all [mL] */
  ordered?: number
  /** flowed [mL] */
  volume?: number
  /** dose given so far, "412 mg" */
  given?: string
  /** rate now [mL/h] */
  rate?: number
  /** "4 mg/kg/min" */
  dose_rate?: string
  /** rate to start at [mL/h] */
  first_rate?: number
  /** hard limit [mL/h] */
  max_rate?: number
  /** next step's rate [mL/h] */
  next_rate?: number
  /** next step at */
  next_at?: Time
  /** expected end */
  ends?: Time
  /** last word from the pump */
  heard?: Time
  /** planned steps: [{rate, minutes}] */
  steps?: unknown
}

/** one rate segment */
export interface SegmentRow {
  /** infusion */
  infusion: string
  /** drug */
  drug_name: string
  /** from */
  start: Time
  /** to; open while it flows */
  end?: Time
  /** what it is */
  kind: 'running' | 'paused' | 'kvo' | 'flush' | 'bolus' | 'uncertain'
  /** rate [mL/h] */
  rate?: number
  /** volume of this segment [mL] */
  volume?: number
  /** how sure */
  certainty: 'certain' | 'uncertain when' | 'uncertain total' | 'stated'
  /** pump, nurse, patient */
  source: string
}

/** a check that is due */
export interface CheckRow {
  /** vital signs, next rate step, line check, end of bag, observation over */
  what: string
  /** when */
  due: Time
  /** how urgent */
  state: 'overdue' | 'now' | 'soon' | 'later'
  /** which rule of the drug's content asks for it */
  why: string
  /** phase for vitals.record */
  phase?: string
}

/** what can be done now */
export interface ActionRow {
  /** command */
  command: string
  /** words on the button */
  label: string
  /** keyboard key */
  key?: string
  /** what is known of the input */
  input: unknown
  /** input members the page must ask for, separated by spaces */
  asks?: string
  /** can be done now */
  enabled: boolean
  /** if not: what is missing */
  why_not?: string
}

/** a question of a screen */
export interface ScreenQuestion {
  /** screen id: the kind of screen.record */
  kind: string
  /** title of the screen */
  title: string
  /** question id */
  id: string
  /** the question, in plain words */
  text: string
  /** answered with yes or no, or 0 to 4 */
  answer: 'yes_no' | 'scale'
  /** this screen was asked at this visit */
  done: boolean
}

/** a step of the reaction pathway, with its rescue drug */
export interface ReactionGuide {
  /** CTCAE grade [{score}] */
  grade: number
  /** order within the grade */
  place: number
  /** what to do, readable at arm's length */
  words: string
  /** rescue drug */
  drug_name?: string
  /** its dose and how, in the content's words */
  dose?: string
  /** an allergy of this patient that its content names */
  allergy?: string
}

/** a symptom of a reaction */
export interface SymptomRow {
  /** words on the button */
  text: string
  /** not below this grade [{score}] */
  grade_min: number
}

/** an alarm limit of a vital sign, for this patient today */
export interface SignLimit {
  /** member of vital_signs */
  sign: string
  /** which side is outside */
  side: 'low' | 'high'
  /** limit today, in the sign's unit; from this patient's baseline where the rule is against it */
  value: number
  /** watch: look; act: think of a reaction */
  level: 'watch' | 'act'
  /** what the rule says */
  words: string
}

/** what a drug allows after a reaction */
export interface RestartRow {
  /** drug */
  drug_name: string
  /** after a reaction of this grade [{score}] */
  grade: number
  /** what the drug's table says */
  words: string
}

/** the band of a set's NEWS2 */
export interface ScoreBand {
  /** of which set */
  vitals: string
  /** NEWS2 [{score}] */
  score: number
  /** what the score asks for: clinic/news2.h */
  band: 'zero' | 'low' | 'low-medium' | 'medium' | 'high'
}

/** one thing charted at a visit */
export interface ChartEntry {
  /** kind of record */
  record: string
  /** which one */
  id: string
  /** in words */
  what: string
  /** when it happened */
  at?: Time
  /** when it was charted, if after the fact */
  charted?: Time
  /** who charted it */
  who?: string
  /** struck out since */
  struck: boolean
  /** what may be corrected of it, separated by spaces */
  fields: string
  /** the record as it stands */
  data: unknown
}

/** one correction */
export interface ChartFix {
  /** correction id */
  id: string
  /** kind of record */
  record: string
  /** which one */
  about: string
  /** its field */
  field: string
  /** value before */
  was?: string
  /** value since */
  now?: string
  /** why */
  reason: string
  /** who */
  who: string
  /** when */
  at: Time
}

/** the patient's one sentence */
export interface PatientNow {
  /** given name */
  given: string
  /** the one sentence */
  headline: string
  /** why it changed, if it did */
  because?: string
  /** leave home at */
  leave_at?: Time
  /** booked start */
  start?: Time
  /** home between */
  home_from?: Time
  /** and */
  home_to?: Time
  /** 0 to 6: you are here */
  step: number
  /** whom to call */
  phone: string
  /** when nobody reads messages */
  phone_hours: string
  /** whom to call at night and on weekends */
  phone_after?: string
  /** whom to call in an emergency */
  phone_emergency?: string
  /** today's visit, or the next */
  visit?: string
}

/** one of six steps */
export interface PatientStep {
  /** 1 to 6 */
  place: number
  /** arrive, check, mix, infusion, rest, home */
  name: string
  /** what happens, in plain words */
  plain: string
  /** where you are */
  state: 'done' | 'now' | 'later'
  /** done at, or expected at */
  at?: Time
}

/** a piece of plain words */
export interface PlainText {
  /** what it is about */
  kind: 'what' | 'why' | 'bring' | 'normal' | 'call' | 'urgent' | 'home' | 'leaflet' | 'question'
  /** heading */
  title: string
  /** plain words; paragraphs by blank lines */
  text: string
}

/** a visit and its charges */
export interface ChargeRow {
  /** visit */
  visit: string
  /** patient */
  patient: string
  /** FAMILY, Given */
  name: string
  /** regimen */
  title: string
  /** start of the visit */
  at?: Time
  /** open: not made yet */
  state: 'open' | 'made' | 'final' | 'corrected'
  /** sum [{currency}] */
  total?: number
  /** questions to the nurse */
  queries: number
  /** facts have changed since it was made: make it again */
  late: boolean
}

/** a visit's charges as a whole */
export interface ChargeHead {
  /** visit */
  visit: string
  /** patient */
  patient: string
  /** charge id, once made */
  charge?: string
  /** open: not made yet */
  state: 'open' | 'made' | 'final' | 'corrected'
  /** revision, once made */
  revision?: number
  /** facts have changed since it was made: make it again */
  late: boolean
  /** nothing has flowed yet: the lines are what is planned */
  planned: boolean
  /** regimen */
  title: string
  /** who pays */
  payer?: string
  /** of all amounts */
  currency: string
  /** sum of the lines [{currency}] */
  total: number
  /** content release of the rules */
  rules: string
}

/** a question before the claim */
export interface ChargeQuery {
  /** role asked */
  to: string
  /** the question */
  says: string
  /** infusion or line */
  about?: string
}

/** what became of one event */
export interface ChargeTrace {
  /** infusion or preparation */
  event: string
  /** what became of it, or why it was dropped */
  says: string
}

/** what an authorisation still allows */
export interface AuthorisationLeft {
  /** drug */
  drug: string
  /** payer */
  payer: string
  /** number */
  number?: string
  /** granted */
  units: number
  /** used before this visit */
  used: number
  /** used by this visit */
  this_visit: number
  /** valid to */
  end?: Day
}

/** what a payer would send back */
export interface ChargeEditRow {
  /** rule: H01 … */
  rule: string
  /** what to do */
  action: 'reject' | 'hold' | 'drop' | 'reduce' | 'warn'
  /** place of the line; absent: the claim */
  line?: number
  /** what is wrong */
  says: string
}

/** one line of an estimate */
export interface EstimateRow {
  /** line of the estimate */
  what: string
  /** amount [{currency}] */
  amount: number
  /** how it is worked out */
  says: string
}

/** head of a printable statement */
export interface StatementHead {
  /** who treated */
  site: string
  /** its address */
  address?: string
  /** whom to ask */
  phone?: string
  /** FAMILY, Given */
  name: string
  /** identifier */
  mrn: string
  /** 14-Jul-1968 */
  born: string
  /** day of the visit */
  day: string
  /** treatment */
  title: string
  /** who was or will be asked to pay */
  payer?: string
  /** "final", or why it may still change */
  state: string
  /** sum, with its currency */
  total: string
  /** what the patient may have to pay: an estimate */
  yours: string
  /** what this page is and is not */
  note: string
}

/** one line of a printable statement */
export interface StatementLine {
  /** in plain words */
  what: string
  /** the site's code, with modifiers */
  code?: string
  /** units */
  units: number
  /** amount, with its currency */
  amount: string
  /** why */
  says: string
}

/** Command name to its input. */
export interface Commands {
  /** describe the site */
  'site.set': SiteInfo
  /** let a person sign in */
  'staff.add': Omit<StaffAddIn, 'hash'>
  /** change a password: one's own, or as administrator anyone's */
  'staff.password': Omit<StaffPasswordIn, 'hash'>
  /** change roles, badge or state */
  'staff.change': StaffChangeIn
  /** set up a chair or bed, or change one */
  'chair.add': Chair
  /** plan a nurse's shift */
  'shift.add': ShiftAddIn
  /** register a pump, or change one */
  'pump.add': Pump
  /** bring the content this server has read into force */
  'content.release': ContentReleaseIn
  /** draft a plan: every dose computed and proven */
  'plan.make': PlanMakeIn
  /** sign the plan and its orders */
  'plan.sign': PlanIdIn
  /** verify the signed orders of the plan */
  'plan.verify': PlanIdIn
  /** stop the plan: what is left is cancelled */
  'plan.stop': PlanIdIn
  /** delay a visit and those after it */
  'visit.delay': VisitDelayIn
  /** hold a visit until released */
  'visit.hold': VisitIdIn
  /** release a held visit: due again */
  'visit.resume': VisitIdIn
  /** skip a visit: left out, or moved by its interval, as the regimen says */
  'visit.skip': VisitIdIn
  /** change a dose; older labels die */
  'order.change': OrderChangeIn
  /** cancel one order: its label dies, the visit gets shorter */
  'order.cancel': OrderIdIn
  /** ask the prescriber about an order; it waits for the reply */
  'order.query': OrderQueryIn
  /** reply, or take one's own question back */
  'order.reply': OrderReplyIn
  /** times for a visit, each with its reason */
  'visit.offer': VisitOfferIn
  /** book day, chair and nurse */
  'visit.book': VisitBookIn
  /** move a booking */
  'visit.move': VisitBookIn
  /** cancel a booking: due again */
  'visit.unbook': VisitIdIn
  /** the payer's answer */
  'authorisation.record': AuthorisationRecordIn
  /** the patient's decision */
  'consent.record': ConsentRecordIn
  /** the patient is here */
  'visit.arrive': VisitIdIn
  /** another chair or nurse */
  'visit.seat': VisitSeatIn
  /** an allergy, or that there is none */
  'allergy.record': AllergyRecordIn
  /** answers to a screen */
  'screen.record': ScreenRecordIn
  /** one set of vital signs */
  'vitals.record': VitalsRecordIn
  /** weigh the patient */
  'weight.record': WeightRecordIn
  /** vein access is in place */
  'line.place': LinePlaceIn
  /** sign OK to treat; mixing is released */
  'visit.ok': VisitIdIn
  /** not treated today */
  'visit.not_treated': VisitNotTreatedIn
  /** the patient leaves */
  'visit.discharge': VisitIdIn
  /** vials came in */
  'stock.receive': StockReceiveIn
  /** a lot is recalled */
  'stock.recall': StockRecallIn
  /** draw vials for a bag; the worksheet is the result */
  'prep.start': PrepStartIn
  /** the bag is mixed: print its label */
  'prep.label': PrepIdIn
  /** the second person's check */
  'prep.check': PrepCheckIn
  /** release the bag to the chair */
  'prep.release': PrepIdIn
  /** throw the bag away */
  'prep.waste': PrepIdIn
  /** tie patient, bag, pump and nurse together */
  'give.associate': GiveAssociateIn
  /** record start: the pump was started by hand */
  'give.start': GiveFlowIn
  /** record another rate set on the pump */
  'give.rate': GiveFlowIn
  /** record pause: the pump was stopped by hand */
  'give.pause': GiveFlowIn
  /** record resume */
  'give.resume': GiveFlowIn
  /** record stop; volume as the display shows */
  'give.stop': GiveFlowIn
  /** record the line flush */
  'give.flush': GiveFlowIn
  /** taken down: the dose record closes */
  'give.disconnect': GiveFlowIn
  /** say what flowed where it is not known */
  'give.reconcile': GiveReconcileIn
  /** an alarm was answered */
  'alarm.see': AlarmSeeIn
  /** take failed messages in again */
  'interface.replay': FailedIdIn
  /** mend the field at fault, then take them in again */
  'interface.fix': InterfaceFixIn
  /** say which pump a serial is, then take them in again */
  'interface.map': InterfaceMapIn
  /** these messages are not needed */
  'interface.put_aside': FailedIdIn
  /** a reaction: stop the pump by hand first */
  'reaction.record': ReactionRecordIn
  /** more about a reaction */
  'reaction.change': ReactionChangeIn
  /** order a restart, by the drug's table */
  'restart.order': RestartOrderIn
  /** correct a charted time or value; the old one stays beside it */
  'chart.correct': ChartCorrectIn
  /** a question, or how the patient feels */
  'question.ask': QuestionAskIn
  /** answer a question */
  'question.answer': QuestionAnswerIn
  /** make the charges of a visit from what flowed; again after a late fact */
  'charge.make': VisitIdIn
  /** say whether the patient signed a notice for a diagnosis the payer does not list */
  'charge.notice': ChargeNoticeIn
  /** close the charges: checked by a biller */
  'charge.finalise': VisitIdIn
}

export const commandRoles: Record<keyof Commands, Role[]> = {
  'site.set': ['administrator'],
  'staff.add': ['administrator'],
  'staff.password': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator', 'patient'],
  'staff.change': ['administrator'],
  'chair.add': ['administrator'],
  'shift.add': ['scheduler', 'administrator'],
  'pump.add': ['administrator'],
  'content.release': ['formulary'],
  'plan.make': ['prescriber'],
  'plan.sign': ['prescriber'],
  'plan.verify': ['pharmacist'],
  'plan.stop': ['prescriber'],
  'visit.delay': ['prescriber', 'nurse', 'scheduler'],
  'visit.hold': ['prescriber', 'nurse'],
  'visit.resume': ['prescriber', 'nurse'],
  'visit.skip': ['prescriber'],
  'order.change': ['prescriber'],
  'order.cancel': ['prescriber'],
  'order.query': ['pharmacist', 'technician', 'nurse'],
  'order.reply': ['prescriber', 'pharmacist', 'technician', 'nurse'],
  'visit.offer': ['nurse', 'scheduler'],
  'visit.book': ['nurse', 'scheduler'],
  'visit.move': ['nurse', 'scheduler'],
  'visit.unbook': ['nurse', 'scheduler'],
  'authorisation.record': ['scheduler', 'biller'],
  'consent.record': ['prescriber', 'nurse'],
  'visit.arrive': ['nurse', 'scheduler'],
  'visit.seat': ['nurse', 'scheduler'],
  'allergy.record': ['prescriber', 'pharmacist', 'nurse'],
  'screen.record': ['prescriber', 'nurse'],
  'vitals.record': ['prescriber', 'nurse'],
  'weight.record': ['nurse'],
  'line.place': ['nurse'],
  'visit.ok': ['prescriber', 'nurse'],
  'visit.not_treated': ['prescriber', 'nurse'],
  'visit.discharge': ['nurse'],
  'stock.receive': ['pharmacist', 'technician'],
  'stock.recall': ['pharmacist'],
  'prep.start': ['pharmacist', 'technician'],
  'prep.label': ['pharmacist', 'technician'],
  'prep.check': ['pharmacist', 'technician'],
  'prep.release': ['pharmacist'],
  'prep.waste': ['pharmacist', 'technician'],
  'give.associate': ['nurse'],
  'give.start': ['nurse'],
  'give.rate': ['nurse'],
  'give.pause': ['nurse'],
  'give.resume': ['nurse'],
  'give.stop': ['nurse'],
  'give.flush': ['nurse'],
  'give.disconnect': ['nurse'],
  'give.reconcile': ['pharmacist', 'nurse'],
  'alarm.see': ['nurse'],
  'interface.replay': ['administrator'],
  'interface.fix': ['administrator'],
  'interface.map': ['administrator'],
  'interface.put_aside': ['administrator'],
  'reaction.record': ['prescriber', 'nurse'],
  'reaction.change': ['prescriber', 'nurse'],
  'restart.order': ['prescriber'],
  'chart.correct': ['prescriber', 'pharmacist', 'nurse'],
  'question.ask': ['nurse', 'patient'],
  'question.answer': ['prescriber', 'pharmacist', 'nurse'],
  'charge.make': ['biller'],
  'charge.notice': ['biller'],
  'charge.finalise': ['biller'],
}

/** View name to its parameters and its answer. */
export interface Views {
  /** every pump channel as last heard */
  'pumps': {
    params: Nothing
    answer: {
      pumps: PumpRow[]
    }
  }
  /** what a name, number or scan may mean */
  'search': {
    params: ByText
    answer: {
      found: FoundRow[]
    }
  }
  /** everything that happened to one thing */
  'explain': {
    params: ById
    answer: {
      events: EventRow[]
    }
  }
  /** who looked at a patient */
  'reads': {
    params: ByPatient
    answer: {
      reads: ReadRow[]
    }
  }
  /** who works here */
  'staff': {
    params: Nothing
    answer: {
      staff: Staff[]
    }
  }
  /** chairs and beds in use */
  'chairs': {
    params: Nothing
    answer: {
      chairs: Chair[]
    }
  }
  /** every patient, diagnosis and plan */
  'patients': {
    params: Nothing
    answer: {
      patients: PatientRow[]
    }
  }
  /** regimens offered for a patient, doses as a preview */
  'regimens': {
    params: RegimenParams
    answer: {
      banner: Banner | null
      regimens: RegimenRow[]
      doses: DoseRow[]
      problems: MarkRow[]
    }
  }
  /** one plan with the proof of each dose */
  'plan': {
    params: ByPlan
    answer: {
      banner: Banner | null
      plan: Plan | null
      visits: Visit[]
      doses: DoseRow[]
      consents: Consent[]
    }
  }
  /** open questions about orders, oldest first */
  'queries': {
    params: Nothing
    answer: {
      queries: QueryRow[]
    }
  }
  /** the day board */
  'schedule': {
    params: ByDay
    answer: {
      chairs: Chair[]
      nurses: NurseRow[]
      blocks: DayBlock[]
    }
  }
  /** due but not booked, or booked too short */
  'due': {
    params: Nothing
    answer: {
      visits: DueRow[]
    }
  }
  /** the next seven days: ready, blocked, unknown */
  'ready': {
    params: Nothing
    answer: {
      visits: ReadyRow[]
      facts: ReadyFact[]
    }
  }
  /** orders on their way through the pharmacy */
  'pharmacy': {
    params: ByDay
    answer: {
      cards: PharmacyCard[]
    }
  }
  /** one bag: worksheet and label */
  'prep': {
    params: ByPrep
    answer: {
      banner: Banner | null
      card: PharmacyCard | null
      prep: Prep | null
    }
  }
  /** vials on the shelf */
  'stock': {
    params: Nothing
    answer: {
      stock: Stock[]
    }
  }
  /** messages that could not be used */
  'interfaces': {
    params: Nothing
    answer: {
      failed: FailedRow[]
    }
  }
  /** the room seen from above */
  'floor': {
    params: Nothing
    answer: {
      chairs: ChairCard[]
      tasks: WalkTask[]
      waiting: WaitingRow[]
      count: FloorCount | null
    }
  }
  /** one visit on one time axis */
  'bedside': {
    params: ByVisit
    answer: {
      banner: Banner | null
      visit: Visit | null
      ladder: LadderStep[]
      drugs: BedsideDrug[]
      segments: SegmentRow[]
      vitals: VitalSigns[]
      marks: MarkRow[]
      checks: CheckRow[]
      actions: ActionRow[]
      alarms: Alarm[]
      reactions: Reaction[]
      screens: ScreenQuestion[]
      pathway: ReactionGuide[]
      symptoms: SymptomRow[]
      limits: SignLimit[]
      restarts: RestartRow[]
      bands: ScoreBand[]
    }
  }
  /** what people charted at a visit, and what was corrected */
  'chart': {
    params: ByVisit
    answer: {
      banner: Banner | null
      entries: ChartEntry[]
      corrections: ChartFix[]
    }
  }
  /** the patient's own page */
  'patient': {
    params: ByPatient
    answer: {
      now: PatientNow | null
      steps: PatientStep[]
      texts: PlainText[]
      visits: Visit[]
      questions: Question[]
    }
  }
  /** open questions */
  'questions': {
    params: Nothing
    answer: {
      questions: Question[]
    }
  }
  /** the day's visits and their charges */
  'charges': {
    params: ByDay
    answer: {
      visits: ChargeRow[]
      late: ChargeRow[]
    }
  }
  /** one visit: what flowed, the lines it made, what is asked and left */
  'charge': {
    params: ByVisit
    answer: {
      banner: Banner | null
      charge: ChargeHead | null
      segments: SegmentRow[]
      lines: ChargeLine[]
      queries: ChargeQuery[]
      traces: ChargeTrace[]
      authorisations: AuthorisationLeft[]
      edits: ChargeEditRow[]
    }
  }
  /** what the patient may have to pay, step by step */
  'estimate': {
    params: ByVisit
    answer: {
      rows: EstimateRow[]
    }
  }
  /** a statement to print */
  'statement': {
    params: ByVisit
    answer: {
      head: StatementHead | null
      lines: StatementLine[]
    }
  }
}

export const viewRoles: Record<keyof Views, Role[]> = {
  'pumps': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'search': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'explain': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'reads': ['administrator', 'patient'],
  'staff': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'chairs': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'patients': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'regimens': ['prescriber', 'pharmacist', 'technician', 'nurse'],
  'plan': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'queries': ['prescriber', 'pharmacist', 'technician', 'nurse'],
  'schedule': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'due': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'ready': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'pharmacy': ['prescriber', 'pharmacist', 'technician', 'nurse'],
  'prep': ['prescriber', 'pharmacist', 'technician', 'nurse'],
  'stock': ['prescriber', 'pharmacist', 'technician', 'nurse'],
  'interfaces': ['administrator'],
  'floor': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator'],
  'bedside': ['prescriber', 'pharmacist', 'technician', 'nurse'],
  'chart': ['prescriber', 'pharmacist', 'technician', 'nurse', 'biller'],
  'patient': ['prescriber', 'nurse', 'patient'],
  'questions': ['prescriber', 'pharmacist', 'nurse'],
  'charges': ['nurse', 'biller', 'administrator'],
  'charge': ['nurse', 'biller', 'administrator'],
  'estimate': ['prescriber', 'pharmacist', 'technician', 'nurse', 'scheduler', 'biller', 'formulary', 'administrator', 'patient'],
  'statement': ['biller', 'administrator', 'patient'],
}
