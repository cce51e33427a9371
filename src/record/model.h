/* model: every derived record of the service, described once.
 *
 * Derived: written only by the apply of an event (record/apply.h), dropped and replayed by `venule verify`. The site
 * is the first column of every table and of every key; it is not repeated here. Constant data; any thread.
 * The order is the path of an infusion. F(record, type, name, need, unit | referred record | words, meaning).
 */
#ifndef RECORD_MODEL_H
#define RECORD_MODEL_H

#include "base/field.h"

/* ---- the house and its people ------------------------------------------------------------------------------- */

#define FIELDS_site_info(F, R) \
    F(R, ID,   id,      MUST, "",        "always \"site\"") \
    F(R, TEXT, name,    MUST, "",        "name on labels and pages") \
    F(R, TEXT, zone,    MUST, "",        "IANA time zone") \
    F(R, CODE, setting, MUST, "hospital|centre|home", "where care is given") \
    F(R, CODE, billing, MUST, "facility|office", "whose charge rules apply") \
    F(R, BOOL, demo,    MUST, "",        "a demo site may use content nobody approved") \
    F(R, TEXT, phone,   MAY,  "",        "whom a patient calls") \
    F(R, INT,  opens,   MUST, "min",     "opening, minutes after local midnight") \
    F(R, INT,  closes,  MUST, "min",     "closing, minutes after local midnight")
RECORD(site_info);

#define FIELDS_staff(F, R) \
    F(R, ID,   id,       MUST, "", "staff id") \
    F(R, TEXT, login,    MUST, "", "sign-in name, unique in the site") \
    F(R, TEXT, name,     MUST, "", "name as shown") \
    F(R, TEXT, roles,    MUST, "", "roles, separated by spaces") \
    F(R, TEXT, password, MAY,  "", "Argon2id hash; never shown") \
    F(R, TEXT, badge,    MAY,  "", "what the badge's barcode says") \
    F(R, REF,  patient,  MAY,  "patient", "for the role patient: who they are") \
    F(R, BOOL, active,   MUST, "", "may sign in") \
    F(R, TEXT, sign_key, MAY,  "", "Ed25519 public key with which this person signs content, 64 hex digits")
RECORD(staff);

#define FIELDS_chair(F, R) \
    F(R, ID,   id,     MUST, "", "number on the chair, as \"A3\"") \
    F(R, TEXT, pod,    MUST, "", "pod it stands in") \
    F(R, BOOL, bed,    MUST, "", "is a bed") \
    F(R, INT,  place,  MUST, "", "order on the board") \
    F(R, BOOL, active, MUST, "", "in use")
RECORD(chair);

#define FIELDS_shift(F, R) \
    F(R, ID,   id,       MUST, "", "shift id") \
    F(R, REF,  nurse,    MUST, "staff", "who works") \
    F(R, TIME, start,    MUST, "", "from") \
    F(R, TIME, end,      MUST, "", "to") \
    F(R, INT,  patients, MUST, "", "patients at once, at most") \
    F(R, TEXT, pod,      MAY,  "", "pod looked after first")
RECORD(shift);

#define FIELDS_content_release(F, R) \
    F(R, ID,   id,      MUST, "", "SHA-256 of the canonical content, hex") \
    F(R, TEXT, version, MUST, "", "name of the release") \
    F(R, BOOL, demo,    MUST, "", "contains entries nobody approved") \
    F(R, TIME, at,      MUST, "", "released") \
    F(R, TEXT, signed_by, MUST, "", "the two who signed, separated by spaces") \
    F(R, BLOB, blob,    MAY,  "", "the content itself, deflated, base64; shown by the command line only") \
    F(R, JSON, signatures, MAY, "", "[{staff, key, signature}]: two people's Ed25519 signatures over hash and version")
RECORD(content_release);

/* ---- the patient -------------------------------------------------------------------------------------------- */

#define FIELDS_patient(F, R) \
    F(R, ID,   id,       MUST, "", "patient id") \
    F(R, TEXT, mrn,      MUST, "", "identifier on the wristband") \
    F(R, TEXT, family,   MUST, "", "family name") \
    F(R, TEXT, given,    MUST, "", "given names") \
    F(R, DATE, born,     MUST, "", "date of birth") \
    F(R, CODE, sex,      MUST, "male|female|other|unknown", "administrative sex") \
    F(R, TEXT, phone,    MAY,  "", "telephone") \
    F(R, TEXT, language, MAY,  "", "BCP 47 tag") \
    F(R, CODE, allergies, MUST, "recorded|none known|not recorded", "state of the allergy list") \
    F(R, INT,  travel,   MAY,  "min", "minutes from home to here")
RECORD(patient);

#define FIELDS_observation(F, R) \
    F(R, ID,   id,      MUST, "", "observation id") \
    F(R, REF,  patient, MUST, "patient", "of whom") \
    F(R, TEXT, name,    MUST, "", "our name: weight height creatinine hemoglobin ferritin igg …; else the code") \
    F(R, TEXT, code,    MAY,  "", "LOINC or other code") \
    F(R, TEXT, display, MAY,  "", "words for the code") \
    F(R, QTY,  value,   MAY,  "", "value in our unit") \
    F(R, TEXT, text,    MAY,  "", "value that is not a number") \
    F(R, TEXT, original, MAY, "", "value and unit as received") \
    F(R, TIME, taken,   MUST, "", "when it was measured") \
    F(R, TEXT, source,  MUST, "", "import, or the staff id who measured")
RECORD(observation);

#define FIELDS_condition(F, R) \
    F(R, ID,   id,      MUST, "", "condition id") \
    F(R, REF,  patient, MUST, "patient", "of whom") \
    F(R, TEXT, system,  MAY,  "", "code system") \
    F(R, TEXT, code,    MAY,  "", "code") \
    F(R, TEXT, display, MUST, "", "words") \
    F(R, TEXT, status,  MAY,  "", "clinical status") \
    F(R, TIME, onset,   MAY,  "", "since")
RECORD(condition);

#define FIELDS_allergy(F, R) \
    F(R, ID,   id,        MUST, "", "allergy id") \
    F(R, REF,  patient,   MUST, "patient", "of whom") \
    F(R, TEXT, substance, MUST, "", "to what, or \"none known\"") \
    F(R, TEXT, code,      MAY,  "", "code") \
    F(R, TEXT, criticality, MAY, "", "low, high, unable-to-assess") \
    F(R, TEXT, reaction,  MAY,  "", "what happened") \
    F(R, TEXT, status,    MAY,  "", "clinical status")
RECORD(allergy);

#define FIELDS_coverage(F, R) \
    F(R, ID,   id,      MUST, "", "coverage id") \
    F(R, REF,  patient, MUST, "patient", "of whom") \
    F(R, TEXT, payer,   MUST, "", "payer id or name") \
    F(R, TEXT, plan,    MAY,  "", "plan name") \
    F(R, TEXT, member,  MAY,  "", "member number") \
    F(R, TEXT, status,  MAY,  "", "active, cancelled") \
    F(R, TIME, start,   MAY,  "", "from") \
    F(R, TIME, end,     MAY,  "", "until")
RECORD(coverage);

#define FIELDS_medication_request(F, R) \
    F(R, ID,   id,      MUST, "", "id") \
    F(R, REF,  patient, MUST, "patient", "for whom") \
    F(R, TEXT, drug,    MUST, "", "words") \
    F(R, TEXT, code,    MAY,  "", "RxNorm or other code") \
    F(R, TEXT, status,  MAY,  "", "status in the sending system") \
    F(R, TIME, authored, MAY, "", "when ordered there")
RECORD(medication_request);

#define FIELDS_encounter(F, R) \
    F(R, ID,   id,      MUST, "", "id") \
    F(R, REF,  patient, MUST, "patient", "of whom") \
    F(R, TEXT, kind,    MAY,  "", "class: AMB, IMP, HH …") \
    F(R, TEXT, reason,  MAY,  "", "type or reason in words") \
    F(R, TEXT, status,  MAY,  "", "status") \
    F(R, TIME, start,   MAY,  "", "from") \
    F(R, TIME, end,     MAY,  "", "until")
RECORD(encounter);

/* What came in by import, whole; the text itself is the payload of its event. */
#define FIELDS_resource(F, R) \
    F(R, ID,   id,      MUST, "", "import key: source|type|identifier") \
    F(R, TEXT, type,    MUST, "", "FHIR resource type") \
    F(R, INT,  version, MUST, "", "1 for the first, +1 for each change") \
    F(R, TEXT, digest,  MUST, "", "SHA-256 of its canonical form, hex") \
    F(R, CODE, use,     MUST, "stored|kept", "stored: a record was made of it; kept: whole, unused") \
    F(R, TEXT, made,    MAY,  "", "ids of the records made of it, separated by spaces") \
    F(R, REF,  patient, MAY,  "patient", "of whom") \
    F(R, TEXT, alias,   MAY,  "", "how its sender refers to it: its URN, or source|type|id") \
    F(R, INT,  seq,     MUST, "", "ledger number of the event that holds its text")
RECORD(resource);

/* ---- plan ---------------------------------------------------------------------------------------------------- */

#define FIELDS_plan(F, R) \
    F(R, ID,   id,         MUST, "", "plan id") \
    F(R, REF,  patient,    MUST, "patient", "for whom") \
    F(R, TEXT, regimen,    MUST, "", "regimen id in the content") \
    F(R, TEXT, title,      MUST, "", "regimen name as shown") \
    F(R, TEXT, indication, MUST, "", "ICD-10-CM code") \
    F(R, TEXT, indication_text, MUST, "", "words") \
    F(R, CODE, state,      MUST, "draft|signed|verified|stopped|completed", "where it stands") \
    F(R, INT,  version,    MUST, "", "+1 for each change of an order in it") \
    F(R, TEXT, content,    MUST, "", "content release it was made from") \
    F(R, REF,  prescriber, MUST, "staff", "who made it") \
    F(R, DATE, first_day,  MUST, "", "day 1") \
    F(R, TIME, signed_at,  MAY,  "", "signed") \
    F(R, REF,  verified_by, MAY, "staff", "pharmacist") \
    F(R, TIME, verified_at, MAY, "", "verified")
RECORD(plan);

#define FIELDS_visit(F, R) \
    F(R, ID,   id,       MUST, "", "visit id") \
    F(R, REF,  plan,     MUST, "plan", "of which plan") \
    F(R, REF,  patient,  MUST, "patient", "whose") \
    F(R, INT,  number,   MUST, "", "1 for the first of the plan") \
    F(R, DATE, due,      MUST, "", "the day it is due") \
    F(R, DATE, earliest, MUST, "", "first day allowed") \
    F(R, DATE, latest,   MUST, "", "last day allowed") \
    F(R, CODE, state,    MUST, "due|booked|arrived|ok|treating|observing|done|held|skipped|cancelled|not treated", "where it stands") \
    F(R, TIME, start,    MAY,  "", "booked start") \
    F(R, TIME, end,      MAY,  "", "booked end") \
    F(R, REF,  chair,    MAY,  "chair", "booked chair") \
    F(R, REF,  nurse,    MAY,  "staff", "booked nurse") \
    F(R, INT,  setup_min,   MUST, "min", "check-in, vital signs, line") \
    F(R, INT,  drug_min,    MUST, "min", "drugs, as the steps give") \
    F(R, INT,  observe_min, MUST, "min", "observation after") \
    F(R, TIME, arrived_at,  MAY, "", "arrived") \
    F(R, TIME, ok_at,       MAY, "", "OK to treat signed") \
    F(R, REF,  ok_by,       MAY, "staff", "who signed OK to treat") \
    F(R, TIME, line_at,     MAY, "", "vein access in place") \
    F(R, TEXT, line,        MAY, "", "vein access: kind, size, site") \
    F(R, TIME, left_at,     MAY, "", "discharged") \
    F(R, TEXT, reason,      MAY, "", "why held, skipped, cancelled or not treated") \
    F(R, TEXT, unfit,       MAY, "", "why its booking no longer fits its length: someone finds another time")
RECORD(visit);

#define FIELDS_med_order(F, R) \
    F(R, ID,   id,       MUST, "", "order id") \
    F(R, REF,  plan,     MUST, "plan", "of which plan") \
    F(R, REF,  visit,    MUST, "visit", "to be given at") \
    F(R, REF,  patient,  MUST, "patient", "for whom") \
    F(R, TEXT, drug,     MUST, "", "drug id in the content") \
    F(R, TEXT, drug_name, MUST, "", "as shown") \
    F(R, INT,  place,    MUST, "", "order in the visit, from 1") \
    F(R, CODE, role,     MUST, "treatment|premedication|hydration", "why it is given") \
    F(R, CODE, method,   MUST, "pump|ambulatory pump|elastomeric|gravity|push|injection|oral", "delivery method") \
    F(R, QTY,  dose,     MUST, "", "dose ordered") \
    F(R, DEC,  volume,   MAY,  "mL", "volume to be infused") \
    F(R, JSON, steps,    MAY,  "", "rate steps: [{\"rate\":mL/h,\"minutes\":n|null}]") \
    F(R, DEC,  max_rate, MAY,  "mL/h", "hard limit of the rate for this patient") \
    F(R, INT,  minutes,  MUST, "min", "planned duration") \
    F(R, DEC,  weight,   MAY,  "kg", "weight the rates are worked out with") \
    F(R, CODE, state,    MUST, "draft|signed|verified|prepared|running|given|part given|held|cancelled", "where it stands") \
    F(R, INT,  version,  MUST, "", "+1 for each change; a label carries it") \
    F(R, JSON, proof,    MUST, "", "how the dose came about: inputs, formula, steps, cap, rounding, product") \
    F(R, TEXT, note,     MAY,  "", "the prescriber's words")
RECORD(med_order);

/* A question about an order to who may change it, and the reply: the order waits for it. */
#define FIELDS_order_query(F, R) \
    F(R, ID,   id,        MUST, "", "query id") \
    F(R, REF,  med_order, MUST, "med_order", "about which order") \
    F(R, REF,  plan,      MUST, "plan", "of which plan") \
    F(R, REF,  patient,   MUST, "patient", "whose") \
    F(R, TEXT, text,      MUST, "", "the question") \
    F(R, REF,  asked_by,  MUST, "staff", "who asks") \
    F(R, TIME, asked_at,  MUST, "", "when") \
    F(R, CODE, state,     MUST, "open|answered", "where it stands") \
    F(R, TEXT, reply,     MAY,  "", "the reply") \
    F(R, REF,  replied_by, MAY, "staff", "by whom") \
    F(R, TIME, replied_at, MAY, "", "when")
RECORD(order_query);

/* ---- ready ----------------------------------------------------------------------------------------------------- */

#define FIELDS_authorisation(F, R) \
    F(R, ID,   id,      MUST, "", "authorisation id") \
    F(R, REF,  patient, MUST, "patient", "for whom") \
    F(R, TEXT, payer,   MUST, "", "payer") \
    F(R, TEXT, drug,    MUST, "", "drug id") \
    F(R, TEXT, number,  MUST, "", "the payer's number") \
    F(R, CODE, state,   MUST, "asked|granted|denied|ended", "where it stands") \
    F(R, DATE, start,   MUST, "", "valid from") \
    F(R, DATE, end,     MUST, "", "valid to") \
    F(R, INT,  units,   MUST, "", "billing units granted") \
    F(R, INT,  used,    MUST, "", "billing units used by what was given")
RECORD(authorisation);

#define FIELDS_consent(F, R) \
    F(R, ID,   id,      MUST, "", "consent id") \
    F(R, REF,  patient, MUST, "patient", "who consents") \
    F(R, REF,  plan,    MUST, "plan", "to what") \
    F(R, CODE, state,   MUST, "given|withdrawn|declined", "the decision") \
    F(R, TIME, at,      MUST, "", "when") \
    F(R, REF,  witness, MUST, "staff", "who took it")
RECORD(consent);

/* ---- OK to treat ------------------------------------------------------------------------------------------------ */

#define FIELDS_screen(F, R) \
    F(R, ID,   id,       MUST, "", "screen id") \
    F(R, REF,  visit,    MUST, "visit", "at which visit") \
    F(R, REF,  patient,  MUST, "patient", "of whom") \
    F(R, TEXT, kind,     MUST, "", "screen id in the content: arrival, infection …") \
    F(R, JSON, answers,  MUST, "", "{question id: answer}") \
    F(R, JSON, positive, MUST, "", "the questions whose answer needs someone: [id]") \
    F(R, TIME, at,       MUST, "", "when") \
    F(R, REF,  taker,    MUST, "staff", "who asked")
RECORD(screen);

#define FIELDS_vital_signs(F, R) \
    F(R, ID,   id,       MUST, "", "set id") \
    F(R, REF,  visit,    MUST, "visit", "at which visit") \
    F(R, REF,  patient,  MUST, "patient", "of whom") \
    F(R, CODE, phase,    MUST, "baseline|during|rate change|end|after|reaction|entered in error", "why it was taken; or struck out") \
    F(R, TIME, at,       MUST, "", "when") \
    F(R, DEC,  temp,     MAY,  "Cel", "temperature") \
    F(R, INT,  hr,       MAY,  "/min", "heart rate") \
    F(R, INT,  rr,       MAY,  "/min", "breaths") \
    F(R, INT,  sbp,      MAY,  "mm[Hg]", "systolic") \
    F(R, INT,  dbp,      MAY,  "mm[Hg]", "diastolic") \
    F(R, INT,  spo2,     MAY,  "%", "oxygen saturation") \
    F(R, BOOL, oxygen,   MAY,  "", "on oxygen") \
    F(R, CODE, acvpu,    MAY,  "A|C|V|P|U", "alert, confused, voice, pain, unresponsive") \
    F(R, INT,  news2,    MAY,  "{score}", "NEWS2, if all of it was measured") \
    F(R, JSON, news2_parts, MAY, "", "points by parameter") \
    F(R, TEXT, change,   MAY,  "", "change rules that fired against the baseline") \
    F(R, REF,  taker,    MUST, "staff", "who measured") \
    F(R, TIME, charted,  MAY,  "", "when it was recorded, if after the fact")
RECORD(vital_signs);

/* ---- prepare ------------------------------------------------------------------------------------------------------ */

#define FIELDS_stock(F, R) \
    F(R, ID,   id,      MUST, "", "stock id") \
    F(R, TEXT, drug,    MUST, "", "drug id") \
    F(R, TEXT, product, MUST, "", "product (vial) id in the content") \
    F(R, TEXT, lot,     MUST, "", "lot") \
    F(R, DATE, expires, MUST, "", "last day of use") \
    F(R, CODE, owner,   MUST, "bought|white-bagged|free", "whose drug it is") \
    F(R, REF,  patient, MAY,  "patient", "white-bagged: for whom") \
    F(R, INT,  vials,   MUST, "", "vials on hand") \
    F(R, BOOL, recalled, MUST, "", "recalled: not to be used")
RECORD(stock);

#define FIELDS_prep(F, R) \
    F(R, ID,   id,       MUST, "", "preparation (bag) id; on the label") \
    F(R, REF,  med_order, MUST, "med_order", "for which order") \
    F(R, INT,  order_version, MUST, "", "version of the order it was made from") \
    F(R, REF,  visit,    MUST, "visit", "for which visit") \
    F(R, REF,  patient,  MUST, "patient", "for whom") \
    F(R, TEXT, drug,     MUST, "", "drug id") \
    F(R, CODE, state,    MUST, "started|labelled|checked|released|hung|used|killed|wasted", "where it stands") \
    F(R, QTY,  dose,     MUST, "", "drug in the bag") \
    F(R, JSON, vials,    MUST, "", "vials drawn: [{\"stock\",\"product\",\"lot\",\"expires\",\"owner\",\"count\",\"amount\"}]") \
    F(R, QTY,  waste,    MUST, "", "drug drawn and thrown away") \
    F(R, DEC,  drug_ml,  MUST, "mL", "volume of drug") \
    F(R, TEXT, diluent,  MAY,  "", "diluent") \
    F(R, DEC,  diluent_ml, MAY, "mL", "volume of diluent") \
    F(R, DEC,  volume,   MUST, "mL", "volume in the bag") \
    F(R, QTY,  concentration, MUST, "", "drug per volume") \
    F(R, TIME, beyond_use, MAY, "", "must be started by") \
    F(R, TEXT, barcode,  MAY,  "", "GS1 element string on the label, human form") \
    F(R, JSON, proof,    MAY,  "", "vials, diluent, waste, beyond-use: how worked out") \
    F(R, REF,  made_by,  MUST, "staff", "technician") \
    F(R, TIME, made_at,  MUST, "", "started") \
    F(R, REF,  checked_by, MAY, "staff", "second person") \
    F(R, TIME, checked_at, MAY, "", "checked") \
    F(R, REF,  released_by, MAY, "staff", "pharmacist") \
    F(R, TIME, released_at, MAY, "", "released") \
    F(R, TEXT, reason,   MAY,  "", "why killed or wasted")
RECORD(prep);

/* ---- give ---------------------------------------------------------------------------------------------------------- */

#define FIELDS_pump(F, R) \
    F(R, ID,   id,       MUST, "", "serial number, as the pump sends it and its barcode says") \
    F(R, TEXT, model,    MUST, "", "model") \
    F(R, INT,  channels, MUST, "", "channels, named A, B, …") \
    F(R, BOOL, active,   MUST, "", "in use")
RECORD(pump);

#define FIELDS_pump_alias(F, R) \
    F(R, ID,   id,       MUST, "", "serial as the pump or its gateway sends it") \
    F(R, REF,  pump,     MUST, "pump", "which registered pump that is")
RECORD(pump_alias);

/* Messages of one sender that fail for one cause. The messages themselves lie in the inbox under `box`. */
#define FIELDS_failed_message(F, R) \
    F(R, ID,   id,       MUST, "", "id of the failure") \
    F(R, TEXT, sender,   MUST, "", "sending application and facility") \
    F(R, TEXT, cause,    MUST, "", "code, place and pump: what makes failures the same") \
    F(R, TEXT, box,      MUST, "", "the sender they have in the inbox") \
    F(R, TEXT, message,  MUST, "", "the first of them: its message control id") \
    F(R, INT,  code,     MUST, "", "HL7 table 0357") \
    F(R, TEXT, segment,  MAY,  "", "segment at fault") \
    F(R, INT,  nth,      MAY,  "", "which of that name, from 1") \
    F(R, INT,  field,    MAY,  "", "field at fault; absent: the segment as a whole") \
    F(R, TEXT, says,     MUST, "", "the rule that failed, in words") \
    F(R, TEXT, pump,     MAY,  "", "serial, if the message names one") \
    F(R, TIME, since,    MUST, "", "when the first came") \
    F(R, CODE, state,    MUST, "open|again|settled|put aside", "again: to be taken in once more") \
    F(R, TEXT, fix,      MAY,  "", "what the field at fault is to hold instead, when taken in again") \
    F(R, INT,  taken,    MAY,  "", "messages taken in after all") \
    F(R, TEXT, outcome,  MAY,  "", "what came of the last try")
RECORD(failed_message);

#define FIELDS_infusion(F, R) \
    F(R, ID,   id,       MUST, "", "infusion id") \
    F(R, REF,  visit,    MUST, "visit", "at which visit") \
    F(R, REF,  patient,  MUST, "patient", "into whom") \
    F(R, REF,  med_order, MUST, "med_order", "what was ordered") \
    F(R, REF,  prep,     MAY,  "prep", "which bag") \
    F(R, TEXT, drug,     MUST, "", "drug id") \
    F(R, TEXT, drug_name, MUST, "", "as shown") \
    F(R, CODE, method,   MUST, "pump|ambulatory pump|elastomeric|gravity|push|injection|oral", "delivery method") \
    F(R, REF,  pump,     MAY,  "pump", "which pump") \
    F(R, TEXT, channel,  MAY,  "", "which channel") \
    F(R, DEC,  ordered_ml, MUST, "mL", "volume to be infused") \
    F(R, QTY,  concentration, MUST, "", "drug per volume") \
    F(R, CODE, state,    MUST, "associated|waiting|running|paused|kvo|ended|uncertain|reconciled", "where it stands") \
    F(R, CODE, certainty, MUST, "certain|uncertain when|uncertain total|stated", "how sure the volume is") \
    F(R, DEC,  rate,     MAY,  "mL/h", "rate now") \
    F(R, DEC,  volume,   MUST, "mL", "given so far, keep-open apart") \
    F(R, DEC,  kvo_ml,   MUST, "mL", "given at keep-open rate") \
    F(R, TIME, associated_at, MUST, "", "patient, bag, pump and order tied together") \
    F(R, TIME, started,  MAY,  "", "first flow") \
    F(R, TIME, ended,    MAY,  "", "last flow, once ended") \
    F(R, TIME, heard,    MAY,  "", "last fact about it") \
    F(R, TIME, stopped,  MAY,  "", "the drug last stopped flowing, for good or not") \
    F(R, TIME, counted,  MAY,  "", "up to here the volume is counted; what flowed since is not in it") \
    F(R, TIME, rate_since, MAY, "", "minutes at this rate count from here, pauses left out; absent while nothing flows") \
    F(R, TIME, rate_changed, MAY, "", "the rate last changed while it ran, or first flow") \
    F(R, REF,  nurse,    MUST, "staff", "who hung it") \
    F(R, TEXT, why_uncertain, MAY, "", "what is not known")
RECORD(infusion);

/* One fact about flow, from a pump or a person; the segments are a function of the set of these (clinic/flow.h). */
#define FIELDS_flow_fact(F, R) \
    F(R, ID,   id,       MUST, "", "fact id") \
    F(R, REF,  infusion, MAY,  "infusion", "which; absent while nobody tied the channel to a patient") \
    F(R, REF,  pump,     MAY,  "pump", "pump") \
    F(R, TEXT, channel,  MAY,  "", "channel") \
    F(R, TEXT, kind,     MUST, "", "associate start rate stop resume complete kvo counter reset flush stated lost disassociate …: clinic/flow.h; void: struck out") \
    F(R, TIME, happened, MUST, "", "by our clock") \
    F(R, TEXT, sender,   MUST, "", "sender of the message, or staff id") \
    F(R, TEXT, message,  MUST, "", "message id, unique by sender") \
    F(R, CODE, source,   MUST, "pump|nurse|patient", "who says so") \
    F(R, DEC,  rate,     MAY,  "mL/h", "rate from now on") \
    F(R, DEC,  total,    MAY,  "mL", "the pump's counter, or the volume stated") \
    F(R, DEC,  resolution, MAY, "mL", "step of the counter") \
    F(R, TEXT, reason,   MAY,  "", "why") \
    F(R, TIME, charted,  MAY,  "", "a person's: when it was recorded, if after the fact")
RECORD(flow_fact);

#define FIELDS_alarm(F, R) \
    F(R, ID,   id,       MUST, "", "alarm id: pump and the sender's alert id") \
    F(R, REF,  pump,     MUST, "pump", "pump") \
    F(R, TEXT, channel,  MAY,  "", "channel") \
    F(R, REF,  infusion, MAY,  "infusion", "infusion on that channel") \
    F(R, INT,  code,     MUST, "", "MDC code") \
    F(R, TEXT, text,     MUST, "", "words") \
    F(R, CODE, priority, MUST, "high|medium|low", "IEC 60601-1-8") \
    F(R, CODE, state,    MUST, "active|ended", "sounding or over") \
    F(R, TIME, started,  MUST, "", "from") \
    F(R, TIME, ended,    MAY,  "", "to") \
    F(R, REF,  seen_by,  MAY,  "staff", "who answered it")
RECORD(alarm);

#define FIELDS_scan(F, R) \
    F(R, ID,   id,      MUST, "", "scan id") \
    F(R, REF,  visit,   MAY,  "visit", "at which visit") \
    F(R, REF,  infusion, MAY, "infusion", "for which infusion") \
    F(R, CODE, what,    MUST, "patient|bag|pump|badge", "what was read") \
    F(R, TEXT, code,    MUST, "", "what it said") \
    F(R, BOOL, typed,   MUST, "", "typed, not scanned") \
    F(R, TEXT, reason,  MAY,  "", "why typed") \
    F(R, REF,  nurse,   MUST, "staff", "by whom") \
    F(R, TIME, at,      MUST, "", "when")
RECORD(scan);

/* ---- watch ----------------------------------------------------------------------------------------------------------- */

#define FIELDS_reaction(F, R) \
    F(R, ID,   id,       MUST, "", "reaction id") \
    F(R, REF,  visit,    MUST, "visit", "at which visit") \
    F(R, REF,  patient,  MUST, "patient", "whose") \
    F(R, REF,  infusion, MAY,  "infusion", "during which infusion") \
    F(R, TIME, onset,    MUST, "", "first sign") \
    F(R, INT,  grade,    MUST, "{score}", "CTCAE grade 1 to 5") \
    F(R, TEXT, symptoms, MUST, "", "symptoms, separated by commas") \
    F(R, DEC,  rate,     MAY,  "mL/h", "rate at onset") \
    F(R, TEXT, actions,  MAY,  "", "what was done and given") \
    F(R, CODE, state,    MUST, "open|treated|closed|entered in error", "where it stands; or struck out") \
    F(R, BOOL, stop_seen, MUST, "", "a pump event or a person confirmed the stop") \
    F(R, CODE, restart,  MAY,  "never|allowed|ordered|restarted", "by the drug's table and an order") \
    F(R, DEC,  restart_rate, MAY, "mL/h", "rate ordered for the restart") \
    F(R, REF,  restart_by, MAY, "staff", "prescriber who ordered the restart") \
    F(R, TEXT, next_time, MAY, "", "what to do differently next time") \
    F(R, TIME, charted,  MAY,  "", "when it was recorded, if after the fact")
RECORD(reaction);

/* ---- teach -------------------------------------------------------------------------------------------------------------- */

#define FIELDS_question(F, R) \
    F(R, ID,   id,       MUST, "", "question id") \
    F(R, REF,  patient,  MUST, "patient", "who asks") \
    F(R, LONG, text,     MUST, "", "the question, or how they feel") \
    F(R, TIME, at,       MUST, "", "asked") \
    F(R, TEXT, red_flag, MAY,  "", "red-flag words found") \
    F(R, LONG, told,     MAY,  "", "what was said at once") \
    F(R, CODE, state,    MUST, "open|answered", "where it stands") \
    F(R, LONG, answer,   MAY,  "", "the answer") \
    F(R, REF,  answered_by, MAY, "staff", "by whom") \
    F(R, TIME, answered_at, MAY, "", "when")
RECORD(question);

/* ---- account ------------------------------------------------------------------------------------------------------------- */

#define FIELDS_charge(F, R) \
    F(R, ID,   id,       MUST, "", "charge id, one a visit") \
    F(R, REF,  visit,    MUST, "visit", "for which visit") \
    F(R, REF,  patient,  MUST, "patient", "whose") \
    F(R, CODE, state,    MUST, "made|final|corrected", "made by the engine; final: checked by a biller") \
    F(R, TEXT, pack,     MUST, "", "content release of the rules") \
    F(R, INT,  revision, MUST, "", "+1 when a late fact changed it") \
    F(R, TEXT, facts,    MUST, "", "SHA-256 of the facts it was made from") \
    F(R, DEC,  total,    MUST, "{currency}", "sum of the lines") \
    F(R, REF,  final_by, MAY,  "staff", "biller") \
    F(R, TIME, at,       MUST, "", "made")
RECORD(charge);

#define FIELDS_charge_line(F, R) \
    F(R, ID,   id,       MUST, "", "line id") \
    F(R, REF,  charge,   MUST, "charge", "of which charge") \
    F(R, REF,  visit,    MUST, "visit", "for which visit") \
    F(R, INT,  revision, MUST, "", "revision of the charge it belongs to") \
    F(R, INT,  place,    MUST, "", "order on the claim") \
    F(R, TEXT, role,     MUST, "", "our role: TPD_INF_INIT …, DRUG, DRUG_WASTE") \
    F(R, TEXT, code,     MAY,  "", "the site's code for the role") \
    F(R, TEXT, drug,     MAY,  "", "drug id") \
    F(R, TEXT, modifiers, MAY, "", "separated by spaces") \
    F(R, INT,  units,    MUST, "", "billing units") \
    F(R, DEC,  amount,   MAY,  "{currency}", "units × the site's price") \
    F(R, INT,  minutes,  MAY,  "min", "minutes that made it") \
    F(R, TIME, start,    MAY,  "", "first minute") \
    F(R, TIME, end,      MAY,  "", "last minute") \
    F(R, TEXT, events,   MAY,  "", "infusion or preparation ids, separated by spaces") \
    F(R, TEXT, says,     MUST, "", "the sentence that made it")
RECORD(charge_line);

/* The patient's advance notice about a drug whose diagnosis the payer does not list: what the claim must say of it. */
#define FIELDS_charge_notice(F, R) \
    F(R, ID,   id,       MUST, "", "notice id") \
    F(R, REF,  visit,    MUST, "visit", "for which visit") \
    F(R, REF,  patient,  MUST, "patient", "whose") \
    F(R, TEXT, drug,     MUST, "", "drug id") \
    F(R, CODE, state,    MUST, "signed|none", "signed before the service, or there is none") \
    F(R, DATE, signed_on, MAY, "", "signed: on which day") \
    F(R, TEXT, reason,   MUST, "", "the biller's words") \
    F(R, REF,  by,       MUST, "staff", "biller") \
    F(R, TIME, at,       MUST, "", "when this was recorded")
RECORD(charge_notice);

/* ---- trust --------------------------------------------------------------------------------------------------------------- */

/* What was offered to a scheduler, and what a rule refused: kept so that it can be explained. */
#define FIELDS_offer(F, R) \
    F(R, ID,   id,      MUST, "", "offer id") \
    F(R, REF,  visit,   MUST, "visit", "for which visit") \
    F(R, INT,  place,   MUST, "", "1 is the best") \
    F(R, TIME, start,   MUST, "", "from") \
    F(R, TIME, end,     MUST, "", "to") \
    F(R, REF,  chair,   MUST, "chair", "chair") \
    F(R, REF,  nurse,   MUST, "staff", "nurse") \
    F(R, TEXT, says,    MUST, "", "why here, in one sentence")
RECORD(offer);

#define FIELDS_refusal(F, R) \
    F(R, ID,   id,       MUST, "", "refusal id") \
    F(R, TEXT, command,  MUST, "", "what was asked") \
    F(R, REF,  patient,  MAY,  "patient", "about whom") \
    F(R, TEXT, rule,     MUST, "", "rule id in the content") \
    F(R, CODE, severity, MUST, "hard stop|needs a reason|note", "severity") \
    F(R, TEXT, says,     MUST, "", "the sentence shown") \
    F(R, JSON, facts,    MUST, "", "what it was decided from") \
    F(R, TEXT, facts_hash, MUST, "", "an override is void if this differs") \
    F(R, TEXT, who,      MAY,  "", "roles that may override") \
    F(R, REF,  overridden_by, MAY, "staff", "who overrode it") \
    F(R, TEXT, reason,   MAY,  "", "with which reason") \
    F(R, TIME, at,       MUST, "", "when")
RECORD(refusal);

/* What was charted and is told otherwise later: the old value stands beside the new one, for ever. */
#define FIELDS_correction(F, R) \
    F(R, ID,   id,      MUST, "", "correction id") \
    F(R, TEXT, record,  MUST, "", "kind of record: vital_signs, flow_fact …") \
    F(R, TEXT, about,   MUST, "", "id of the record corrected") \
    F(R, TEXT, field,   MUST, "", "its field") \
    F(R, LONG, was,     MAY,  "", "value before; absent: none") \
    F(R, LONG, now,     MAY,  "", "value since; absent: none") \
    F(R, REF,  visit,   MAY,  "visit", "at which visit") \
    F(R, REF,  infusion, MAY, "infusion", "of which infusion") \
    F(R, REF,  patient, MUST, "patient", "whose") \
    F(R, TEXT, reason,  MUST, "", "why") \
    F(R, REF,  by,      MUST, "staff", "who") \
    F(R, TIME, at,      MUST, "", "when")
RECORD(correction);

/* All of the above, in this order: the tables of the store. */
extern const struct record *const model_records[];
extern const int model_record_count;
const struct record *model_find(const char *name); /* NULL if there is none */

#endif
