/* What every room of care asks about a patient or a visit. */
#include "care/care.h"

#include <stdio.h>
#include <string.h>

const char *care_name(struct arena *a, const struct patient *p)
{
    size_t n = strlen(p->family), m = strlen(p->given);
    char *name = arena_alloc(a, n + m + 3);
    for (size_t i = 0; i < n; i++)
        name[i] = p->family[i] >= 'a' && p->family[i] <= 'z' ? (char)(p->family[i] - 'a' + 'A') : p->family[i];
    memcpy(name + n, ", ", 2);
    memcpy(name + n + 2, p->given, m);
    return name;
}

const char *care_day(struct arena *a, const struct zone *z, utc_t t)
{
    char text[UTC_TEXT_MAX];
    return arena_strdup(a, utc_date_text(t, z, text));
}

const char *care_show_date(struct arena *a, const char *yyyy_mm_dd)
{
    static const char *const months[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int m = (yyyy_mm_dd[5] - '0') * 10 + (yyyy_mm_dd[6] - '0');
    return arena_printf(a, "%.2s-%s-%.4s", yyyy_mm_dd + 8, m >= 1 && m <= 12 ? months[m - 1] : "???", yyyy_mm_dd);
}

const char *care_add_days(struct arena *a, const char *yyyy_mm_dd, int days)
{
    char text[UTC_TEXT_MAX];
    return arena_strdup(a, utc_date_text(care_midnight_utc(yyyy_mm_dd) + days * UTC_DAY, NULL, text));
}

utc_t care_midnight_utc(const char *d)
{
    int v[8];
    for (int i = 0, k = 0; i < 10 && k < 8; i++)
        if (d[i] != '-')
            v[k++] = d[i] - '0';
    return utc_of_date(v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3], v[4] * 10 + v[5], v[6] * 10 + v[7]);
}

utc_t care_local(const struct zone *z, const char *d, int minute_of_day)
{
    struct civil c = utc_civil(care_midnight_utc(d), NULL);
    return utc_from_local(z, c.year, c.month, c.day, minute_of_day / 60, minute_of_day % 60);
}

bool care_latest(
    struct tx *t, const char *patient, const char *name, struct observation *out, bool *found, struct err *e)
{
    struct observation *list;
    int n;
    if (!table_list(t, &record_observation, "patient=?2 AND name=?3 ORDER BY taken DESC, id DESC LIMIT 1",
                    VALS(V_TEXT(patient), V_TEXT(name)), &list, &n, e))
        return false;
    *found = n > 0;
    if (n)
        *out = list[0];
    return true;
}

static bool allergy_text(struct tx *t, const struct patient *p, const char **out, struct err *e)
{
    struct allergy *list;
    int n;
    if (!table_list(t, &record_allergy, "patient=?2 ORDER BY substance, id", VALS(V_TEXT(p->id)), &list, &n, e))
        return false;
    const char *text = NULL;
    for (int i = 0; i < n; i++)
        if (strcmp(list[i].substance, "none known") != 0)
            text = text ? arena_printf(t->a, "%s, %s", text, list[i].substance) : list[i].substance;
    *out = text ? text : p->allergies;
    return true;
}

bool care_banner(struct tx *t, const struct zone *z, utc_t now, const char *patient, const char *visit,
    struct banner *out, struct err *e)
{
    struct patient p;
    struct observation w;
    bool found;
    char shown[QTY_TEXT_MAX];
    record_blank(&record_banner, out);
    if (!table_need(t, &record_patient, patient, "patient", &p, e) || !care_latest(t, patient, "weight", &w, &found, e)
        || !allergy_text(t, &p, &out->allergies, e))
        return false;
    out->id = p.id;
    out->name = care_name(t->a, &p);
    out->born = care_show_date(t->a, p.born);
    out->age = utc_age_years(p.born, now, z);
    out->sex = p.sex;
    out->mrn = p.mrn;
    out->allergy_state = p.allergies;
    if (found && qty_is(w.value)) {
        out->weight = arena_strdup(t->a, qty_show(w.value, shown));
        out->weight_at = w.taken;
        out->weight_days = (now - w.taken) / UTC_DAY;
    }
    struct visit v;
    if (visit) {
        if (!table_get(t, &record_visit, visit, &v, &found, e))
            return false;
        if (found)
            out->line = v.line;
    }
    struct reaction *r;
    int n;
    if (!table_list(t, &record_reaction, "patient=?2 AND state<>'entered in error' ORDER BY onset DESC LIMIT 1", VALS(V_TEXT(patient)), &r, &n, e))
        return false;
    if (n) {
        char day[UTC_TEXT_MAX];
        out->alerts = arena_printf(
            t->a, "Reaction grade %d on %s: %s", (int)r[0].grade, utc_show_day(r[0].onset, z, day), r[0].symptoms);
    }
    return true;
}

static bool state_listed(const char *state, const char *states)
{
    size_t n = strlen(state);
    for (const char *p = states; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strcspn(p, "|") == n && memcmp(p, state, n) == 0)
            return true;
    return false;
}

bool care_visit_in(struct cmd *c, const char *visit, const char *states, struct visit *out, struct err *e)
{
    if (!table_need(c->tx, &record_visit, visit, "visit", out, e))
        return false;
    if (!state_listed(out->state, states))
        return err_set(e, ERR_CONFLICT, "visit", "the visit is %s; this can be done when it is %s", out->state, states);
    return true;
}

const char *care_qty_text(struct arena *a, struct qty q)
{
    char text[QTY_TEXT_MAX];
    return arena_strdup(a, qty_show(q, text));
}

const char *care_ml(struct arena *a, struct dec ml, const char *unit)
{
    char text[DEC_TEXT_MAX + 8];
    return dec_is(ml) ? arena_printf(a, "%s %s", dec_show(dec_round(ml, 1, DEC_HALF_AWAY), text), unit) : NULL;
}

bool care_need_reason(struct cmd *c, struct err *e)
{
    if (c->reason && c->reason[0])
        return true;
    return err_set(e, ERR_INPUT, "reason", "say why: this command wants a reason");
}

const char *care_fact(struct arena *a, const char *name, const char *value)
{
    struct buf b;
    struct json j;
    buf_init(&b, 4096);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, name, value);
    json_end(&j, '}');
    const char *out = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return out;
}

const char *care_bag_id(struct arena *a, int64_t site, const char *code)
{
    char mark[40];
    const char *found = NULL;
    snprintf(mark, sizeof mark, "%lld-prep-", (long long)site);
    for (const char *p = strstr(code, mark); p; p = strstr(p + 1, mark))
        found = p;
    return found ? arena_strndup(a, found, strcspn(found, ")]( \x1d")) : NULL;
}
