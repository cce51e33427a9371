#include "care/cover.h"

#include <string.h>

/* The newest coverage that is in force at noon of the day. */
MUST_CHECK static bool coverage_on(
    struct tx *t, const char *patient, const char *day, struct coverage *out, bool *found, struct err *e)
{
    struct coverage *list;
    int n;
    utc_t noon = care_midnight_utc(day) + 12 * UTC_HOUR;
    *found = false;
    if (!table_list(t, &record_coverage,
            "patient=?2 AND (status IS NULL OR status='active') AND (start IS NULL OR start<=?3) AND (\"end\" IS NULL "
            "OR \"end\">=?3) "
            "ORDER BY COALESCE(start,0) DESC, id DESC LIMIT 1",
            VALS(V_TEXT(patient), V_INT(noon)), &list, &n, e))
        return false;
    *found = n > 0;
    if (n)
        *out = list[0];
    return true;
}

/* Billing units of a dose, rounded up: a started unit is billed. */
static int64_t units_of(const struct drug *d, struct qty dose, const char *day)
{
    const struct drug_billing *b = d ? drug_billing_on(d, day) : NULL;
    struct err e = {0};
    struct qty in_unit;
    int64_t units;
    if (!b || !qty_to(dose, b->unit.u, &in_unit, &e)
        || !dec_to_int(dec_div(in_unit.v, b->unit.v, 0, DEC_UP), DEC_UP, &units))
        return INT_NONE;
    return units;
}

MUST_CHECK static bool authorised(
    struct tx *t, const struct med_order *o, const char *day, struct cover *c, struct err *e)
{
    struct authorisation *a;
    int n;
    if (!table_list(t, &record_authorisation, "patient=?2 AND drug=?3 ORDER BY \"end\" DESC, id DESC",
            VALS(V_TEXT(o->patient), V_TEXT(o->drug)), &a, &n, e))
        return false;
    c->state = COVER_MISSING;
    c->says = !n                            ? "none on record"
        : strcmp(a[0].state, "denied") == 0 ? "denied"
        : strcmp(a[0].state, "asked") == 0  ? "asked, no answer yet"
                                            : "not valid on the day";
    for (int i = 0; i < n; i++) {
        if (strcmp(a[i].state, "granted") != 0 || strcmp(day, a[i].start) < 0 || strcmp(day, a[i].end) > 0)
            continue;
        c->left = a[i].units - a[i].used;
        bool enough = c->need == INT_NONE ? c->left > 0 : c->need <= c->left;
        c->state = enough ? COVER_GRANTED : COVER_SHORT;
        c->says = arena_printf(t->a, "%s: %lld of %lld units used, to %s%s", a[i].number, (long long)a[i].used,
            (long long)a[i].units, care_show_date(t->a, a[i].end),
            enough ? "" : arena_printf(t->a, "; %lld are needed", (long long)c->need));
        if (enough)
            return true;
    }
    return true;
}

bool care_cover(
    struct tx *t, const struct content *c, const struct med_order *o, const char *day, struct cover *out, struct err *e)
{
    struct coverage cov;
    *out = (struct cover){
        .state = COVER_UNKNOWN, .left = INT_NONE, .need = units_of(content_drug(c, o->drug), o->dose, day)};
    if (!coverage_on(t, o->patient, day, &cov, &out->insured, e))
        return false;
    out->payer_says = out->says = "no active coverage on record";
    if (!out->insured)
        return true;
    out->payer = content_payer(c, cov.payer);
    out->row = out->payer ? payer_find_cover(out->payer, o->drug) : NULL;
    out->payer_says = out->payer ? out->payer->name : arena_printf(t->a, "payer \"%s\" has no rules here", cov.payer);
    if (out->row && out->row->authorisation != 1) {
        out->state = COVER_NOT_NEEDED;
        out->says = "not needed by this payer";
        return true;
    }
    if (!authorised(t, o, day, out, e))
        return false;
    if (!out->payer && out->state != COVER_GRANTED)
        out->state = COVER_UNKNOWN;
    return true;
}
