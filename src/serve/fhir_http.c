/* GET /fhir/R4/…: the records as FHIR R4, read only: exactly what wire/fhir_write's CapabilityStatement says.
 * A search answers all of its matches or says that there are too many: nothing is left out silently. A parameter that
 * is not known is refused, because a search wider than it was meant shows the wrong patients (FHIR R4 3.1.1.4 allows
 * either). */
#include <string.h>

#include "care/flow.h"
#include "serve/api.h"
#include "serve/now.h"
#include "serve/session.h"
#include "serve/problem.h"
#include "wire/fhir_write.h"

#define BASE "/fhir/R4/"
enum { FHIR_MATCHES_MAX = 200, FHIR_QUERY_MAX = 100 };

struct asking {
    struct server *s;
    struct http_req *q;
    struct tx tx;
    struct who who;
    struct site_info site;
    const char *base;   /* "http://HOST/fhir/R4" */
    const char *system; /* of the wristband's identifier */
    struct json j;
};

/* As the client calls us, if that looks like a host; else without one. */
static const char *base_url(const struct server *s, const struct http_req *q)
{
    const char *host = http_header(q, "Host");
    if (!host || !host[0] || strlen(host) > 200 ||
        host[strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]")])
        return "/fhir/R4";
    return arena_printf(q->a, "%s://%s/fhir/R4", s->c.proxied ? "https" : "http", host);
}

/* ---- what may be asked ----------------------------------------------------------------------------------------------- */

struct fhir_type {
    const char *name;
    const char *const *params; /* ends with NULL */
    bool (*read)(struct asking *g, const char *id, struct err *e);
    bool (*search)(struct asking *g, struct err *e);
};

/* The value of a parameter; NULL if it was not given. One value each: lists and modifiers are refused in check_query. */
static const char *param(const struct asking *g, const char *name)
{
    return http_query(g->q, name);
}

MUST_CHECK static bool check_query(const struct asking *g, const struct fhir_type *t, struct err *e)
{
    const struct http_req *q = g->q;
    for (int i = 0; i < q->query_count; i++) {
        const char *name = q->query[i].name, *value = q->query[i].value;
        bool known = strcmp(name, "_format") == 0;
        for (const char *const *p = t->params; *p && !known; p++)
            known = strcmp(name, *p) == 0;
        if (!known)
            return err_set(e, ERR_INPUT, name, "%s cannot be searched by this; see /fhir/R4/metadata", t->name);
        for (int k = 0; k < i; k++)
            if (strcmp(q->query[k].name, name) == 0)
                return err_set(e, ERR_INPUT, name, "is given twice");
        if (!value[0] || strlen(value) > FHIR_QUERY_MAX || strchr(value, ','))
            return err_set(e, ERR_INPUT, name, "takes one value of at most %d bytes", FHIR_QUERY_MAX);
    }
    return true;
}

/* Whom the answer is about is noted, or nothing is shown. */
MUST_CHECK static bool note(struct asking *g, const char *patient, const char *purpose, struct err *e)
{
    const struct audit_read r = {.site = g->s->c.site, .reader = g->who.by.id, .patient = patient, .purpose = purpose, .at = now_real()};
    return audit_note(g->s->audit, &r, NULL, e);
}

/* For the role patient: whose records alone may be shown; NULL: anybody's. */
static const char *only(const struct asking *g)
{
    return g->who.by.roles & ROLE_STAFF ? NULL : g->who.by.patient ? g->who.by.patient : "";
}

MUST_CHECK static bool may_see(const struct asking *g, const char *patient, struct err *e)
{
    return !only(g) || strcmp(only(g), patient) == 0 || err_set(e, ERR_FORBIDDEN, "", "this is about someone else");
}

MUST_CHECK static bool not_too_many(int n, struct err *e)
{
    return n <= FHIR_MATCHES_MAX || err_set(e, ERR_TOO_LARGE, "", "more than %d match: search for less", FHIR_MATCHES_MAX);
}

static void open_set(struct asking *g, const char *type, int n)
{
    struct buf self;
    const struct http_req *q = g->q;
    buf_init(&self, HTTP_CONN_MEMORY * 3);
    buf_printf(&self, "%s/%s", g->base, type);
    for (int i = 0; i < q->query_count; i++) {
        buf_printf(&self, "%c%s=", i ? '&' : '?', q->query[i].name);
        for (const char *c = q->query[i].value; *c; c++)
            if (strchr("&#%+ \"<>", *c) || (unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
                buf_printf(&self, "%%%02X", (unsigned char)*c);
            else
                buf_printf(&self, "%c", *c);
    }
    fhir_write_search_open(&g->j, n, n > 0, buf_str(&self));
    buf_fini(&self);
}

/* ---- Patient --------------------------------------------------------------------------------------------------------- */

static bool patient_read(struct asking *g, const char *id, struct err *e)
{
    struct patient p;
    if (!may_see(g, id, e) || !table_need(&g->tx, &record_patient, id, "Patient", &p, e))
        return false;
    fhir_write_patient(&g->j, NULL, &p, g->system);
    return note(g, p.id, "fhir Patient", e);
}

/* "SYSTEM|VALUE" or "VALUE": NULL if the system is another than ours, so that nothing matches. */
static const char *identifier_value(const struct asking *g, const char *token)
{
    const char *bar = strchr(token, '|');
    if (!bar)
        return token;
    size_t n = (size_t)(bar - token);
    return strlen(g->system) == n && memcmp(token, g->system, n) == 0 ? bar + 1 : NULL;
}

static const char *small_letters(struct arena *a, const char *text)
{
    char *s = arena_strdup(a, text);
    for (char *c = s; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return s;
}

struct patient_query { /* NULL: not asked for */
    const char *id, *identifier, *family;
};

static bool patient_matches(const struct patient_query *w, struct arena *a, const struct patient *p)
{
    return (!w->id || strcmp(p->id, w->id) == 0) && (!w->identifier || strcmp(p->mrn, w->identifier) == 0)
           && (!w->family || strncmp(small_letters(a, p->family), w->family, strlen(w->family)) == 0);
}

/* The store narrows by one, the rest is compared here. FHIR strings match from the start, case aside; of ASCII both
 * stores make the same of lower(). */
MUST_CHECK static bool patient_list(struct asking *g, const struct patient_query *w, struct patient **out, int *n, struct err *e)
{
    const struct record *r = &record_patient;
    int got;
    bool ok = w->id           ? table_list(&g->tx, r, "id=?2", VALS(V_TEXT(w->id)), out, &got, e)
              : w->identifier ? table_list(&g->tx, r, "mrn=?2 ORDER BY id LIMIT 201", VALS(V_TEXT(w->identifier)), out, &got, e)
              : w->family     ? table_list(&g->tx, r, "substr(lower(family),1,length(CAST(?2 AS TEXT)))=?2 ORDER BY family, given, id LIMIT 201",
                                           VALS(V_TEXT(w->family)), out, &got, e)
                              : table_list(&g->tx, r, "TRUE ORDER BY family, given, id LIMIT 201", NO_VALS, out, &got, e);
    if (!ok || !not_too_many(got, e))
        return false;
    *n = 0;
    for (int i = 0; i < got; i++)
        if (patient_matches(w, g->tx.a, &(*out)[i]))
            (*out)[(*n)++] = (*out)[i];
    return true;
}

static bool patient_search(struct asking *g, struct err *e)
{
    const char *id = param(g, "_id"), *identifier = param(g, "identifier"), *family = param(g, "family");
    char text[FHIR_ID_MAX + 1];
    struct patient_query w = {.id = id ? fhir_id_in(id, text) : only(g), .identifier = identifier ? identifier_value(g, identifier) : NULL,
                              .family = family ? small_letters(g->tx.a, family) : NULL};
    struct patient *p = NULL;
    int n = 0;
    bool none = (id && !w.id) || (identifier && !w.identifier);
    if ((w.id && !may_see(g, w.id, e)) || (!none && !patient_list(g, &w, &p, &n, e)))
        return false;
    open_set(g, "Patient", n);
    for (int i = 0; i < n; i++) {
        fhir_write_entry_open(&g->j, g->base, "Patient", p[i].id);
        fhir_write_patient(&g->j, "resource", &p[i], g->system);
        fhir_write_entry_close(&g->j);
        if (!note(g, p[i].id, "fhir Patient search", e))
            return false;
    }
    fhir_write_search_close(&g->j, n > 0);
    return true;
}

/* ---- MedicationAdministration ------------------------------------------------------------------------------------------ */

MUST_CHECK static bool put_administration(struct asking *g, const char *key, const struct infusion *i, struct err *e)
{
    struct med_order order;
    struct pump pump;
    struct flow flow;
    struct correction *fixes;
    int n;
    bool ordered, pumped = false;
    if (!table_get(&g->tx, &record_med_order, i->med_order, &order, &ordered, e)
        || (i->pump && !table_get(&g->tx, &record_pump, i->pump, &pump, &pumped, e)) || !care_flow(&g->tx, i, &flow, e)
        || !table_list(&g->tx, &record_correction, "infusion=?2 AND record IN ('flow_fact','infusion') ORDER BY at, id", VALS(V_TEXT(i->id)), &fixes, &n, e))
        return false;
    const struct fhir_administration a = {.infusion = i, .order = ordered ? &order : NULL, .pump = pumped ? &pump : NULL, .flow = &flow,
                                          .corrections = fixes, .correction_count = n};
    fhir_write_administration(&g->j, key, &a);
    return true;
}

static bool administration_read(struct asking *g, const char *id, struct err *e)
{
    struct infusion i;
    if (!table_need(&g->tx, &record_infusion, id, "MedicationAdministration", &i, e) || !may_see(g, i.patient, e))
        return false;
    if (!fhir_administration_begun(&i))
        return err_set(e, ERR_NOT_FOUND, "MedicationAdministration", "%s has not begun", id);
    return put_administration(g, NULL, &i, e) && note(g, i.patient, "fhir MedicationAdministration", e);
}

/* "Patient/ID", "ID" or the whole address; NULL: none of our patients. */
static const char *patient_ref(const struct asking *g, const char *ref, char out[FHIR_ID_MAX + 1])
{
    size_t n = strlen(g->base);
    if (strncmp(ref, g->base, n) == 0 && ref[n] == '/')
        ref += n + 1;
    if (strncmp(ref, "Patient/", 8) == 0)
        ref += 8;
    return fhir_id_in(ref, out);
}

#define BEGUN "state NOT IN ('associated','waiting')" /* fhir_administration_begun */

MUST_CHECK static bool administration_list(struct asking *g, const char *id, const char *whose, struct infusion **out, int *n, struct err *e)
{
    const struct record *r = &record_infusion;
    int got;
    bool ok = id      ? table_list(&g->tx, r, "id=?2 AND " BEGUN, VALS(V_TEXT(id)), out, &got, e)
              : whose ? table_list(&g->tx, r, "patient=?2 AND " BEGUN " ORDER BY associated_at, id LIMIT 201", VALS(V_TEXT(whose)), out, &got, e)
                      : table_list(&g->tx, r, BEGUN " ORDER BY associated_at, id LIMIT 201", NO_VALS, out, &got, e);
    if (!ok || !not_too_many(got, e))
        return false;
    *n = 0;
    for (int i = 0; i < got; i++)
        if (!whose || strcmp((*out)[i].patient, whose) == 0)
            (*out)[(*n)++] = (*out)[i];
    return true;
}

static bool administration_search(struct asking *g, struct err *e)
{
    const char *id = param(g, "_id"), *patient = param(g, "patient");
    char id_text[FHIR_ID_MAX + 1], patient_text[FHIR_ID_MAX + 1];
    struct infusion *list = NULL;
    int n = 0;
    id = id ? fhir_id_in(id, id_text) : NULL;
    patient = patient ? patient_ref(g, patient, patient_text) : NULL;
    bool none = (param(g, "_id") && !id) || (param(g, "patient") && !patient);
    if (patient && !may_see(g, patient, e))
        return false;
    const char *whose = patient ? patient : only(g);
    if (!none && !administration_list(g, id, whose, &list, &n, e))
        return false;
    open_set(g, "MedicationAdministration", n);
    for (int i = 0; i < n; i++) {
        fhir_write_entry_open(&g->j, g->base, "MedicationAdministration", list[i].id);
        if (!put_administration(g, "resource", &list[i], e) || !note(g, list[i].patient, "fhir MedicationAdministration search", e))
            return false;
        fhir_write_entry_close(&g->j);
    }
    fhir_write_search_close(&g->j, n > 0);
    return true;
}

/* ---- the addresses ----------------------------------------------------------------------------------------------------- */

static const char *const patient_params[] = {"_id", "identifier", "family", NULL};
static const char *const administration_params[] = {"_id", "patient", NULL};
static const struct fhir_type types[] = {
    {"Patient", patient_params, patient_read, patient_search},
    {"MedicationAdministration", administration_params, administration_read, administration_search},
};

MUST_CHECK static bool metadata(struct asking *g, struct err *e)
{
    const struct zone *z;
    bool found;
    if (!server_site(g->s, &g->tx, &g->site, &z, &found, e))
        return false;
    const struct fhir_server about = {.version = VENULE_VERSION, .url = g->base, .name = found ? g->site.name : "a site not set up yet", .date = g->s->started};
    fhir_write_capability(&g->j, &about);
    return true;
}

MUST_CHECK static bool answer(struct asking *g, const char *path, struct err *e)
{
    if (strcmp(path, "metadata") == 0)
        return metadata(g, e); /* says nothing about anybody: no session asked */
    if (!session_find(g->s, g->q, &g->tx, &g->who, e))
        return false;
    if (!(g->who.by.roles & (ROLE_STAFF | ROLE_PATIENT)))
        return err_set(e, ERR_FORBIDDEN, "", "this is not for your role (%s)", g->who.staff.roles);
    size_t n = strcspn(path, "/");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const struct fhir_type *t = &types[i];
        char id[FHIR_ID_MAX + 1];
        if (strlen(t->name) != n || memcmp(t->name, path, n) != 0)
            continue;
        if (!path[n])
            return check_query(g, t, e) && t->search(g, e);
        if (!fhir_id_in(path + n + 1, id))
            return err_set(e, ERR_NOT_FOUND, t->name, "there is no %.64s", path);
        return t->read(g, id, e);
    }
    return err_set(e, ERR_NOT_FOUND, "", "there is no FHIR resource at %.64s; see /fhir/R4/metadata", path);
}

void api_fhir(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct err e = {.kind = ERR_NONE};
    struct asking g = {.s = s, .q = q, .base = base_url(s, q)};
    int status = 200;
    g.system = arena_printf(q->a, "urn:venule:site:%lld:mrn", (long long)s->c.site);
    json_init(&g.j, &r->body);
    bool ok = false;
    if (strcmp(q->method, "GET") != 0 && strcmp(q->method, "HEAD") != 0) {
        err_set(&e, ERR_INPUT, "", "FHIR resources are read here (GET), not changed");
        status = 405;
    } else if (reader_begin(s->readers, q->a, s->c.site, &g.tx, &e)) {
        ok = answer(&g, q->path + strlen(BASE), &e) && buf_ok(&r->body, "the answer", &e);
        reader_end(s->readers, &g.tx, e.kind == ERR_STORE);
    }
    if (!ok) {
        buf_clear(&r->body);
        json_init(&g.j, &r->body);
        fhir_write_outcome(&g.j, &e);
    }
    r->status = ok || status != 200 ? status : problem_status(e.kind);
    r->type = FHIR_CONTENT_TYPE;
}
