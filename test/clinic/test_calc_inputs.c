/* Every numeric input of every calculation: missing, zero, negative, absurd, of another unit, without a unit, no number:
 * refused by name, in words, and no value comes out. The samples are the rows of keys.csv (argument): a calculation
 * without an answer key fails here. */
#include <stdio.h>
#include <string.h>

#include "clinic/calc.h"
#include "test/base/harness.h"

enum { LINE = 4096, CALCS_MAX = 200, PAIRS_MAX = CALC_INPUTS_MAX };

static const char *keys_path;
static char samples[CALCS_MAX][LINE]; /* by place in the table of calculations; "" none */

struct pairs {
    int n;
    char name[PAIRS_MAX + 1][40], text[PAIRS_MAX + 1][60];
};

static int read_samples(void **s)
{
    (void)s;
    char line[LINE];
    FILE *f = fopen(keys_path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        char *id = strchr(line, ','), *inputs = id ? strchr(id + 1, ',') : NULL, *end = inputs ? strchr(inputs + 1, ',') : NULL;
        if (!end)
            continue;
        *inputs = *end = '\0';
        for (int i = 0; i < calc_count() && i < CALCS_MAX; i++)
            if (strcmp(calc_at(i)->id, id + 1) == 0 && strlen(inputs + 1) > strlen(samples[i]))
                strcpy(samples[i], inputs + 1); /* the longest names the most inputs */
    }
    fclose(f);
    return 0;
}

static struct pairs pairs_of(const char *sample)
{
    char copy[LINE];
    struct pairs p = {0};
    strcpy(copy, sample);
    for (char *save = NULL, *t = strtok_r(copy, ";", &save); t; t = strtok_r(NULL, ";", &save)) {
        char *eq = strchr(t, '=');
        assert_true(eq && p.n < PAIRS_MAX);
        *eq = '\0';
        snprintf(p.name[p.n], sizeof p.name[0], "%s", t);
        snprintf(p.text[p.n++], sizeof p.text[0], "%s", eq + 1);
    }
    return p;
}

static bool run(const struct calc *c, const struct pairs *p, struct calc_result *r, struct err *e)
{
    struct calc_arg args[PAIRS_MAX + 1];
    *r = (struct calc_result){.value = QTY_NONE};
    for (int i = 0; i < p->n; i++)
        if (!calc_arg_parse(c, p->name[i], p->text[i], &args[i], e))
            return false;
    return calc_run(c, args, p->n, r, e);
}

/* The sample with `text` for the input; NULL drops it. */
static struct pairs with(struct pairs p, const char *name, const char *text)
{
    int at = 0;
    while (at < p.n && strcmp(p.name[at], name) != 0)
        at++;
    if (!text) {
        if (at == p.n)
            return p;
        p.n--;
        memmove(p.name[at], p.name[at + 1], (size_t)(p.n - at) * sizeof p.name[0]);
        memmove(p.text[at], p.text[at + 1], (size_t)(p.n - at) * sizeof p.text[0]);
        return p;
    }
    snprintf(p.name[at], sizeof p.name[0], "%s", name);
    snprintf(p.text[at], sizeof p.text[0], "%s", text);
    p.n += at == p.n;
    return p;
}

static int refusals;

static void refused(const struct calc *c, struct pairs p, const char *name, const char *why)
{
    struct calc_result r;
    struct err e = {0};
    if (run(c, &p, &r, &e))
        fail_msg("%s gives a value with %s %s", c->id, name, why);
    assert_int_equal(e.kind, ERR_INPUT);
    if (strcmp(e.where, name) != 0)
        fail_msg("%s, %s %s: blamed %s: %s", c->id, name, why, e.where, e.text);
    assert_true(strlen(e.text) > 10);
    assert_false(qty_is(r.value));
    refusals++;
}

static const char *foreign(const struct calc_input *in)
{
    static const char *const units[] = {"Cel", "mg/kg", "kPa"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!unit_same_dim(unit_find(units[i]), unit_find(in->unit)) &&
            (!in->also || !unit_same_dim(unit_find(units[i]), unit_find(in->also))))
            return units[i];
    return "";
}

static void each_input_of(const struct calc *c, const struct calc_input *in, struct pairs good)
{
    char text[60], number[DEC_TEXT_MAX];
    struct dec low = dec_lit(in->low), high = dec_lit(in->high);
    const char *unit = strcmp(in->unit, "1") == 0 ? "" : in->unit;
    if (in->needed)
        refused(c, with(good, in->name, NULL), in->name, "missing");
    if (dec_sign(low) > 0) {
        snprintf(text, sizeof text, "0 %s", unit);
        refused(c, with(good, in->name, text), in->name, "zero");
    }
    struct dec under = dec_sub(dec_min(low, dec_int(0)), dec_lit("0.001"));
    snprintf(text, sizeof text, "%s %s", dec_text(under, number), unit);
    refused(c, with(good, in->name, text), in->name, "negative");
    snprintf(text, sizeof text, "%s %s", dec_text(dec_mul(dec_max(high, dec_int(1)), dec_int(1000)), number), unit);
    refused(c, with(good, in->name, text), in->name, "a thousandfold of the highest");
    snprintf(text, sizeof text, "%s %s", dec_text(dec_add(high, dec_lit("0.000001")), number), unit);
    refused(c, with(good, in->name, text), in->name, "just over its limit");
    snprintf(text, sizeof text, "%s %s", dec_text(high, number), foreign(in));
    refused(c, with(good, in->name, text), in->name, "of another unit");
    if (*unit)
        refused(c, with(good, in->name, dec_text(high, number)), in->name, "without a unit");
    static const char *const no_number[] = {"", "many", "nan", "1e999", "12345678901234567890", "0x10", "1,5", "--1"};
    for (size_t i = 0; i < sizeof no_number / sizeof *no_number; i++) {
        snprintf(text, sizeof text, "%s %s", no_number[i], unit);
        refused(c, with(good, in->name, text), in->name, no_number[i]);
    }
}

static void every_input_refused(void **s)
{
    (void)s;
    int numeric = 0;
    for (int i = 0; i < calc_count(); i++) {
        const struct calc *c = calc_at(i);
        struct calc_result r;
        struct err e = {0};
        if (!samples[i][0])
            fail_msg("%s has no answer key", c->id);
        struct pairs good = pairs_of(samples[i]);
        if (!run(c, &good, &r, &e))
            fail_msg("%s refuses its own sample: %s: %s", c->id, e.where, e.text);
        for (int k = 0; k < CALC_INPUTS_MAX && c->input[k].name; k++) {
            const struct calc_input *in = &c->input[k];
            if (in->words) {
                refused(c, with(good, in->name, "nothing of the kind"), in->name, "an unknown word");
                continue;
            }
            each_input_of(c, in, good);
            numeric++;
        }
    }
    assert_true(numeric > 150 && refusals > numeric * 12);
}

/* At its limits an input is taken (by itself: a formula may still see that two inputs contradict each other). */
static void limits_are_inclusive(void **s)
{
    (void)s;
    for (int i = 0; i < calc_count(); i++) {
        const struct calc *c = calc_at(i);
        struct pairs good = pairs_of(samples[i]);
        for (int k = 0; k < CALC_INPUTS_MAX && c->input[k].name; k++)
            for (int end = 0; end < 2 && c->input[k].unit; end++) {
                struct calc_result r;
                struct err e = {0};
                char text[60];
                snprintf(text, sizeof text, "%s %s", end ? c->input[k].high : c->input[k].low,
                    strcmp(c->input[k].unit, "1") == 0 ? "" : c->input[k].unit);
                struct pairs p = with(good, c->input[k].name, text);
                if (!run(c, &p, &r, &e) && strstr(e.text, "must be between"))
                    fail_msg("%s, %s at %s: %s", c->id, c->input[k].name, text, e.text);
            }
    }
}

int main(int argc, char **argv)
{
    keys_path = argc > 1 ? argv[1] : "keys.csv";
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_input_refused), cmocka_unit_test(limits_are_inclusive)};
    return cmocka_run_group_tests(tests, read_samples, NULL);
}
