#include "serve/describe_records.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "serve/commands.h"
#include "serve/views.h"

const char *describe_name(const struct record *r, char out[80])
{
    size_t n = 0;
    bool up = true;
    for (const char *p = r->name; *p && n < 79; p++) {
        if (*p == '_') {
            up = true;
            continue;
        }
        out[n++] = up && *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
        up = false;
    }
    out[n] = 0;
    return out;
}

const char *describe_ref(const struct record *r, char out[120])
{
    char name[80];
    snprintf(out, 120, "#/components/schemas/%s", describe_name(r, name));
    return out;
}

static void add(const struct record **list, int *count, const struct record *r)
{
    for (int i = 0; i < *count; i++)
        if (list[i] == r)
            return;
    assert(*count < DESCRIBE_RECORDS_MAX);
    list[(*count)++] = r;
}

int describe_records(const struct record *out[DESCRIBE_RECORDS_MAX])
{
    const struct command *c;
    const struct view_type *v;
    int count = 0;
    for (int i = 0; i < model_record_count; i++)
        add(out, &count, model_records[i]);
    for (int i = 0; (c = command_at(i)); i++)
        if (c->roles != ROLE_SYSTEM)
            add(out, &count, c->in);
    for (int i = 0; (v = view_at(i)); i++) {
        add(out, &count, v->params);
        for (int k = 0; k < v->member_count; k++)
            add(out, &count, v->members[k].row);
    }
    return count;
}

void describe_fixed_paths(struct json *j)
{
    static const struct {
        const char *path, *method, *says, *type;
    } fixed[] = {
        {"/api/login", "post", "sign in with {login, password}; sets the cookie", "application/json"},
        {"/api/logout", "post", "sign out", "application/json"},
        {"/api/me", "get", "who is signed in, the CSRF token, the site and the clock", "application/json"},
        {"/api/demo", "get", "who may sign in to a demonstration", "application/json"},
        {"/api/events", "get", "live events: {seq, topic, id}; Last-Event-ID resumes", "text/event-stream"},
        {"/api/openapi.json", "get", "this description", "application/json"},
        {"/api/print/label/{bag}.pdf", "get", "the label of a bag as the printer gets it", "application/pdf"},
        {"/fhir/R4/metadata", "get", "FHIR R4: what is served", "application/fhir+json"},
        {"/fhir/R4/Patient", "get", "FHIR R4: search by _id, identifier, family", "application/fhir+json"},
        {"/fhir/R4/Patient/{id}", "get", "FHIR R4: one patient", "application/fhir+json"},
        {"/fhir/R4/MedicationAdministration", "get", "FHIR R4: search by _id, patient", "application/fhir+json"},
        {"/fhir/R4/MedicationAdministration/{id}", "get", "FHIR R4: one infusion with its rate segments",
         "application/fhir+json"},
        {"/healthz", "get", "is the store reachable and the writer alive", "application/json"},
        {"/metrics", "get", "figures for Prometheus", "text/plain"},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        json_object(j, fixed[i].path);
        json_object(j, fixed[i].method);
        json_str(j, "summary", fixed[i].says);
        json_object(j, "responses");
        json_object(j, "200");
        json_str(j, "description", fixed[i].says);
        json_object(j, "content");
        json_raw(j, fixed[i].type, "{}");
        for (int k = 0; k < 5; k++)
            json_end(j, '}');
    }
}
