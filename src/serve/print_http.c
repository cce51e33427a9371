/* GET /api/print/label/BAG.pdf: the label of a bag as the printer gets it. */
#include <string.h>

#include "care/dose.h"
#include "serve/api.h"
#include "serve/now.h"
#include "serve/problem.h"
#include "serve/session.h"
#include "wire/label.h"

struct printing {
    struct server *s;
    struct http_req *q;
    struct tx tx;
    struct who who;
    const char *bag;
};

static const char *staff_name(struct tx *t, const char *id)
{
    struct staff s;
    bool found = false;
    struct err e = {.kind = ERR_NONE};
    return id && table_get(t, &record_staff, id, &s, &found, &e) && found ? s.name : NULL;
}

static const char *contents(struct arena *a, const struct content *c, const struct prep *p)
{
    const struct drug *d = p->diluent ? content_drug(c, p->diluent) : NULL;
    const char *total = care_ml(a, p->volume, "mL");
    return p->diluent ? arena_printf(a, "%s: %s drug in %s %s", total, care_ml(a, p->drug_ml, "mL"), care_ml(a, p->diluent_ml, "mL"), d ? d->generic : p->diluent) : total;
}

MUST_CHECK static bool print_label(struct printing *g, struct buf *out, struct err *e)
{
    struct tx *t = &g->tx;
    struct site_info site;
    const struct zone *z;
    struct prep p;
    struct med_order o;
    struct patient who;
    bool found;
    char day[UTC_TEXT_MAX], clock[UTC_TEXT_MAX];
    if (!session_find(g->s, g->q, t, &g->who, e) || !server_site(g->s, t, &site, &z, &found, e))
        return false;
    if (!(g->who.by.roles & ROLE_CLINICAL))
        return err_set(e, ERR_FORBIDDEN, "label", "labels are not for your role (%s)", g->who.staff.roles);
    if (!table_need(t, &record_prep, g->bag, "bag", &p, e) || !table_need(t, &record_med_order, p.med_order, "bag", &o, e)
        || !table_need(t, &record_patient, p.patient, "bag", &who, e))
        return false;
    if (strcmp(p.state, "killed") == 0 || p.order_version != o.version)
        return err_set(e, ERR_CONFLICT, "bag", "the order changed: this label is dead and is not printed");
    struct arena *a = t->a;
    struct node *vials = json_read(a, p.vials, strlen(p.vials), FIELD_LONG_MAX, e);
    struct label l = {
        .site = site.name, .patient = care_name(a, &who), .born = arena_printf(a, "born %s · %s", care_show_date(a, who.born), who.mrn),
        .drug = o.drug_name, .dose = care_qty_text(a, p.dose), .volume = contents(a, g->s->content, &p), .rates = dose_rates_text(a, o.steps, (int)o.minutes),
        .beyond_use = p.beyond_use == UTC_NONE ? NULL : arena_printf(a, "%s %s", utc_show_day(p.beyond_use, z, day), utc_show_clock(p.beyond_use, z, clock)),
        .lot = node_str_at(vials, "[0].lot"), .bag = p.id, .barcode = p.barcode, .made_by = staff_name(t, p.made_by), .checked_by = staff_name(t, p.checked_by),
        .demo = site.demo == 1};
    const struct audit_read r = {.site = g->s->c.site, .reader = g->who.by.id, .patient = p.patient, .purpose = "print label", .at = now_real()};
    return label_pdf(&l, out, e) && audit_note(g->s->audit, &r, NULL, e);
}

void api_print_label(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct err e = {.kind = ERR_NONE};
    struct printing g = {.s = s, .q = q};
    const char *name = q->path + strlen("/api/print/label/");
    size_t n = strlen(name);
    bool ok = (n > 4 && strcmp(name + n - 4, ".pdf") == 0) || err_set(&e, ERR_NOT_FOUND, "label", "ask for BAG.pdf");
    if (ok && (ok = reader_begin(s->readers, q->a, s->c.site, &g.tx, &e))) {
        g.bag = arena_strndup(q->a, name, n - 4);
        ok = print_label(&g, &r->body, &e);
        reader_end(s->readers, &g.tx, e.kind == ERR_STORE);
    }
    if (ok)
        r->type = "application/pdf";
    else
        problem_answer(r, &e);
}
