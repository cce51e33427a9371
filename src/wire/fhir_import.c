#include "wire/fhir_import.h"

#include "care/events.h"

#include <assert.h>
#include <string.h>

struct import {
    struct tx *t;
    struct fhir_batch *b;
    struct fhir_tally *tally;
    utc_t now;
    struct resource *before; /* what the store holds for each item; id NULL if nothing */
};

struct fhir_count *fhir_tally_row(struct fhir_tally *tally, const char *type)
{
    int i = 0;
    while (i < tally->count && strcmp(tally->rows[i].type, type) < 0)
        i++;
    if (i == tally->count || strcmp(tally->rows[i].type, type) != 0) {
        assert(tally->count < FHIR_TYPES_MAX); /* R4 has 148 types */
        memmove(&tally->rows[i + 1], &tally->rows[i], (size_t)(tally->count - i) * sizeof tally->rows[0]);
        tally->rows[i] = (struct fhir_count){.type = type};
        tally->count++;
    }
    return &tally->rows[i];
}

static bool look(void *ctx, const char *key, const char *alias, struct fhir_known *out, struct err *e)
{
    struct import *im = ctx;
    struct resource *found;
    int n;
    if (!table_list(im->t, &record_resource, "(id=?2 OR id=?3 OR alias=?3) ORDER BY seq LIMIT 1", VALS(V_TEXT(key), V_TEXT(alias)),
                    &found, &n, e))
        return false;
    if (n)
        *out = (struct fhir_known){true, found[0].type, found[0].made};
    return true;
}

/* ---- events -------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool append(struct import *im, const struct event_type *type, const void *rec, const char *fields, const char *why, struct err *e)
{
    struct event_head h = {.happened = im->now, .recorded = im->now, .clock = "server", .actor = "system", .command = "import", .why = why};
    return event_append(im->t, type, &h, rec, fields, e);
}

/* Where a record came from and, if its number was converted, from what. */
static const char *why_of(struct import *im, const struct fhir_item *it, const void *rec)
{
    struct buf b;
    struct json j;
    char now[QTY_TEXT_MAX];
    const struct observation *o = it->of == &record_observation ? rec : NULL;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "rule", "import");
    json_str(&j, "resource", it->key);
    if (o && qty_is(o->value) && o->original && strcmp(qty_text(o->value, now), o->original) != 0) {
        json_str(&j, "received", o->original);
        json_str(&j, "stored", now);
        json_str(&j, "by", "exact conversion of units");
    }
    json_end(&j, '}');
    const char *why = arena_strdup(im->t->a, buf_str(&b));
    buf_fini(&b);
    return why;
}

static const struct event_type *event_of(const struct record *of)
{
    const struct {
        const struct record *of;
        const struct event_type *type;
    } map[] = {
        {&record_patient, &ev_patient_recorded},     {&record_observation, &ev_observation_recorded},
        {&record_condition, &ev_condition_recorded}, {&record_allergy, &ev_allergy_recorded},
        {&record_coverage, &ev_coverage_recorded},   {&record_encounter, &ev_encounter_recorded},
        {&record_medication_request, &ev_medication_request_recorded},
    };
    for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
        if (map[i].of == of)
            return map[i].type;
    assert(false && "a record without an event");
    return NULL;
}

static void set_text(void *rec, const struct record *of, const char *name, const char *text)
{
    const struct field *f = record_field(of, name);
    if (f)
        *(const char **)(void *)((char *)rec + f->offset) = text;
}

/* The next id in a text of ids separated by spaces; NULL at the end. */
static const char *next_word(struct arena *a, const char **at)
{
    size_t n = *at ? strcspn(*at, " ") : 0;
    if (n == 0)
        return NULL;
    const char *word = arena_strndup(a, *at, n);
    *at += n;
    *at += **at == ' ';
    return word;
}

/* A record made of an earlier version that the new one does not carry: it stays, without its meaning. */
MUST_CHECK static bool withdraw(struct import *im, const struct fhir_item *it, const struct record *of, const char *id, struct err *e)
{
    bool found;
    void *rec = arena_alloc(im->t->a, of->size);
    if (of == &record_patient)
        return true;
    if (!table_get(im->t, of, id, rec, &found, e))
        return false;
    if (!found)
        return true;
    if (of == &record_observation) {
        ((struct observation *)rec)->value = QTY_NONE;
        ((struct observation *)rec)->text = "withdrawn by its sender";
    }
    set_text(rec, of, "status", "entered in error");
    return append(im, event_of(of), rec, NULL, why_of(im, it, rec), e);
}

static const struct record *record_of_type(const char *type)
{
    static const struct {
        const char *type;
        const struct record *of;
    } map[] = {
        {"Patient", &record_patient}, {"Observation", &record_observation}, {"Condition", &record_condition},
        {"AllergyIntolerance", &record_allergy}, {"Coverage", &record_coverage}, {"Encounter", &record_encounter},
        {"MedicationRequest", &record_medication_request},
    };
    for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
        if (strcmp(map[i].type, type) == 0)
            return map[i].of;
    return NULL;
}

MUST_CHECK static bool change_patient(struct import *im, const struct fhir_item *it, struct patient *p, struct err *e)
{
    const char *fields = arena_printf(im->t->a, "mrn family given born sex phone language%s%s", p->travel != INT_NONE ? " travel" : "",
                                      strcmp(p->allergies, "not recorded") != 0 ? " allergies" : "");
    return append(im, &ev_patient_changed, p, fields, why_of(im, it, p), e);
}

/* The records of an item: under the ids they had, or new ones. *made gets the ids. */
MUST_CHECK static bool append_records(struct import *im, struct fhir_item *it, const char *old, const char **made, struct err *e)
{
    const char *ids = NULL, *id;
    for (int i = 0; i < it->record_count; i++) {
        char *rec = (char *)it->records + (size_t)i * it->of->size;
        bool known = (id = next_word(im->t->a, &old)) != NULL;
        if (!known)
            id = tx_next_id(im->t, it->of->name);
        set_text(rec, it->of, "id", id);
        set_text(rec, it->of, "patient", it->patient);
        bool ok = known && it->of == &record_patient ? change_patient(im, it, (struct patient *)(void *)rec, e)
                                                     : append(im, event_of(it->of), rec, NULL, why_of(im, it, rec), e);
        if (!ok)
            return false;
        ids = ids ? arena_printf(im->t->a, "%s %s", ids, id) : id;
    }
    while ((id = next_word(im->t->a, &old)))
        if (!withdraw(im, it, record_of_type(it->type), id, e))
            return false;
    *made = ids;
    return true;
}

MUST_CHECK static bool import_item(struct import *im, struct fhir_item *it, struct resource *before, struct err *e)
{
    struct fhir_count *n = fhir_tally_row(im->tally, it->type);
    BLANK(resource, r);
    n->read++;
    if (it->use == FHIR_REFUSE) {
        n->refused++;
        return true;
    }
    if (before->id && strcmp(before->digest, it->digest) == 0) {
        n->same++;
        if (it->of == &record_patient)
            it->patient = before->made;
        return true;
    }
    if (it->voided && !before->made)
        it->use = FHIR_KEEP;
    bool store = it->use == FHIR_STORE;
    r.id = it->key;
    r.type = it->type;
    r.version = before->id ? before->version + 1 : 1;
    r.digest = it->digest;
    r.use = store ? "stored" : "kept";
    r.alias = it->alias;
    if (!store)
        it->record_count = 0;
    if (!append_records(im, it, before->made, &r.made, e))
        return false;
    if (it->of == &record_patient && store)
        it->patient = r.made;
    r.patient = it->patient;
    r.seq = im->t->seq + 1;
    *(store ? &n->stored : &n->kept) += 1;
    if (!append(im, &ev_resource_received, &r, NULL, arena_strndup(im->t->a, it->raw, it->raw_len), e))
        return false;
    *before = r; /* the same item again in this file is the same */
    return true;
}

/* ---- whose ---------------------------------------------------------------------------------------------------------- */

static const char *patient_of(const struct import *im, const struct fhir_item *it)
{
    if (it->subject < 0)
        return NULL;
    const struct fhir_ref *r = &im->b->refs[it->subject];
    if (r->target >= 0) {
        const struct fhir_item *whose = &im->b->items[r->target];
        return strcmp(whose->type, "Patient") == 0 ? whose->patient : NULL;
    }
    return r->known.found && strcmp(r->known.type, "Patient") == 0 ? r->known.made : NULL;
}

/* Read what the store has of each item. A resource that was one patient's and comes back as another's is refused:
 * its identity is not unique there, and taking it would move a fact from person to person. */
MUST_CHECK static bool read_before(struct import *im, struct err *e)
{
    bool refused = false;
    for (int i = 0; i < im->b->count; i++) {
        bool found;
        record_blank(&record_resource, &im->before[i]);
        if (im->b->items[i].use == FHIR_REFUSE)
            continue;
        if (!table_get(im->t, &record_resource, im->b->items[i].key, &im->before[i], &found, e))
            return false;
        if (found && strcmp(im->b->items[i].type, "Patient") == 0)
            im->b->items[i].patient = im->before[i].made;
    }
    for (int i = 0; i < im->b->count; i++) {
        struct fhir_item *it = &im->b->items[i];
        const char *now = patient_of(im, it), *then = im->before[i].patient;
        if (it->use == FHIR_REFUSE || strcmp(it->type, "Patient") == 0 || !im->before[i].id)
            continue;
        if (then && (!now || strcmp(then, now) != 0)) {
            fhir_refuse(im->b, it, "", "its identity %.80s belongs to a resource of another patient", it->key);
            refused = true;
        }
    }
    if (refused)
        fhir_cascade(im->b);
    return true;
}

/* ---- the allergy list's state ------------------------------------------------------------------------------------------ */

MUST_CHECK static bool set_allergies(struct import *im, const char *patient, struct err *e)
{
    struct allergy *list;
    struct patient p;
    int n;
    bool found;
    const char *state = "not recorded";
    if (!table_list(im->t, &record_allergy, "patient=?2", VALS(V_TEXT(patient)), &list, &n, e) ||
        !table_get(im->t, &record_patient, patient, &p, &found, e))
        return false;
    for (int i = 0; i < n; i++) {
        if (list[i].status && strcmp(list[i].status, "entered in error") == 0)
            continue;
        if (strcmp(list[i].substance, "none known") != 0)
            state = "recorded";
        else if (strcmp(state, "recorded") != 0)
            state = "none known";
    }
    if (!found || strcmp(p.allergies, state) == 0)
        return true;
    p.allergies = state;
    return append(im, &ev_patient_changed, &p, "allergies", "{\"rule\":\"import\",\"by\":\"state of the allergy list\"}", e);
}

MUST_CHECK static bool settle_allergies(struct import *im, struct err *e)
{
    const char *last = NULL;
    for (int i = 0; i < im->b->count; i++) {
        const struct fhir_item *it = &im->b->items[i];
        if (it->use == FHIR_REFUSE || strcmp(it->type, "AllergyIntolerance") != 0 || !it->patient || it->patient == last)
            continue;
        last = it->patient;
        if (!set_allergies(im, it->patient, e))
            return false;
    }
    return true;
}

bool fhir_import(struct tx *t, struct fhir_batch *b, utc_t now, struct fhir_tally *tally, struct err *e)
{
    struct import im = {t, b, tally, now, ARENA_ARRAY(b->a, (size_t)b->count, struct resource)};
    if (!fhir_link(b, look, &im, e) || !read_before(&im, e))
        return false;
    for (int pass = 0; pass < 2; pass++) /* patients first: the others carry their ids */
        for (int i = 0; i < b->count; i++) {
            struct fhir_item *it = &b->items[i];
            bool is_patient = strcmp(it->type, "Patient") == 0;
            if (is_patient != (pass == 0))
                continue;
            if (!is_patient)
                it->patient = patient_of(&im, it);
            /* An item twice in the file: the first one's row is what is there now. */
            int twin = b->items[i].twin;
            if (!import_item(&im, it, &im.before[twin >= 0 ? twin : i], e))
                return false;
        }
    return settle_allergies(&im, e);
}
