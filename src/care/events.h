/* events: everything that can happen, in the order of an infusion's path. The table is the index of the ledger.
 *
 * E(symbol, name, version, mode, record, after, meaning). PUT: the payload is the whole record; PATCH: its key and the
 * fields that change. Versions stay for ever; a new meaning is a new line. Constant data; any thread.
 */
#ifndef CARE_EVENTS_H
#define CARE_EVENTS_H

#include "record/ledger.h"
#include "record/model.h"

#define CARE_EVENTS(E) \
    /* the house */ \
    E(site_set,            "site.set",            1, PUT,   site_info, NULL, "the site was described") \
    E(staff_added,         "staff.added",         1, PUT,   staff, NULL, "someone may sign in") \
    E(staff_changed,       "staff.changed",       1, PATCH, staff, NULL, "password, roles or state of a person changed") \
    E(chair_added,         "chair.added",         1, PUT,   chair, NULL, "a chair or bed was set up") \
    E(shift_added,         "shift.added",         1, PUT,   shift, NULL, "a nurse's shift was planned") \
    E(pump_added,          "pump.added",          1, PUT,   pump, NULL, "a pump was registered") \
    E(pump_alias_added,    "pump.alias_added",    1, PUT,   pump_alias, NULL, "a serial was mapped to a registered pump") \
    E(interface_failed,    "interface.failed",    1, PUT,   failed_message, NULL, "messages of a sender could not be used") \
    E(interface_again,     "interface.again",     1, PATCH, failed_message, NULL, "they are to be taken in again") \
    E(interface_tried,     "interface.tried",     1, PATCH, failed_message, NULL, "they were taken in again") \
    E(interface_put_aside, "interface.put_aside", 1, PATCH, failed_message, NULL, "they are not to be used, for a reason") \
    E(content_released,    "content.released",    1, PUT,   content_release, NULL, "a content version came into force") \
    /* patients come in */ \
    E(patient_recorded,    "patient.recorded",    1, PUT,   patient, NULL, "a patient was recorded") \
    E(patient_changed,     "patient.changed",     1, PATCH, patient, NULL, "a patient's particulars changed") \
    E(observation_recorded,"observation.recorded",1, PUT,   observation, NULL, "a value was measured") \
    E(condition_recorded,  "condition.recorded",  1, PUT,   condition, NULL, "a diagnosis was recorded") \
    E(allergy_recorded,    "allergy.recorded",    1, PUT,   allergy, NULL, "an allergy was recorded") \
    E(coverage_recorded,   "coverage.recorded",   1, PUT,   coverage, NULL, "a coverage was recorded") \
    E(medication_request_recorded, "medication_request.recorded", 1, PUT, medication_request, NULL, "an order elsewhere was recorded") \
    E(encounter_recorded,  "encounter.recorded",  1, PUT,   encounter, NULL, "an encounter elsewhere was recorded") \
    E(resource_received,   "resource.received",   1, PUT,   resource, NULL, "a FHIR resource came in; its text is the event's why") \
    /* a plan is made */ \
    E(plan_made,           "plan.made",           1, PUT,   plan, NULL, "a plan was drafted") \
    E(visit_planned,       "visit.planned",       1, PUT,   visit, NULL, "a visit of the plan fell due") \
    E(order_made,          "order.made",          1, PUT,   med_order, NULL, "a dose was computed and proven") \
    E(plan_signed,         "plan.signed",         1, PATCH, plan, NULL, "the prescriber signed") \
    E(plan_verified,       "plan.verified",       1, PATCH, plan, NULL, "the pharmacist verified") \
    E(plan_changed,        "plan.changed",        1, PATCH, plan, NULL, "an order of the plan changed") \
    E(plan_stopped,        "plan.stopped",        1, PATCH, plan, NULL, "the plan was stopped") \
    E(plan_completed,      "plan.completed",      1, PATCH, plan, NULL, "the last visit was done") \
    E(order_signed,        "order.signed",        1, PATCH, med_order, NULL, "the order was signed with its plan") \
    E(order_verified,      "order.verified",      1, PATCH, med_order, NULL, "the order was verified") \
    E(order_changed,       "order.changed",       1, PATCH, med_order, NULL, "the order changed; older labels are dead") \
    E(order_reopened,      "order.reopened",      1, PATCH, med_order, NULL, "nothing of it was given: to be given still") \
    E(order_held,          "order.held",          1, PATCH, med_order, NULL, "the order was held") \
    E(order_cancelled,     "order.cancelled",     1, PATCH, med_order, NULL, "the order was cancelled") \
    E(order_queried,       "order.queried",       1, PUT,   order_query, NULL, "someone asked the prescriber about the order") \
    E(order_replied,       "order.replied",       1, PATCH, order_query, NULL, "the question about the order was answered") \
    E(visit_replanned,     "visit.replanned",     1, PATCH, visit, NULL, "its length changed with an order") \
    E(visit_delayed,       "visit.delayed",       1, PATCH, visit, NULL, "due day and window moved") \
    E(visit_held,          "visit.held",          1, PATCH, visit, NULL, "held until someone releases it") \
    E(visit_resumed,       "visit.resumed",       1, PATCH, visit, NULL, "a held visit is due again") \
    E(visit_skipped,       "visit.skipped",       1, PATCH, visit, NULL, "skipped for good") \
    /* a time is found */ \
    E(time_offered,        "time.offered",        1, PUT,   offer, NULL, "a time was offered") \
    E(visit_booked,        "visit.booked",        1, PATCH, visit, NULL, "day, chair and nurse were booked") \
    E(visit_moved,         "visit.moved",         1, PATCH, visit, NULL, "the booking moved") \
    E(visit_unbooked,      "visit.unbooked",      1, PATCH, visit, NULL, "the booking was cancelled; due again") \
    /* ready */ \
    E(authorisation_recorded, "authorisation.recorded", 1, PUT, authorisation, NULL, "the payer's answer was recorded") \
    E(authorisation_used,  "authorisation.used",  1, PATCH, authorisation, NULL, "units were used by what was given") \
    E(consent_recorded,    "consent.recorded",    1, PUT,   consent, NULL, "consent was given, declined or withdrawn") \
    /* OK to treat */ \
    E(visit_arrived,       "visit.arrived",       1, PATCH, visit, NULL, "the patient is here") \
    E(visit_seated,        "visit.seated",        1, PATCH, visit, NULL, "chair or nurse of a patient who is here changed") \
    E(screen_recorded,     "screen.recorded",     1, PUT,   screen, NULL, "symptoms or infection were asked for") \
    E(vitals_recorded,     "vitals.recorded",     1, PUT,   vital_signs, NULL, "vital signs were taken") \
    E(line_placed,         "line.placed",         1, PATCH, visit, NULL, "vein access is in place") \
    E(visit_ok,            "visit.ok",            1, PATCH, visit, NULL, "OK to treat was signed; mixing is released") \
    E(visit_not_treated,   "visit.not_treated",   1, PATCH, visit, NULL, "not treated today") \
    /* the drug is prepared */ \
    E(stock_received,      "stock.received",      1, PUT,   stock, NULL, "vials came in") \
    E(stock_counted,       "stock.counted",       1, PATCH, stock, NULL, "vials were drawn, returned or counted") \
    E(stock_recalled,      "stock.recalled",      1, PATCH, stock, NULL, "the lot was recalled") \
    E(prep_started,        "prep.started",        1, PUT,   prep, NULL, "vials were drawn for a bag") \
    E(prep_labelled,       "prep.labelled",       1, PATCH, prep, NULL, "the label was printed") \
    E(prep_checked,        "prep.checked",        1, PATCH, prep, NULL, "a second person checked the bag") \
    E(prep_released,       "prep.released",       1, PATCH, prep, NULL, "the pharmacist released the bag") \
    E(prep_hung,           "prep.hung",           1, PATCH, prep, NULL, "the bag was hung") \
    E(prep_taken_down,     "prep.taken_down",     1, PATCH, prep, NULL, "the bag was taken down unused and may be hung again") \
    E(prep_used,           "prep.used",           1, PATCH, prep, NULL, "the bag is empty or taken down") \
    E(prep_killed,         "prep.killed",         1, PATCH, prep, NULL, "its order changed: the label is dead") \
    E(prep_wasted,         "prep.wasted",         1, PATCH, prep, NULL, "the bag was thrown away") \
    /* the bedside, and the pump */ \
    E(code_scanned,        "code.scanned",        1, PUT,   scan, NULL, "a barcode was read or typed") \
    E(infusion_associated, "infusion.associated", 1, PUT,   infusion, NULL, "patient, bag, pump, channel and order were tied together") \
    E(order_running,       "order.running",       1, PATCH, med_order, NULL, "the order is being given") \
    E(order_given,         "order.given",         1, PATCH, med_order, NULL, "the order was given, whole or in part") \
    E(flow_recorded,       "flow.recorded",       1, PUT,   flow_fact, care_flow_after, "a fact about flow; the infusion is derived anew") \
    E(infusion_reconciled, "infusion.reconciled", 1, PATCH, infusion, NULL, "a person said what flowed") \
    E(visit_treating,      "visit.treating",      1, PATCH, visit, NULL, "the first drug flows") \
    E(visit_observing,     "visit.observing",     1, PATCH, visit, NULL, "the last drug is in; observation") \
    E(visit_discharged,    "visit.discharged",    1, PATCH, visit, NULL, "the patient left") \
    E(alarm_raised,        "alarm.raised",        1, PUT,   alarm, NULL, "a pump alarms") \
    E(alarm_changed,       "alarm.changed",       1, PATCH, alarm, NULL, "an alarm ended or was answered") \
    /* watching */ \
    E(reaction_recorded,   "reaction.recorded",   1, PUT,   reaction, NULL, "a reaction") \
    E(reaction_changed,    "reaction.changed",    1, PATCH, reaction, NULL, "grade, action, restart or end of a reaction") \
    /* told otherwise later */ \
    E(chart_corrected,     "chart.corrected",     1, PUT,   correction, NULL, "something charted was told otherwise; the old value stands beside it") \
    E(vitals_corrected,    "vitals.corrected",    1, PATCH, vital_signs, NULL, "a set of vital signs was corrected, or what follows from it") \
    E(flow_corrected,      "flow.corrected",      1, PATCH, flow_fact, care_flow_corrected_after, "a person's word about flow was corrected; the infusion is derived anew") \
    E(reaction_corrected,  "reaction.corrected",  1, PATCH, reaction, NULL, "a reaction was corrected") \
    E(screen_corrected,    "screen.corrected",    1, PATCH, screen, NULL, "a screen was corrected") \
    E(observation_corrected, "observation.corrected", 1, PATCH, observation, NULL, "a measurement was corrected") \
    E(allergy_corrected,   "allergy.corrected",   1, PATCH, allergy, NULL, "an allergy was corrected") \
    E(visit_corrected,     "visit.corrected",     1, PATCH, visit, NULL, "a charted time of the visit was corrected") \
    /* teaching */ \
    E(question_asked,      "question.asked",      1, PUT,   question, NULL, "a patient asked or told something") \
    E(question_answered,   "question.answered",   1, PATCH, question, NULL, "someone answered") \
    /* the claim */ \
    E(charge_made,         "charge.made",         1, PUT,   charge, NULL, "charges were made from what flowed") \
    E(charge_line_made,    "charge.line_made",    1, PUT,   charge_line, NULL, "one line of the charge") \
    E(charge_noticed,      "charge.noticed",      1, PUT,   charge_notice, NULL, "what is known of the patient's advance notice") \
    E(charge_final,        "charge.final",        1, PATCH, charge, NULL, "a biller closed the charge") \
    /* trust */ \
    E(rule_refused,        "rule.refused",        1, PUT,   refusal, NULL, "a rule said no") \
    E(rule_overridden,     "rule.overridden",     1, PUT,   refusal, NULL, "a person overrode a rule with a reason")

/* Derive the infusion (state, rate, volume, certainty) anew from the set of its facts: clinic/flow.h. */
bool care_flow_after(struct tx *t, const void *payload, struct err *e);
/* The same of a fact that was corrected: the patch names its key alone. */
bool care_flow_corrected_after(struct tx *t, const void *payload, struct err *e);

#define EVENT_DECLARE(sym, name, ver, mode, rec, after, says) extern const struct event_type ev_##sym;
CARE_EVENTS(EVENT_DECLARE)

extern const struct event_types care_event_types;

#endif
