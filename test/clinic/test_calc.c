#include "clinic/calc.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "test/base/harness.h"

enum { PAIRS_MAX = 12 };

/* "weight=80 kg;height=180 cm" → result; the text is cut in place of a copy. */
static bool run(const char *id, const char *inputs, struct calc_result *r, struct err *e)
{
    static char copy[512];
    struct calc_arg args[PAIRS_MAX];
    const struct calc *c = calc_find(id);
    int n = 0;
    assert_non_null(c);
    strcpy(copy, inputs);
    for (char *save = NULL, *p = strtok_r(copy, ";", &save); p; p = strtok_r(NULL, ";", &save)) {
        char *eq = strchr(p, '=');
        *eq = '\0';
        if (!calc_arg_parse(c, p, eq + 1, &args[n++], e))
            return false;
    }
    return calc_run(c, args, n, r, e);
}

/* Each bad input is refused by name. */
static void refuses_bad_inputs(void **s)
{
    (void)s;
    static const struct { const char *calc, *inputs, *where; } rows[] = {
        {"bsa.mosteller", "weight=80 kg", "height"},
        {"bsa.mosteller", "", "weight"},
        {"bsa.mosteller", "weight=700 kg;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=0 kg;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=-80 kg;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=180 kg;height=80 cm", "height"}, /* swapped */
        {"bsa.mosteller", "weight=80 cm;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=80;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=80 stone;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=eighty;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=80 kg;weight=81 kg;height=180 cm", "weight"},
        {"bsa.mosteller", "weight=80 kg;height=180 cm;shoe=44", "shoe"},
        {"bsa.mosteller", "weight=80 kg;height=5 m", "height"},
        {"ibw.devine", "sex=other;height=173 cm", "sex"},
        {"ibw.devine", "sex=;height=173 cm", "sex"},
        {"ibw.devine", "sex=male|female;height=173 cm", "sex"},
        {"ibw.devine", "sex=male;height=150 cm", "height"},
        {"adjbw", "sex=male;weight=80 kg;height=152 cm", "height"},
        {"crcl.cockcroft_gault", "age=12 a;weight=40 kg;sex=male;creatinine=0.5 mg/dL", "age"},
        {"crcl.cockcroft_gault", "age=40 a;weight=80 kg;sex=male;creatinine=0 mg/dL", "creatinine"},
        {"crcl.cockcroft_gault", "age=40 a;weight=80 kg;sex=male;creatinine=90 mg/dL", "creatinine"}, /* umol/L as mg/dL */
        {"crcl.cockcroft_gault", "age=40 a;weight=80 kg;sex=male;creatinine=1 U/L", "creatinine"},
        {"carboplatin.calvert", "auc=5 mg.min/mL;gfr=90 mL/min/{1.73_m2}", "gfr"}, /* an indexed GFR is not a GFR */
        {"carboplatin.calvert", "auc=5;gfr=90 mL/min", "auc"},
        {"map", "sbp=70 mm[Hg];dbp=110 mm[Hg]", "dbp"},
        {"news2", "rr=18 /min;spo2=96 %;scale=3;oxygen=no;sbp=120 mm[Hg];hr=75 /min;acvpu=A;temp=37.0 Cel", "scale"},
        {"news2", "rr=18 /min;spo2=96 %;scale=1;oxygen=no;sbp=120 mm[Hg];hr=75 /min;temp=37.0 Cel", "acvpu"},
        {"news2", "rr=18 /min;spo2=96 %;scale=1;oxygen=no;sbp=120 mm[Hg];hr=75 /min;acvpu=A;temp=98.6 Cel", "temp"},
        {"pk.one.trough", "dose=100 mg;duration=13 h;cl=5 L/h;v=50 L;tau=12 h", "duration"},
        {"steps.minutes", "start=50 /h;increment=50 /h;maximum=40 /h;every=30 min;amount=700", "steps"},
        {"rate.ml_h_to_dose", "rate=75 mL/h;weight=72.4 kg;concentration=0 ug/mL", "concentration"},
        {"rate.ml_h_to_dose", "rate=75 mL/h;weight=72.4 kg;concentration=5 U/mL", "concentration"},
        {"lbw.james", "sex=female;weight=400 kg;height=140 cm", "weight"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct calc_result r;
        struct err e = {0};
        if (run(rows[i].calc, rows[i].inputs, &r, &e))
            fail_msg("%s took %s", rows[i].calc, rows[i].inputs);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_string_equal(e.where, rows[i].where);
        assert_true(e.text[0]);
    }
}

/* Height and weight are not interchangeable, sexes differ, each input matters: no row of the table ignores one. */
static void every_input_matters(void **s)
{
    (void)s;
    static const struct { const char *calc, *a, *b; } rows[] = {
        {"bsa.dubois", "weight=120 kg;height=150 cm", "weight=150 kg;height=120 cm"},
        {"bsa.haycock", "weight=120 kg;height=150 cm", "weight=150 kg;height=120 cm"},
        {"bsa.gehan_george", "weight=120 kg;height=150 cm", "weight=150 kg;height=120 cm"},
        {"bsa.boyd", "weight=120 kg;height=150 cm", "weight=150 kg;height=120 cm"},
        {"bmi", "weight=120 kg;height=150 cm", "weight=150 kg;height=120 cm"},
        {"ibw.devine", "sex=male;height=170 cm", "sex=female;height=170 cm"},
        {"lbw.boer", "sex=male;weight=70 kg;height=170 cm", "sex=female;weight=70 kg;height=170 cm"},
        {"egfr.mdrd", "age=50 a;sex=male;creatinine=1 mg/dL", "age=50 a;sex=female;creatinine=1 mg/dL"},
        {"carboplatin.calvert", "auc=5 mg.min/mL;gfr=140 mL/min", "auc=5 mg.min/mL;gfr=140 mL/min;gfr_cap=125 mL/min"},
        {"iron.ganzoni", "weight=70 kg;hb_actual=8 g/dL;hb_target=12 g/dL", "weight=70 kg;hb_actual=12 g/dL;hb_target=8 g/dL"},
        {"qtc.bazett", "qt=400 ms;hr=90 /min", "qt=400 ms;hr=91 /min"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct calc_result a, b;
        struct err e = {0};
        assert_true(run(rows[i].calc, rows[i].a, &a, &e));
        assert_true(run(rows[i].calc, rows[i].b, &b, &e));
        assert_false(dec_eq(a.value.v, b.value.v));
    }
}

/* Doses rise with the body: Mosteller, Boyd and the clearances are monotone over the adult range. */
static void is_monotone(void **s)
{
    (void)s;
    static const char *const ids[] = {"bsa.mosteller", "bsa.dubois", "bsa.haycock", "bsa.gehan_george", "bsa.boyd"};
    struct err e = {0};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct dec before = dec_int(0);
        for (int kg = 20; kg <= 400; kg += 20) {
            struct calc_arg args[] = {{"weight", {dec_int(kg), unit_find("kg")}, NULL}, {"height", qty_lit("170 cm"), NULL}};
            struct calc_result r;
            assert_true(calc_run(calc_find(ids[i]), args, 2, &r, &e));
            assert_true(dec_lt(before, r.value.v));
            before = r.value.v;
        }
    }
}

static void proves_itself(void **s)
{
    (void)s;
    struct calc_result r;
    struct err e = {0};
    assert_true(run("carboplatin.calvert", "auc=5 mg.min/mL;gfr=140 mL/min;gfr_cap=125 mL/min", &r, &e));
    assert_int_equal(r.steps, 2);
    assert_string_equal(r.step[0].name, "GFR used");
    assert_true(dec_eq(r.step[0].q.v, dec_int(125)));
    assert_int_equal(r.notes, 2);
    assert_string_equal(r.note[0], "GFR: method not stated");
    assert_string_equal(r.note[1], "GFR capped");
    assert_true(run("carboplatin.calvert", "auc=5 mg.min/mL;gfr=140 mL/min;gfr_cap=125 mL/min;gfr_method=measured", &r, &e));
    assert_string_equal(r.note[1], "a measured GFR is not capped");
    assert_true(run("carboplatin.calvert", "auc=5 mg.min/mL;gfr=140 mL/min;gfr_method=creatinine", &r, &e));
    assert_int_equal(r.notes, 2);
    assert_true(run("crcl.policy", "age=70 a;sex=female;weight=60 kg;height=150 cm;creatinine=0.4 mg/dL;weight_policy=ideal;creatinine_floor=0.7 mg/dL;cap=50 mL/min", &r, &e));
    assert_int_equal(r.notes, 3); /* floor, short, cap */
    assert_true(run("crcl.cockcroft_gault", "age=40 a;weight=80 kg;sex=male;creatinine=84 umol/L", &r, &e));
    assert_string_equal(r.step[0].name, "creatinine"); /* converted, and shown */
    assert_true(dec_eq(r.step[0].q.v, dec_lit("0.950226244343891")));
    assert_true(run("news2", "rr=26 /min;spo2=90 %;scale=1;oxygen=yes;sbp=85 mm[Hg];hr=125 /min;acvpu=A;temp=35.5 Cel", &r, &e));
    static const int parts[] = {3, 3, 2, 3, 2, 0, 1};
    assert_int_equal(r.steps, 7);
    for (int i = 0; i < 7; i++)
        assert_true(dec_eq(r.step[i].q.v, dec_int(parts[i])));
}

static void writes_json(void **s)
{
    (void)s;
    struct buf b;
    struct json j;
    struct err e = {0};
    struct calc_result r;
    struct calc_arg args[] = {{"weight", qty_lit("80.0 kg"), NULL}, {"height", qty_lit("180 cm"), NULL}};
    const struct calc *c = calc_find("bsa.mosteller");
    assert_true(calc_run(c, args, 2, &r, &e));
    buf_init(&b, 10000);
    json_init(&j, &b);
    calc_to_json(c, args, 2, &r, &j, NULL);
    struct arena *a = arena_new();
    struct node *n = json_read(a, b.data, b.len, b.len, &e);
    assert_non_null(n);
    assert_string_equal(node_path(n, "value")->text, "2");
    assert_string_equal(node_str_at(n, "unit"), "m2");
    assert_string_equal(node_path(n, "inputs.weight.value")->text, "80.0");
    assert_string_equal(node_path(n, "steps[0].value")->text, "4");
    arena_free(a);
    buf_fini(&b);
}

/* The table itself: ids differ, units and limits are read, every formula and source is there. */
static void table_is_sound(void **s)
{
    (void)s;
    assert_true(calc_count() >= 55);
    assert_null(calc_at(-1));
    assert_null(calc_at(calc_count()));
    assert_null(calc_find("nothing"));
    for (int i = 0; i < calc_count(); i++) {
        const struct calc *c = calc_at(i);
        assert_ptr_equal(calc_find(c->id), c);
        assert_true(c->formula[0] && c->source[0] && c->title[0]);
        assert_int_not_equal(unit_find(c->unit), UNIT_NONE);
        for (int k = 0; k < CALC_INPUTS_MAX && c->input[k].name; k++) {
            const struct calc_input *in = &c->input[k];
            assert_true((in->words != NULL) != (in->unit != NULL));
            if (in->unit) {
                assert_int_not_equal(unit_find(in->unit), UNIT_NONE);
                assert_true(dec_lt(dec_lit(in->low), dec_lit(in->high)));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_bad_inputs), cmocka_unit_test(every_input_matters), cmocka_unit_test(is_monotone),
        cmocka_unit_test(proves_itself), cmocka_unit_test(writes_json), cmocka_unit_test(table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
