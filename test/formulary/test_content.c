/* The shipped content reads, and reads the same from the folder, the built-in set and a released blob. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <sodium.h>

#include "clinic/steps.h"
#include "formulary/builtin.h"
#include "formulary/content.h"

static const char *content_dir;

static const struct content *shipped(struct arena *a)
{
    const struct content *c = NULL;
    struct err e = {0};
    if (!content_read_dir(a, content_dir, &c, &e))
        fail_msg("%s: %s", e.where, e.text);
    return c;
}

static void same_release_however_read(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *dir = shipped(a), *set = NULL, *blob = NULL;
    struct err e = {0};
    assert_true(content_read_embedded(a, &content_builtin, &set, &e));
    if (!content_read_blob(a, dir->blob, dir->blob_len, &blob, &e))
        fail_msg("%s: %s", e.where, e.text);
    assert_int_equal(strlen(dir->hash), 64);
    assert_string_equal(dir->hash, set->hash);
    assert_string_equal(dir->hash, blob->hash);
    assert_string_equal(dir->blob, blob->blob);
    assert_int_equal(dir->drugs_count, blob->drugs_count);
    arena_free(a);
}

static void numbers_stay_as_written(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct drug *d = content_drug(shipped(a), "ferric_carboxymaltose");
    char text[QTY_TEXT_MAX];
    assert_non_null(d);
    assert_string_equal(qty_text(d->vials[0].amount, text), "750 mg");
    assert_string_equal(dec_text(d->vials[0].cost, text), "930.00");
    assert_string_equal(d->infusion->method, "pump");
    assert_int_equal(d->infusion->duration_min, 15);
    assert_int_equal(d->restarts_count, 4);
    assert_string_equal(drug_restart_for(d, 3)->action, "never");
    assert_null(drug_restart_for(d, 5));
    assert_string_equal(drug_billing_on(d, "2026-03-09")->hcpcs, "J1439");
    assert_null(drug_billing_on(d, "2019-12-31"));
    arena_free(a);
}

static void regimens_by_indication(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    const struct regimen *r[4];
    assert_int_equal(content_regimens_for(c, "D50.9", r, 4), 2);
    assert_string_equal(r[1]->id, "iron_sucrose_ckd");
    assert_string_equal(r[0]->id, "fcm_ida");
    assert_int_equal(r[0]->visits_count, 2);
    assert_int_equal(r[0]->visits[1].day, 7);
    assert_int_equal(r[0]->visits[1].number, 2);
    assert_int_equal(content_regimens_for(c, "Z99.9", r, 4), 0);
    arena_free(a);
}

static void nobody_approved_it(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    struct err e = {0};
    assert_true(c->demo);
    assert_true(content_usable(c, true, &e));
    assert_false(content_usable(c, false, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    arena_free(a);
}

static void lists_match_words_and_endings(void **state)
{
    (void)state;
    assert_true(content_code_listed("D80.0 D83.*", "D83.9"));
    assert_true(content_code_listed("D80.0 D83.*", "D80.0"));
    assert_false(content_code_listed("D80.0 D83.*", "D80.1"));
    assert_false(content_code_listed("D80.0 D83.*", "D8"));
    assert_false(content_code_listed("D80.0", ""));
    assert_false(content_code_listed(NULL, "D80.0"));
    assert_false(content_word_listed("mon tue", "mo"));
    assert_true(content_word_listed("mon tue", "tue"));
}

/* Every adult weight meets exactly one band, and every dose of the bands a bag within the concentration limits. */
static void bands_and_bags_have_no_gap(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    const struct regimen_dose *r = regimen_find_dose(content_regimen(c, "fcm_ida"), "fcm");
    const struct drug_preparation *p = content_drug(c, r->drug)->preparation;
    for (int64_t w = 300; w < 3000; w++) { /* tenths of a kg */
        struct qty kg = {DEC(w, 1), unit_find("kg")}, dose = QTY_NONE;
        struct err e = {0};
        int bands = 0, bags = 0, low, high;
        for (int i = 0; i < r->bands_count; i++) {
            assert_true(qty_cmp(kg, r->bands[i].from, &low, &e) && qty_cmp(kg, r->bands[i].below, &high, &e));
            if (low < 0 || high >= 0)
                continue;
            bands++;
            dose = qty_is(r->bands[i].flat) ? r->bands[i].flat : qty_mul(r->bands[i].per_kg, kg);
        }
        assert_int_equal(bands, 1);
        assert_true(qty_to(dose, unit_find("mg"), &dose, &e));
        struct qty drug_ml = qty_div(dose, qty_lit("50 mg/mL"));
        for (int i = 0; i < p->diluents_count; i++) {
            struct qty conc = qty_div(dose, qty_add(p->diluents[i].volume, drug_ml));
            assert_true(qty_cmp(conc, p->concentration_min, &low, &e) && qty_cmp(conc, p->concentration_max, &high, &e));
            bags += low >= 0 && high <= 0;
        }
        if (bags == 0)
            fail_msg("no bag at %lld.%lld kg", (long long)(w / 10), (long long)(w % 10));
    }
    arena_free(a);
}

/* The step engine and the check in the content come to one total; at 70 kg the first and last rate are the published
 * 21 and 336 mL/h (clinical reference section 2.6). */
static void immune_globulin_steps(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct drug_infusion *n = content_drug(shipped(a), "immune_globulin_10")->infusion;
    struct step steps[STEPS_MAX];
    struct step_plan plan;
    struct err e = {0};
    struct dec first = DEC_NONE, last = DEC_NONE;
    struct qty per_hour;
    for (int i = 0; i < n->steps_count; i++) {
        assert_true(qty_to(n->steps[i].rate, unit_find("mg/kg/h"), &per_hour, &e));
        steps[i] = (struct step){per_hour.v, n->steps[i].minutes == INT_NONE ? DEC_NONE : dec_int(n->steps[i].minutes)};
    }
    assert_true(steps_run(a, steps, n->steps_count, dec_int(400), &plan, &e));
    assert_int_equal(dec_cmp(dec_round(plan.minutes, 2, DEC_HALF_AWAY), dec_lit("149.17")), 0);
    assert_int_equal(n->declared_min, 149);
    assert_true(steps_rate_ml_h(n->steps[0].rate, qty_lit("70 kg"), qty_lit("100 mg/mL"), &first, &e));
    assert_true(steps_rate_ml_h(n->steps[n->steps_count - 1].rate, qty_lit("70 kg"), qty_lit("100 mg/mL"), &last, &e));
    assert_int_equal(dec_cmp(first, dec_int(21)), 0);
    assert_int_equal(dec_cmp(last, dec_int(336)), 0);
    arena_free(a);
}

static void repeated_visits_unfold(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct regimen *g = content_regimen(shipped(a), "ivig_pid");
    assert_int_equal(g->visits_count, 6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(g->visits[i].day, 28 * i);
        assert_int_equal(g->visits[i].number, i + 1);
    }
    arena_free(a);
}

static void payers_know_their_diagnoses(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    const char *plain = payer_find_cover(content_payer(c, "demo-plain"), "immune_globulin_10")->diagnoses;
    assert_true(content_code_listed(plain, "D83.9")); /* the fixture of the billing reference, section 4.3 */
    assert_false(content_code_listed(plain, "D80.1"));
    assert_false(content_code_listed(plain, "G61.81"));
    assert_ptr_equal(content_payer(c, "Demo Blue (fictional)"), content_payer(c, "demo-blue"));
    assert_null(payer_find_cover(content_payer(c, "demo-blue"), "epinephrine"));
    assert_string_equal(content_price_code(c, "TPD_INF_INIT")->code, "DEMO-TPD-INF-INIT");
    arena_free(a);
}

static void site_times_are_minutes(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct site *s = shipped(a)->site;
    assert_int_equal(s->opens_min, 450);
    assert_int_equal(s->closes_min, 1080);
    assert_int_equal(s->open_mask, 0x3e); /* Monday to Friday */
    assert_int_equal(s->shifts[2].start_min, 9 * 60 + 45);
    assert_int_equal(s->shifts[3].day_mask, 1 << 1 | 1 << 3 | 1 << 5);
    arena_free(a);
}

static void leaflets_fall_back_to_english(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    assert_non_null(strstr(content_leaflet(c, "iron", "es"), "Su infusi"));
    assert_ptr_equal(content_leaflet(c, "iron", "xx"), content_leaflet(c, "iron", "en"));
    assert_null(content_leaflet(c, "gold", "en"));
    arena_free(a);
}

static void embedded_files_are_whole(void **state)
{
    (void)state;
    assert_true(content_builtin.count > 10);
    for (int i = 0; i < content_builtin.count; i++) {
        const struct embed_file *f = &content_builtin.files[i];
        unsigned char digest[crypto_hash_sha256_BYTES];
        char hex[sizeof digest * 2 + 1];
        crypto_hash_sha256(digest, f->data, f->len);
        sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
        assert_string_equal(hex, f->sha256);
        assert_int_equal(f->data[f->len], 0);
        assert_ptr_equal(embed_find(&content_builtin, f->path), f);
    }
    assert_null(embed_find(&content_builtin, "drugs"));
    assert_null(embed_find(&content_builtin, "zzz"));
}

/* A blob with other bytes is refused or is another release; never half read. */
static void broken_blobs(void **state)
{
    (void)state;
    static const char *const blobs[] = {
        "", "{}", "[]", "{\"schema\":\"venule-content/1\"}", "{\"schema\":\"venule-content/2\",\"files\":{}}",
        "{\"schema\":\"venule-content/1\",\"files\":{\"site.yaml\":[]}}",
        "{\"schema\":\"venule-content/1\",\"files\":{\"site.yaml\":{\"kind\":\"site\"}}}",
        "{\"schema\":\"venule-content/1\",\"files\":{\"site.yaml\":7}}"};
    for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++) {
        struct arena *a = arena_new();
        const struct content *c = NULL;
        struct err e = {0};
        if (content_read_blob(a, blobs[i], strlen(blobs[i]), &c, &e))
            fail_msg("was read: %s", blobs[i]);
        assert_true(e.text[0] != 0);
        arena_free(a);
    }
}

static void entry_as_json(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    struct buf b;
    struct json j;
    struct err e = {0};
    buf_init(&b, CONTENT_BLOB_MAX);
    json_init(&j, &b);
    assert_true(content_entry_json(c, "drug", "ferric_carboxymaltose", &j, NULL, &e));
    assert_non_null(strstr(buf_str(&b), "\"price\":1.85"));
    assert_non_null(json_read(a, buf_str(&b), b.len, CONTENT_BLOB_MAX, &e));
    assert_false(content_entry_json(c, "drug", "unobtainium", &j, NULL, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    buf_fini(&b);
    arena_free(a);
}

int main(int argc, char **argv)
{
    content_dir = argc > 1 ? argv[1] : "content";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_release_however_read),
        cmocka_unit_test(numbers_stay_as_written),
        cmocka_unit_test(regimens_by_indication),
        cmocka_unit_test(nobody_approved_it),
        cmocka_unit_test(lists_match_words_and_endings),
        cmocka_unit_test(bands_and_bags_have_no_gap),
        cmocka_unit_test(immune_globulin_steps),
        cmocka_unit_test(repeated_visits_unfold),
        cmocka_unit_test(payers_know_their_diagnoses),
        cmocka_unit_test(site_times_are_minutes),
        cmocka_unit_test(leaflets_fall_back_to_english),
        cmocka_unit_test(embedded_files_are_whole),
        cmocka_unit_test(broken_blobs),
        cmocka_unit_test(entry_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
