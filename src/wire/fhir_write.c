#include "wire/fhir_write.h"

#include "wire/fhir_read.h"

#include <stdio.h>
#include <string.h>

const char *fhir_id_out(const char *id, char out[FHIR_ID_MAX + 1])
{
    snprintf(out, FHIR_ID_MAX + 1, "%s", id);
    for (char *p = out; *p; p++)
        if (*p == '*')
            *p = '.';
    return out;
}

const char *fhir_id_in(const char *id, char out[FHIR_ID_MAX + 1])
{
    size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");
    if (n == 0 || n > FHIR_ID_MAX || id[n])
        return NULL;
    memcpy(out, id, n + 1);
    for (char *p = out; *p; p++)
        if (*p == '.')
            *p = '*';
    return out;
}

/* ---- datatypes ----------------------------------------------------------------------------------------------------- */

static void maybe(struct json *j, const char *key, const char *s)
{
    if (s && s[0])
        json_str(j, key, s);
}

static void maybe_time(struct json *j, const char *key, utc_t t)
{
    if (t != UTC_NONE)
        json_time(j, key, t);
}

static void put_coding(struct json *j, const char *system, const char *code, const char *display)
{
    json_object(j, NULL);
    maybe(j, "system", system);
    json_str(j, "code", code);
    maybe(j, "display", display);
    json_end(j, '}');
}

static void put_concept(struct json *j, const char *key, const char *system, const char *code, const char *display)
{
    json_object(j, key);
    json_list(j, "coding");
    put_coding(j, system, code, display);
    json_end(j, ']');
    maybe(j, "text", display);
    json_end(j, '}');
}

static void put_quantity(struct json *j, const char *key, struct qty q)
{
    json_object(j, key);
    json_dec(j, "value", q.v);
    json_str(j, "unit", unit_show(q.u));
    json_str(j, "system", FHIR_UCUM);
    json_str(j, "code", unit_code(q.u));
    json_end(j, '}');
}

static void put_period(struct json *j, const char *key, utc_t start, utc_t end)
{
    json_object(j, key);
    maybe_time(j, "start", start);
    maybe_time(j, "end", end);
    json_end(j, '}');
}

static void put_reference(struct json *j, const char *key, const char *type, const char *id)
{
    char text[FHIR_ID_MAX + 1], to[FHIR_ID_MAX + 40];
    snprintf(to, sizeof to, "%s/%s", type, fhir_id_out(id, text));
    json_object(j, key);
    json_str(j, "reference", to);
    json_end(j, '}');
}

static void put_identifier(struct json *j, const char *key, const char *system, const char *value)
{
    json_object(j, key);
    json_str(j, "system", system);
    json_str(j, "value", value);
    json_end(j, '}');
}

static void open_resource(struct json *j, const char *key, const char *type, const char *id)
{
    char text[FHIR_ID_MAX + 1];
    json_object(j, key);
    json_str(j, "resourceType", type);
    if (id)
        json_str(j, "id", fhir_id_out(id, text));
}

/* ---- Patient --------------------------------------------------------------------------------------------------------- */

void fhir_write_patient(struct json *j, const char *key, const struct patient *p, const char *system)
{
    open_resource(j, key, "Patient", p->id);
    json_list(j, "identifier");
    json_object(j, NULL);
    put_concept(j, "type", "http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number");
    json_str(j, "system", system);
    json_str(j, "value", p->mrn);
    json_end(j, '}');
    json_end(j, ']');
    json_list(j, "name");
    json_object(j, NULL);
    json_str(j, "use", "official");
    json_str(j, "family", p->family);
    if (strcmp(p->given, "-") != 0) { /* as import marks a single name */
        json_list(j, "given");
        json_str(j, NULL, p->given);
        json_end(j, ']');
    }
    json_end(j, '}');
    json_end(j, ']');
    if (p->phone && p->phone[0]) {
        json_list(j, "telecom");
        json_object(j, NULL);
        json_str(j, "system", "phone");
        json_str(j, "value", p->phone);
        json_end(j, '}');
        json_end(j, ']');
    }
    json_str(j, "gender", p->sex);
    json_str(j, "birthDate", p->born);
    if (p->language && p->language[0]) {
        json_list(j, "communication");
        json_object(j, NULL);
        put_concept(j, "language", "urn:ietf:bcp:47", p->language, NULL);
        json_bool(j, "preferred", true);
        json_end(j, '}');
        json_end(j, ']');
    }
    json_end(j, '}');
}

/* ---- MedicationAdministration ------------------------------------------------------------------------------------------ */

static bool is(const char *s, const char *word)
{
    return s && strcmp(s, word) == 0;
}

bool fhir_administration_begun(const struct infusion *i)
{
    return !is(i->state, "associated") && !is(i->state, "waiting");
}

/* Ended is completed only if its order says all was given: ended by the clock is not given in full. */
static const char *status_of(const struct fhir_administration *a)
{
    const char *state = a->infusion->state;
    if (is(state, "running") || is(state, "kvo"))
        return "in-progress";
    if (is(state, "paused"))
        return "on-hold";
    if ((is(state, "ended") || is(state, "reconciled")) && a->order) {
        if (is(a->order->state, "given"))
            return "completed";
        if (is(a->order->state, "part given"))
            return "stopped";
        /* taken down, and nothing of it flowed */
        if (a->infusion->started == UTC_NONE && dec_sign(a->infusion->volume) == 0)
            return "not-done";
    }
    return "unknown";
}

static void put_named(struct json *j, const char *url, const char *kind, const char *text)
{
    json_object(j, NULL);
    json_str(j, "url", url);
    json_str(j, kind, text);
    json_end(j, '}');
}

static void put_amount(struct json *j, const char *url, struct dec v, const char *unit)
{
    if (!dec_is(v))
        return;
    json_object(j, NULL);
    json_str(j, "url", url);
    put_quantity(j, "valueQuantity", (struct qty){v, unit_find(unit)});
    json_end(j, '}');
}

static const char *source_word(enum flow_source s)
{
    return s == FLOW_BY_PUMP ? "pump" : s == FLOW_BY_NURSE ? "nurse" : "patient";
}

static void put_segments(struct json *j, const struct flow *f)
{
    if (!f || f->count == 0)
        return;
    json_list(j, "extension");
    for (int i = 0; i < f->count; i++) {
        const struct flow_segment *s = &f->segments[i];
        json_object(j, NULL);
        json_str(j, "url", FHIR_SEGMENT_URL);
        json_list(j, "extension");
        json_object(j, NULL);
        json_str(j, "url", "period");
        put_period(j, "valuePeriod", s->start, s->end);
        json_end(j, '}');
        put_named(j, "kind", "valueCode", flow_segment_word(s->kind));
        put_named(j, "certainty", "valueString", flow_certainty_word(s->certainty));
        put_named(j, "source", "valueCode", source_word(s->source));
        put_amount(j, "rate", s->rate, "mL/h");
        put_amount(j, "volume", s->volume, "mL");
        json_end(j, ']');
        json_end(j, '}');
    }
    json_end(j, ']');
}

/* The one rate it ran at, if it ran at one. */
static struct dec only_rate(const struct flow *f)
{
    struct dec rate = DEC_NONE;
    for (int i = 0; f && i < f->count; i++) {
        const struct flow_segment *s = &f->segments[i];
        if (s->kind == FLOW_SEG_UNCERTAIN)
            return DEC_NONE;
        if (s->kind != FLOW_SEG_RUNNING)
            continue;
        if (!dec_is(s->rate) || (dec_is(rate) && !dec_eq(rate, s->rate)))
            return DEC_NONE;
        rate = s->rate;
    }
    return rate;
}

static void put_route(struct json *j, const char *method)
{
    if (is(method, "oral"))
        put_concept(j, "route", FHIR_SNOMED, "26643006", "Oral route");
    else if (!is(method, "injection")) /* subcutaneous or intramuscular: not known here */
        put_concept(j, "route", FHIR_SNOMED, "47625008", "Intravenous route");
}

/* The dose ordered, by the share of its volume that went in: the bag's concentration is a quotient and already rounded. */
static struct qty dose_given(const struct fhir_administration *a)
{
    const struct infusion *i = a->infusion;
    if (!a->order || !qty_is(a->order->dose) || dec_sign(i->ordered_ml) <= 0)
        return qty_mul((struct qty){i->volume, unit_find("mL")}, i->concentration);
    struct dec v = dec_div(dec_mul(a->order->dose.v, i->volume), i->ordered_ml, 4, DEC_HALF_AWAY);
    return (struct qty){dec_trim(v), a->order->dose.u};
}

static void put_dosage(struct json *j, const struct fhir_administration *a)
{
    const struct infusion *i = a->infusion;
    bool known = !is(i->certainty, "uncertain total");
    struct qty dose = dose_given(a);
    struct dec rate = only_rate(a->flow);
    char ordered[DEC_TEXT_MAX + 8], volume[DEC_TEXT_MAX + 8], text[200];
    if (known)
        snprintf(text, sizeof text, "%s mL ordered; %s mL given%s", dec_show(i->ordered_ml, ordered), dec_show(i->volume, volume),
                 is(i->certainty, "stated") ? ", as a person stated" : "");
    else
        snprintf(text, sizeof text, "%s mL ordered; how much was given is not known", dec_show(i->ordered_ml, ordered));
    json_object(j, "dosage");
    json_str(j, "text", text);
    put_route(j, i->method);
    if (known && qty_is(dose))
        put_quantity(j, "dose", dose);
    if (dec_is(rate))
        put_quantity(j, "rateQuantity", (struct qty){rate, unit_find("mL/h")});
    json_end(j, '}');
}

/* What is not known, and what was told otherwise since: the old value beside the new one. */
static void put_notes(struct json *j, const struct fhir_administration *a)
{
    const char *doubt = a->infusion->why_uncertain;
    bool any = doubt && doubt[0];
    if (!any && a->correction_count == 0)
        return;
    json_list(j, "note");
    if (any) {
        json_object(j, NULL);
        json_str(j, "text", doubt);
        json_end(j, '}');
    }
    for (int k = 0; k < a->correction_count; k++) {
        const struct correction *x = &a->corrections[k];
        char text[FIELD_TEXT_MAX * 2 + 200];
        if (x->was)
            snprintf(text, sizeof text, "Corrected: %.60s was %.200s, is %.200s. %.400s", x->field, x->was, x->now ? x->now : "none", x->reason);
        else
            snprintf(text, sizeof text, "Told after the fact: %.60s, %.200s. %.400s", x->field, x->now ? x->now : "none", x->reason);
        json_object(j, NULL);
        json_str(j, "authorString", x->by);
        json_time(j, "time", x->at);
        json_str(j, "text", text);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void fhir_write_administration(struct json *j, const char *key, const struct fhir_administration *a)
{
    const struct infusion *i = a->infusion;
    open_resource(j, key, "MedicationAdministration", i->id);
    put_segments(j, a->flow);
    json_str(j, "status", status_of(a));
    put_concept(j, "medicationCodeableConcept", "urn:venule:drug", i->drug, i->drug_name);
    put_reference(j, "subject", "Patient", i->patient);
    put_period(j, "effectivePeriod", i->started != UTC_NONE ? i->started : i->associated_at, i->ended);
    if (a->pump) {
        json_list(j, "device");
        json_object(j, NULL);
        json_str(j, "type", "Device");
        put_identifier(j, "identifier", "urn:venule:pump", a->pump->id);
        json_str(j, "display", a->pump->model);
        json_end(j, '}');
        json_end(j, ']');
    }
    put_notes(j, a);
    put_dosage(j, a);
    json_end(j, '}');
}

/* ---- CapabilityStatement, searchset, OperationOutcome -------------------------------------------------------------------- */

static void put_capability_resource(struct json *j, const char *type, const char *const *params)
{
    json_object(j, NULL);
    json_str(j, "type", type);
    json_list(j, "interaction");
    for (int i = 0; i < 2; i++) {
        json_object(j, NULL);
        json_str(j, "code", i ? "search-type" : "read");
        json_end(j, '}');
    }
    json_end(j, ']');
    json_list(j, "searchParam");
    for (; *params; params += 2) {
        json_object(j, NULL);
        json_str(j, "name", params[0]);
        json_str(j, "type", params[1]);
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

void fhir_write_capability(struct json *j, const struct fhir_server *s)
{
    static const char *const of_patient[] = {"_id", "token", "identifier", "token", "family", "string", NULL};
    static const char *const of_administration[] = {"_id", "token", "patient", "reference", NULL};
    open_resource(j, NULL, "CapabilityStatement", NULL);
    json_str(j, "status", "active");
    json_time(j, "date", s->date);
    json_str(j, "kind", "instance");
    json_object(j, "software");
    json_str(j, "name", "venule");
    json_str(j, "version", s->version);
    json_end(j, '}');
    json_object(j, "implementation");
    json_str(j, "description", s->name);
    maybe(j, "url", s->url);
    json_end(j, '}');
    json_str(j, "fhirVersion", "4.0.1");
    json_list(j, "format");
    json_str(j, NULL, "json");
    json_end(j, ']');
    json_list(j, "rest");
    json_object(j, NULL);
    json_str(j, "mode", "server");
    json_object(j, "security");
    json_str(j, "description", "Signed-in staff only: the session cookie of the pages.");
    json_end(j, '}');
    json_list(j, "resource");
    put_capability_resource(j, "MedicationAdministration", of_administration);
    put_capability_resource(j, "Patient", of_patient);
    json_end(j, ']');
    json_end(j, '}');
    json_end(j, ']');
    json_end(j, '}');
}

void fhir_write_search_open(struct json *j, int64_t total, bool any, const char *self_url)
{
    json_object(j, NULL);
    json_str(j, "resourceType", "Bundle");
    json_str(j, "type", "searchset");
    json_int(j, "total", total);
    json_list(j, "link");
    json_object(j, NULL);
    json_str(j, "relation", "self");
    json_str(j, "url", self_url);
    json_end(j, '}');
    json_end(j, ']');
    if (any)
        json_list(j, "entry");
}

void fhir_write_entry_open(struct json *j, const char *base_url, const char *type, const char *id)
{
    char url[400], text[FHIR_ID_MAX + 1];
    snprintf(url, sizeof url, "%s/%s/%s", base_url, type, fhir_id_out(id, text));
    json_object(j, NULL);
    json_str(j, "fullUrl", url);
}

void fhir_write_entry_close(struct json *j)
{
    json_object(j, "search");
    json_str(j, "mode", "match");
    json_end(j, '}');
    json_end(j, '}');
}

void fhir_write_search_close(struct json *j, bool any)
{
    if (any)
        json_end(j, ']');
    json_end(j, '}');
}

/* Codes of the value set issue-type. */
static const char *issue_code(enum err_kind k)
{
    switch (k) {
    case ERR_INPUT: return "invalid";
    case ERR_SIGNED_OUT: return "login";
    case ERR_FORBIDDEN: return "forbidden";
    case ERR_NOT_FOUND: return "not-found";
    case ERR_CONFLICT: return "conflict";
    case ERR_TOO_LARGE: return "too-long";
    case ERR_REFUSED: return "business-rule";
    case ERR_BUSY: return "transient";
    default: return "exception";
    }
}

void fhir_write_outcome(struct json *j, const struct err *e)
{
    char text[sizeof e->where + sizeof e->text + 4];
    snprintf(text, sizeof text, "%s%s%s", e->where, e->where[0] ? ": " : "", e->text);
    json_object(j, NULL);
    json_str(j, "resourceType", "OperationOutcome");
    json_list(j, "issue");
    json_object(j, NULL);
    json_str(j, "severity", "error");
    json_str(j, "code", issue_code(e->kind));
    json_str(j, "diagnostics", text);
    json_end(j, '}');
    json_end(j, ']');
    json_end(j, '}');
}
