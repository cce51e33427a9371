/* content_fields: what a content file may say, as field tables: the struct, the reader, the JSON and the OpenAPI
 * schema of each record come from these lists. Flat fields here; child lists are members added in content.h.
 *
 * `source` names one or more entries of the file's own `sources`, separated by spaces. Minutes are whole minutes.
 */
#ifndef FORMULARY_CONTENT_FIELDS_H
#define FORMULARY_CONTENT_FIELDS_H

#include "base/field.h"

#define SEVERITIES "hard stop|needs a reason|note"
#define ROUNDINGS "none|half_away|down|up"
#define ROUTES "IV|IM|SC|PO"
#define SIGNS "hr|sbp|dbp|temp|spo2|rr"
#define METHODS "pump|ambulatory pump|elastomeric|gravity|push|injection|oral"
#define DRUG_CLASSES "tpd|chemo|hormonal|hyd|none"
#define THERAPIES "chemotherapy|immunotherapy|targeted|biologic|antibiotic|pain|immune globulin|iron|hydration|" \
                  "electrolyte|nutrition|blood|hormonal|supportive"
#define SETTINGS "hospital|centre|home"
#define EMETIC "high|moderate|low|minimal"

/* Every file */
#define FIELDS_content_head(F, R) \
    F(R, CODE, kind, MUST, "drug|regimen|rules|screens|questions|payers|charges|site|reactions", "what the file holds") \
    F(R, CODE, status, MUST, "DEMO|draft|approved|retired", "how far the content is released") \
    F(R, TEXT, approved_by, MUST, "", "who approved it; none: nobody") \
    F(R, TEXT, version, MUST, "", "version of this file") \
    F(R, TEXT, note, MAY, "", "a remark for the reviewer")
#define FIELDS_content_source(F, R) \
    F(R, ID, id, MUST, "", "name used in this file") \
    F(R, TEXT, title, MUST, "", "what it is") \
    F(R, TEXT, version, MUST, "", "its version or date") \
    F(R, TEXT, where, MAY, "", "address or place") \
    F(R, CODE, verified, MUST, "read|memory|site", "read: someone read it; memory: not re-read; site: the site's own choice")

/* drugs/ */
#define FIELDS_drug(F, R) \
    F(R, ID, id, MUST, "", "drug id, as the file's name") \
    F(R, TEXT, generic, MUST, "", "generic name") \
    F(R, TEXT, tall_man, MAY, "", "name with the look-alike letters in capitals") \
    F(R, TEXT, brand, MAY, "", "brand this entry describes") \
    F(R, TEXT, rxnorm, MAY, "", "RxNorm ingredient code") \
    F(R, CODE, kind, MUST, "therapy|fluid|supportive", "therapy: the reason for the visit") \
    F(R, CODE, charge_class, MUST, DRUG_CLASSES, "class for the administration charge") \
    F(R, CODE, hazard, MUST, "none|niosh_1|niosh_2", "hazardous-drug list") \
    F(R, CODE, therapy, MAY, THERAPIES, "therapy class") \
    F(R, CODE, tissue, MAY, "none|irritant|vesicant|dna_vesicant", "what it does outside the vein; lists disagree, so this is content") \
    F(R, BOOL, double_check, MUST, "", "needs an independent double check at the bedside") \
    F(R, CODE, uncertain, MUST, SEVERITIES, "what an uncertain earlier delivery does to the next dose") \
    F(R, TEXT, show_unit, MUST, "", "unit the dose is shown in (mg, g)") \
    F(R, TEXT, source, MUST, "", "sources of the names and class")
#define FIELDS_drug_ban(F, R) \
    F(R, CODE, way, MUST, "IV|IM|SC|PO|IT|push|syringe|peripheral|pump|elastomeric|gravity", "route or manner it is never given by") \
    F(R, TEXT, words, MUST, "", "why") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_reconstitution(F, R) \
    F(R, REF, drug, MUST, "drug", "fluid the powder is dissolved in") \
    F(R, TEXT, vial, MUST, "", "vial it is said of") \
    F(R, QTY, volume, MUST, "mL", "how much of it for one vial") \
    F(R, QTY, gives, MUST, "", "concentration then") \
    F(R, TEXT, words, MAY, "", "how: swirl, do not shake …") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_stability(F, R) \
    F(R, CODE, in, MUST, "vial|opened|reconstituted|bag|syringe|elastomeric|pump reservoir", "in what") \
    F(R, CODE, at, MUST, "room|fridge|frozen|body", "20-25, 2-8, below -10 Cel, or worn on the body") \
    F(R, REF, diluent, MAY, "drug", "in this fluid; absent: any allowed") \
    F(R, INT, minutes, MUST, "min", "stable for") \
    F(R, TEXT, words, MAY, "", "under which conditions") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_pair(F, R) \
    F(R, REF, drug, MUST, "drug", "the other drug or fluid") \
    F(R, CODE, at, MUST, "y_site|mixture|line", "meeting in a connector, in one bag, or one after the other in the line") \
    F(R, CODE, verdict, MUST, "compatible|incompatible|variable", "what is known; a pair nobody names is not known: ask") \
    F(R, TEXT, words, MUST, "", "conditions, or what happens") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_extravasation(F, R) \
    F(R, CODE, compress, MUST, "cold|warm|none|site", "site: sources disagree, the site decides") \
    F(R, REF, antidote, MAY, "drug", "antidote, if it is in the content") \
    F(R, TEXT, antidote_words, MAY, "", "antidote, dose and how") \
    F(R, INT, within_min, MAY, "min", "antidote not later than") \
    F(R, TEXT, words, MUST, "", "what to do") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_lifetime(F, R) \
    F(R, ID, group, MUST, "", "what is counted together: anthracycline, bleomycin …") \
    F(R, QTY, soft_high, MAY, "", "above: needs a reason") \
    F(R, QTY, hard_high, MAY, "", "above: hard stop") \
    F(R, TEXT, when, MAY, "", "for these patients only (earlier chest radiation …)") \
    F(R, TEXT, words, MUST, "", "why") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_equivalence(F, R) \
    F(R, ID, table, MUST, "", "which table; the site selects one") \
    F(R, ID, group, MUST, "", "group of drug lifetimes") \
    F(R, DEC, factor, MUST, "", "1 of this drug counts as so much of the group's reference drug") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_emetic(F, R) \
    F(R, CODE, class, MUST, EMETIC, "chance of vomiting without prevention") \
    F(R, TEXT, when, MAY, "", "at this dose, or by this authority; sources differ") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_monitor(F, R) \
    F(R, TEXT, name, MUST, "", "our observation name, or what is asked") \
    F(R, TEXT, loinc, MAY, "", "LOINC code") \
    F(R, TEXT, title, MUST, "", "name for people") \
    F(R, INT, every_days, MAY, "d", "while the therapy lasts") \
    F(R, TEXT, words, MUST, "", "what to look for, what to do") \
    F(R, TEXT, source, MUST, "", "sources")
/* A case to work out by hand: what the checks of the content compute must come out so. */
#define FIELDS_drug_case(F, R) \
    F(R, TEXT, name, MUST, "", "what it shows") \
    F(R, QTY, dose, MUST, "", "dose") \
    F(R, QTY, weight, MAY, "kg", "patient's weight, where rates need it") \
    F(R, QTY, bag, MAY, "mL", "diluent bag chosen") \
    F(R, QTY, volume, MAY, "mL", "volume to be infused") \
    F(R, QTY, concentration, MAY, "", "in the bag, to four places") \
    F(R, QTY, first_rate, MAY, "mL/h", "first rate on the pump") \
    F(R, DEC, minutes, MAY, "min", "total time, to one place") \
    F(R, INT, units, MAY, "", "billing units, on `day`") \
    F(R, DATE, day, MAY, "", "day of the billing row") \
    F(R, TEXT, refuses, MAY, "", "words of the refusal, if this dose must be refused") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_vial(F, R) \
    F(R, ID, id, MUST, "", "vial id") \
    F(R, QTY, amount, MUST, "", "drug in one vial, in mass, units, milliequivalents or bags") \
    F(R, QTY, volume, MAY, "mL", "volume of one vial; absent for tablets") \
    F(R, CODE, container, MUST, "single_dose|multi_dose|bag|syringe|tablet", "what may be kept after opening") \
    F(R, TEXT, ndc, MUST, "", "package code; DEMO-… is fictional") \
    F(R, TEXT, gtin, MAY, "", "14 digits for the label and the scanner") \
    F(R, DEC, cost, MAY, "{currency}", "what the site pays for one") \
    F(R, TEXT, source, MUST, "", "sources of the package")
#define FIELDS_drug_diluent(F, R) \
    F(R, REF, drug, MUST, "drug", "fluid it is diluted in") \
    F(R, QTY, volume, MUST, "mL", "bag volume as labelled") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_preparation(F, R) \
    F(R, CODE, final_volume, MUST, "diluent_plus_drug|undiluted", "how the final volume is made") \
    F(R, CODE, bag_choice, MAY, "largest_allowed|smallest_allowed", "which bag of those whose concentration is allowed") \
    F(R, QTY, concentration_min, MAY, "", "never diluted below") \
    F(R, QTY, concentration_max, MAY, "", "never diluted above, or 'stability known up to'") \
    F(R, QTY, diluent_max, MAY, "mL", "no more diluent than this") \
    F(R, INT, mix_min, MUST, "min", "hands-on preparation time for planning") \
    F(R, INT, stable_room_min, MAY, "min", "stability data at room temperature") \
    F(R, INT, stable_fridge_min, MAY, "min", "stability data at 2-8 Cel") \
    F(R, INT, beyond_use_room_min, MUST, "min", "start by, from mixing, at room temperature") \
    F(R, INT, beyond_use_fridge_min, MAY, "min", "start by, from mixing, at 2-8 Cel") \
    F(R, BOOL, protect_light, MUST, "", "keep from light") \
    F(R, TEXT, filter, MUST, "", "in-line filter; none") \
    F(R, DEC, filter_um, MAY, "um", "pore of the in-line filter, at most") \
    F(R, BOOL, light_line, MAY, "", "keep from light during the infusion too") \
    F(R, BOOL, pvc_free, MAY, "", "bag and set free of PVC and DEHP") \
    F(R, TEXT, never_with, MAY, "", "fluids it is never diluted in or flushed with, ids separated by spaces") \
    F(R, TEXT, words, MUST, "", "what the worksheet says") \
    F(R, TEXT, source, MUST, "", "sources of the preparation") \
    F(R, TEXT, beyond_use_source, MUST, "", "sources of the beyond-use times")
#define FIELDS_drug_infusion(F, R) \
    F(R, CODE, method, MUST, METHODS, "delivery method") \
    F(R, INT, duration_min, MAY, "min", "never faster than this") \
    F(R, INT, planned_min, MAY, "min", "planned time when there are no steps") \
    F(R, QTY, rate_max, MAY, "", "hard maximum, mL/h or a dose rate") \
    F(R, QTY, rate_max_caution, MAY, "", "maximum for patients at risk (words say which)") \
    F(R, TEXT, caution_words, MAY, "", "who is at risk") \
    F(R, INT, declared_min, MAY, "min", "total the steps are said to take") \
    F(R, QTY, declared_for, MAY, "", "for this dose (g/kg, mg, mL)") \
    F(R, INT, observe_min, MUST, "min", "observation after the end") \
    F(R, INT, observe_first_min, MAY, "min", "observation after the first dose, if longer") \
    F(R, REF, flush, MAY, "drug", "fluid for the line flush") \
    F(R, QTY, flush_volume, MAY, "mL", "line flush after the end") \
    F(R, TEXT, words, MUST, "", "what the bedside says") \
    F(R, TEXT, later_words, MAY, "", "when the steps for later infusions may be used") \
    F(R, TEXT, source, MUST, "", "sources of method, rates and times")
/* Who is at risk at a rate above rate_max_caution: facts the program can read. */
#define FIELDS_drug_risk(F, R) \
    F(R, CODE, fact, MUST, "age_over|lab_above|diagnosis", "what is read") \
    F(R, INT, years, MAY, "a", "age_over: older than") \
    F(R, TEXT, name, MAY, "", "lab_above: our observation name") \
    F(R, QTY, value, MAY, "", "lab_above: more than") \
    F(R, TEXT, codes, MAY, "", "diagnosis: ICD-10-CM codes, separated by spaces; a trailing * is any ending") \
    F(R, TEXT, words, MUST, "", "what the page says") \
    F(R, TEXT, source, MUST, "", "sources")
/* Patient-controlled analgesia: the windows slide; no window of one or four hours may hold more than its limit. */
#define FIELDS_drug_pca(F, R) \
    F(R, QTY, demand, MUST, "", "usual demand dose") \
    F(R, QTY, demand_max, MUST, "", "largest demand dose for a person new to opioids") \
    F(R, INT, lockout_min, MUST, "min", "no second dose within") \
    F(R, QTY, hour_max, MUST, "", "in any hour") \
    F(R, QTY, four_hours_max, MUST, "", "in any four hours") \
    F(R, BOOL, basal_naive, MUST, "", "a continuous rate for a person new to opioids") \
    F(R, TEXT, words, MUST, "", "sedation and breathing first; when to stop") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_step(F, R) \
    F(R, QTY, rate, MUST, "", "rate of this step (mL/h, mg/kg/min …)") \
    F(R, INT, minutes, MAY, "min", "how long; absent: to the end") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_restart(F, R) \
    F(R, INT, grade, MUST, "", "reaction grade 1-5") \
    F(R, CODE, action, MUST, "slow|restart|never", "slow: go on slower; restart: stop first; never: not again today") \
    F(R, DEC, fraction, MAY, "", "of the rate at onset, 0-1") \
    F(R, INT, wait_min, MAY, "min", "not before this long after the stop") \
    F(R, BOOL, needs_order, MUST, "", "needs a prescriber's order") \
    F(R, BOOL, may_raise, MAY, "", "may be raised again by the steps") \
    F(R, TEXT, words, MUST, "", "what the reaction page says") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_check(F, R) \
    F(R, CODE, when, MUST, "baseline|after start|rate change|every|end|after", "when vital signs are due") \
    F(R, INT, minutes, MAY, "min", "interval or delay; baseline: not older than") \
    F(R, INT, grace_min, MUST, "min", "overdue after this long") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_change(F, R) \
    F(R, CODE, sign, MUST, SIGNS, "vital sign") \
    F(R, CODE, test, MUST, "rise|fall|above|below", "rise and fall are against the baseline; a % is of the baseline") \
    F(R, QTY, value, MUST, "", "threshold") \
    F(R, CODE, level, MUST, "watch|act", "watch: look; act: think of a reaction") \
    F(R, TEXT, words, MUST, "", "what the page says") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_limit(F, R) \
    F(R, CODE, of, MUST, "dose|dose_per_kg|dose_per_m2|course|rate|volume|concentration|duration", "what is limited; a day is a course of 1") \
    F(R, CODE, area, MAY, "ward|critical|centre|home", "care area; absent: everywhere") \
    F(R, QTY, soft_low, MAY, "", "below: needs a reason") \
    F(R, QTY, soft_high, MAY, "", "above: needs a reason") \
    F(R, QTY, hard_low, MAY, "", "below: hard stop") \
    F(R, QTY, hard_high, MAY, "", "above: hard stop") \
    F(R, INT, days, MAY, "d", "window of a course limit") \
    F(R, TEXT, words, MUST, "", "why") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_lab(F, R) \
    F(R, TEXT, name, MUST, "", "our observation name (hemoglobin, creatinine …)") \
    F(R, TEXT, loinc, MUST, "", "LOINC code") \
    F(R, TEXT, title, MUST, "", "name for people") \
    F(R, INT, max_age_days, MUST, "d", "not older than") \
    F(R, CODE, when, MUST, "first|each", "before the first visit of a plan, or each") \
    F(R, CODE, missing, MUST, SEVERITIES, "what its absence does") \
    F(R, QTY, low, MAY, "", "below: the severity of `outside`") \
    F(R, QTY, high, MAY, "", "above: the severity of `outside`") \
    F(R, CODE, outside, MAY, SEVERITIES, "what a value outside does") \
    F(R, TEXT, words, MUST, "", "why") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_allergy(F, R) \
    F(R, TEXT, text, MUST, "", "words an allergy entry is matched by, in small letters") \
    F(R, CODE, severity, MUST, SEVERITIES, "what a match does") \
    F(R, TEXT, words, MUST, "", "what the refusal says") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_use(F, R) \
    F(R, CODE, use, MUST, "rescue|premedication", "what for") \
    F(R, QTY, dose, MUST, "", "usual adult dose") \
    F(R, QTY, dose_max, MAY, "", "largest single dose") \
    F(R, CODE, route, MUST, ROUTES, "route") \
    F(R, INT, repeat_min, MAY, "min", "may be repeated after") \
    F(R, INT, before_min, MAY, "min", "premedication: this long before") \
    F(R, TEXT, words, MUST, "", "dose and how, readable at arm's length") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_billing(F, R) \
    F(R, TEXT, hcpcs, MUST, "", "HCPCS Level II code") \
    F(R, QTY, unit, MUST, "", "amount of one billing unit") \
    F(R, DATE, from, MUST, "", "row valid from") \
    F(R, DATE, until, MAY, "", "row valid until") \
    F(R, DEC, price, MUST, "{currency}", "DEMO price of one unit") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_drug_patient(F, R) \
    F(R, TEXT, name, MUST, "", "what people call it") \
    F(R, LONG, what, MUST, "", "what it is") \
    F(R, LONG, why, MUST, "", "why it is given") \
    F(R, LONG, day, MUST, "", "what the day is like") \
    F(R, LONG, home, MUST, "", "afterwards at home") \
    F(R, TEXT, source, MUST, "", "sources")

/* regimens/ */
#define FIELDS_regimen(F, R) \
    F(R, ID, id, MUST, "", "regimen id, as the file's name") \
    F(R, TEXT, name, MUST, "", "name") \
    F(R, TEXT, aim, MUST, "", "what it is for") \
    F(R, INT, age_min, MUST, "a", "content is for this age and over") \
    F(R, TEXT, leaflet, MUST, "", "leaflet, without language and suffix") \
    F(R, CODE, therapy, MAY, THERAPIES, "therapy class") \
    F(R, TEXT, settings, MAY, "", "hospital, centre, home, separated by spaces; absent: hospital and centre") \
    F(R, INT, cycle_days, MAY, "d", "length of a cycle") \
    F(R, INT, cycles, MAY, "", "planned cycles; the visits say the same") \
    F(R, CODE, emetic, MAY, EMETIC, "of the whole regimen on its worst day") \
    F(R, CODE, skip, MAY, "omit|move", "a skipped dose is left out and the later ones keep their days (if absent), or every dose counts and all move") \
    F(R, INT, delay_max_days, MAY, "d", "a longer delay needs a new plan") \
    F(R, REF, follows, MAY, "regimen", "given after this regimen") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_indication(F, R) \
    F(R, TEXT, code, MUST, "", "ICD-10-CM code") \
    F(R, TEXT, text, MUST, "", "its words") \
    F(R, TEXT, snomed, MAY, "", "SNOMED CT code of the disease") \
    F(R, TEXT, stage, MAY, "", "stages, separated by spaces: I II III IV") \
    F(R, CODE, intent, MAY, "curative|adjuvant|neoadjuvant|palliative|maintenance|supportive", "intent of treatment") \
    F(R, INT, line, MAY, "", "line of treatment, from 1") \
    F(R, TEXT, biomarker, MAY, "", "what the tumour or patient must show, as LOINC=value or words") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_dose(F, R) \
    F(R, ID, id, MUST, "", "dose id within the regimen") \
    F(R, REF, drug, MUST, "drug", "drug") \
    F(R, CODE, route, MUST, ROUTES, "route") \
    F(R, INT, step, MUST, "", "order within the visit, from 1") \
    F(R, BOOL, optional, MUST, "", "left to the prescriber") \
    F(R, INT, before_min, MAY, "min", "this long before the next step") \
    F(R, CODE, role, MAY, "treatment|premedication|hydration|rescue|supportive|take home", "what it is for here") \
    F(R, CODE, method, MAY, METHODS, "delivery method, where it is not the drug's own") \
    F(R, INT, minutes, MAY, "min", "given over, where it is not the drug's own time") \
    F(R, ID, after, MAY, "", "not before this dose of the regimen has ended …") \
    F(R, INT, after_min, MAY, "min", "… so long ago") \
    F(R, ID, with, MAY, "", "at the same time as this dose, through a Y") \
    F(R, CODE, basis, MUST, "flat|band|per_kg|per_m2|auc", "how the dose is found") \
    F(R, QTY, flat, MAY, "", "basis flat: the dose") \
    F(R, QTY, per_kg, MAY, "", "basis per_kg: the dose per kg") \
    F(R, QTY, per_m2, MAY, "", "basis per_m2: the dose per m2 of body surface") \
    F(R, CODE, bsa, MAY, "mosteller|dubois", "formula of the body surface") \
    F(R, QTY, auc, MAY, "mg.min/mL", "basis auc: target of the Calvert formula") \
    F(R, QTY, gfr_cap, MAY, "mL/min", "basis auc: estimated GFR is capped here") \
    F(R, CODE, weight, MAY, "actual|dosing", "which weight: dosing = DDW when the site says so and BMI is over dosing_bmi") \
    F(R, DEC, dosing_bmi, MAY, "kg/m2", "BMI above which the dosing weight is used") \
    F(R, QTY, cap, MAY, "", "never more than") \
    F(R, QTY, round_step, MAY, "", "rounded to a multiple of") \
    F(R, CODE, round, MUST, ROUNDINGS, "how it is rounded") \
    F(R, DEC, round_max_percent, MAY, "%", "a rounding that changes more needs a reason") \
    F(R, TEXT, words, MUST, "", "the dose rule in words") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_band(F, R) \
    F(R, QTY, from, MUST, "kg", "weight from, included") \
    F(R, QTY, below, MUST, "kg", "weight below, not included") \
    F(R, QTY, flat, MAY, "", "dose, or") \
    F(R, QTY, per_kg, MAY, "", "dose per kg") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_level(F, R) \
    F(R, INT, level, MUST, "", "-1, -2 …") \
    F(R, DEC, percent, MUST, "%", "of the full dose") \
    F(R, TEXT, words, MUST, "", "the dose in words") \
    F(R, TEXT, source, MUST, "", "sources")
/* A modification table: the rows of one (dose, name, timing) leave no gap and do not overlap; the worst rule wins. */
#define FIELDS_regimen_modification(F, R) \
    F(R, TEXT, dose, MUST, "", "dose id of this regimen, or all") \
    F(R, CODE, reads, MUST, "lab|grade|weight_change", "a laboratory value, a CTCAE grade 0-5, a change of weight in %") \
    F(R, TEXT, name, MUST, "", "our observation name or CTCAE v5 term") \
    F(R, CODE, timing, MUST, "day1|nadir|since_last", "which value counts") \
    F(R, QTY, from, MAY, "", "from, included; absent: no lower end") \
    F(R, QTY, below, MAY, "", "below, not included; absent: no upper end") \
    F(R, CODE, action, MUST, "full|level|percent|omit|delay|stop|ask", "what is done") \
    F(R, INT, level, MAY, "", "action level: the dose level, -1 …") \
    F(R, DEC, percent, MAY, "%", "action percent: of the full dose") \
    F(R, INT, days, MAY, "d", "action delay: at least so long") \
    F(R, TEXT, words, MUST, "", "what the page says") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_case(F, R) \
    F(R, TEXT, name, MUST, "", "what it shows") \
    F(R, ID, dose, MUST, "", "dose id of this regimen") \
    F(R, QTY, weight, MAY, "kg", "patient") \
    F(R, QTY, height, MAY, "cm", "patient") \
    F(R, CODE, sex, MAY, "male|female", "patient") \
    F(R, QTY, gfr, MAY, "mL/min", "kidney function, for an AUC") \
    F(R, QTY, expect, MUST, "", "the dose after cap and rounding") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_visit(F, R) \
    F(R, INT, day, MUST, "d", "days after the first") \
    F(R, INT, every_days, MAY, "d", "repeated each") \
    F(R, INT, count, MAY, "", "this many times") \
    F(R, INT, early_days, MUST, "d", "may come this many days early") \
    F(R, INT, late_days, MUST, "d", "may come this many days late") \
    F(R, INT, gap_min_days, MAY, "d", "never sooner than this after the visit before") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_times(F, R) \
    F(R, INT, check_in, MUST, "min", "arrival and identity") \
    F(R, INT, assess, MUST, "min", "vital signs, screen, OK to treat") \
    F(R, INT, access, MUST, "min", "line placed or accessed") \
    F(R, INT, premedication, MUST, "min", "premedication and its wait, when ordered") \
    F(R, INT, hang, MUST, "min", "checks, scan, prime, program") \
    F(R, INT, discharge, MUST, "min", "line out, teaching, next visit") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_regimen_gate(F, R) \
    F(R, ID, id, MUST, "", "criterion id") \
    F(R, CODE, kind, MUST, "lab|vital|screen", "what is read") \
    F(R, TEXT, name, MUST, "", "our observation name, vital sign or screen question id") \
    F(R, TEXT, title, MUST, "", "name for people") \
    F(R, INT, max_age_days, MAY, "d", "not older than") \
    F(R, QTY, low, MAY, "", "below: severity applies") \
    F(R, QTY, high, MAY, "", "above: severity applies") \
    F(R, CODE, severity, MUST, SEVERITIES, "what it does") \
    F(R, TEXT, words, MUST, "", "what the page says") \
    F(R, TEXT, source, MUST, "", "sources")

/* rules.yaml */
#define FIELDS_rule(F, R) \
    F(R, ID, id, MUST, "", "rule id, named by every refusal") \
    F(R, CODE, severity, MUST, SEVERITIES, "hard stop, needs a reason, note") \
    F(R, TEXT, title, MUST, "", "short name") \
    F(R, TEXT, ranks, MAY, "", "places in the ranked list of dangers, 1-20, separated by spaces") \
    F(R, TEXT, words, MUST, "", "the rule in one sentence") \
    F(R, TEXT, reads, MUST, "", "the facts it reads, separated by spaces") \
    F(R, TEXT, who, MAY, "", "roles that may override, separated by spaces; absent: nobody") \
    F(R, TEXT, how, MAY, "", "what to do about it") \
    F(R, TEXT, source, MUST, "", "sources")

/* reactions.yaml: the pathway by grade (CTCAE) */
#define FIELDS_reaction_step(F, R) \
    F(R, INT, grade, MUST, "{score}", "CTCAE grade 1-5") \
    F(R, INT, place, MUST, "", "order within the grade, from 1") \
    F(R, TEXT, words, MUST, "", "what to do, readable at arm's length") \
    F(R, REF, drug, MAY, "drug", "rescue drug: its dose is in its own file") \
    F(R, BOOL, by_hand, MUST, "", "only a person at the pump or bedside can do it") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_reaction_sign(F, R) \
    F(R, ID, id, MUST, "", "symptom id") \
    F(R, TEXT, text, MUST, "", "words on the button") \
    F(R, INT, grade_min, MUST, "{score}", "not below this grade") \
    F(R, TEXT, source, MUST, "", "sources")

/* screens.yaml */
#define FIELDS_screen_form(F, R) \
    F(R, ID, id, MUST, "", "arrival, infection …") \
    F(R, TEXT, title, MUST, "", "title") \
    F(R, TEXT, regimens, MAY, "", "regimen ids it is for, separated by spaces; absent: all") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_screen_item(F, R) \
    F(R, ID, id, MUST, "", "question id") \
    F(R, TEXT, text, MUST, "", "the question, in plain words") \
    F(R, CODE, kind, MUST, "yes_no|scale", "yes_no, or a scale 0-4") \
    F(R, CODE, asks_if, MUST, "yes|no|2|3|4", "this answer (or a higher one on the scale) needs someone") \
    F(R, CODE, severity, MUST, SEVERITIES, "what such an answer does to OK to treat") \
    F(R, TEXT, words, MUST, "", "what the page says then")

/* questions.yaml */
#define FIELDS_topic(F, R) \
    F(R, ID, id, MUST, "", "how_long, side_effects …") \
    F(R, TEXT, title, MUST, "", "the question as people ask it") \
    F(R, LONG, answer, MUST, "", "answer; {{…}} is filled from the order") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_red_flag(F, R) \
    F(R, ID, id, MUST, "", "flag id") \
    F(R, CODE, level, MUST, "emergency|call_now|today", "how fast") \
    F(R, TEXT, say, MUST, "", "what is said at once") \
    F(R, TEXT, source, MUST, "", "sources")

/* payers.yaml */
#define FIELDS_payer(F, R) \
    F(R, ID, id, MUST, "", "payer id") \
    F(R, TEXT, name, MUST, "", "payer name; fictional in the demo") \
    F(R, CODE, kind, MUST, "commercial|federal", "federal: no assistance cards") \
    F(R, INT, filing_days, MUST, "d", "claims within") \
    F(R, BOOL, waste_lines, MUST, "", "wants JW and JZ on single-dose containers") \
    F(R, BOOL, jz_below_unit, MUST, "", "JZ also when the waste is less than one unit (disputed)") \
    F(R, DEC, coinsurance, MUST, "%", "the patient's share after the deductible") \
    F(R, DEC, deductible, MUST, "{currency}", "yearly deductible of the demo plan") \
    F(R, DEC, out_of_pocket, MUST, "{currency}", "yearly most the patient pays") \
    F(R, DEC, copay, MUST, "{currency}", "for each visit") \
    F(R, DEC, administration_percent, MUST, "%", "of the site's price allowed for administration") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_payer_cover(F, R) \
    F(R, REF, drug, MUST, "drug", "drug") \
    F(R, CODE, charge_class, MUST, DRUG_CLASSES, "class of its administration for this payer") \
    F(R, BOOL, authorisation, MUST, "", "needs prior authorisation") \
    F(R, INT, warn_days, MUST, "d", "warn when it ends within") \
    F(R, INT, units_max, MAY, "", "billing units in one day, at most") \
    F(R, INT, interval_min_days, MAY, "d", "days between two doses, at least") \
    F(R, TEXT, diagnoses, MUST, "", "ICD-10-CM codes covered, separated by spaces; a trailing * is any ending") \
    F(R, DEC, allowed, MUST, "{currency}", "DEMO amount allowed for one billing unit") \
    F(R, TEXT, source, MUST, "", "sources")

/* charges.yaml */
#define FIELDS_price_code(F, R) \
    F(R, ID, role, MUST, "", "charge role of account/role.h: TPD_INF_INIT …") \
    F(R, TEXT, code, MUST, "", "the site's code; DEMO-… is fictional") \
    F(R, TEXT, text, MUST, "", "our own words for the statement") \
    F(R, DEC, price, MUST, "{currency}", "the site's price for one") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_charge_setting(F, R) \
    F(R, ID, name, MUST, "", "setting of account/policy.h: conc_rule …") \
    F(R, TEXT, value, MUST, "", "word or whole number") \
    F(R, TEXT, source, MUST, "", "sources")

/* site.yaml */
#define FIELDS_site(F, R) \
    F(R, TEXT, name, MUST, "", "name on labels and pages") \
    F(R, TEXT, zone, MUST, "", "IANA time zone") \
    F(R, CODE, setting, MUST, "hospital|centre|home", "where care is given") \
    F(R, CODE, billing, MUST, "facility|office", "whose charge rules apply") \
    F(R, BOOL, demo, MUST, "", "may use content nobody approved") \
    F(R, TEXT, address, MUST, "", "address") \
    F(R, TEXT, phone, MUST, "", "whom a patient calls") \
    F(R, TEXT, phone_after_hours, MUST, "", "whom at night") \
    F(R, TEXT, phone_emergency, MUST, "", "emergency number of the place") \
    F(R, TEXT, opens, MUST, "", "HH:MM local") \
    F(R, TEXT, closes, MUST, "", "HH:MM local") \
    F(R, TEXT, open_days, MUST, "", "mon tue …, separated by spaces") \
    F(R, BOOL, dosing_weight, MUST, "", "use the dosing weight where a regimen allows it") \
    F(R, INT, weight_max_age_days, MUST, "d", "a weight for a dose is not older than") \
    F(R, DEC, weight_change_percent, MUST, "%", "a change from the last weight that asks for a second look") \
    F(R, INT, travel_min, MUST, "min", "from home to here when the patient's own is not known") \
    F(R, INT, arrive_early_min, MUST, "min", "asked to arrive before the booked start") \
    F(R, INT, drug_needed_min, MUST, "min", "bag at the chair before the planned drug start") \
    F(R, QTY, kvo_rate, MUST, "mL/h", "keep-vein-open rate") \
    F(R, QTY, overfill, MUST, "%", "bag overfill counted on") \
    F(R, TEXT, source, MUST, "", "sources")
#define FIELDS_site_pod(F, R) \
    F(R, ID, id, MUST, "", "pod") \
    F(R, TEXT, name, MUST, "", "name") \
    F(R, INT, chairs, MUST, "", "chairs, numbered from 1 after the pod's letter") \
    F(R, INT, beds, MUST, "", "how many of them, the last ones, are beds")
#define FIELDS_site_shift(F, R) \
    F(R, ID, nurse, MUST, "", "sign-in name of the nurse") \
    F(R, TEXT, days, MUST, "", "mon tue …, separated by spaces") \
    F(R, TEXT, start, MUST, "", "HH:MM local") \
    F(R, TEXT, end, MUST, "", "HH:MM local") \
    F(R, TEXT, break_start, MUST, "", "HH:MM local") \
    F(R, INT, break_min, MUST, "min", "length of the break") \
    F(R, INT, patients, MUST, "", "patients at once, at most") \
    F(R, TEXT, pod, MUST, "", "pod looked after first")

#endif
