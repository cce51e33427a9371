#include "formulary/content_shape.h"

RECORD_DEFINE(drug_vial, 1, "a package of a drug")
RECORD_DEFINE(drug_diluent, 0, "a bag a drug may be diluted in")
RECORD_DEFINE(drug_preparation, 0, "how a drug is prepared")
RECORD_DEFINE(drug_step, 0, "one rate of a step table")
RECORD_DEFINE(drug_infusion, 0, "how a drug is given")
RECORD_DEFINE(drug_restart, 0, "what may follow a reaction of a grade")
RECORD_DEFINE(drug_check, 0, "when vital signs are due")
RECORD_DEFINE(drug_change, 0, "a change of a vital sign that matters")
RECORD_DEFINE(drug_limit, 0, "a soft and a hard limit")
RECORD_DEFINE(drug_lab, 0, "a laboratory value needed before")
RECORD_DEFINE(drug_allergy, 0, "an allergy that matters")
RECORD_DEFINE(drug_use, 0, "a usual dose of a supportive drug")
RECORD_DEFINE(drug_billing, 0, "a billing unit of a drug")
RECORD_DEFINE(drug_risk, 0, "who is at risk at a fast rate")
RECORD_DEFINE(drug_pca, 0, "patient-controlled analgesia")
RECORD_DEFINE(drug_ban, 0, "a way a drug is never given")
RECORD_DEFINE(drug_reconstitution, 0, "how a powder is dissolved")
RECORD_DEFINE(drug_stability, 0, "how long it stays good")
RECORD_DEFINE(drug_pair, 0, "what two drugs do when they meet")
RECORD_DEFINE(drug_extravasation, 0, "what to do when it leaves the vein")
RECORD_DEFINE(drug_lifetime, 0, "a lifetime limit")
RECORD_DEFINE(drug_equivalence, 0, "what a drug counts as in a lifetime sum")
RECORD_DEFINE(drug_emetic, 0, "how likely vomiting is")
RECORD_DEFINE(drug_monitor, 0, "what is watched while the therapy lasts")
RECORD_DEFINE(drug_case, 0, "a worked case of a drug")
RECORD_DEFINE(drug_patient, 0, "what a patient should know")
RECORD_DEFINE(drug, 1, "a drug, fluid or supportive drug")
RECORD_DEFINE(regimen_indication, 0, "what a regimen is given for")
RECORD_DEFINE(regimen_band, 0, "a weight band")
RECORD_DEFINE(regimen_level, 0, "a reduced dose")
RECORD_DEFINE(regimen_modification, 0, "a row of a modification table")
RECORD_DEFINE(regimen_case, 0, "a worked case of a regimen")
RECORD_DEFINE(regimen_dose, 1, "one drug of a regimen")
RECORD_DEFINE(regimen_visit, 0, "a visit of a regimen")
RECORD_DEFINE(regimen_times, 0, "minutes of a visit apart from the drugs")
RECORD_DEFINE(regimen_gate, 1, "a criterion of the treatment day")
RECORD_DEFINE(regimen, 1, "a regimen")
RECORD_DEFINE(rule, 1, "a safety rule")
RECORD_DEFINE(reaction_step, 0, "a step of the reaction pathway")
RECORD_DEFINE(reaction_sign, 1, "a symptom of a reaction")
RECORD_DEFINE(screen_item, 1, "a question of a screen")
RECORD_DEFINE(screen_form, 1, "a screen")
RECORD_DEFINE(topic, 1, "a question patients ask, and its answer")
RECORD_DEFINE(red_flag, 1, "words that are answered at once")
RECORD_DEFINE(payer_cover, 0, "what a payer covers of a drug")
RECORD_DEFINE(payer, 1, "a payer")
RECORD_DEFINE(price_code, 1, "the site's code and price of a charge role")
RECORD_DEFINE(charge_setting, 1, "a setting of the charge rules")
RECORD_DEFINE(site_pod, 1, "a pod of chairs")
RECORD_DEFINE(site_shift, 1, "a nurse's weekly shift")
RECORD_DEFINE(site, 0, "the site")
RECORD_DEFINE(content_source, 1, "a source")
RECORD_DEFINE(content_head, 0, "the head of a content file")

#define PMANY(R, member, type, need) \
    {#member, PART_MANY, need, offsetof(struct R, member), offsetof(struct R, member##_count), &shape_##type}
#define PONE(R, member, type, need) {#member, PART_ONE, need, offsetof(struct R, member), 0, &shape_##type}
#define PWORDS(R, member, need) {#member, PART_WORDS, need, offsetof(struct R, member), offsetof(struct R, member##_count), NULL}
#define LEAF(R) static const struct shape shape_##R = {&record_##R, NULL, 0};
#define SHAPE(R) static const struct shape shape_##R = {&record_##R, parts_##R, (int)(sizeof parts_##R / sizeof parts_##R[0])};

LEAF(drug_vial)
LEAF(drug_diluent)
LEAF(drug_step)
LEAF(drug_restart)
LEAF(drug_check)
LEAF(drug_change)
LEAF(drug_limit)
LEAF(drug_lab)
LEAF(drug_allergy)
LEAF(drug_use)
LEAF(drug_billing)
LEAF(drug_risk)
LEAF(drug_pca)
LEAF(drug_ban)
LEAF(drug_reconstitution)
LEAF(drug_stability)
LEAF(drug_pair)
LEAF(drug_extravasation)
LEAF(drug_lifetime)
LEAF(drug_equivalence)
LEAF(drug_emetic)
LEAF(drug_monitor)
LEAF(drug_case)
LEAF(regimen_indication)
LEAF(regimen_band)
LEAF(regimen_level)
LEAF(regimen_modification)
LEAF(regimen_case)
LEAF(regimen_times)
LEAF(regimen_gate)
LEAF(rule)
LEAF(reaction_step)
LEAF(reaction_sign)
LEAF(screen_item)
LEAF(payer_cover)
LEAF(price_code)
LEAF(charge_setting)
LEAF(site_pod)
LEAF(site_shift)
LEAF(content_source)

static const struct part parts_drug_preparation[] = {PMANY(drug_preparation, diluents, drug_diluent, MAY)};
SHAPE(drug_preparation)
static const struct part parts_drug_infusion[] = {
    PMANY(drug_infusion, steps, drug_step, MAY), PMANY(drug_infusion, later_steps, drug_step, MAY)};
SHAPE(drug_infusion)
static const struct part parts_drug_patient[] = {
    PWORDS(drug_patient, normal, MUST), PWORDS(drug_patient, call, MUST), PWORDS(drug_patient, red, MUST)};
SHAPE(drug_patient)
static const struct part parts_drug[] = {
    PWORDS(drug, routes, MUST), PMANY(drug, vials, drug_vial, MUST), PONE(drug, preparation, drug_preparation, MAY),
    PONE(drug, infusion, drug_infusion, MAY), PMANY(drug, risks, drug_risk, MAY),
    PONE(drug, pca, drug_pca, MAY), PMANY(drug, restarts, drug_restart, MAY),
    PMANY(drug, checks, drug_check, MAY), PMANY(drug, changes, drug_change, MAY), PMANY(drug, limits, drug_limit, MAY),
    PMANY(drug, labs, drug_lab, MAY), PMANY(drug, allergies, drug_allergy, MAY), PMANY(drug, uses, drug_use, MAY),
    PMANY(drug, billing, drug_billing, MAY), PMANY(drug, never, drug_ban, MAY),
    PMANY(drug, reconstitution, drug_reconstitution, MAY), PMANY(drug, stability, drug_stability, MAY),
    PMANY(drug, compatibility, drug_pair, MAY), PONE(drug, extravasation, drug_extravasation, MAY),
    PMANY(drug, lifetime, drug_lifetime, MAY), PMANY(drug, equivalence, drug_equivalence, MAY),
    PMANY(drug, emetic, drug_emetic, MAY), PMANY(drug, monitoring, drug_monitor, MAY),
    PMANY(drug, cases, drug_case, MAY), PONE(drug, patient, drug_patient, MAY)};
SHAPE(drug)

static const struct part parts_regimen_dose[] = {
    PMANY(regimen_dose, bands, regimen_band, MAY), PMANY(regimen_dose, levels, regimen_level, MAY)};
SHAPE(regimen_dose)
static const struct part parts_regimen_visit[] = {PWORDS(regimen_visit, doses, MUST)};
SHAPE(regimen_visit)
static const struct part parts_regimen[] = {
    PMANY(regimen, indications, regimen_indication, MUST), PMANY(regimen, doses, regimen_dose, MUST),
    PMANY(regimen, visits, regimen_visit, MUST), PONE(regimen, times, regimen_times, MUST),
    PMANY(regimen, gates, regimen_gate, MAY), PMANY(regimen, modifications, regimen_modification, MAY),
    PMANY(regimen, cases, regimen_case, MAY)};
SHAPE(regimen)

static const struct part parts_screen_form[] = {PMANY(screen_form, items, screen_item, MUST)};
SHAPE(screen_form)
static const struct part parts_topic[] = {PWORDS(topic, match, MUST)};
SHAPE(topic)
static const struct part parts_red_flag[] = {PWORDS(red_flag, match, MUST)};
SHAPE(red_flag)
static const struct part parts_payer[] = {PMANY(payer, covers, payer_cover, MUST)};
SHAPE(payer)
static const struct part parts_site[] = {PMANY(site, pods, site_pod, MUST), PMANY(site, shifts, site_shift, MUST)};
SHAPE(site)

static const struct part parts_content_head[] = {PMANY(content_head, sources, content_source, MUST)};
const struct shape shape_content_head = {&record_content_head, parts_content_head, 1};

#define BODY_MANY(kind, key, member, type) \
    {kind, {key, PART_MANY, MUST, offsetof(struct content, member), offsetof(struct content, member##_count), &shape_##type}, false}
#define BODY_EACH(kind, key, member, type) \
    {kind, {key, PART_ONE, MUST, offsetof(struct content, member), offsetof(struct content, member##_count), &shape_##type}, true}
#define BODY_ONE(kind, key, member, type) {kind, {key, PART_ONE, MUST, offsetof(struct content, member), 0, &shape_##type}, false}

const struct body content_bodies[] = {
    BODY_EACH("drug", "drug", drugs, drug),
    BODY_EACH("regimen", "regimen", regimens, regimen),
    BODY_MANY("rules", "rules", rules, rule),
    BODY_MANY("reactions", "steps", reaction_steps, reaction_step),
    BODY_MANY("reactions", "signs", reaction_signs, reaction_sign),
    BODY_MANY("screens", "screens", screens, screen_form),
    BODY_MANY("questions", "topics", topics, topic),
    BODY_MANY("questions", "red_flags", red_flags, red_flag),
    BODY_MANY("payers", "payers", payers, payer),
    BODY_MANY("charges", "roles", price_codes, price_code),
    BODY_MANY("charges", "settings", charge_settings, charge_setting),
    BODY_ONE("site", "site", site, site),
};
const int content_body_count = sizeof content_bodies / sizeof content_bodies[0];

const struct node *shape_locate(const struct content_file *f, const char *path)
{
    const struct node *n = f->tree ? node_path(f->tree, path) : NULL;
    return n ? n : f->tree;
}
