/* A view over HTTP: one snapshot of the store, one answer. */
#include <string.h>

#include "serve/api.h"
#include "serve/now.h"
#include "serve/problem.h"
#include "serve/session.h"
#include "serve/shared.h"
#include "serve/views.h"

/* Parameters come as text; the field table says which kind of value each is. */
static void param_node(const struct record *shape, struct arena *a, const struct http_pair *p, struct node *out)
{
    const struct field *f = record_field(shape, p->name);
    *out = (struct node){.kind = NODE_STRING, .key = p->name, .text = p->value, .len = strlen(p->value), .line = 1};
    if (f && (f->type == FIELD_INT || f->type == FIELD_DEC) && tree_is_number(p->value, out->len))
        out->kind = NODE_NUMBER;
    if (f && f->type == FIELD_BOOL && strcmp(p->value, "true") == 0)
        out->kind = NODE_TRUE;
    if (f && f->type == FIELD_BOOL && strcmp(p->value, "false") == 0)
        out->kind = NODE_FALSE;
    out->text = arena_strdup(a, out->text);
}

MUST_CHECK static bool params_read(struct http_req *q, const struct record *shape, const struct zone *z, void **out,
                                   struct err *e)
{
    struct node map = {.kind = NODE_MAP}, **at = &map.first;
    for (int i = 0; i < q->query_count; i++) {
        for (int k = 0; k < i; k++)
            if (strcmp(q->query[k].name, q->query[i].name) == 0)
                return err_set(e, ERR_INPUT, q->query[i].name, "is given twice");
        struct node *n = ARENA_NEW(q->a, struct node);
        param_node(shape, q->a, &q->query[i], n);
        *at = n;
        at = &n->next;
        map.count++;
    }
    *out = arena_alloc(q->a, shape->size ? shape->size : 1);
    return record_from_json(shape, &map, q->a, z, *out, e);
}

struct showing {
    struct server *s;
    struct http_req *q;
    const struct view_type *type;
    struct tx tx;
    struct who who;
};

/* Who looked at whom; what cannot be noted is not shown. */
MUST_CHECK static bool note_read(struct showing *h, const struct view *v, struct err *e)
{
    if (!v->patient)
        return true;
    const struct audit_read r = {.site = h->s->c.site, .reader = v->by.id, .patient = v->patient,
                                 .purpose = arena_printf(h->q->a, "view %s", h->type->name), .at = now_real()};
    return audit_note(h->s->audit, &r, NULL, e);
}

MUST_CHECK static bool show(struct showing *h, struct json *j, struct err *e)
{
    struct view v = {.tx = &h->tx, .a = h->q->a, .content = h->s->content, .now = server_care_now(h->s), .out = j};
    bool found;
    void *params = NULL;
    if (!session_find(h->s, h->q, &h->tx, &h->who, e) ||
        !server_site(h->s, &h->tx, &v.site, &v.zone, &found, e))
        return false;
    v.by = h->who.by;
    if (!(v.by.roles & h->type->roles))
        return err_set(e, ERR_FORBIDDEN, h->type->name, "the view %s is not for your role (%s)", h->type->name,
                       h->who.staff.roles);
    bool shared = h->type->shared && !h->q->query_count;
    bool anew = http_header(h->q, "X-Made-Anew") != NULL; /* asked by who measures: no answer made for another */
    if (shared && !anew && shared_find(h->s->shared, h->type, h->tx.seq, now_steady(), j->b))
        return true;
    if (!params_read(h->q, h->type->params, v.zone, &params, e) || !view_show(h->type, &v, params, e) ||
        !note_read(h, &v, e))
        return false;
    if (shared)
        shared_keep(h->s->shared, h->type, h->tx.seq, now_steady(), j->b);
    return true;
}

void api_view(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct err e = {.kind = ERR_NONE};
    struct showing h = {.s = s, .q = q};
    struct json j;
    utc_t began = now_steady();
    const char *name = q->path + strlen("/api/view/");
    h.type = view_find(name);
    json_init(&j, &r->body);
    bool ok = h.type || err_set(&e, ERR_NOT_FOUND, "view", "there is no view \"%.60s\"", name);
    if (ok && (ok = reader_begin(s->readers, q->a, s->c.site, &h.tx, &e))) {
        ok = show(&h, &j, &e) && buf_ok(&r->body, "the view", &e);
        http_add_header(r, "X-Ledger-Seq", arena_printf(q->a, "%lld", (long long)h.tx.seq));
        reader_end(s->readers, &h.tx, e.kind == ERR_STORE);
    }
    if (ok)
        r->type = "application/json";
    else
        problem_answer(r, &e);
    atomic_fetch_add(&s->metrics.views, 1);
    atomic_fetch_add(&s->metrics.view_us, now_steady() - began);
}
