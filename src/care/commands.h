/* commands: what each command of the care rooms is given, in the order of the path. The tables of commands stand in
 * the room's file (plan.c, book.c …) and are listed in care.h. Constant data; any thread.
 * Times left out mean now. Codes are what a barcode says or a person typed.
 */
#ifndef CARE_COMMANDS_H
#define CARE_COMMANDS_H

#include "base/field.h"

/* ---- house.c -------------------------------------------------------------------------------------------------- */

#define FIELDS_staff_add_in(F, R) \
    F(R, TEXT, login,    MUST, "", "sign-in name") \
    F(R, TEXT, name,     MUST, "", "name as shown") \
    F(R, TEXT, roles,    MUST, "", "roles, separated by spaces") \
    F(R, TEXT, hash,     MUST, "", "Argon2id hash of the password, made by the caller of the command") \
    F(R, TEXT, badge,    MAY,  "", "badge code") \
    F(R, REF,  patient,  MAY,  "patient", "for the role patient")
RECORD(staff_add_in);
/* site.set takes site_info; chair.add takes chair; pump.add takes pump: the records themselves. */
#define FIELDS_staff_password_in(F, R) \
    F(R, REF,  staff,    MUST, "staff", "whose") \
    F(R, TEXT, hash,     MUST, "", "Argon2id hash of the new password, made by the caller of the command")
RECORD(staff_password_in);
#define FIELDS_staff_change_in(F, R) \
    F(R, REF,  staff,    MUST, "staff", "who") \
    F(R, TEXT, roles,    MAY,  "", "all roles from now on") \
    F(R, BOOL, active,   MAY,  "", "may sign in") \
    F(R, TEXT, badge,    MAY,  "", "badge code") \
    F(R, TEXT, sign_key, MAY,  "", "Ed25519 public key for signing content, 64 hex digits")
RECORD(staff_change_in);
#define FIELDS_content_release_in(F, R) \
    F(R, TEXT, hash,     MUST, "", "SHA-256 of the content, as the server shows it") \
    F(R, TEXT, version,  MUST, "", "name of the release") \
    F(R, TEXT, second,   MUST, "", "staff id of the second person who signs") \
    F(R, JSON, signatures, MAY, "", "[{staff, signature}] of both, made by `venule content sign`; needed outside a demo site") \
    F(R, BLOB, blob,     MAY,  "", "the content itself, deflated, base64; added by the server")
RECORD(content_release_in);
#define FIELDS_shift_add_in(F, R) \
    F(R, REF,  nurse,    MUST, "staff", "who works") \
    F(R, TIME, start,    MUST, "", "from") \
    F(R, TIME, end,      MUST, "", "to") \
    F(R, INT,  patients, MUST, "", "patients at once") \
    F(R, TEXT, pod,      MAY,  "", "pod looked after first")
RECORD(shift_add_in);

/* ---- plan.c ---------------------------------------------------------------------------------------------------- */

#define FIELDS_plan_make_in(F, R) \
    F(R, REF,  patient,    MUST, "patient", "for whom") \
    F(R, TEXT, regimen,    MUST, "", "regimen id") \
    F(R, TEXT, indication, MUST, "", "ICD-10-CM code, one the regimen is offered for") \
    F(R, DATE, first_day,  MUST, "", "day 1")
RECORD(plan_make_in);

#define FIELDS_plan_id_in(F, R) F(R, REF, plan, MUST, "plan", "which plan")
RECORD(plan_id_in); /* plan.sign, plan.verify, plan.stop (stop wants a reason) */

#define FIELDS_visit_id_in(F, R) F(R, REF, visit, MUST, "visit", "which visit")
RECORD(visit_id_in); /* visit.hold, visit.resume, visit.skip, visit.unbook, visit.arrive, visit.ok, visit.discharge */

#define FIELDS_visit_delay_in(F, R) \
    F(R, REF,  visit, MUST, "visit", "which visit") \
    F(R, INT,  days,  MUST, "d", "1 or more later; the later visits of the plan move too")
RECORD(visit_delay_in);

#define FIELDS_order_change_in(F, R) \
    F(R, REF,  order, MUST, "med_order", "which order") \
    F(R, QTY,  dose,  MUST, "", "new dose") \
    F(R, TEXT, note,  MAY,  "", "to pharmacist and nurse")
RECORD(order_change_in); /* wants a reason */

#define FIELDS_order_id_in(F, R) F(R, REF, order, MUST, "med_order", "which order")
RECORD(order_id_in); /* order.cancel (wants a reason) */

/* ---- query.c --------------------------------------------------------------------------------------------------- */

#define FIELDS_order_query_in(F, R) \
    F(R, REF,  order, MUST, "med_order", "about which order") \
    F(R, TEXT, text,  MUST, "", "the question")
RECORD(order_query_in);

#define FIELDS_order_reply_in(F, R) \
    F(R, REF,  query, MUST, "order_query", "which question") \
    F(R, TEXT, reply, MUST, "", "the reply; who asked may take the question back")
RECORD(order_reply_in);

/* ---- book.c ------------------------------------------------------------------------------------------------------ */

#define FIELDS_visit_offer_in(F, R) \
    F(R, REF,  visit, MUST, "visit", "which visit") \
    F(R, DATE, day,   MAY,  "", "this day only; else the days of its window") \
    F(R, INT,  count, MAY,  "", "how many offers, 1 to 12; 5 if left out")
RECORD(visit_offer_in); /* result: {"offers":[offer…]} */

#define FIELDS_visit_book_in(F, R) \
    F(R, REF,  visit, MUST, "visit", "which visit") \
    F(R, REF,  offer, MAY,  "offer", "an offer made before; else:") \
    F(R, TIME, start, MAY,  "", "start") \
    F(R, REF,  chair, MAY,  "chair", "chair") \
    F(R, REF,  nurse, MAY,  "staff", "nurse")
RECORD(visit_book_in); /* visit.book, visit.move */

/* ---- ready.c --------------------------------------------------------------------------------------------------- */

#define FIELDS_authorisation_record_in(F, R) \
    F(R, REF,  patient, MUST, "patient", "for whom") \
    F(R, TEXT, drug,    MUST, "", "drug id") \
    F(R, TEXT, payer,   MUST, "", "payer") \
    F(R, TEXT, number,  MUST, "", "the payer's number") \
    F(R, CODE, state,   MUST, "asked|granted|denied", "the answer") \
    F(R, DATE, start,   MUST, "", "valid from") \
    F(R, DATE, end,     MUST, "", "valid to") \
    F(R, INT,  units,   MUST, "", "billing units granted")
RECORD(authorisation_record_in);

#define FIELDS_consent_record_in(F, R) \
    F(R, REF,  plan,  MUST, "plan", "to which plan") \
    F(R, CODE, state, MUST, "given|withdrawn|declined", "the decision")
RECORD(consent_record_in);

/* ---- visit.c --------------------------------------------------------------------------------------------------- */

#define FIELDS_visit_seat_in(F, R) \
    F(R, REF,  visit, MUST, "visit", "which visit") \
    F(R, REF,  chair, MAY,  "chair", "other chair") \
    F(R, REF,  nurse, MAY,  "staff", "other nurse")
RECORD(visit_seat_in);

#define FIELDS_allergy_record_in(F, R) \
    F(R, REF,  patient,   MUST, "patient", "who was asked") \
    F(R, TEXT, substance, MAY,  "", "to what; left out: asked, none known") \
    F(R, TEXT, reaction,  MAY,  "", "what happened")
RECORD(allergy_record_in);

#define FIELDS_screen_record_in(F, R) \
    F(R, REF,  visit,   MUST, "visit", "which visit") \
    F(R, TEXT, kind,    MUST, "", "screen id in the content") \
    F(R, JSON, answers, MUST, "", "{question id: \"yes\"|\"no\"|text}")
RECORD(screen_record_in);

#define FIELDS_vitals_record_in(F, R) \
    F(R, REF,  visit,  MUST, "visit", "which visit") \
    F(R, CODE, phase,  MUST, "baseline|during|rate change|end|after|reaction", "why") \
    F(R, DEC,  temp,   MAY,  "Cel", "temperature, 30 to 43") \
    F(R, INT,  hr,     MAY,  "/min", "heart rate, 20 to 250") \
    F(R, INT,  rr,     MAY,  "/min", "breaths, 4 to 70") \
    F(R, INT,  sbp,    MAY,  "mm[Hg]", "systolic, 40 to 280") \
    F(R, INT,  dbp,    MAY,  "mm[Hg]", "diastolic, 20 to 180, below systolic") \
    F(R, INT,  spo2,   MAY,  "%", "saturation, 50 to 100") \
    F(R, BOOL, oxygen, MAY,  "", "on oxygen") \
    F(R, CODE, acvpu,  MAY,  "A|C|V|P|U", "alertness")
RECORD(vitals_record_in);

#define FIELDS_weight_record_in(F, R) \
    F(R, REF, visit,  MUST, "visit", "which visit") \
    F(R, QTY, weight, MUST, "kg", "weight; [lb_av] is converted exactly")
RECORD(weight_record_in);

#define FIELDS_line_place_in(F, R) \
    F(R, REF,  visit, MUST, "visit", "which visit") \
    F(R, TEXT, line,  MUST, "", "kind, size and site: \"peripheral 22 G, left forearm\"")
RECORD(line_place_in);

#define FIELDS_visit_not_treated_in(F, R) \
    F(R, REF,  visit,  MUST, "visit", "which visit") \
    F(R, CODE, why,    MUST, "unwell|infection|laboratory|no access|drug not here|patient declined|other", "the first tap") \
    F(R, CODE, then,   MUST, "delay|hold|skip", "the second tap: what becomes of the dose") \
    F(R, INT,  days,   MAY,  "d", "for delay: how many days, 7 if left out")
RECORD(visit_not_treated_in);

/* ---- prepare.c ------------------------------------------------------------------------------------------------- */

#define FIELDS_stock_receive_in(F, R) \
    F(R, TEXT, drug,    MUST, "", "drug id") \
    F(R, TEXT, product, MUST, "", "product id of the drug") \
    F(R, TEXT, lot,     MUST, "", "lot") \
    F(R, DATE, expires, MUST, "", "last day of use") \
    F(R, CODE, owner,   MUST, "bought|white-bagged|free", "whose drug it is") \
    F(R, REF,  patient, MAY,  "patient", "white-bagged: for whom") \
    F(R, INT,  vials,   MUST, "", "vials")
RECORD(stock_receive_in);

#define FIELDS_stock_recall_in(F, R) \
    F(R, TEXT, drug, MUST, "", "drug id") \
    F(R, TEXT, lot,  MUST, "", "lot; wants a reason")
RECORD(stock_recall_in);

#define FIELDS_prep_start_in(F, R) F(R, REF, order, MUST, "med_order", "which order")
RECORD(prep_start_in); /* picks stock: right owner, earliest expiry, least waste; the answer's result is the worksheet */

#define FIELDS_prep_id_in(F, R) F(R, REF, prep, MUST, "prep", "which bag")
RECORD(prep_id_in); /* prep.label, prep.release, prep.waste (waste wants a reason) */

#define FIELDS_prep_check_in(F, R) \
    F(R, REF,  prep,    MUST, "prep", "which bag") \
    F(R, TEXT, barcode, MUST, "", "the label's barcode, read from the bag") \
    F(R, QTY,  dose,    MUST, "", "dose the checker worked out before looking") \
    F(R, DEC,  volume,  MUST, "mL", "volume read from the bag")
RECORD(prep_check_in);

/* ---- give.c ------------------------------------------------------------------------------------------------------ */

#define FIELDS_give_associate_in(F, R) \
    F(R, REF,  visit,   MUST, "visit", "which visit") \
    F(R, TEXT, patient_code, MUST, "", "wristband") \
    F(R, TEXT, bag_code,     MUST, "", "label of the bag") \
    F(R, TEXT, pump_code,    MAY,  "", "pump; none for gravity, push, injection") \
    F(R, TEXT, channel,      MAY,  "", "channel, A if left out") \
    F(R, TEXT, badge_code,   MUST, "", "the nurse's badge") \
    F(R, TEXT, typed,        MAY,  "", "which were typed: any of patient bag pump badge") \
    F(R, TEXT, typed_reason, MAY,  "", "why typed; needed if any was")
RECORD(give_associate_in); /* id: the infusion */

#define FIELDS_give_flow_in(F, R) \
    F(R, REF, infusion, MUST, "infusion", "which infusion") \
    F(R, DEC, rate,     MAY,  "mL/h", "rate set on the pump (start, rate, resume)") \
    F(R, DEC, volume,   MAY,  "mL", "volume the pump's display shows (stop, flush), or was given by hand")
RECORD(give_flow_in); /* give.start give.rate give.pause give.resume give.stop give.flush give.disconnect give.state */

#define FIELDS_give_reconcile_in(F, R) \
    F(R, REF,  infusion, MUST, "infusion", "which infusion") \
    F(R, DEC,  volume,   MUST, "mL", "what flowed in all") \
    F(R, CODE, seen_by,  MUST, "display|pump log|bag weight|estimate", "how it is known")
RECORD(give_reconcile_in); /* wants a reason */

#define FIELDS_alarm_see_in(F, R) F(R, REF, alarm, MUST, "alarm", "which alarm")
RECORD(alarm_see_in);

/* One pump message, decoded by wire/pcd; the program's own command (role system). */
#define FIELDS_pump_message_in(F, R) \
    F(R, TEXT, sender,   MUST, "", "sending application and facility") \
    F(R, TEXT, message,  MUST, "", "message control id") \
    F(R, CODE, kind,     MUST, "telemetry|event|alarm", "PCD-01, PCD-10, PCD-04") \
    F(R, TEXT, pump,     MUST, "", "serial") \
    F(R, TEXT, channel,  MUST, "", "channel, A if it does not say") \
    F(R, TIME, observed, MUST, "", "by the pump's clock") \
    F(R, TEXT, event,    MAY,  "", "start stop complete and the like (PCD-10)") \
    F(R, TEXT, status,   MAY,  "", "delivering, kvo, transitioning, not delivering") \
    F(R, TEXT, not_delivering, MAY, "", "reason when not delivering") \
    F(R, DEC,  rate,     MAY,  "mL/h", "flow now") \
    F(R, DEC,  programmed, MAY, "mL/h", "programmed rate") \
    F(R, DEC,  total,    MAY,  "mL", "cumulative counter") \
    F(R, DEC,  segment,  MAY,  "mL", "segment counter") \
    F(R, DEC,  vtbi,     MAY,  "mL", "volume to be infused") \
    F(R, DEC,  vtbi_left, MAY, "mL", "remaining") \
    F(R, DEC,  left_s,   MAY,  "s", "time remaining") \
    F(R, INT,  battery,  MAY,  "%", "battery") \
    F(R, TEXT, alert,    MAY,  "", "alert id (PCD-04): OBR-3 of the first message") \
    F(R, INT,  alarm_code, MAY, "", "MDC code") \
    F(R, TEXT, alarm_text, MAY, "", "words") \
    F(R, CODE, priority, MAY,  "high|medium|low", "alarm priority") \
    F(R, TEXT, phase,    MAY,  "", "start, update, end …")
RECORD(pump_message_in);

#define FIELDS_pump_watch_in(F, R) \
    F(R, TIME, listening, MAY, "", "since when pumps can be heard: the server's start")
RECORD(pump_watch_in);

/* ---- queue.c ---------------------------------------------------------------------------------------------------- */

#define FIELDS_interface_failed_in(F, R) \
    F(R, TEXT, sender,  MUST, "", "sending application and facility") \
    F(R, TEXT, cause,   MUST, "", "what makes failures the same") \
    F(R, TEXT, box,     MUST, "", "the sender it has in the inbox") \
    F(R, TEXT, message, MUST, "", "message control id") \
    F(R, INT,  code,    MUST, "", "HL7 table 0357") \
    F(R, TEXT, segment, MAY,  "", "segment at fault") \
    F(R, INT,  nth,     MAY,  "", "which of that name") \
    F(R, INT,  field,   MAY,  "", "field at fault") \
    F(R, TEXT, says,    MUST, "", "the rule that failed") \
    F(R, TEXT, pump,    MAY,  "", "serial")
RECORD(interface_failed_in);

#define FIELDS_failed_id_in(F, R) F(R, REF, failed, MUST, "failed_message", "which failure")
RECORD(failed_id_in);

#define FIELDS_interface_fix_in(F, R) \
    F(R, REF,  failed, MUST, "failed_message", "which failure") \
    F(R, TEXT, value,  MUST, "", "what the field at fault holds instead, as HL7 text")
RECORD(interface_fix_in);

#define FIELDS_interface_map_in(F, R) \
    F(R, REF,  failed, MUST, "failed_message", "which failure: its serial is not registered") \
    F(R, REF,  pump,   MUST, "pump", "which registered pump that serial is")
RECORD(interface_map_in);

#define FIELDS_interface_tried_in(F, R) \
    F(R, REF,  failed, MUST, "failed_message", "which failure") \
    F(R, INT,  taken,  MUST, "", "messages taken in this time") \
    F(R, INT,  left,   MUST, "", "messages still waiting") \
    F(R, TEXT, says,   MAY,  "", "why the first of those failed again")
RECORD(interface_tried_in);

/* ---- watch.c ---------------------------------------------------------------------------------------------------- */

#define FIELDS_reaction_record_in(F, R) \
    F(R, REF,  visit,    MUST, "visit", "at which visit") \
    F(R, REF,  infusion, MAY,  "infusion", "during which infusion") \
    F(R, INT,  grade,    MUST, "{score}", "CTCAE grade 1 to 5") \
    F(R, TEXT, symptoms, MUST, "", "symptoms, separated by commas") \
    F(R, TEXT, actions,  MAY,  "", "what was done and given") \
    F(R, BOOL, stopped_by_hand, MUST, "", "the person at the pump stopped it")
RECORD(reaction_record_in);

#define FIELDS_reaction_change_in(F, R) \
    F(R, REF,  reaction, MUST, "reaction", "which reaction") \
    F(R, INT,  grade,    MAY,  "{score}", "grade now known better") \
    F(R, TEXT, symptoms, MAY,  "", "all symptoms as now known") \
    F(R, TEXT, actions,  MAY,  "", "what was done and given (added)") \
    F(R, CODE, state,    MAY,  "treated|closed", "where it stands") \
    F(R, TEXT, next_time, MAY, "", "what to do differently next time")
RECORD(reaction_change_in);

#define FIELDS_restart_order_in(F, R) \
    F(R, REF, reaction, MUST, "reaction", "after which reaction") \
    F(R, DEC, rate,     MUST, "mL/h", "rate to restart at, at most the drug table's")
RECORD(restart_order_in);

/* ---- correct.c -------------------------------------------------------------------------------------------------- */

#define FIELDS_chart_correct_in(F, R) \
    F(R, CODE, record, MUST, "vital_signs|flow_fact|reaction|screen|observation|allergy|visit", "kind of record") \
    F(R, TEXT, id,     MUST, "", "which one") \
    F(R, TEXT, field,  MUST, "", "its field") \
    F(R, JSON, value,  MAY,  "", "what is right, as the record holds it; left out: there was none")
RECORD(chart_correct_in); /* wants a reason */

/* ---- teach.c ---------------------------------------------------------------------------------------------------- */

#define FIELDS_question_ask_in(F, R) \
    F(R, REF,  patient, MUST, "patient", "who asks") \
    F(R, LONG, text,    MUST, "", "the question, or how they feel")
RECORD(question_ask_in); /* result: {"told":…,"red_flag":…} at once */

#define FIELDS_question_answer_in(F, R) \
    F(R, REF,  question, MUST, "question", "which question") \
    F(R, LONG, answer,   MUST, "", "the answer, in plain words")
RECORD(question_answer_in);

#endif
