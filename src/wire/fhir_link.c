/* What points out of the file, what points at nothing, and what falls with it. */
#include "wire/fhir_read.h"

#include <string.h>

const struct node *fhir_follow(const struct fhir_batch *b, const struct fhir_item *it, const struct node *reference)
{
    const char *text = node_str_at(reference, "reference");
    if (!text)
        return NULL;
    if (text[0] == '#') {
        node_each(c, node_get(it->node, "contained")) {
            const char *id = node_str_at(c, "id");
            if (id && strcmp(id, text + 1) == 0)
                return c;
        }
        return NULL;
    }
    for (int i = it->first_ref; i < it->first_ref + it->ref_count; i++)
        if (strcmp(b->refs[i].text, text) == 0 && b->refs[i].target >= 0)
            return b->items[b->refs[i].target].node;
    return NULL;
}

static bool ask_store(struct fhir_batch *b, fhir_lookup *look, void *ctx, struct err *e)
{
    for (int i = 0; i < b->ref_count; i++) {
        struct fhir_ref *r = &b->refs[i];
        if (r->own || r->target >= 0 || b->items[r->from].use == FHIR_REFUSE)
            continue;
        if (look && (r->key || r->alias) && !look(ctx, r->key, r->alias, &r->known, e))
            return false;
        if (!r->known.found)
            fhir_refuse(b, &b->items[r->from], r->path, "refers to \"%.120s\", which is neither in this file nor in the store", r->text);
    }
    return true;
}

/* A record of these is about a patient, and must say about whom. */
static void check_subject(struct fhir_batch *b, struct fhir_item *it)
{
    if (it->of == &record_patient)
        return;
    if (it->subject < 0) {
        fhir_refuse(b, it, it->of == &record_coverage ? "beneficiary" : it->of == &record_allergy ? "patient" : "subject",
                    "does not say of which patient");
        return;
    }
    const struct fhir_ref *r = &b->refs[it->subject];
    const char *type = r->target >= 0 ? b->items[r->target].type : r->known.found ? r->known.type : "Patient";
    if (r->own || strcmp(type, "Patient") != 0) {
        it->use = FHIR_KEEP;
        it->reason = "it is not about a patient";
    }
}

void fhir_cascade(struct fhir_batch *b)
{
    int *queue = ARENA_ARRAY(b->a, (size_t)b->count, int), head = 0, tail = 0;
    for (int i = 0; i < b->count; i++)
        if (b->items[i].use == FHIR_REFUSE)
            queue[tail++] = i;
    while (head < tail) {
        const struct fhir_item *it = &b->items[queue[head++]];
        for (int r = it->refs_in; r >= 0; r = b->refs[r].next_in) {
            struct fhir_item *from = &b->items[b->refs[r].from];
            if (from->use == FHIR_REFUSE)
                continue;
            fhir_refuse(b, from, b->refs[r].path, "refers to %s, which is refused", it->where);
            queue[tail++] = b->refs[r].from;
        }
    }
}

/* The state of the allergy list, from the allergies of this file. */
static void set_allergies(struct fhir_batch *b)
{
    for (int i = 0; i < b->count; i++) {
        const struct fhir_item *it = &b->items[i];
        if (it->use != FHIR_STORE || it->of != &record_allergy || it->voided || b->refs[it->subject].target < 0)
            continue;
        struct fhir_item *whose = &b->items[b->refs[it->subject].target];
        const struct allergy *al = it->records;
        struct patient *p = whose->records;
        if (strcmp(al->substance, "none known") != 0)
            p->allergies = "recorded";
        else if (strcmp(p->allergies, "recorded") != 0)
            p->allergies = "none known";
    }
}

bool fhir_link(struct fhir_batch *b, fhir_lookup *look, void *ctx, struct err *e)
{
    if (!ask_store(b, look, ctx, e))
        return false;
    for (int i = 0; i < b->count; i++)
        if (b->items[i].use == FHIR_STORE)
            fhir_map(b, &b->items[i]);
    for (int i = 0; i < b->count; i++)
        if (b->items[i].use == FHIR_STORE)
            check_subject(b, &b->items[i]);
    fhir_cascade(b);
    set_allergies(b);
    return true;
}
