/* What the bedside shows of the content: the reaction pathway with its rescue drugs, the limits of vital signs worked
 * out for this patient, and what each drug allows after a reaction. Nothing here decides; watch.c does. */
#include "care/watch.h"
#include "clinic/news2.h"

#include <string.h>

enum { GUIDE_MAX = 60, LIMITS_MAX = 80 };

static const struct drug_use *rescue_use(const struct drug *d)
{
    for (int i = 0; d && i < d->uses_count; i++)
        if (strcmp(d->uses[i].use, "rescue") == 0)
            return &d->uses[i];
    return NULL;
}

/* The content names, in small letters, what an allergy entry says when it is about this drug. */
static const char *allergy_to(const struct drug *d, const struct allergy *all, int n, struct arena *a)
{
    for (int i = 0; d && i < n; i++) {
        char *said = arena_strdup(a, all[i].substance);
        for (char *p = said; *p; p++)
            if (*p >= 'A' && *p <= 'Z')
                *p = (char)(*p + ('a' - 'A'));
        for (int k = 0; k < d->allergies_count; k++)
            if (strstr(said, d->allergies[k].text))
                return all[i].substance;
    }
    return NULL;
}

static void pathway(struct view *v, const struct scene *s)
{
    const struct content *c = s->content;
    struct reaction_guide *rows = ARENA_ARRAY(v->a, GUIDE_MAX, struct reaction_guide);
    struct allergy *all = NULL;
    struct err e = {0};
    int n = 0, known = 0;
    /* an allergy list that cannot be read hides no rescue drug */
    if (!table_list(v->tx, &record_allergy, "patient=?2 ORDER BY id", VALS(V_TEXT(s->visit.patient)), &all, &known, &e))
        known = 0;
    for (int i = 0; i < c->reaction_steps_count && n < GUIDE_MAX; i++) {
        const struct reaction_step *g = &c->reaction_steps[i];
        const struct drug *d = g->drug ? content_drug(c, g->drug) : NULL;
        const struct drug_use *use = rescue_use(d);
        rows[n++] =
            (struct reaction_guide){g->grade, g->place, g->words, d ? (d->tall_man ? d->tall_man : d->generic) : NULL,
                use ? use->words : NULL, allergy_to(d, all, known, v->a)};
    }
    view_many(v, "pathway", &record_reaction_guide, rows, n);
}

static void symptoms(struct view *v, const struct scene *s)
{
    const struct content *c = s->content;
    struct symptom_row *rows = ARENA_ARRAY(v->a, GUIDE_MAX, struct symptom_row);
    int n = 0;
    for (; n < c->reaction_signs_count && n < GUIDE_MAX; n++)
        rows[n] = (struct symptom_row){c->reaction_signs[n].text, c->reaction_signs[n].grade_min};
    view_many(v, "symptoms", &record_symptom_row, rows, n);
}

static const struct vital_signs *baseline(const struct scene *s)
{
    for (int i = 0; i < s->vital_count; i++)
        if (strcmp(s->vitals[i].phase, "baseline") == 0)
            return &s->vitals[i];
    return NULL;
}

static const struct drug *drug_at(const struct scene *s, int order)
{
    return content_drug(s->content, s->orders[order].drug);
}

static void limits(struct view *v, const struct scene *s)
{
    struct sign_limit *rows = ARENA_ARRAY(v->a, LIMITS_MAX, struct sign_limit);
    const struct vital_signs *base = baseline(s);
    int n = 0;
    for (int i = 0; i < s->order_count; i++) {
        const struct drug *d = drug_at(s, i);
        for (int k = 0; d && k < d->changes_count && n < LIMITS_MAX; k++) {
            const struct drug_change *r = &d->changes[k];
            struct dec at = watch_limit(r, base);
            bool low = strcmp(r->test, "fall") == 0 || strcmp(r->test, "below") == 0;
            if (dec_is(at))
                rows[n++] = (struct sign_limit){r->sign, low ? "low" : "high", dec_trim(at), r->level, r->words};
        }
    }
    view_many(v, "limits", &record_sign_limit, rows, n);
}

static void restarts(struct view *v, const struct scene *s)
{
    struct restart_row *rows = ARENA_ARRAY(v->a, GUIDE_MAX, struct restart_row);
    int n = 0;
    for (int i = 0; i < s->order_count; i++) {
        const struct drug *d = drug_at(s, i);
        for (int k = 0; d && k < d->restarts_count && n < GUIDE_MAX; k++)
            rows[n++] = (struct restart_row){s->orders[i].drug_name, d->restarts[k].grade, d->restarts[k].words};
    }
    view_many(v, "restarts", &record_restart_row, rows, n);
}

/* Does one parameter alone score 3? From the points kept with the set. */
static bool is_red(struct arena *a, const struct vital_signs *set)
{
    struct err e = {0};
    const struct node *parts =
        set->news2_parts ? json_read(a, set->news2_parts, strlen(set->news2_parts), FIELD_LONG_MAX, &e) : NULL;
    struct dec points;
    node_each(p, parts) {
        if (node_dec(p, &points, &e) && dec_eq(points, dec_int(3)))
            return true;
    }
    return false;
}

static void bands(struct view *v, const struct scene *s)
{
    struct score_band *rows = ARENA_ARRAY(v->a, (size_t)s->vital_count + 1, struct score_band);
    int n = 0;
    for (int i = 0; i < s->vital_count; i++) {
        const struct vital_signs *set = &s->vitals[i];
        if (set->news2 != INT_NONE)
            rows[n++] = (struct score_band){
                set->id, set->news2, news2_band_name(news2_band_of((int)set->news2, is_red(v->a, set)))};
    }
    view_many(v, "bands", &record_score_band, rows, n);
}

void bedside_guide(struct view *v, const struct scene *s)
{
    bands(v, s);
    pathway(v, s);
    symptoms(v, s);
    limits(v, s);
    restarts(v, s);
}
