/* views: the shapes pages read, in the order of the path. A view's members are listed in the room's VIEWS table; each
 * member is one row or many of a shape below (or of a record of record/model.h). Numbers come exact with their unit in
 * the description; texts that need the site's formatter (dose, rate) come ready to show. Constant data; any thread.
 */
#ifndef CARE_VIEWS_H
#define CARE_VIEWS_H

#include "base/field.h"

/* ---- parameters --------------------------------------------------------------------------------------------- */

#define FIELDS_by_patient(F, R) F(R, REF, patient, MUST, "patient", "which patient")
RECORD(by_patient);
#define FIELDS_by_plan(F, R) F(R, REF, plan, MUST, "plan", "which plan")
RECORD(by_plan);
#define FIELDS_by_visit(F, R) F(R, REF, visit, MUST, "visit", "which visit")
RECORD(by_visit);
#define FIELDS_by_order(F, R) F(R, REF, order, MUST, "med_order", "which order")
RECORD(by_order);
#define FIELDS_by_prep(F, R) F(R, REF, prep, MUST, "prep", "which bag")
RECORD(by_prep);
#define FIELDS_by_day(F, R) F(R, DATE, day, MAY, "", "local day; today if left out")
RECORD(by_day);
#define FIELDS_by_text(F, R) F(R, TEXT, q, MUST, "", "a name, a number, a scan")
RECORD(by_text);
#define FIELDS_by_id(F, R) F(R, TEXT, id, MUST, "", "any id")
RECORD(by_id);
#define FIELDS_regimen_params(F, R) \
    F(R, REF,  patient,   MUST, "patient", "for whom") \
    F(R, TEXT, regimen,   MAY,  "", "with this one: its doses are worked out as a preview") \
    F(R, DATE, first_day, MAY,  "", "day 1 of the preview; today if left out")
RECORD(regimen_params);

/* ---- on every page about a patient --------------------------------------------------------------------------- */

#define FIELDS_banner(F, R) \
    F(R, ID,   id,      MUST, "", "patient id") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, born,    MUST, "", "14-Jul-1968") \
    F(R, INT,  age,     MUST, "a", "completed years") \
    F(R, TEXT, sex,     MUST, "", "administrative sex") \
    F(R, TEXT, mrn,     MUST, "", "identifier") \
    F(R, TEXT, weight,  MAY,  "", "\"85 kg\"") \
    F(R, TIME, weight_at, MAY, "", "when weighed") \
    F(R, INT,  weight_days, MAY, "d", "age of the weight") \
    F(R, TEXT, allergies, MUST, "", "list, \"none known\" or \"not recorded\"") \
    F(R, CODE, allergy_state, MUST, "recorded|none known|not recorded", "state of the list") \
    F(R, TEXT, line,    MAY,  "", "vein access today") \
    F(R, TEXT, alerts,  MAY,  "", "what everyone must know, separated by |")
RECORD(banner);

/* ---- floor -------------------------------------------------------------------------------------------------------- */

#define FIELDS_chair_card(F, R) \
    F(R, ID,   chair,   MUST, "", "number of the chair") \
    F(R, TEXT, pod,     MUST, "", "pod") \
    F(R, BOOL, bed,     MUST, "", "is a bed") \
    F(R, CODE, state,   MUST, "empty|arrived|ready|waiting|running|paused|kvo|uncertain|observing|reaction", "the one word") \
    F(R, REF,  visit,   MAY,  "visit", "who sits here") \
    F(R, REF,  patient, MAY,  "patient", "patient") \
    F(R, TEXT, name,    MAY,  "", "FAMILY, Given") \
    F(R, TEXT, drug,    MAY,  "", "drug in the vein now, or next") \
    F(R, TEXT, rate,    MAY,  "", "\"166.7 mL/h\"") \
    F(R, TEXT, dose_rate, MAY, "", "\"4 mg/kg/min\"") \
    F(R, DEC,  volume,  MAY,  "mL", "flowed so far") \
    F(R, DEC,  ordered, MAY,  "mL", "to flow in all") \
    F(R, TIME, ends,    MAY,  "", "expected end of the infusion") \
    F(R, TEXT, next,    MAY,  "", "the next thing due") \
    F(R, TIME, next_at, MAY,  "", "when") \
    F(R, CODE, alarm,   MAY,  "high|medium|low", "highest alarm") \
    F(R, TEXT, alarm_text, MAY, "", "its words") \
    F(R, REF,  nurse,   MAY,  "staff", "nurse") \
    F(R, TEXT, nurse_name, MAY, "", "name") \
    F(R, TEXT, coming,  MAY,  "", "empty: who comes next") \
    F(R, TIME, coming_at, MAY, "", "when") \
    F(R, TEXT, waits_for, MAY, "", "what they wait for: screen, vital signs, OK to treat, mixing, hanging")
RECORD(chair_card);

#define FIELDS_walk_task(F, R) \
    F(R, INT,  place,   MUST, "", "order in which to walk") \
    F(R, TEXT, what,    MUST, "", "what to do") \
    F(R, TEXT, chair,   MAY,  "", "where") \
    F(R, REF,  visit,   MAY,  "visit", "for which visit") \
    F(R, REF,  patient, MAY,  "patient", "for whom") \
    F(R, TEXT, name,    MAY,  "", "FAMILY, Given") \
    F(R, REF,  nurse,   MAY,  "staff", "whose task") \
    F(R, TIME, due,     MAY,  "", "by when") \
    F(R, CODE, urgency, MUST, "alarm|overdue|now|soon|later", "how urgent") \
    F(R, CODE, alarm,   MAY,  "high|medium|low", "priority, if it is an alarm or a reaction") \
    F(R, TEXT, why,     MUST, "", "why this place in the list")
RECORD(walk_task);

#define FIELDS_floor_count(F, R) \
    F(R, INT,  running,   MUST, "", "infusions running") \
    F(R, INT,  present,   MUST, "", "patients here") \
    F(R, INT,  expected,  MUST, "", "patients still to come today") \
    F(R, INT,  done,      MUST, "", "visits done today") \
    F(R, INT,  uncertain, MUST, "", "infusions with something not known") \
    F(R, INT,  high,      MUST, "", "high alarms") \
    F(R, INT,  medium,    MUST, "", "medium alarms") \
    F(R, INT,  low,       MUST, "", "low alarms")
RECORD(floor_count);

#define FIELDS_waiting_row(F, R) \
    F(R, REF,  visit,   MUST, "visit", "visit") \
    F(R, REF,  patient, MUST, "patient", "patient") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, title,   MUST, "", "regimen") \
    F(R, CODE, state,   MUST, "due|booked|arrived|ok|treating|observing|done|held|skipped|cancelled|not treated", "state") \
    F(R, TIME, start,   MAY,  "", "booked") \
    F(R, TIME, arrived_at, MAY, "", "arrived") \
    F(R, TEXT, chair,   MAY,  "", "chair") \
    F(R, TEXT, waits_for, MAY, "", "what they wait for")
RECORD(waiting_row);

/* ---- bedside -------------------------------------------------------------------------------------------------------- */

#define FIELDS_ladder_step(F, R) \
    F(R, TEXT, name,    MUST, "", "arrive, screen, vital signs, line, OK to treat, drug …, observation, discharge") \
    F(R, CODE, state,   MUST, "done|now|next|later|late", "where it stands") \
    F(R, TIME, planned, MAY,  "", "planned") \
    F(R, TIME, actual,  MAY,  "", "real") \
    F(R, TEXT, detail,  MAY,  "", "one line more")
RECORD(ladder_step);

#define FIELDS_bedside_drug(F, R) \
    F(R, REF,  order,    MUST, "med_order", "order") \
    F(R, TEXT, drug,     MUST, "", "drug id") \
    F(R, TEXT, drug_name, MUST, "", "as shown") \
    F(R, TEXT, dose,     MUST, "", "\"750 mg\"") \
    F(R, CODE, method,   MUST, "pump|ambulatory pump|elastomeric|gravity|push|injection|oral", "delivery method") \
    F(R, TEXT, order_state, MUST, "", "state of the order") \
    F(R, REF,  prep,     MAY,  "prep", "bag") \
    F(R, TEXT, prep_state, MAY, "", "state of the bag") \
    F(R, TEXT, bag_code, MAY,  "", "barcode on the bag") \
    F(R, TIME, beyond_use, MAY, "", "start by") \
    F(R, REF,  infusion, MAY,  "infusion", "infusion") \
    F(R, CODE, state,    MAY,  "associated|waiting|running|paused|kvo|ended|uncertain|reconciled", "state of the infusion") \
    F(R, CODE, certainty, MAY, "certain|uncertain when|uncertain total|stated", "how sure") \
    F(R, TEXT, why_uncertain, MAY, "", "what is not known") \
    F(R, TEXT, pump,     MAY,  "", "pump and channel") \
    F(R, DEC,  ordered,  MAY,  "mL", "to flow in all") \
    F(R, DEC,  volume,   MAY,  "mL", "flowed") \
    F(R, TEXT, given,    MAY,  "", "dose given so far, \"412 mg\"") \
    F(R, DEC,  rate,     MAY,  "mL/h", "rate now") \
    F(R, TEXT, dose_rate, MAY, "", "\"4 mg/kg/min\"") \
    F(R, DEC,  first_rate, MAY, "mL/h", "rate to start at") \
    F(R, DEC,  max_rate, MAY,  "mL/h", "hard limit") \
    F(R, DEC,  next_rate, MAY, "mL/h", "next step's rate") \
    F(R, TIME, next_at,  MAY,  "", "next step at") \
    F(R, TIME, ends,     MAY,  "", "expected end") \
    F(R, TIME, heard,    MAY,  "", "last word from the pump") \
    F(R, JSON, steps,    MAY,  "", "planned steps: [{rate, minutes}]")
RECORD(bedside_drug);

#define FIELDS_segment_row(F, R) \
    F(R, REF,  infusion, MUST, "infusion", "infusion") \
    F(R, TEXT, drug_name, MUST, "", "drug") \
    F(R, TIME, start,    MUST, "", "from") \
    F(R, TIME, end,      MAY,  "", "to; open while it flows") \
    F(R, CODE, kind,     MUST, "running|paused|kvo|flush|bolus|uncertain", "what it is") \
    F(R, DEC,  rate,     MAY,  "mL/h", "rate") \
    F(R, DEC,  volume,   MAY,  "mL", "volume of this segment") \
    F(R, CODE, certainty, MUST, "certain|uncertain when|uncertain total|stated", "how sure") \
    F(R, TEXT, source,   MUST, "", "pump, nurse, patient")
RECORD(segment_row);

#define FIELDS_mark_row(F, R) \
    F(R, TIME, at,   MUST, "", "when") \
    F(R, CODE, kind, MUST, "symptom|reaction|action|alarm|scan|note|step", "what it is") \
    F(R, TEXT, text, MUST, "", "words") \
    F(R, TEXT, id,   MAY,  "", "record it stands for")
RECORD(mark_row);

#define FIELDS_check_row(F, R) \
    F(R, TEXT, what,  MUST, "", "vital signs, next rate step, line check, end of bag, observation over") \
    F(R, TIME, due,   MUST, "", "when") \
    F(R, CODE, state, MUST, "overdue|now|soon|later", "how urgent") \
    F(R, TEXT, why,   MUST, "", "which rule of the drug's content asks for it") \
    F(R, TEXT, phase, MAY,  "", "phase for vitals.record")
RECORD(check_row);

/* What can be done now: a button. `input` is the command's input so far; the page asks for `asks`. */
#define FIELDS_action_row(F, R) \
    F(R, TEXT, command, MUST, "", "command") \
    F(R, TEXT, label,   MUST, "", "words on the button") \
    F(R, TEXT, key,     MAY,  "", "keyboard key") \
    F(R, JSON, input,   MUST, "", "what is known of the input") \
    F(R, TEXT, asks,    MAY,  "", "input members the page must ask for, separated by spaces") \
    F(R, BOOL, enabled, MUST, "", "can be done now") \
    F(R, TEXT, why_not, MAY,  "", "if not: what is missing")
RECORD(action_row);

/* The questions of the screens this visit asks for; `answers` of screen.record is {id: answer} of one kind. */
#define FIELDS_screen_question(F, R) \
    F(R, TEXT, kind,   MUST, "", "screen id: the kind of screen.record") \
    F(R, TEXT, title,  MUST, "", "title of the screen") \
    F(R, TEXT, id,     MUST, "", "question id") \
    F(R, TEXT, text,   MUST, "", "the question, in plain words") \
    F(R, CODE, answer, MUST, "yes_no|scale", "answered with yes or no, or 0 to 4") \
    F(R, BOOL, done,   MUST, "", "this screen was asked at this visit")
RECORD(screen_question);

/* What the bedside shows of the content, for this patient. */
#define FIELDS_reaction_guide(F, R) \
    F(R, INT,  grade, MUST, "{score}", "CTCAE grade") \
    F(R, INT,  place, MUST, "", "order within the grade") \
    F(R, TEXT, words, MUST, "", "what to do, readable at arm's length") \
    F(R, TEXT, drug_name, MAY, "", "rescue drug") \
    F(R, TEXT, dose,  MAY,  "", "its dose and how, in the content's words") \
    F(R, TEXT, allergy, MAY, "", "an allergy of this patient that its content names")
RECORD(reaction_guide);
#define FIELDS_symptom_row(F, R) \
    F(R, TEXT, text,  MUST, "", "words on the button") \
    F(R, INT,  grade_min, MUST, "{score}", "not below this grade")
RECORD(symptom_row);
#define FIELDS_score_band(F, R) \
    F(R, REF,  vitals, MUST, "vital_signs", "of which set") \
    F(R, INT,  score,  MUST, "{score}", "NEWS2") \
    F(R, CODE, band,   MUST, "zero|low|low-medium|medium|high", "what the score asks for: clinic/news2.h")
RECORD(score_band);
#define FIELDS_sign_limit(F, R) \
    F(R, TEXT, sign,  MUST, "", "member of vital_signs") \
    F(R, CODE, side,  MUST, "low|high", "which side is outside") \
    F(R, DEC,  value, MUST, "", "limit today, in the sign's unit; from this patient's baseline where the rule is against it") \
    F(R, CODE, level, MUST, "watch|act", "watch: look; act: think of a reaction") \
    F(R, TEXT, words, MUST, "", "what the rule says")
RECORD(sign_limit);
#define FIELDS_restart_row(F, R) \
    F(R, TEXT, drug_name, MUST, "", "drug") \
    F(R, INT,  grade, MUST, "{score}", "after a reaction of this grade") \
    F(R, TEXT, words, MUST, "", "what the drug's table says")
RECORD(restart_row);

/* ---- plan -------------------------------------------------------------------------------------------------------------- */

#define FIELDS_patient_row(F, R) \
    F(R, ID,   id,      MUST, "", "patient id") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, mrn,     MUST, "", "identifier") \
    F(R, TEXT, born,    MUST, "", "14-Jul-1968") \
    F(R, INT,  age,     MUST, "a", "years") \
    F(R, TEXT, diagnosis, MAY, "", "the diagnosis a regimen is offered for") \
    F(R, REF,  plan,    MAY,  "plan", "latest plan") \
    F(R, TEXT, plan_title, MAY, "", "its title") \
    F(R, TEXT, plan_state, MAY, "", "its state")
RECORD(patient_row);

#define FIELDS_regimen_row(F, R) \
    F(R, TEXT, regimen,    MUST, "", "regimen id") \
    F(R, TEXT, title,      MUST, "", "name") \
    F(R, TEXT, indication, MUST, "", "ICD-10-CM code of the patient it is offered for") \
    F(R, TEXT, indication_text, MUST, "", "words") \
    F(R, TEXT, outline,    MUST, "", "one line: doses, visits, spacing") \
    F(R, TEXT, approved_by, MUST, "", "who approved the content")
RECORD(regimen_row);

#define FIELDS_dose_row(F, R) \
    F(R, REF,  order,    MAY,  "med_order", "order; none in a preview") \
    F(R, REF,  visit,    MAY,  "visit", "visit") \
    F(R, INT,  number,   MUST, "", "visit number") \
    F(R, DATE, due,      MUST, "", "due day") \
    F(R, TEXT, drug,     MUST, "", "drug id") \
    F(R, TEXT, drug_name, MUST, "", "as shown") \
    F(R, TEXT, dose,     MUST, "", "\"750 mg\"") \
    F(R, TEXT, rates,    MUST, "", "\"21 → 336 mL/h in 6 steps, 2 h 10 min\"") \
    F(R, TEXT, state,    MUST, "", "state of the order") \
    F(R, INT,  percent,  MAY,  "%", "given") \
    F(R, TEXT, changed,  MAY,  "", "what changed since the last one, and why") \
    F(R, JSON, proof,    MUST, "", "{dose, steps:[{name, value, says}], inputs:[{name, value, at, source, age_days}], rules:[…], product, second:{dose, agrees}}")
RECORD(dose_row);

#define FIELDS_query_row(F, R) \
    F(R, REF,  query,    MUST, "order_query", "question") \
    F(R, REF,  order,    MUST, "med_order", "order") \
    F(R, REF,  plan,     MUST, "plan", "plan") \
    F(R, REF,  patient,  MUST, "patient", "patient") \
    F(R, TEXT, name,     MUST, "", "FAMILY, Given") \
    F(R, TEXT, drug_name, MUST, "", "drug") \
    F(R, TEXT, dose,     MUST, "", "dose") \
    F(R, TEXT, text,     MUST, "", "the question") \
    F(R, TEXT, who,      MUST, "", "who asks") \
    F(R, TIME, at,       MUST, "", "when")
RECORD(query_row);

#define FIELDS_event_row(F, R) \
    F(R, INT,  seq,      MUST, "", "ledger number") \
    F(R, TIME, happened, MUST, "", "when it happened") \
    F(R, TIME, recorded, MUST, "", "when it was recorded") \
    F(R, TEXT, type,     MUST, "", "event type") \
    F(R, TEXT, says,     MUST, "", "meaning") \
    F(R, TEXT, who,      MUST, "", "name") \
    F(R, TEXT, subject,  MUST, "", "id") \
    F(R, TEXT, reason,   MAY,  "", "reason given") \
    F(R, JSON, data,     MAY,  "", "what it says") \
    F(R, JSON, why,      MAY,  "", "how the values came about")
RECORD(event_row);

/* ---- schedule --------------------------------------------------------------------------------------------------------------- */

#define FIELDS_day_block(F, R) \
    F(R, REF,  visit,   MUST, "visit", "visit") \
    F(R, REF,  patient, MUST, "patient", "patient") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, title,   MUST, "", "regimen") \
    F(R, TEXT, chair,   MAY,  "", "chair") \
    F(R, TEXT, nurse,   MAY,  "", "nurse's staff id") \
    F(R, TIME, start,   MUST, "", "booked start") \
    F(R, TIME, end,     MUST, "", "booked end; the expected end once it runs") \
    F(R, INT,  setup_min,   MUST, "min", "set-up") \
    F(R, INT,  drug_min,    MUST, "min", "drugs") \
    F(R, INT,  observe_min, MUST, "min", "observation") \
    F(R, TEXT, state,   MUST, "", "state of the visit") \
    F(R, TEXT, unfit,   MAY,  "", "why the booking no longer fits its length")
RECORD(day_block);

#define FIELDS_nurse_row(F, R) \
    F(R, REF,  nurse,    MUST, "staff", "nurse") \
    F(R, TEXT, name,     MUST, "", "name") \
    F(R, TIME, start,    MUST, "", "shift from") \
    F(R, TIME, end,      MUST, "", "to") \
    F(R, INT,  patients, MUST, "", "at once, at most") \
    F(R, TEXT, pod,      MAY,  "", "pod")
RECORD(nurse_row);

#define FIELDS_due_row(F, R) \
    F(R, REF,  visit,    MUST, "visit", "visit") \
    F(R, REF,  patient,  MUST, "patient", "patient") \
    F(R, TEXT, name,     MUST, "", "FAMILY, Given") \
    F(R, TEXT, title,    MUST, "", "regimen") \
    F(R, INT,  number,   MUST, "", "visit number") \
    F(R, DATE, due,      MUST, "", "due") \
    F(R, DATE, earliest, MUST, "", "first day") \
    F(R, DATE, latest,   MUST, "", "last day") \
    F(R, INT,  minutes,  MUST, "min", "chair time") \
    F(R, CODE, state,    MUST, "due|held|booked", "due, or held; or its booking no longer fits") \
    F(R, TEXT, urgency,  MUST, "", "past its window, 2 days left …")
RECORD(due_row);

/* ---- ready --------------------------------------------------------------------------------------------------------------------- */

#define FIELDS_ready_row(F, R) \
    F(R, REF,  visit,   MUST, "visit", "visit") \
    F(R, REF,  patient, MUST, "patient", "patient") \
    F(R, REF,  plan,    MUST, "plan", "its plan") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, title,   MUST, "", "regimen") \
    F(R, TIME, start,   MUST, "", "booked start") \
    F(R, CODE, verdict, MUST, "ready|blocked|unknown", "the worst of its facts") \
    F(R, INT,  open,    MUST, "", "facts that are not ready")
RECORD(ready_row);

#define FIELDS_ready_fact(F, R) \
    F(R, REF,  visit,   MUST, "visit", "visit") \
    F(R, CODE, what,    MUST, "order|weight|laboratory|authorisation|coverage|consent|drug|access|teaching|allergies", "which") \
    F(R, CODE, state,   MUST, "ready|blocked|unknown", "verdict") \
    F(R, TEXT, says,    MUST, "", "the fact") \
    F(R, TEXT, owner,   MAY,  "", "role that mends it") \
    F(R, TIME, deadline, MAY, "", "mended by") \
    F(R, TEXT, command, MAY,  "", "command that mends it") \
    F(R, JSON, input,   MAY,  "", "what is known of its input")
RECORD(ready_fact);

/* ---- pharmacy ------------------------------------------------------------------------------------------------------------------- */

#define FIELDS_pharmacy_card(F, R) \
    F(R, CODE, stage,   MUST, "verify|prepare|check|release|done", "stage") \
    F(R, REF,  plan,    MUST, "plan", "plan") \
    F(R, REF,  order,   MUST, "med_order", "order") \
    F(R, REF,  visit,   MUST, "visit", "visit") \
    F(R, REF,  prep,    MAY,  "prep", "bag") \
    F(R, REF,  patient, MUST, "patient", "patient") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, drug_name, MUST, "", "drug") \
    F(R, TEXT, dose,    MUST, "", "dose") \
    F(R, TEXT, chair,   MAY,  "", "chair") \
    F(R, TIME, needed_by, MAY, "", "needed by") \
    F(R, TIME, beyond_use, MAY, "", "must be started by") \
    F(R, TEXT, hazard,  MAY,  "", "hazardous-drug class") \
    F(R, BOOL, ok_to_treat, MUST, "", "OK to treat is signed") \
    F(R, BOOL, safe_now, MUST, "", "safe to mix now") \
    F(R, TEXT, why_not, MAY,  "", "if not: why") \
    F(R, TEXT, barcode, MAY,  "", "on the label") \
    F(R, TEXT, state,   MUST, "", "state of the order or bag") \
    F(R, REF,  struck,  MAY,  "prep", "an older bag whose label is dead and which nobody has thrown away yet") \
    F(R, TEXT, struck_why, MAY, "", "why its label died") \
    F(R, REF,  query,   MAY,  "order_query", "an open question about the order") \
    F(R, TEXT, query_text, MAY, "", "the latest question") \
    F(R, TEXT, reply,   MAY,  "", "and its reply") \
    F(R, JSON, proof,   MAY,  "", "verify: proof of the dose; later: of the bag")
RECORD(pharmacy_card);

/* ---- charges --------------------------------------------------------------------------------------------------------------------- */

#define FIELDS_chart_fix(F, R) \
    F(R, ID,   id,     MUST, "", "correction id") \
    F(R, TEXT, record, MUST, "", "kind of record") \
    F(R, TEXT, about,  MUST, "", "which one") \
    F(R, TEXT, field,  MUST, "", "its field") \
    F(R, LONG, was,    MAY,  "", "value before") \
    F(R, LONG, now,    MAY,  "", "value since") \
    F(R, TEXT, reason, MUST, "", "why") \
    F(R, TEXT, who,    MUST, "", "who") \
    F(R, TIME, at,     MUST, "", "when")
RECORD(chart_fix);

#define FIELDS_chart_entry(F, R) \
    F(R, TEXT, record,  MUST, "", "kind of record") \
    F(R, TEXT, id,      MUST, "", "which one") \
    F(R, TEXT, what,    MUST, "", "in words") \
    F(R, TIME, at,      MAY,  "", "when it happened") \
    F(R, TIME, charted, MAY,  "", "when it was charted, if after the fact") \
    F(R, TEXT, who,     MAY,  "", "who charted it") \
    F(R, BOOL, struck,  MUST, "", "struck out since") \
    F(R, TEXT, fields,  MUST, "", "what may be corrected of it, separated by spaces") \
    F(R, JSON, data,    MUST, "", "the record as it stands")
RECORD(chart_entry);

#define FIELDS_charge_row(F, R) \
    F(R, REF,  visit,   MUST, "visit", "visit") \
    F(R, REF,  patient, MUST, "patient", "patient") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, title,   MUST, "", "regimen") \
    F(R, TIME, at,      MAY,  "", "start of the visit") \
    F(R, CODE, state,   MUST, "open|made|final|corrected", "open: not made yet") \
    F(R, DEC,  total,   MAY,  "{currency}", "sum") \
    F(R, INT,  queries, MUST, "", "questions to the nurse") \
    F(R, BOOL, late,    MUST, "", "facts have changed since it was made: make it again")
RECORD(charge_row);

#define FIELDS_charge_query(F, R) \
    F(R, TEXT, to,    MUST, "", "role asked") \
    F(R, TEXT, says,  MUST, "", "the question") \
    F(R, TEXT, about, MAY,  "", "infusion or line")
RECORD(charge_query);

#define FIELDS_charge_trace(F, R) \
    F(R, TEXT, event, MUST, "", "infusion or preparation") \
    F(R, TEXT, says,  MUST, "", "what became of it, or why it was dropped")
RECORD(charge_trace);

#define FIELDS_authorisation_left(F, R) \
    F(R, TEXT, drug,   MUST, "", "drug") \
    F(R, TEXT, payer,  MUST, "", "payer") \
    F(R, TEXT, number, MAY,  "", "number") \
    F(R, INT,  units,  MUST, "", "granted") \
    F(R, INT,  used,   MUST, "", "used before this visit") \
    F(R, INT,  this_visit, MUST, "", "used by this visit") \
    F(R, DATE, end,    MAY,  "", "valid to")
RECORD(authorisation_left);

#define FIELDS_estimate_row(F, R) \
    F(R, TEXT, what,   MUST, "", "line of the estimate") \
    F(R, DEC,  amount, MUST, "{currency}", "amount") \
    F(R, TEXT, says,   MUST, "", "how it is worked out")
RECORD(estimate_row);

/* ---- the patient's page -------------------------------------------------------------------------------------------------------------- */

#define FIELDS_patient_now(F, R) \
    F(R, TEXT, given,    MUST, "", "given name") \
    F(R, TEXT, headline, MUST, "", "the one sentence") \
    F(R, TEXT, because,  MAY,  "", "why it changed, if it did") \
    F(R, TIME, leave_at, MAY,  "", "leave home at") \
    F(R, TIME, start,    MAY,  "", "booked start") \
    F(R, TIME, home_from, MAY, "", "home between") \
    F(R, TIME, home_to,  MAY,  "", "and") \
    F(R, INT,  step,     MUST, "", "0 to 6: you are here") \
    F(R, TEXT, phone,    MUST, "", "whom to call") \
    F(R, TEXT, phone_hours, MUST, "", "when nobody reads messages") \
    F(R, TEXT, phone_after, MAY, "", "whom to call at night and on weekends") \
    F(R, TEXT, phone_emergency, MAY, "", "whom to call in an emergency") \
    F(R, REF,  visit,    MAY,  "visit", "today's visit, or the next")
RECORD(patient_now);

#define FIELDS_patient_step(F, R) \
    F(R, INT,  place, MUST, "", "1 to 6") \
    F(R, TEXT, name,  MUST, "", "arrive, check, mix, infusion, rest, home") \
    F(R, TEXT, plain, MUST, "", "what happens, in plain words") \
    F(R, CODE, state, MUST, "done|now|later", "where you are") \
    F(R, TIME, at,    MAY,  "", "done at, or expected at")
RECORD(patient_step);

#define FIELDS_plain_text(F, R) \
    F(R, CODE, kind, MUST, "what|why|bring|normal|call|urgent|home|leaflet|question", "what it is about") \
    F(R, TEXT, title, MUST, "", "heading") \
    F(R, LONG, text,  MUST, "", "plain words; paragraphs by blank lines")
RECORD(plain_text);

/* ---- anywhere -------------------------------------------------------------------------------------------------------------------------- */

#define FIELDS_found_row(F, R) \
    F(R, CODE, kind, MUST, "patient|visit|plan|bag|pump|staff|chair", "what it is") \
    F(R, TEXT, id,   MUST, "", "id") \
    F(R, TEXT, text, MUST, "", "as shown") \
    F(R, TEXT, page, MUST, "", "where to go: \"/bedside/ID\"")
RECORD(found_row);

#define FIELDS_read_row(F, R) \
    F(R, REF,  reader,  MUST, "staff", "who looked") \
    F(R, TEXT, name,    MUST, "", "name") \
    F(R, TEXT, purpose, MUST, "", "which page or interface") \
    F(R, TIME, first,   MUST, "", "the first time within its five minutes; real time")
RECORD(read_row);

#define FIELDS_failed_row(F, R) \
    F(R, ID,   id,      MUST, "", "id of the failure") \
    F(R, TEXT, sender,  MUST, "", "sending application and facility") \
    F(R, CODE, state,   MUST, "open|again|settled|put aside", "where it stands") \
    F(R, INT,  code,    MUST, "", "HL7 table 0357") \
    F(R, TEXT, place,   MAY,  "", "segment, which of it, and field: OBX[12]-5") \
    F(R, TEXT, says,    MUST, "", "the rule that failed") \
    F(R, TEXT, line,    MAY,  "", "the segment at fault as it came, of the first message") \
    F(R, TEXT, fix,     MAY,  "", "what its field is to hold instead") \
    F(R, TEXT, pump,    MAY,  "", "serial") \
    F(R, BOOL, unknown_pump, MUST, "", "the serial is not registered here") \
    F(R, TIME, since,   MUST, "", "when the first came") \
    F(R, INT,  waiting, MUST, "", "messages that wait") \
    F(R, INT,  taken,   MAY,  "", "messages taken in after all") \
    F(R, TEXT, outcome, MAY,  "", "what came of the last try")
RECORD(failed_row);

#define FIELDS_pump_row(F, R) \
    F(R, TEXT, pump,    MUST, "", "serial") \
    F(R, TEXT, channel, MUST, "", "channel") \
    F(R, TEXT, model,   MUST, "", "model") \
    F(R, TEXT, status,  MAY,  "", "latest status") \
    F(R, DEC,  rate,    MAY,  "mL/h", "flow now") \
    F(R, DEC,  total,   MAY,  "mL", "counter") \
    F(R, TIME, heard,   MAY,  "", "last word") \
    F(R, INT,  offset_s, MAY, "s", "its clock minus ours") \
    F(R, INT,  battery, MAY,  "%", "battery") \
    F(R, TEXT, patient, MAY,  "", "patient it is tied to") \
    F(R, TEXT, doubt,   MAY,  "", "flow nobody claimed, silence, …")
RECORD(pump_row);

#endif
