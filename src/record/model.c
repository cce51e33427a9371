#include "record/model.h"

#include <string.h>

RECORD_DEFINE(site_info, 1, "the site")
RECORD_DEFINE(staff, 1, "a person who signs in")
RECORD_DEFINE(chair, 1, "a place to be treated")
RECORD_DEFINE(shift, 1, "a nurse's shift")
RECORD_DEFINE(content_release, 1, "a released version of the clinical content")
RECORD_DEFINE(patient, 1, "a patient of this site")
RECORD_DEFINE(observation, 1, "a measured value")
RECORD_DEFINE(condition, 1, "a diagnosis")
RECORD_DEFINE(allergy, 1, "an allergy or intolerance")
RECORD_DEFINE(coverage, 1, "an insurance coverage")
RECORD_DEFINE(medication_request, 1, "a medication ordered elsewhere")
RECORD_DEFINE(encounter, 1, "an encounter elsewhere")
RECORD_DEFINE(resource, 1, "a FHIR resource as received")
RECORD_DEFINE(plan, 1, "a treatment plan")
RECORD_DEFINE(visit, 1, "a visit of a plan")
RECORD_DEFINE(med_order, 1, "one drug ordered for one visit")
RECORD_DEFINE(order_query, 1, "a question about an order")
RECORD_DEFINE(authorisation, 1, "a payer's authorisation")
RECORD_DEFINE(consent, 1, "a patient's consent")
RECORD_DEFINE(screen, 1, "a symptom or infection screen")
RECORD_DEFINE(vital_signs, 1, "one set of vital signs")
RECORD_DEFINE(stock, 1, "vials of one lot on the shelf")
RECORD_DEFINE(prep, 1, "one bag prepared")
RECORD_DEFINE(pump, 1, "an infusion pump")
RECORD_DEFINE(pump_alias, 1, "another name of a pump")
RECORD_DEFINE(failed_message, 1, "messages that could not be used")
RECORD_DEFINE(infusion, 1, "one bag running into one patient")
RECORD_DEFINE(flow_fact, 1, "one fact about flow")
RECORD_DEFINE(alarm, 1, "a pump alarm")
RECORD_DEFINE(scan, 1, "a barcode read at the bedside")
RECORD_DEFINE(reaction, 1, "a reaction")
RECORD_DEFINE(question, 1, "a patient's question")
RECORD_DEFINE(charge, 1, "the charges of one visit")
RECORD_DEFINE(charge_line, 1, "one line of a charge")
RECORD_DEFINE(charge_notice, 1, "the patient's advance notice about a drug")
RECORD_DEFINE(offer, 1, "a time that was offered")
RECORD_DEFINE(refusal, 1, "a rule that said no")
RECORD_DEFINE(correction, 1, "a value told otherwise later")

const struct record *const model_records[] = {
    &record_site_info, &record_staff, &record_chair, &record_shift, &record_content_release,
    &record_patient, &record_observation, &record_condition, &record_allergy, &record_coverage,
    &record_medication_request, &record_encounter, &record_resource,
    &record_plan, &record_visit, &record_med_order, &record_order_query, &record_authorisation, &record_consent,
    &record_screen, &record_vital_signs, &record_stock, &record_prep,
    &record_pump, &record_pump_alias, &record_failed_message, &record_infusion, &record_flow_fact, &record_alarm, &record_scan, &record_reaction,
    &record_question, &record_charge, &record_charge_line, &record_charge_notice, &record_offer,
    &record_refusal, &record_correction,
};
const int model_record_count = sizeof model_records / sizeof model_records[0];

const struct record *model_find(const char *name)
{
    for (int i = 0; i < model_record_count; i++)
        if (strcmp(model_records[i]->name, name) == 0)
            return model_records[i];
    return NULL;
}
