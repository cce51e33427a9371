#include "clinic/calc.h"

#include <string.h>

#include "base/json.h"
#include "clinic/calc_rooms.h"

static const struct calc *const *const tables[] = {
    calc_body, calc_kidney, calc_organ, calc_salt, calc_dose, calc_pk, calc_score};
enum { TABLES = sizeof tables / sizeof *tables };

const struct calc *calc_at(int i)
{
    for (int t = 0; t < TABLES && i >= 0; t++)
        for (const struct calc *const *c = tables[t]; *c; c++)
            if (i-- == 0)
                return *c;
    return NULL;
}

int calc_count(void)
{
    int n = 0;
    while (calc_at(n))
        n++;
    return n;
}

const struct calc *calc_find(const char *id)
{
    const struct calc *c;
    for (int i = 0; id && (c = calc_at(i)); i++)
        if (strcmp(c->id, id) == 0)
            return c;
    return NULL;
}

void calc_note_step(struct calc_result *r, const char *name, struct dec v, const char *unit)
{
    if (r->steps < CALC_STEPS_MAX)
        r->step[r->steps++] = (struct calc_step){name, {v, unit_find(unit)}};
}

void calc_note(struct calc_result *r, const char *text)
{
    if (r->notes < CALC_NOTES_MAX)
        r->note[r->notes++] = text;
}

bool calc_is(const struct calc_value *v, const char *word)
{
    return v->given && strcmp(v->word, word) == 0;
}

static int input_find(const struct calc *c, const char *name)
{
    for (int i = 0; i < CALC_INPUTS_MAX && c->input[i].name; i++)
        if (strcmp(c->input[i].name, name) == 0)
            return i;
    return -1;
}

static bool word_allowed(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = words; n;) {
        size_t len = strcspn(p, "|");
        if (len == n && memcmp(p, word, n) == 0)
            return true;
        if (!p[len])
            return false;
        p += len + 1;
    }
    return false;
}

static bool take_word(const struct calc_input *in, const struct calc_arg *arg, struct calc_value *out, struct err *e)
{
    if (!arg->word)
        return err_set(e, ERR_INPUT, in->name, "%s must be one of %s", in->name, in->words);
    if (!word_allowed(in->words, arg->word))
        return err_set(e, ERR_INPUT, in->name, "%s is \"%.40s\" and must be one of %s", in->name, arg->word, in->words);
    *out = (struct calc_value){.given = true, .v = DEC_NONE, .word = arg->word};
    return true;
}

static bool take_quantity(const struct calc_input *in, const struct calc_arg *arg, struct calc_result *r,
    struct calc_value *out, struct err *e)
{
    unit_t want = unit_find(in->unit), also = in->also ? unit_find(in->also) : UNIT_NONE;
    struct qty q = arg->q, given;
    char text[QTY_TEXT_MAX], low[QTY_TEXT_MAX], high[QTY_TEXT_MAX];
    if (!qty_is(q))
        return err_set(e, ERR_INPUT, in->name, "%s must be a number in %s", in->name, in->unit);
    if (also && unit_same_dim(q.u, also)) {
        if (!qty_to(q, also, &given, e))
            return false;
        q = (struct qty){dec_quot(given.v, dec_lit(in->also_per)), want};
        calc_note_step(r, in->name, q.v, in->unit);
    }
    if (!unit_same_dim(q.u, want))
        return err_set(e, ERR_INPUT, in->name, "%s is in %s and must be in %s", in->name, unit_code(q.u), in->unit);
    if (!qty_to(q, want, &given, e)) {
        err_within(e, in->name);
        return false;
    }
    struct qty lo = {dec_lit(in->low), want}, hi = {dec_lit(in->high), want};
    if (dec_lt(given.v, lo.v) || dec_lt(hi.v, given.v))
        return err_set(e, ERR_INPUT, in->name, "%s is %s and must be between %s and %s", in->name,
            qty_show(arg->q, text), qty_show(lo, low), qty_show(hi, high));
    *out = (struct calc_value){.given = true, .v = given.v};
    return true;
}

bool calc_run(const struct calc *c, const struct calc_arg *args, int n, struct calc_result *r, struct err *e)
{
    struct calc_value in[CALC_INPUTS_MAX] = {0};
    *r = (struct calc_result){.value = QTY_NONE};
    for (int i = 0; i < CALC_INPUTS_MAX; i++)
        in[i].v = DEC_NONE;
    for (int a = 0; a < n; a++) {
        int i = input_find(c, args[a].name);
        if (i < 0)
            return err_set(e, ERR_INPUT, args[a].name, "%s has no input \"%.40s\"", c->id, args[a].name);
        if (in[i].given)
            return err_set(e, ERR_INPUT, args[a].name, "%s is given twice", args[a].name);
        const struct calc_input *spec = &c->input[i];
        if (spec->words ? !take_word(spec, &args[a], &in[i], e) : !take_quantity(spec, &args[a], r, &in[i], e))
            return false;
    }
    for (int i = 0; i < CALC_INPUTS_MAX && c->input[i].name; i++)
        if (c->input[i].needed && !in[i].given)
            return err_set(e, ERR_INPUT, c->input[i].name, "%s is missing", c->input[i].name);
    if (!c->run(in, r, e))
        return false;
    r->value.u = unit_find(c->unit);
    if (!qty_is(r->value))
        return err_set(e, ERR_INPUT, c->id, "%s has no result for these inputs: a number in between is too large",
            c->id);
    return true;
}

bool calc_arg_parse(const struct calc *c, const char *name, const char *text, struct calc_arg *out, struct err *e)
{
    int i = input_find(c, name);
    if (i < 0)
        return err_set(e, ERR_INPUT, name, "%s has no input \"%.40s\"", c->id, name);
    *out = (struct calc_arg){c->input[i].name, QTY_NONE, NULL};
    if (c->input[i].words) {
        out->word = text;
        return true;
    }
    if (qty_parse(text, &out->q, e))
        return true;
    err_within(e, name);
    return false;
}

void calc_to_json(const struct calc *c, const struct calc_arg *args, int n, const struct calc_result *r,
    struct json *j, const char *key)
{
    json_object(j, key);
    json_str(j, "calculation", c->id);
    json_dec(j, "value", r->value.v);
    json_str(j, "unit", unit_code(r->value.u));
    json_str(j, "formula", c->formula);
    json_object(j, "inputs");
    for (int i = 0; i < n; i++)
        if (args[i].word)
            json_str(j, args[i].name, args[i].word);
        else
            json_qty(j, args[i].name, args[i].q);
    json_end(j, '}');
    json_list(j, "steps");
    for (int i = 0; i < r->steps; i++) {
        json_object(j, NULL);
        json_str(j, "name", r->step[i].name);
        json_dec(j, "value", r->step[i].q.v);
        json_str(j, "unit", unit_code(r->step[i].q.u));
        json_end(j, '}');
    }
    json_end(j, ']');
    json_list(j, "notes");
    for (int i = 0; i < r->notes; i++)
        json_str(j, NULL, r->note[i]);
    json_end(j, ']');
    json_str(j, "source", c->source);
    json_end(j, '}');
}
