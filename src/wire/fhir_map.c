/* From a FHIR resource to the records of record/model.h. What is missing here is refused or kept, never guessed. */
#include "wire/fhir_codes.h"
#include "wire/fhir_read.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

struct map {
    struct fhir_batch *b;
    struct fhir_item *it;
    struct arena *a;
    const struct node *n; /* the resource */
};

static void keep(struct map *m, const char *why)
{
    m->it->use = FHIR_KEEP;
    m->it->reason = why;
}

/* Words for people, cut at FIELD_TEXT_MAX (the whole resource is kept beside). */
static const char *words(struct map *m, const char *s)
{
    if (!s || strlen(s) <= FIELD_TEXT_MAX)
        return s && s[0] ? s : NULL;
    size_t at = 0;
    for (;;) {
        size_t len = utf8_char_len(s + at, 4);
        if (!len || at + len > FIELD_TEXT_MAX - 3)
            break;
        at += len;
    }
    return arena_printf(m->a, "%.*s\xE2\x80\xA6", (int)at, s);
}

/* Text that identifies: too long is refused, not cut. */
static bool exact(struct map *m, const char *rel, const char **out)
{
    const char *s = node_str_at(m->n, rel);
    if (s && strlen(s) > FIELD_TEXT_MAX)
        return fhir_refuse(m->b, m->it, rel, "is longer than %d bytes", FIELD_TEXT_MAX);
    *out = s && s[0] ? s : NULL;
    return true;
}

static bool time_at(struct map *m, const char *rel, utc_t *out)
{
    const char *s = node_str_at(m->n, rel);
    struct err e = {0};
    if (s && !utc_parse(s, m->b->from.zone, out, &e))
        return fhir_refuse(m->b, m->it, rel, "%s", e.text);
    return true;
}

/* The end of a Period: a date without a time means all of that day, month or year (R4, Period.end). */
static bool end_at(struct map *m, const char *rel, utc_t *out)
{
    const char *s = node_str_at(m->n, rel);
    size_t n = s ? strlen(s) : 0;
    if (!time_at(m, rel, out) || *out == UTC_NONE || (n != 4 && n != 7 && n != 10))
        return m->it->use != FHIR_REFUSE;
    struct civil c = utc_civil(*out, m->b->from.zone);
    if (n == 10) /* midnight and 36 hours is noon of the next day, give or take an hour */
        c = utc_civil(*out + UTC_DAY + UTC_DAY / 2, m->b->from.zone);
    else if (n == 7 && c.month < 12)
        c.month++;
    else
        c.year++, c.month = 1;
    *out = utc_from_local(m->b->from.zone, c.year, c.month, n == 10 ? c.day : 1, 0, 0) - 1;
    return true;
}

/* Of a CodeableConcept: the coding of the first system listed that it has, else its first coding. */
static const struct node *coding_of(const struct node *concept, const char *const *systems)
{
    const struct node *codings = node_get(concept, "coding");
    for (; systems && *systems; systems++)
        node_each(c, codings) {
            const char *system = node_str_at(c, "system");
            if (system && strcmp(system, *systems) == 0 && node_str_at(c, "code"))
                return c;
        }
    return node_at(codings, 0);
}

static const char *display_of(struct map *m, const struct node *concept, const struct node *coding)
{
    const char *text = node_str_at(concept, "text");
    if (!text || !text[0])
        text = node_str_at(coding, "display");
    if (!text || !text[0])
        text = node_str_at(coding, "code");
    return words(m, text);
}

static const char *concept_code(const struct node *concept)
{
    return node_str_at(concept, "coding[0].code");
}

static bool code_fits(struct map *m, const char *code)
{
    return !code || strlen(code) <= FIELD_TEXT_MAX || fhir_refuse(m->b, m->it, "code", "is longer than %d bytes", FIELD_TEXT_MAX);
}

static bool is_word(const char *s, const char *list)
{
    size_t n = s ? strlen(s) : 0;
    for (const char *p = list; n && p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strcspn(p, "|") == n && memcmp(p, s, n) == 0)
            return true;
    return false;
}

static void *made(struct map *m, const struct record *of, int count)
{
    m->it->of = of;
    m->it->record_count = count;
    m->it->records = arena_array(m->a, (size_t)count, of->size);
    for (int i = 0; i < count; i++)
        record_blank(of, (char *)m->it->records + (size_t)i * of->size);
    return m->it->records;
}

/* ---- Patient ----------------------------------------------------------------------------------------------------- */

static const struct node *pick_name(const struct node *names)
{
    node_each(n, names)
        if (is_word(node_str_at(n, "use"), "official") && node_str_at(n, "family"))
            return n;
    node_each(n, names)
        if (!is_word(node_str_at(n, "use"), "old|maiden|nickname|anonymous") && (node_str_at(n, "family") || node_str_at(n, "text")))
            return n;
    return NULL;
}

static bool map_name(struct map *m, struct patient *p)
{
    const struct node *name = pick_name(node_get(m->n, "name"));
    if (!name)
        return fhir_refuse(m->b, m->it, "name", "a patient needs a family name");
    const char *family = node_str_at(name, "family");
    p->family = family && family[0] ? family : node_str_at(name, "text");
    const char *given = "";
    node_each(g, node_get(name, "given"))
        if (node_str(g))
            given = arena_printf(m->a, "%s%s%s", given, given[0] ? " " : "", g->text);
    p->given = given[0] ? given : "-"; /* one name only: the banner shows "FAMILY, -" */
    if (!p->family[0] || strlen(p->family) > FIELD_TEXT_MAX || strlen(p->given) > FIELD_TEXT_MAX)
        return fhir_refuse(m->b, m->it, "name", "the name is empty or longer than %d bytes", FIELD_TEXT_MAX);
    return true;
}

static bool map_born(struct map *m, struct patient *p)
{
    const char *s = node_str_at(m->n, "birthDate");
    int y, mo, d, end = 0;
    if (!s)
        return fhir_refuse(m->b, m->it, "birthDate", "the date of birth is missing");
    if (strlen(s) != 10 || sscanf(s, "%4d-%2d-%2d%n", &y, &mo, &d, &end) != 3 || end != 10 || strspn(s, "0123456789-") != 10 ||
        !utc_date_ok(y, mo, d))
        return fhir_refuse(m->b, m->it, "birthDate", "\"%.20s\" is not a whole date: age cannot be told from it", s);
    p->born = s;
    return true;
}

static bool map_mrn(struct map *m, struct patient *p)
{
    const struct node *ids = node_get(m->n, "identifier"), *best = NULL;
    node_each(i, ids) {
        const char *v = node_str_at(i, "value");
        if (!v || !v[0] || is_word(node_str_at(i, "use"), "old"))
            continue;
        if (!best)
            best = i;
        if (is_word(node_str_at(i, "type.coding[0].code"), "MR")) {
            best = i;
            break;
        }
    }
    p->mrn = best ? node_str_at(best, "value") : node_str_at(m->n, "id");
    if (!p->mrn || !p->mrn[0])
        return fhir_refuse(m->b, m->it, "identifier", "a patient needs an identifier for the wristband");
    if (strlen(p->mrn) > FIELD_TEXT_MAX)
        return fhir_refuse(m->b, m->it, "identifier", "is longer than %d bytes", FIELD_TEXT_MAX);
    return true;
}

static bool map_travel(struct map *m, struct patient *p)
{
    node_each(x, node_get(m->n, "extension")) {
        struct dec d;
        struct err e = {0};
        if (!is_word(node_str_at(x, "url"), FHIR_TRAVEL_URL))
            continue;
        if (!node_dec(node_get(x, "valueInteger"), &d, &e) || !dec_to_int(d, DEC_DOWN, &p->travel) || p->travel < 0 ||
            p->travel > 24 * 60)
            return fhir_refuse(m->b, m->it, "extension", "minutes from home must be 0 to 1440");
    }
    return true;
}

static void map_patient(struct map *m)
{
    struct patient *p = made(m, &record_patient, 1);
    const char *gender;
    if (!map_mrn(m, p) || !map_name(m, p) || !map_born(m, p) || !map_travel(m, p) || !exact(m, "gender", &gender))
        return;
    if (gender && !is_word(gender, "male|female|other|unknown")) {
        (void)fhir_refuse(m->b, m->it, "gender", "\"%.20s\" is not male, female, other or unknown", gender);
        return;
    }
    p->sex = gender ? gender : "unknown";
    node_each(t, node_get(m->n, "telecom"))
        if (!p->phone && is_word(node_str_at(t, "system"), "phone"))
            p->phone = words(m, node_str_at(t, "value"));
    const struct node *first = node_path(m->n, "communication[0]");
    node_each(c, node_get(m->n, "communication"))
        if (node_get(c, "preferred") && node_get(c, "preferred")->kind == NODE_TRUE)
            first = c;
    p->language = words(m, concept_code(node_get(first, "language")));
    p->allergies = "not recorded"; /* fhir_link sets it when the file says more */
}

/* ---- Observation -------------------------------------------------------------------------------------------------- */

static const char *number_text(const struct node *v, const char *unit, struct arena *a)
{
    return unit ? arena_printf(a, "%s %s", v->text, unit) : v->text;
}

/* rel is where the Quantity stands in the resource. */
static bool map_quantity(struct map *m, const char *rel, const struct node *q, const struct fhir_code *code, struct observation *o)
{
    const struct node *v = node_get(q, "value");
    const char *system = node_str_at(q, "system"), *unit = node_str_at(q, "unit"), *ucum = node_str_at(q, "code");
    const char *comparator = node_str_at(q, "comparator");
    struct err e = {0};
    struct qty got = QTY_NONE;
    if (!v)
        return true;
    if (system && strcmp(system, FHIR_UCUM) != 0) /* a code of another system says nothing to us; the words may */
        ucum = NULL;
    o->original = words(m, number_text(v, ucum ? ucum : unit, m->a));
    if (comparator && comparator[0]) { /* "<5" is no number to compute with */
        o->text = words(m, arena_printf(m->a, "%s%s", comparator, o->original));
        o->original = o->text;
        return true;
    }
    bool known = node_dec(v, &got.v, &e) && fhir_unit(ucum, unit, &got.u, &e);
    if (!code) {
        if (known)
            o->value = got;
        else
            o->text = o->original;
        return true;
    }
    if (!known || !fhir_code_value(code, got, &o->value, &e)) {
        const char *at = strncmp(e.where, "line ", 5) == 0 ? "value" : e.where;
        return fhir_refuse(m->b, m->it, at[0] ? arena_printf(m->a, "%s.%s", rel, at) : rel, "%s %s: %s", code->name,
                           o->original, e.text);
    }
    return true;
}

/* n is the Observation or one component; prefix "" or "component[1].". */
static bool map_value(struct map *m, const struct node *n, const char *prefix, struct observation *o)
{
    static const char *const systems[] = {FHIR_LOINC, NULL};
    const struct node *concept = node_get(n, "code"), *coding = coding_of(concept, systems);
    const char *c = node_str_at(coding, "code"), *system = node_str_at(coding, "system");
    const struct fhir_code *code = c && system && strcmp(system, FHIR_LOINC) == 0 ? fhir_code_find(c) : NULL;
    const struct node *v;
    if (!code_fits(m, c))
        return false;
    o->code = c;
    o->display = display_of(m, concept, coding);
    o->name = code ? code->name : c ? c : o->display;
    o->source = "import";
    if (!o->name)
        return fhir_refuse(m->b, m->it, arena_printf(m->a, "%scode", prefix), "does not say what was observed");
    if ((v = node_get(n, "valueQuantity")))
        return map_quantity(m, arena_printf(m->a, "%svalueQuantity", prefix), v, code, o);
    if (code && (node_get(n, "valueString") || node_get(n, "valueInteger")))
        return fhir_refuse(m->b, m->it, arena_printf(m->a, "%svalue", prefix), "%s must be a quantity with a unit", code->name);
    if ((v = node_get(n, "valueCodeableConcept")))
        o->text = display_of(m, v, node_path(v, "coding[0]"));
    else if ((v = node_get(n, "valueString")) || (v = node_get(n, "valueInteger")) || (v = node_get(n, "valueDateTime")))
        o->text = words(m, v->text);
    else if ((v = node_get(n, "valueBoolean")))
        o->text = v->kind == NODE_TRUE ? "true" : "false";
    o->original = o->text;
    return true;
}

static bool has_value(const struct observation *o)
{
    return qty_is(o->value) || o->text;
}

static bool map_taken(struct map *m, utc_t *taken)
{
    *taken = UTC_NONE;
    return time_at(m, "effectiveDateTime", taken) &&
           (*taken != UTC_NONE || time_at(m, "effectiveInstant", taken)) &&
           (*taken != UTC_NONE || time_at(m, "effectivePeriod.start", taken)) &&
           (*taken != UTC_NONE || time_at(m, "issued", taken)) &&
           (*taken != UTC_NONE || fhir_refuse(m->b, m->it, "effectiveDateTime", "when it was measured is missing"));
}

static void map_observation(struct map *m)
{
    const char *status = node_str_at(m->n, "status");
    const struct node *parts = node_get(m->n, "component");
    struct observation *list = made(m, &record_observation, 1 + FHIR_COMPONENTS_MAX);
    utc_t taken;
    int n = 0, i = 0;
    if (is_word(status, "registered")) {
        keep(m, "it has no value yet");
        return;
    }
    if (parts && parts->count > FHIR_COMPONENTS_MAX) {
        keep(m, "it has too many components");
        return;
    }
    if (!map_value(m, m->n, "", &list[0]) || !map_taken(m, &taken))
        return;
    n += has_value(&list[0]);
    node_each(p, parts) {
        record_blank(&record_observation, &list[n]);
        if (!map_value(m, p, arena_printf(m->a, "component[%d].", i++), &list[n]))
            return;
        n += has_value(&list[n]);
    }
    m->it->record_count = n;
    m->it->voided = is_word(status, "entered-in-error|cancelled");
    for (i = 0; i < n; i++) {
        list[i].taken = taken;
        if (m->it->voided) {
            list[i].value = QTY_NONE;
            list[i].text = "entered in error";
        }
    }
    if (n == 0)
        keep(m, "it has no value we can read");
}

/* ---- the others ----------------------------------------------------------------------------------------------------- */

static bool is_void(struct map *m)
{
    return is_word(concept_code(node_get(m->n, "verificationStatus")), "entered-in-error|refuted") ||
           is_word(node_str_at(m->n, "status"), "entered-in-error");
}

static void map_condition(struct map *m)
{
    static const char *const systems[] = {FHIR_ICD10CM, "http://hl7.org/fhir/sid/icd-10", FHIR_SNOMED, NULL};
    const struct node *concept = node_get(m->n, "code"), *coding = coding_of(concept, systems);
    struct condition *c = made(m, &record_condition, 1);
    c->system = words(m, node_str_at(coding, "system"));
    c->code = node_str_at(coding, "code");
    c->display = display_of(m, concept, coding);
    c->status = words(m, concept_code(node_get(m->n, "clinicalStatus")));
    if (!code_fits(m, c->code) || !time_at(m, "onsetDateTime", &c->onset) ||
        (c->onset == UTC_NONE && !time_at(m, "onsetPeriod.start", &c->onset)))
        return;
    if (!c->display)
        keep(m, "it does not say which condition");
    if ((m->it->voided = is_void(m)))
        c->status = "entered in error";
}

static void map_allergy(struct map *m)
{
    static const char *const systems[] = {"http://www.nlm.nih.gov/research/umls/rxnorm", FHIR_SNOMED, NULL};
    const struct node *concept = node_get(m->n, "code"), *coding = coding_of(concept, systems);
    const struct node *reaction = node_path(m->n, "reaction[0]"), *shown = node_path(reaction, "manifestation[0]");
    struct allergy *al = made(m, &record_allergy, 1);
    al->code = node_str_at(coding, "code");
    al->substance = is_word(al->code, "716186003") ? "none known" : display_of(m, concept, coding); /* SNOMED CT */
    al->criticality = words(m, node_str_at(m->n, "criticality"));
    al->reaction = display_of(m, shown, node_path(shown, "coding[0]"));
    if (!al->reaction)
        al->reaction = words(m, node_str_at(reaction, "description"));
    al->status = words(m, concept_code(node_get(m->n, "clinicalStatus")));
    if (!code_fits(m, al->code))
        return;
    if (!al->substance) /* an allergy to nobody knows what must not disappear into a drawer */
        (void)fhir_refuse(m->b, m->it, "code", "does not say to what");
    if ((m->it->voided = is_void(m)))
        al->status = "entered in error";
}

/* Who pays: the payer's id if the coverage names it, else what it shows, else the organisation it means. */
static const char *payer_of(struct map *m)
{
    const struct node *payor = node_path(m->n, "payor[0]");
    const char *s = node_str_at(payor, "identifier.value");
    if (!s || !s[0])
        s = node_str_at(payor, "display");
    if (!s || !s[0])
        s = node_str_at(fhir_follow(m->b, m->it, payor), "name");
    return words(m, s);
}

static void map_coverage(struct map *m)
{
    struct coverage *c = made(m, &record_coverage, 1);
    c->payer = payer_of(m);
    node_each(k, node_get(m->n, "class"))
        if (is_word(concept_code(node_get(k, "type")), "plan")) {
            const char *name = node_str_at(k, "name");
            c->plan = words(m, name ? name : node_str_at(k, "value"));
        }
    if (!exact(m, "subscriberId", &c->member) || (!c->member && !exact(m, "identifier[0].value", &c->member)))
        return;
    c->status = words(m, node_str_at(m->n, "status"));
    if (!time_at(m, "period.start", &c->start) || !end_at(m, "period.end", &c->end))
        return;
    if (!c->payer)
        (void)fhir_refuse(m->b, m->it, "payor", "does not say who pays");
    m->it->voided = is_void(m);
}

static void map_medication_request(struct map *m)
{
    static const char *const systems[] = {"http://www.nlm.nih.gov/research/umls/rxnorm", NULL};
    const struct node *concept = node_get(m->n, "medicationCodeableConcept");
    struct medication_request *r = made(m, &record_medication_request, 1);
    if (!concept)
        concept = node_get(fhir_follow(m->b, m->it, node_get(m->n, "medicationReference")), "code");
    const struct node *coding = coding_of(concept, systems);
    r->drug = display_of(m, concept, coding);
    if (!r->drug)
        r->drug = words(m, node_str_at(m->n, "medicationReference.display"));
    r->code = node_str_at(coding, "code");
    r->status = words(m, node_str_at(m->n, "status"));
    if (!code_fits(m, r->code) || !time_at(m, "authoredOn", &r->authored))
        return;
    if (!r->drug)
        keep(m, "it does not say which drug");
    m->it->voided = is_void(m);
}

static void map_encounter(struct map *m)
{
    struct encounter *n = made(m, &record_encounter, 1);
    const struct node *why = node_path(m->n, "type[0]");
    if (!why)
        why = node_path(m->n, "reasonCode[0]");
    n->kind = words(m, node_str_at(m->n, "class.code"));
    n->reason = display_of(m, why, node_path(why, "coding[0]"));
    n->status = words(m, node_str_at(m->n, "status"));
    if (!time_at(m, "period.start", &n->start) || !end_at(m, "period.end", &n->end))
        return;
    if (n->start != UTC_NONE && n->end != UTC_NONE && n->end < n->start)
        (void)fhir_refuse(m->b, m->it, "period", "ends before it starts");
    m->it->voided = is_void(m);
}

void fhir_map(struct fhir_batch *b, struct fhir_item *it)
{
    static const struct {
        const char *type;
        void (*map)(struct map *);
    } maps[] = {
        {"Patient", map_patient},       {"Observation", map_observation}, {"Condition", map_condition},
        {"AllergyIntolerance", map_allergy}, {"Coverage", map_coverage},  {"MedicationRequest", map_medication_request},
        {"Encounter", map_encounter},
    };
    struct map m = {b, it, b->a, it->node};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        if (strcmp(it->type, maps[i].type) == 0) {
            maps[i].map(&m);
            return;
        }
    keep(&m, "a type kept as received");
}
