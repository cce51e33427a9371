#include "clinic/derive_io.h"

#include <string.h>

#include "base/json.h"

static const char *const bases[] = {"flat", "per_kg", "per_m2", "auc", "by_weight", NULL};
static const char *const surfaces[] = {"mosteller", "dubois", "haycock", "gehan_george", "boyd", NULL};
static const char *const weights[] = {"actual", "ideal", "adjusted", "lower", "by_bmi", NULL};
static const char *const roundings[] = {"none", "step", NULL};
static const char *const hows[] = {"half_away", "down", "up", NULL}; /* as enum dec_round begins */

static void put_qty(struct json *j, const char *key, struct qty q)
{
    char text[QTY_TEXT_MAX];
    if (qty_is(q))
        json_str(j, key, qty_text(q, text));
}

void derive_question_json(const struct derive_order *o, const struct derive_patient *p, struct json *j, const char *key)
{
    if (o->rule_n || o->level_n || o->band_n || p->finding_n) {
        json_str(j, key, NULL);
        return;
    }
    json_object(j, key);
    json_str(j, "basis", bases[o->basis]);
    json_str(j, "unit", o->unit);
    put_qty(j, "amount", o->amount);
    json_str(j, "weight", weights[o->weight]);
    if (dec_is(o->bmi_over))
        json_dec(j, "bmi_over", o->bmi_over);
    put_qty(j, "weight_cap", o->weight_cap);
    json_str(j, "surface", surfaces[o->surface]);
    put_qty(j, "surface_cap", o->surface_cap);
    put_qty(j, "creatinine_floor", o->creatinine_floor);
    put_qty(j, "gfr_cap", o->gfr_cap);
    put_qty(j, "cap", o->cap);
    json_str(j, "rounding", roundings[o->rounding]);
    put_qty(j, "step", o->step);
    json_str(j, "how", hows[o->how]);
    if (dec_is(o->keep_weight_percent))
        json_dec(j, "keep_weight_percent", o->keep_weight_percent);
    json_list(j, "weight_bands");
    for (int i = 0; i < o->weight_band_n; i++) {
        json_object(j, NULL);
        json_dec(j, "from", o->weight_bands[i].from);
        json_dec(j, "below", o->weight_bands[i].below);
        put_qty(j, "amount", o->weight_bands[i].amount);
        json_end(j, '}');
    }
    json_end(j, ']');
    json_object(j, "patient");
    json_str(j, "sex", p->sex);
    if (dec_is(p->age))
        json_dec(j, "age", p->age);
    put_qty(j, "weight", p->weight.value);
    put_qty(j, "height", p->height.value);
    put_qty(j, "creatinine", p->creatinine.value);
    put_qty(j, "gfr", p->gfr.value);
    put_qty(j, "weight_before", p->weight_before);
    json_end(j, '}');
    json_end(j, '}');
}

static bool get_word(const struct node *n, const char *key, const char *const *words, int *out, struct err *e)
{
    const char *text = node_str_at(n, key);
    for (int i = 0; text && words[i]; i++)
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return true;
        }
    return err_set(e, ERR_INPUT, key, "the question says no known %s", key);
}

static bool get_qty(const struct node *n, const char *key, struct qty *out, struct err *e)
{
    const char *text = node_str_at(n, key);
    *out = QTY_NONE;
    return !text || qty_parse(text, out, e);
}

static bool get_dec(const struct node *n, const char *key, struct dec *out, struct err *e)
{
    struct node *d = node_get(n, key);
    *out = DEC_NONE;
    return !d || node_dec(d, out, e);
}

static bool read_bands(struct arena *a, const struct node *n, struct derive_order *o, struct err *e)
{
    struct node *list = node_get(n, "weight_bands");
    int count = list ? list->count : 0;
    if (count > DERIVE_BANDS_MAX)
        return err_set(e, ERR_TOO_LARGE, "weight_bands", "more than %d bands", DERIVE_BANDS_MAX);
    struct derive_weight_band *bands = ARENA_ARRAY(a, (size_t)count + 1, struct derive_weight_band);
    for (int i = 0; i < count; i++) {
        struct node *b = node_at(list, i);
        if (!get_dec(b, "from", &bands[i].from, e) || !get_dec(b, "below", &bands[i].below, e) ||
            !get_qty(b, "amount", &bands[i].amount, e))
            return false;
        if (!dec_is(bands[i].from) || !dec_is(bands[i].below))
            return err_set(e, ERR_INPUT, "weight_bands", "a band of the question has no limits");
    }
    o->weight_bands = bands;
    o->weight_band_n = count;
    return true;
}

static bool read_patient(struct arena *a, const struct node *n, struct derive_patient *p, struct err *e)
{
    *p = (struct derive_patient){.sex = arena_strdup(a, node_str_at(n, "sex")), .now = 0};
    p->weight.taken = p->height.taken = p->creatinine.taken = p->gfr.taken = UTC_NONE;
    return get_dec(n, "age", &p->age, e) && get_qty(n, "weight", &p->weight.value, e) &&
        get_qty(n, "height", &p->height.value, e) && get_qty(n, "creatinine", &p->creatinine.value, e) &&
        get_qty(n, "gfr", &p->gfr.value, e) && get_qty(n, "weight_before", &p->weight_before, e);
}

bool derive_question_read(
    struct arena *a, const struct node *n, struct derive_order *o, struct derive_patient *p, struct err *e)
{
    int basis, weight, surface, rounding, how;
    if (!n || n->kind != NODE_MAP)
        return err_set(e, ERR_INPUT, "question", "the proof holds no question");
    *o = (struct derive_order){.drug = "", .unit = arena_strdup(a, node_str_at(n, "unit"))};
    if (!get_word(n, "basis", bases, &basis, e) || !get_word(n, "weight", weights, &weight, e) ||
        !get_word(n, "surface", surfaces, &surface, e) || !get_word(n, "rounding", roundings, &rounding, e) ||
        !get_word(n, "how", hows, &how, e))
        return false;
    o->basis = (enum derive_basis)basis;
    o->weight = (enum derive_weight)weight;
    o->surface = (enum derive_surface)surface;
    o->rounding = (enum derive_rounding)rounding;
    o->how = (enum dec_round[]){DEC_HALF_AWAY, DEC_DOWN, DEC_UP}[how];
    return get_qty(n, "amount", &o->amount, e) && get_dec(n, "bmi_over", &o->bmi_over, e) &&
        get_qty(n, "weight_cap", &o->weight_cap, e) && get_qty(n, "surface_cap", &o->surface_cap, e) &&
        get_qty(n, "creatinine_floor", &o->creatinine_floor, e) && get_qty(n, "gfr_cap", &o->gfr_cap, e) &&
        get_qty(n, "cap", &o->cap, e) && get_qty(n, "step", &o->step, e) &&
        get_dec(n, "keep_weight_percent", &o->keep_weight_percent, e) && read_bands(a, n, o, e) &&
        read_patient(a, node_get(n, "patient"), p, e);
}
