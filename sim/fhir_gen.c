#include "sim/fhir_gen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/dec.h"
#include "base/json.h"
#include "sim/rng.h"

#define LOINC "http://loinc.org"
#define SNOMED "http://snomed.info/sct"
#define ICD10CM "http://hl7.org/fhir/sid/icd-10-cm"
#define UCUM "http://unitsofmeasure.org"
#define TERMINOLOGY "http://terminology.hl7.org/CodeSystem/"
#define OURS "https://venule.example/" /* RFC 6761: no one's */

enum kind { KIND_IRON, KIND_ANTIBODY };

struct diagnosis {
    const char *icd, *icd_text, *snomed, *snomed_text;
};
struct allergen {
    const char *snomed, *text, *reaction, *criticality;
};
struct payer {
    const char *id, *name, *plan;
};

static const char *const families[] = {
    "Abernathy", "Alvarado", "Ashdown",  "Baptiste",   "Bellamy",   "Calloway",  "Castellano", "Dunmore",
    "Eastgate",  "Ferrante", "Goldhawk", "Halvorsen",  "Ibarra",    "Jankowski", "Kessling",   "Lindqvist",
    "Mbeki",     "Nakagawa", "Oakhurst", "Petrossian", "Quimby",    "Rahimi",    "Santoro",    "Tillman",
    "Underhill", "Valverde", "Whitlock", "Yancey",     "Zielinski", "Okonkwo",   "Marchetti",  "Delacroix",
    "Thornbury", "Vasquez",  "Holloway", "Brightwater"};
static const char *const given_f[] = {"Ada", "Beatriz", "Clara", "Daria", "Elena", "Fatima", "Grace", "Hana", "Imani",
    "June", "Katya", "Lucia", "Maeve", "Nadia", "Odette", "Priya", "Rosa", "Sofia", "Thea", "Yolanda"};
static const char *const given_m[] = {"Amir", "Bruno", "Cyrus", "Dmitri", "Emil", "Felix", "Gideon", "Hugo", "Ivo",
    "Jonas", "Kofi", "Leon", "Mateo", "Nils", "Oscar", "Pavel", "Rafael", "Silas", "Tomas", "Victor"};
static const struct diagnosis iron_main[] = {
    {"D50.9", "Iron deficiency anemia, unspecified", "87522002", "Iron deficiency anemia"},
    {"D50.0", "Iron deficiency anemia secondary to blood loss (chronic)", "724556004",
     "Iron deficiency anemia due to blood loss"},
    {"D50.8", "Other iron deficiency anemias", "87522002", "Iron deficiency anemia"}};
static const struct diagnosis antibody_main[] = {
    {"D83.9", "Common variable immunodeficiency, unspecified", "23238000", "Common variable immunodeficiency"},
    {"D80.1", "Nonfamilial hypogammaglobulinemia", "119249001", "Agammaglobulinemia"},
    {"D80.3", "Selective deficiency of immunoglobulin G subclasses", NULL, NULL}};
static const struct diagnosis others[] = {
    {"I10", "Essential (primary) hypertension", "38341003", "Hypertension"},
    {"E11.9", "Type 2 diabetes mellitus without complications", "44054006", "Type 2 diabetes mellitus"},
    {"J45.909", "Unspecified asthma, uncomplicated", "195967001", "Asthma"},
    {"G43.909", "Migraine, unspecified, not intractable", "37796009", "Migraine"}};
static const struct allergen allergens[] = {
    {"91936005", "Allergy to penicillin", "Urticaria", "high"},
    {"91939003", "Allergy to sulfonamide", "Rash", "low"},
    {"300916003", "Allergy to latex", "Contact dermatitis", "low"},
    {"91935009", "Allergy to peanut", "Throat tightness", "high"}};
static const struct payer payers[] = {
    {"demo-blue", "Demo Blue (fictional)", "Demo Blue Choice"},
    {"demo-plain", "Demo Plain (fictional)", "Demo Plain Basic"}};

/* One patient being written. */
struct gen {
    const struct fhir_gen *g;
    struct rng rng;
    struct json j;
    int number;
    enum kind kind;
    bool female;
    char patient[RNG_UUID_MAX], encounter[RNG_UUID_MAX], main_condition[RNG_UUID_MAX];
};

static const char *day_text(utc_t t, char out[UTC_TEXT_MAX])
{
    return utc_date_text(t, NULL, out);
}

/* ---- small parts of FHIR ---------------------------------------------------------------------------------------- */

static void coding(struct json *j, const char *system, const char *code, const char *display)
{
    json_object(j, NULL);
    json_str(j, "system", system);
    json_str(j, "code", code);
    if (display)
        json_str(j, "display", display);
    json_end(j, '}');
}

static void concept(struct json *j, const char *key, const char *system, const char *code, const char *text)
{
    json_object(j, key);
    json_list(j, "coding");
    coding(j, system, code, text);
    json_end(j, ']');
    if (text)
        json_str(j, "text", text);
    json_end(j, '}');
}

static void reference(struct json *j, const char *key, const char *uuid)
{
    char urn[64];
    snprintf(urn, sizeof urn, "urn:uuid:%s", uuid);
    json_object(j, key);
    json_str(j, "reference", urn);
    json_end(j, '}');
}

static void period(struct json *j, utc_t from, utc_t to)
{
    json_object(j, "period");
    json_time(j, "start", from);
    if (to != UTC_NONE)
        json_time(j, "end", to);
    json_end(j, '}');
}

static void entry_open(struct gen *p, const char *type, const char *uuid)
{
    char urn[64];
    snprintf(urn, sizeof urn, "urn:uuid:%s", uuid);
    struct json *j = &p->j;
    json_object(j, NULL);
    json_str(j, "fullUrl", urn);
    json_object(j, "resource");
    json_str(j, "resourceType", type);
    json_str(j, "id", uuid);
    json_object(j, "meta");
    json_list(j, "tag");
    coding(j, OURS "tags", "synthetic", "synthetic patient");
    json_end(j, ']');
    json_end(j, '}');
}

static void entry_close(struct gen *p, const char *type)
{
    struct json *j = &p->j;
    json_end(j, '}');
    json_object(j, "request");
    json_str(j, "method", "POST");
    json_str(j, "url", type);
    json_end(j, '}');
    json_end(j, '}');
}

/* A daytime instant `days` before the day. */
static utc_t days_before(struct gen *p, int64_t days)
{
    return p->g->day - days * UTC_DAY + rng_range(&p->rng, 13 * 60, 20 * 60) * UTC_MINUTE;
}

/* ---- resources -------------------------------------------------------------------------------------------------- */

static void put_identifier(struct gen *p)
{
    /* Seed and number both, so that patients of two seeds may live in one store. */
    char mrn[32], system[80];
    snprintf(mrn, sizeof mrn, "%s%05u%04d", p->g->site, (unsigned)(p->g->seed % 100000), p->number);
    snprintf(system, sizeof system, OURS "%s/mrn", p->g->site);
    struct json *j = &p->j;
    json_list(j, "identifier");
    json_object(j, NULL);
    concept(j, "type", TERMINOLOGY "v2-0203", "MR", "Medical Record Number");
    json_str(j, "system", system);
    json_str(j, "value", mrn);
    json_end(j, '}');
    json_end(j, ']');
}

static void put_name(struct gen *p)
{
    struct json *j = &p->j;
    const char *first = p->female ? RNG_PICK(&p->rng, given_f) : RNG_PICK(&p->rng, given_m);
    const char *second = p->female ? RNG_PICK(&p->rng, given_f) : RNG_PICK(&p->rng, given_m);
    json_list(j, "name");
    json_object(j, NULL);
    json_str(j, "use", "official");
    json_str(j, "family", RNG_PICK(&p->rng, families));
    json_list(j, "given");
    json_str(j, NULL, first);
    if (strcmp(first, second) != 0 && rng_chance(&p->rng, 400))
        json_str(j, NULL, second);
    json_end(j, ']');
    json_end(j, '}');
    json_end(j, ']');
}

static void put_patient(struct gen *p)
{
    struct json *j = &p->j;
    char text[UTC_TEXT_MAX], phone[16];
    entry_open(p, "Patient", p->patient);
    put_identifier(p);
    json_bool(j, "active", true);
    put_name(p);
    snprintf(phone, sizeof phone, "555-01%02d", (int)rng_below(&p->rng, 100));
    json_list(j, "telecom");
    json_object(j, NULL);
    json_str(j, "system", "phone");
    json_str(j, "value", phone);
    json_str(j, "use", "mobile");
    json_end(j, '}');
    json_end(j, ']');
    json_str(j, "gender", p->female ? "female" : "male");
    /* 19 to 84 years on the day: adults only, and no one turns 18 on it. */
    json_str(j, "birthDate", day_text(p->g->day - rng_range(&p->rng, 19 * 366, 84 * 365) * UTC_DAY, text));
    bool spanish = rng_chance(&p->rng, 150);
    json_list(j, "communication");
    json_object(j, NULL);
    concept(j, "language", "urn:ietf:bcp:47", spanish ? "es" : "en", spanish ? "Spanish" : "English");
    json_bool(j, "preferred", true);
    json_end(j, '}');
    json_end(j, ']');
    entry_close(p, "Patient");
}

static void put_encounter(struct gen *p)
{
    struct json *j = &p->j;
    utc_t from = days_before(p, rng_range(&p->rng, 15, 30));
    entry_open(p, "Encounter", p->encounter);
    json_str(j, "status", "finished");
    json_object(j, "class");
    json_str(j, "system", TERMINOLOGY "v3-ActCode");
    json_str(j, "code", "AMB");
    json_end(j, '}');
    json_list(j, "type");
    concept(j, NULL, SNOMED, "185347001", "Encounter for problem");
    json_end(j, ']');
    reference(j, "subject", p->patient);
    period(j, from, from + rng_range(&p->rng, 15, 45) * UTC_MINUTE);
    entry_close(p, "Encounter");
}

static void put_condition(struct gen *p, const struct diagnosis *d, const char *uuid, int64_t days_ago)
{
    struct json *j = &p->j;
    char text[UTC_TEXT_MAX];
    entry_open(p, "Condition", uuid);
    json_object(j, "clinicalStatus");
    json_list(j, "coding");
    coding(j, TERMINOLOGY "condition-clinical", "active", NULL);
    json_end(j, ']');
    json_end(j, '}');
    json_object(j, "verificationStatus");
    json_list(j, "coding");
    coding(j, TERMINOLOGY "condition-ver-status", "confirmed", NULL);
    json_end(j, ']');
    json_end(j, '}');
    json_object(j, "code");
    json_list(j, "coding");
    coding(j, ICD10CM, d->icd, d->icd_text);
    if (d->snomed)
        coding(j, SNOMED, d->snomed, d->snomed_text);
    json_end(j, ']');
    json_str(j, "text", d->icd_text);
    json_end(j, '}');
    reference(j, "subject", p->patient);
    reference(j, "encounter", p->encounter);
    json_str(j, "onsetDateTime", day_text(p->g->day - days_ago * UTC_DAY, text));
    entry_close(p, "Condition");
}

static void put_conditions(struct gen *p)
{
    const struct diagnosis *d =
        p->kind == KIND_IRON ? &RNG_PICK(&p->rng, iron_main) : &RNG_PICK(&p->rng, antibody_main);
    put_condition(p, d, p->main_condition, rng_range(&p->rng, 40, 900));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char uuid[RNG_UUID_MAX];
        if (rng_chance(&p->rng, 180))
            put_condition(p, &others[i], rng_uuid(&p->rng, uuid), rng_range(&p->rng, 400, 5000));
    }
}

struct measured {
    const char *loinc, *text, *category;
    struct dec value;
    const char *unit;
};

static void put_observation(struct gen *p, struct measured m, int64_t days_ago)
{
    struct json *j = &p->j;
    char uuid[RNG_UUID_MAX];
    entry_open(p, "Observation", rng_uuid(&p->rng, uuid));
    json_str(j, "status", "final");
    json_list(j, "category");
    concept(j, NULL, TERMINOLOGY "observation-category", m.category, NULL);
    json_end(j, ']');
    concept(j, "code", LOINC, m.loinc, m.text);
    reference(j, "subject", p->patient);
    json_time(j, "effectiveDateTime", days_before(p, days_ago));
    json_object(j, "valueQuantity");
    json_dec(j, "value", m.value);
    json_str(j, "unit", m.unit);
    json_str(j, "system", UCUM);
    json_str(j, "code", m.unit);
    json_end(j, '}');
    entry_close(p, "Observation");
}

static void put_vital(struct gen *p, const char *loinc, const char *text, struct dec value, const char *unit,
                      int64_t ago)
{
    put_observation(p, (struct measured){loinc, text, "vital-signs", value, unit}, ago);
}

static void put_lab(struct gen *p, const char *loinc, const char *text, struct dec value, const char *unit, int64_t ago)
{
    put_observation(p, (struct measured){loinc, text, "laboratory", value, unit}, ago);
}

/* Height and three weights, the last one recent; some scales show pounds and inches. */
static void put_body_size(struct gen *p)
{
    int64_t height_mm = (p->female ? 1630 : 1760) + rng_normal(&p->rng) * 68 / 1000;
    int64_t bmi_tenths = rng_range(&p->rng, 190, 345);
    int64_t grams = height_mm * height_mm / 1000 * bmi_tenths / 10; /* kg/m² × mm² */
    bool pounds = rng_chance(&p->rng, 300);
    if (pounds)
        put_vital(p, "8302-2", "Body height", DEC((height_mm * 100 + 1270) / 2540 * 10, 1), "[in_i]", 150);
    else
        put_vital(p, "8302-2", "Body height", DEC((height_mm + 5) / 10, 0), "cm", 150);
    const int64_t ago[3] = {rng_range(&p->rng, 120, 200), rng_range(&p->rng, 45, 90), rng_range(&p->rng, 2, 14)};
    for (int i = 0; i < 3; i++) {
        if (pounds)
            put_vital(p, "29463-7", "Body weight", DEC(grams * 10000 / 453592, 1), "[lb_av]", ago[i]);
        else
            put_vital(p, "29463-7", "Body weight", DEC(grams / 100, 1), "kg", ago[i]);
        grams += grams * rng_range(&p->rng, -15, 15) / 1000; /* what people gain and lose in two months */
    }
}

static void put_labs(struct gen *p)
{
    int64_t ago = rng_range(&p->rng, 1, 20);
    put_lab(p, "2160-0", "Creatinine [Mass/volume] in Serum or Plasma",
            DEC(rng_range(&p->rng, p->female ? 55 : 70, p->female ? 105 : 125), 2), "mg/dL", ago);
    if (p->kind == KIND_IRON) {
        put_lab(p, "718-7", "Hemoglobin [Mass/volume] in Blood", DEC(rng_range(&p->rng, 76, 114), 1), "g/dL", ago);
        put_lab(p, "718-7", "Hemoglobin [Mass/volume] in Blood", DEC(rng_range(&p->rng, 85, 120), 1), "g/dL", ago + 90);
        put_lab(p, "2276-4", "Ferritin [Mass/volume] in Serum or Plasma", DEC(rng_range(&p->rng, 3, 28), 0), "ng/mL",
                ago);
        put_lab(p, "2502-3", "Iron saturation [Mass Fraction] in Serum or Plasma", DEC(rng_range(&p->rng, 3, 15), 0),
                "%", ago);
        put_lab(p, "2777-1", "Phosphate [Mass/volume] in Serum or Plasma", DEC(rng_range(&p->rng, 27, 44), 1), "mg/dL",
                ago);
        return;
    }
    put_lab(p, "2465-3", "IgG [Mass/volume] in Serum or Plasma", DEC(rng_range(&p->rng, 240, 690), 0), "mg/dL", ago);
    put_lab(p, "2465-3", "IgG [Mass/volume] in Serum or Plasma", DEC(rng_range(&p->rng, 210, 600), 0), "mg/dL",
            ago + 120);
    put_lab(p, "2458-8", "IgA [Mass/volume] in Serum or Plasma", DEC(rng_range(&p->rng, 9, 95), 0), "mg/dL", ago);
    put_lab(p, "718-7", "Hemoglobin [Mass/volume] in Blood", DEC(rng_range(&p->rng, 118, 155), 1), "g/dL", ago);
}

/* Half: none known, and said so. A third: one recorded. The rest: nobody asked, and the record is silent. */
static void put_allergies(struct gen *p)
{
    uint32_t draw = rng_below(&p->rng, 100);
    if (draw >= 82)
        return;
    static const struct allergen none = {"716186003", "No known allergy", NULL, NULL};
    const struct allergen *a = draw < 50 ? &none : &RNG_PICK(&p->rng, allergens);
    struct json *j = &p->j;
    char uuid[RNG_UUID_MAX];
    entry_open(p, "AllergyIntolerance", rng_uuid(&p->rng, uuid));
    json_object(j, "clinicalStatus");
    json_list(j, "coding");
    coding(j, TERMINOLOGY "allergyintolerance-clinical", "active", NULL);
    json_end(j, ']');
    json_end(j, '}');
    json_object(j, "verificationStatus");
    json_list(j, "coding");
    coding(j, TERMINOLOGY "allergyintolerance-verification", "confirmed", NULL);
    json_end(j, ']');
    json_end(j, '}');
    if (a->criticality)
        json_str(j, "criticality", a->criticality);
    concept(j, "code", SNOMED, a->snomed, a->text);
    reference(j, "patient", p->patient);
    json_time(j, "recordedDate", days_before(p, rng_range(&p->rng, 30, 700)));
    if (a->reaction) {
        json_list(j, "reaction");
        json_object(j, NULL);
        json_list(j, "manifestation");
        json_object(j, NULL);
        json_str(j, "text", a->reaction);
        json_end(j, '}');
        json_end(j, ']');
        json_end(j, '}');
        json_end(j, ']');
    }
    entry_close(p, "AllergyIntolerance");
}

static void put_coverage(struct gen *p)
{
    struct json *j = &p->j;
    const struct payer *y = &RNG_PICK(&p->rng, payers);
    struct civil c = utc_civil(p->g->day, NULL);
    char uuid[RNG_UUID_MAX], member[32], text[UTC_TEXT_MAX];
    snprintf(member, sizeof member, "X%08u", (unsigned)rng_below(&p->rng, 100000000));
    entry_open(p, "Coverage", rng_uuid(&p->rng, uuid));
    json_str(j, "status", "active");
    json_str(j, "subscriberId", member);
    reference(j, "beneficiary", p->patient);
    json_object(j, "period");
    json_str(j, "start", day_text(utc_of_date(c.year, 1, 1), text));
    json_str(j, "end", day_text(utc_of_date(c.year, 12, 31), text));
    json_end(j, '}');
    json_list(j, "payor");
    json_object(j, NULL);
    json_object(j, "identifier");
    json_str(j, "system", OURS "payers");
    json_str(j, "value", y->id);
    json_end(j, '}');
    json_str(j, "display", y->name);
    json_end(j, '}');
    json_end(j, ']');
    json_list(j, "class");
    json_object(j, NULL);
    concept(j, "type", TERMINOLOGY "coverage-class", "plan", NULL);
    json_str(j, "value", y->plan);
    json_str(j, "name", y->plan);
    json_end(j, '}');
    json_end(j, ']');
    entry_close(p, "Coverage");
}

static void put_medication(struct gen *p, const char *rxnorm, const char *text, const char *status, int64_t days_ago)
{
    struct json *j = &p->j;
    char uuid[RNG_UUID_MAX];
    entry_open(p, "MedicationRequest", rng_uuid(&p->rng, uuid));
    json_str(j, "status", status);
    json_str(j, "intent", "order");
    if (rxnorm) {
        concept(j, "medicationCodeableConcept", "http://www.nlm.nih.gov/research/umls/rxnorm", rxnorm, text);
    } else {
        json_object(j, "medicationCodeableConcept");
        json_str(j, "text", text);
        json_end(j, '}');
    }
    reference(j, "subject", p->patient);
    reference(j, "encounter", p->encounter);
    json_time(j, "authoredOn", days_before(p, days_ago));
    json_list(j, "reasonReference");
    reference(j, NULL, p->main_condition);
    json_end(j, ']');
    entry_close(p, "MedicationRequest");
}

static void put_medications(struct gen *p)
{
    if (p->kind == KIND_IRON) {
        put_medication(p, "310325", "Ferrous sulfate 325 MG Oral Tablet", "stopped", rng_range(&p->rng, 100, 200));
        put_medication(p, NULL, "Ferric carboxymaltose, intravenous, by weight", "active", rng_range(&p->rng, 3, 14));
    } else {
        put_medication(p, NULL, "Immune globulin 10 % (human), intravenous, every 28 days", "active",
                       rng_range(&p->rng, 3, 14));
    }
}

const char *fhir_gen_payer(const char *name)
{
    for (size_t i = 0; i < sizeof payers / sizeof payers[0]; i++)
        if (strcmp(payers[i].name, name) == 0)
            return payers[i].id;
    return NULL;
}

/* ---- the bundle ------------------------------------------------------------------------------------------------- */

bool fhir_gen_bundle(const struct fhir_gen *g, int number, struct buf *out, struct err *e)
{
    /* Three iron patients to two antibody patients, in turn, so that even a small set has both. */
    struct gen p = {.g = g, .number = number, .kind = number % 5 == 2 || number % 5 == 0 ? KIND_ANTIBODY : KIND_IRON};
    rng_init(&p.rng, g->seed, (uint64_t)number);
    p.female = rng_chance(&p.rng, p.kind == KIND_IRON ? 720 : 520);
    rng_uuid(&p.rng, p.patient);
    rng_uuid(&p.rng, p.encounter);
    rng_uuid(&p.rng, p.main_condition);
    json_init(&p.j, out);
    json_object(&p.j, NULL);
    json_str(&p.j, "resourceType", "Bundle");
    json_str(&p.j, "type", "transaction");
    json_list(&p.j, "entry");
    put_patient(&p);
    put_encounter(&p);
    put_conditions(&p);
    put_body_size(&p);
    put_labs(&p);
    put_allergies(&p);
    put_coverage(&p);
    put_medications(&p);
    json_end(&p.j, ']');
    json_end(&p.j, '}');
    return buf_ok(out, "bundle", e);
}

static bool file_write(const char *path, const struct buf *b, struct err *e)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return err_set(e, ERR_INPUT, path, "cannot be written: %s", strerror(errno));
    bool written = fwrite(b->data, 1, b->len, f) == b->len && fputc('\n', f) != EOF;
    if (fclose(f) != 0 || !written)
        return err_set(e, ERR_INPUT, path, "could not be written whole: %s", strerror(errno));
    return true;
}

bool fhir_gen_write(const struct fhir_gen *g, int count, const char *dir, struct err *e)
{
    if (count < 1 || count > FHIR_GEN_COUNT_MAX)
        return err_set(e, ERR_INPUT, "--count", "must be 1 to %d", FHIR_GEN_COUNT_MAX);
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return err_set(e, ERR_INPUT, dir, "cannot be made: %s", strerror(errno));
    struct buf b;
    buf_init(&b, FHIR_GEN_BUNDLE_MAX);
    bool ok = true;
    for (int i = 1; ok && i <= count; i++) {
        char path[1024];
        int n = snprintf(path, sizeof path, "%s/patient-%04d.json", dir, i);
        if (n < 0 || n >= (int)sizeof path) {
            ok = err_set(e, ERR_INPUT, "--out", "is longer than %d bytes", (int)sizeof path - 32);
            break;
        }
        buf_clear(&b);
        ok = fhir_gen_bundle(g, i, &b, e) && file_write(path, &b, e);
    }
    buf_fini(&b);
    return ok;
}
