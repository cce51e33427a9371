/* Planted defects: the shipped content with one thing broken in one file. Each must be found by its rule, in its file,
 * at its line; and content with it must not be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli.h"
#include "formulary/builtin.h"
#include "formulary/content_read.h"
#include "formulary/fill.h"

struct defect {
    const char *rule, *file;
    const char *good, *bad; /* the first `good` of the file becomes `bad` */
    const char *at;         /* the finding's line holds this */
};

#define FCM "drugs/ferric_carboxymaltose.yaml"
#define IG "drugs/immune_globulin_10.yaml"
#define IDA "regimens/fcm_ida.yaml"
#define PID "regimens/ivig_pid.yaml"
#define VCR "drugs/vincristine.yaml"
#define DOXO "drugs/doxorubicin.yaml"
#define OXALI "drugs/oxaliplatin.yaml"
#define VANC "drugs/vancomycin.yaml"
#define PCA "drugs/morphine.yaml"
#define RTX "drugs/rituximab.yaml"
#define CTX "drugs/ceftriaxone.yaml"
#define CP "regimens/carboplatin_paclitaxel.yaml"
#define FOLFOX "regimens/mfolfox6.yaml"
#define CHOP "regimens/rchop21.yaml"
#define PEMB "regimens/pembrolizumab_q3w.yaml"

static const struct defect defects[] = {
    /* the text itself */
    {"syntax", FCM, "drug:\n  id:", "drug:\n\tid:", ""},
    {"syntax", FCM, "  kind: therapy", "  kind: therapy\n  kind: fluid", "kind: fluid"},
    {"shape", FCM, "  uncertain: needs a reason", "  uncertain: maybe", "uncertain: maybe"},
    {"shape", FCM, "  double_check: false", "  doubel_check: false", "doubel_check"},
    {"shape", FCM, "kind: drug", "kind: potion", "kind: potion"},
    {"shape", FCM, "    observe_min: 30", "    observe_min: half an hour", "observe_min"},
    {"shape", "site.yaml", "  closes: \"18:00\"\n", "", "site:"},
    /* sources */
    {"missing_source", FCM, "    source: label safety site\n", "", "infusion:"},
    {"missing_source", IG, "minutes: 30, source: maker rch}", "minutes: 30}", "rate: 0.5 mg/kg/min"},
    {"unknown_source", FCM, "  source: label spl", "  source: my_cousin", "my_cousin"},
    /* units */
    {"unit", FCM, "amount: 750 mg, volume: 15 mL", "amount: 750 mg, volume: 15 mg", "volume: 15 mg"},
    {"unit", FCM, "amount: 750 mg,", "amount: 750 milligrams,", "milligrams"},
    {"unit", FCM, "    rate_max: 1100 mL/h", "    rate_max: 1100 mL", "rate_max"},
    {"unit", FCM, "{sign: temp, test: rise, value: 1 Cel", "{sign: temp, test: rise, value: 1 mL", "sign: temp"},
    {"unit", IG, "{rate: 1 mg/kg/min", "{rate: 1 mg/kg", "rate: 1 mg/kg,"},
    {"unit", IDA, "{from: 50 kg, below: 300 kg", "{from: 50 cm, below: 300 kg", "from: 50 cm"},
    {"unit", FCM, "{of: dose_per_kg, soft_high: 15 mg/kg", "{of: dose_per_kg, soft_high: 15 mg", "of: dose_per_kg"},
    /* what is not there */
    {"unknown_drug", IDA, "      drug: ferric_carboxymaltose", "      drug: ferric_carboximaltose", "carboximaltose"},
    {"unknown_drug", FCM, "{drug: sodium_chloride_0_9, volume: 250 mL", "{drug: dextrose_6, volume: 250 mL", "dextrose_6"},
    {"unknown_drug", "payers.yaml", "{drug: ferric_carboxymaltose,", "{drug: iron,", "drug: iron"},
    {"unknown_drug", "reactions.yaml", "drug: epinephrine", "drug: adrenaline", "adrenaline"},
    {"unknown_dose", IDA, "doses: [fcm], source: site}", "doses: [fmc], source: site}", "fmc"},
    {"unknown_question", PID, "name: clot_signs", "name: clod_signs", "clod_signs"},
    {"leaflet", IDA, "  leaflet: iron", "  leaflet: irn", "leaflet: irn"},
    {"placeholder", "leaflets/iron.en.md", "{{dose}}", "{{doze}}", "{{doze}}"},
    {"placeholder", "questions.yaml", "{{visit_minutes}}", "{{visit minutes", "answer"},
    {"file_name", FCM, "  id: ferric_carboxymaltose", "  id: ferric_carboxymaltos", "kind: drug"},
    {"incomplete", "drugs/epinephrine.yaml", "  kind: supportive", "  kind: therapy", "drug:"},
    /* routes and numbers that do not fit together */
    {"route", IDA, "      route: IV", "      route: IM", "route: IM"},
    {"route", "drugs/epinephrine.yaml", "route: IM, repeat_min", "route: IV, repeat_min", "route: IV"},
    {"band_gap", IDA, "{from: 50 kg,", "{from: 55 kg,", "from: 55 kg"},
    {"band_overlap", IDA, "{from: 50 kg,", "{from: 45 kg,", "from: 45 kg"},
    {"band", IDA, "flat: 750 mg, source", "flat: 750 mg, per_kg: 15 mg/kg, source", "per_kg: 15 mg/kg"},
    {"dose_over_limit", IDA, "      cap: 750 mg", "      cap: 7500 mg", "id: fcm"},
    {"dose_rule", PID, "      weight: dosing\n", "", "id: ig"},
    {"rounding", PID, "      round_step: 5 g\n", "", "id: ig"},
    {"minor", IDA, "  age_min: 18", "  age_min: 12", "age_min: 12"},
    {"declared_minutes", IG, "declared_min: 149", "declared_min: 120", "declared_min: 120"},
    {"steps", IG, "{rate: 4 mg/kg/min, minutes: 30,", "{rate: 4 mg/kg/min,", "rate: 4 mg/kg/min"},
    {"steps", IG, "{rate: 6 mg/kg/min", "{rate: 3 mg/kg/min", "rate: 3 mg/kg/min"},
    {"rate", IG, "    rate_max: 8 mg/kg/min", "    rate_max: 7 mg/kg/min", "rate: 8 mg/kg/min"},
    {"duration", FCM, "    planned_min: 20", "    planned_min: 10", "planned_min: 10"},
    {"concentration", FCM, "      - {drug: sodium_chloride_0_9, volume: 150 mL, source: site}\n", "", "diluents"},
    {"concentration", FCM, "concentration_max: 4 mg/mL", "concentration_max: 1 mg/mL", "concentration_min"},
    {"diluent", FCM, "    diluent_max: 250 mL", "    diluent_max: 200 mL", "volume: 250 mL"},
    {"beyond_use", FCM, "beyond_use_room_min: 720", "beyond_use_room_min: 7200", "beyond_use_room_min"},
    {"restart", FCM, "{grade: 2, action: restart,", "{grade: 5, action: restart,", "grade: "},
    {"restart", IG, "{grade: 1, action: slow,", "{grade: 1, action: never,", "grade: 2"},
    {"limits", FCM, "soft_low: 450 mg, soft_high: 750 mg", "soft_low: 750 mg, soft_high: 450 mg", "of: dose,"},
    {"checks", FCM, "    - {when: baseline, minutes: 60, grace_min: 0, source: site}\n", "", "checks:"},
    {"gtin", FCM, "gtin: \"0952123400750", "gtin: \"0952123400751", "fcm_750"},
    {"demo_code", FCM, "ndc: DEMO-FCM-750", "ndc: 12345-678-90", "12345-678-90"},
    {"demo_code", "charges.yaml", "code: DEMO-TPD-INF-INIT", "code: \"12345\"", "12345"},
    {"visit_window", PID, "gap_min_days: 21", "gap_min_days: 35", "gap_min_days: 35"},
    {"visit_window", PID, "early_days: 3", "early_days: 28", "early_days: 28"},
    {"override", "rules.yaml", "    who: prescriber pharmacist\n", "", "id: weight_age"},
    {"override", "rules.yaml", "    who: prescriber pharmacist\n", "    who: prescriber janitor\n", "id: weight_age"},
    {"reaction", "reactions.yaml", "STOP THE PUMP BY HAND. Keep the vein open with saline through new tubing., by_hand: true",
     "Wait and see., by_hand: false", "Wait and see"},
    {"hours", "site.yaml", "  opens: \"07:30\"", "  opens: \"7.30\"", "opens"},
    {"roster", "site.yaml", "pod: A}", "pod: Z}", "pod: Z"},
    {"unapproved", "site.yaml", "  demo: true", "  demo: false", ""},
    {"match", "questions.yaml", "match: [how long,", "match: [How long,", "How long"},
    {"twice", "rules.yaml", "  - id: weight_age\n", "  - id: weight_missing\n", "weight_missing"},
    /* how a drug is given, and never given */
    {"route", VCR, "  routes: [IV]", "  routes: [IV, IT]", "IT"},
    {"route", VCR, "    method: gravity", "    method: push", "way: push"},
    {"route", VCR, "    - {way: IT, ", "    - {way: elastomeric, ", "tissue"},
    {"route", DOXO, "  routes: [IV]", "  routes: [IV, SC]", "routes"},
    {"route", CHOP, "      drug: vincristine\n      route: IV", "      drug: vincristine\n      route: SC", "route: SC"},
    {"route", CHOP, "      drug: vincristine\n      route: IV\n      step: 7\n      optional: false\n      role: treatment\n",
     "      drug: vincristine\n      route: IV\n      step: 7\n      optional: false\n      role: treatment\n      method: push\n", "id: vincristine"},
    {"extravasation", CTX, "  tissue: none", "  tissue: vesicant", "tissue"},
    {"double_check", DOXO, "  double_check: true", "  double_check: false", "double_check"},
    {"incomplete", DOXO, "  emetic:\n    - {class: moderate, source: asco}\n    - {class: high, when: with cyclophosphamide, source: asco}\n", "", "drug:"},
    /* what it is mixed with */
    {"diluent", OXALI, "{drug: dextrose_5, volume: 500 mL", "{drug: sodium_chloride_0_9, volume: 500 mL", "sodium_chloride_0_9, volume"},
    {"diluent", OXALI, "    flush: dextrose_5", "    flush: sodium_chloride_0_9", "flush:"},
    {"unknown_drug", OXALI, "never_with: sodium_chloride_0_9", "never_with: sodium_cloride", "never_with"},
    {"not_symmetric", OXALI, "{drug: fluorouracil, at: y_site, verdict: incompatible", "{drug: fluorouracil, at: y_site, verdict: compatible", "fluorouracil"},
    {"not_symmetric", CTX, "{drug: calcium_gluconate, at: y_site,", "{drug: magnesium_sulfate, at: y_site,", "magnesium_sulfate"},
    {"pair", CTX, "{drug: calcium_gluconate, at: y_site,", "{drug: ceftriaxone, at: y_site,", "drug: ceftriaxone"},
    {"twice", CTX, "{drug: calcium_gluconate, at: mixture,", "{drug: calcium_gluconate, at: y_site,", "calcium_gluconate"},
    {"beyond_use", OXALI, "{in: bag, at: room, diluent: dextrose_5, minutes: 360", "{in: bag, at: room, diluent: dextrose_5, minutes: 300", "preparation"},
    {"concentration", VANC, "gives: 50 mg/mL", "gives: 5 mg/mL", "gives: 5 mg/mL"},
    {"vial", VANC, "vial: vanc_1000", "vial: vanc_100", "vanc_100,"},
    {"unit", VANC, "concentration_max: 5 mg/mL", "concentration_max: 5000 ug/mL", "ug/mL"},
    {"unit", VANC, "amount: 1000 mg", "amount: 1000 meq", "meq"},
    /* limits */
    {"twice", VANC, "{of: rate, area: home,", "{of: rate, area: ward,", "words: At home"},
    {"limits", VANC, "area: ward, soft_high: 10 mg/min", "area: ward, soft_high: 20 mg/min", "area: ward"},
    {"unit", VANC, "area: ward, soft_high: 10 mg/min", "area: ward, soft_high: 10 mg/mL", "area: ward"},
    {"unit", DOXO, "{group: anthracycline, soft_high: 450 mg/m2", "{group: anthracycline, soft_high: 450 mL", "450 mL"},
    {"unknown_group", DOXO, "{table: ighg, group: anthracycline", "{table: ighg, group: anthracyclin", "ighg"},
    {"limits", PCA, "    four_hours_max: 30 mg", "    four_hours_max: 50 mg", "four_hours_max"},
    {"limits", PCA, "    basal_naive: false", "    basal_naive: true", "basal_naive"},
    {"unit", PCA, "    demand_max: 2 mg", "    demand_max: 2 mL", "pca"},
    {"steps", RTX, "    later_words: \"From the second infusion, when the first gave no reaction of grade 2 or more\"\n", "", "infusion"},
    {"declared_minutes", RTX, "declared_min: 210", "declared_min: 195", "declared_min"},
    {"code", FCM, "loinc: 718-7", "loinc: 718-8", "718-8"},
    {"code", VANC, "hcpcs: J3370", "hcpcs: \"12345\"", "12345"},
    {"billing", VANC, "unit: 500 mg, from", "unit: 500 mL, from", "500 mL"},
    {"billing", "drugs/pegfilgrastim.yaml", "until: 2021-12-31", "until: 2022-06-30", "J2506"},
    /* the tables of a regimen */
    {"modification_gap", CP, "name: platelets, timing: nadir, from: \"50 10*9/L\"", "name: platelets, timing: nadir, from: \"55 10*9/L\"", "55 10"},
    {"modification_overlap", CP, "name: platelets, timing: nadir, from: \"50 10*9/L\"", "name: platelets, timing: nadir, from: \"45 10*9/L\"", "45 10"},
    {"modification_gap", CP, "timing: nadir, from: \"100 10*9/L\", action", "timing: nadir, from: \"100 10*9/L\", below: \"200 10*9/L\", action", "below: \"200"},
    {"modification", CP, "action: level, level: -1", "action: level, level: -3", "level: -3"},
    {"modification", CP, "action: percent, percent: 75", "action: percent", "action: percent"},
    {"unknown_dose", CP, "{dose: carboplatin, reads: lab", "{dose: carboplatine, reads: lab", "carboplatine"},
    {"levels", CP, "{level: -2, percent: 66.7", "{level: -2, percent: 86.7", "86.7"},
    {"cycle", CP, "      step: 5\n      optional: false\n      role: treatment\n", "      step: 5\n      optional: false\n      role: treatment\n      after: carboplatin\n", "id: paclitaxel"},
    {"cycle", CP, "      after: paclitaxel", "      after: carboplatin", "id: carboplatin"},
    {"unknown_regimen", PEMB, "  emetic: minimal\n", "  emetic: minimal\n  follows: pembrolizumab_q2w\n", "follows"},
    {"cycle", PEMB, "  emetic: minimal\n", "  emetic: minimal\n  follows: pembrolizumab_q3w\n", "follows"},
    {"unknown_dose", FOLFOX, "with: oxaliplatin", "with: oxali", "id: leucovorin"},
    {"sequence", FOLFOX, "      step: 5\n", "      step: 2\n", "id: fu_pump"},
    {"duration", FOLFOX, "      minutes: 2760", "      minutes: 1", "id: fu_pump"},
    {"cycles", FOLFOX, "  cycle_days: 14", "  cycle_days: 21", "day: 0"},
    {"visits", FOLFOX, "day: 2\n      every_days: 14\n      count: 12", "day: 14\n      every_days: 14\n      count: 11", "day: 14"},
    {"dose_rule", FOLFOX, "      bsa: mosteller\n", "", "id: oxaliplatin"},
    {"dose_rule", CP, "      gfr_cap: 125 mL/min\n", "", "id: carboplatin"},
    {"unit", FOLFOX, "      per_m2: 85 mg/m2", "      per_m2: 85 mg", "per_m2"},
    {"dose_over_limit", FOLFOX, "      per_m2: 2400 mg/m2", "      per_m2: 24000 mg/m2", "per_m2"},
    {"code", PEMB, "snomed: \"254637007\"", "snomed: \"254673007\"", "254673007"},
    {"code", PEMB, "{code: C34.90", "{code: \"34.90\"", "34.90"},
    {"shape", FOLFOX, "  settings: hospital centre", "  settings: hospital ship", "settings"},
    {"twice", "payers.yaml", "  - id: demo-plain", "  - id: demo-blue", "demo-blue"},
};

static const char *changed(struct arena *a, const struct embed_file *f, const struct defect *d, size_t *len)
{
    const char *text = (const char *)f->data, *at = strstr(text, d->good);
    if (!at)
        fail_msg("%s does not hold \"%s\"", d->file, d->good);
    const char *out = arena_printf(a, "%.*s%s%s", (int)(at - text), text, d->bad, at + strlen(d->good));
    *len = strlen(out);
    return out;
}

/* Line n of a text holds s. */
static bool line_holds(const char *text, int n, const char *s)
{
    for (; n > 1 && *text; n--)
        text += strcspn(text, "\n") + 1;
    size_t len = strcspn(text, "\n"), want = strlen(s);
    for (size_t i = 0; i + want <= len; i++)
        if (strncmp(text + i, s, want) == 0)
            return true;
    return false;
}

/* The good files are parsed once; a defect reads its own file anew. */
static void planted_defects_are_found(void **state)
{
    (void)state;
    int missed = 0, count = content_builtin.count;
    struct arena *keep = arena_new();
    struct content_file *good = ARENA_ARRAY(keep, (size_t)count, struct content_file);
    struct findings none;
    findings_init(&none, keep);
    for (int k = 0; k < count; k++) {
        good[k].path = content_builtin.files[k].path;
        content_file_parse(keep, &good[k], (const char *)content_builtin.files[k].data, content_builtin.files[k].len, &none);
    }
    assert_int_equal(none.errors, 0);
    for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
        const struct defect *d = &defects[i];
        struct arena *a = arena_new();
        struct content_file *files = ARENA_ARRAY(a, (size_t)count, struct content_file);
        const struct content *c = NULL;
        const char *broken = "";
        struct findings f;
        struct err e = {0};
        findings_init(&f, a);
        memcpy(files, good, (size_t)count * sizeof files[0]);
        for (int k = 0; k < count; k++) {
            size_t len;
            if (strcmp(files[k].path, d->file) != 0)
                continue;
            broken = changed(a, &content_builtin.files[k], d, &len);
            content_file_parse(a, &files[k], broken, len, &f);
        }
        if (content_finish(a, files, content_builtin.count, &f, &c, &e)) {
            print_error("%s in %s was read: \"%s\"\n", d->rule, d->file, d->bad);
            missed++;
            arena_free(a);
            continue;
        }
        const struct lint_finding *hit = NULL;
        for (int k = 0; k < f.count; k++) {
            bool same = strcmp(f.list[k].rule, d->rule) == 0 && (strcmp(d->rule, "unapproved") == 0 || strcmp(f.list[k].file, d->file) == 0);
            if (same && line_holds(broken, f.list[k].line, d->at))
                hit = &f.list[k];
        }
        if (!hit && ++missed)
            print_error("%s in %s (\"%s\") was not found at \"%s\"; first is %s:%d %s [%s]\n", d->rule, d->file, d->bad, d->at,
                     f.list[0].file, f.list[0].line, f.list[0].text, f.list[0].rule);
        assert_non_null(strstr(e.where, ".yaml") ? e.where : strstr(e.where, ".md"));
        arena_free(a);
    }
    arena_free(keep);
    assert_int_equal(missed, 0);
}

/* ---- the command line ------------------------------------------------------------------------------------------------- */

static void write_all(const char *dir, const struct defect *d)
{
    struct arena *a = arena_new();
    for (int k = 0; k < content_builtin.count; k++) {
        const struct embed_file *f = &content_builtin.files[k];
        size_t len = f->len;
        const char *text = d && strcmp(f->path, d->file) == 0 ? changed(a, f, d, &len) : (const char *)f->data;
        char *path = arena_printf(a, "%s/%s", dir, f->path);
        char *slash = strrchr(path, '/');
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(text, 1, len, out), len);
        fclose(out);
    }
    arena_free(a);
}

static void remove_all(const char *dir)
{
    static const char *const folders[] = {"drugs", "regimens", "leaflets", ""};
    char path[300];
    for (int k = 0; k < content_builtin.count; k++) {
        snprintf(path, sizeof path, "%s/%s", dir, content_builtin.files[k].path);
        unlink(path);
    }
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
        rmdir(path);
    }
}

static int run(const char *a, const char *b, const char *c)
{
    char *argv[] = {(char *)"content", (char *)a, (char *)b, (char *)c, NULL};
    int argc = c ? 4 : b ? 3 : a ? 2 : 1;
    return cli_content(argc, argv);
}

static void exit_codes(void **state)
{
    (void)state;
    char dir[] = "/tmp/venule-lint-XXXXXX";
    assert_non_null(mkdtemp(dir));
    write_all(dir, NULL);
    assert_int_equal(run("lint", dir, NULL), 0);
    assert_int_equal(run("hash", dir, NULL), 0);
    assert_int_equal(run("list", NULL, NULL), 0);
    assert_int_equal(run("lint", "--approved", dir), 1); /* nobody has approved the DEMO content */
    write_all(dir, &defects[17]);
    assert_int_equal(run("lint", dir, NULL), 1);
    assert_int_equal(run("hash", dir, NULL), 1);
    assert_int_equal(run("lint", "/no/such/folder", NULL), 1);
    assert_int_equal(run("lint", NULL, NULL), 2);
    assert_int_equal(run("prune", NULL, NULL), 2);
    assert_int_equal(run(NULL, NULL, NULL), 2);
    remove_all(dir);
}

static void lint_names_every_fault_and_warns(void **state)
{
    (void)state;
    char dir[] = "/tmp/venule-lint-XXXXXX";
    struct arena *a = arena_new();
    struct lint_report r;
    struct err e = {0};
    assert_non_null(mkdtemp(dir));
    write_all(dir, NULL);
    assert_true(content_lint_dir(a, dir, false, &r, &e));
    assert_int_equal(r.errors, 0);
    assert_int_equal(strlen(r.hash), 64);
    assert_true(r.count > 0); /* the sources that were not re-read */
    for (int i = 0; i < r.count; i++)
        assert_true(r.findings[i].warning);
    assert_true(content_lint_dir(a, dir, true, &r, &e));
    assert_true(r.errors > 10);
    assert_null(r.hash);
    remove_all(dir);
    arena_free(a);
}

/* ---- fill ----------------------------------------------------------------------------------------------------------- */

static void placeholders(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct fill values[] = {{"dose", "750 mg"}, {"phone", "555-0100"}};
    const char *out = NULL;
    int line;
    struct err e = {0};
    assert_true(fill_text(a, "You get {{dose}}. Call {{phone}}; {{dose}} it is.", values, 2, &out, &e));
    assert_string_equal(out, "You get 750 mg. Call 555-0100; 750 mg it is.");
    assert_true(fill_text(a, "", values, 2, &out, &e));
    assert_string_equal(out, "");
    assert_false(fill_text(a, "{{why}}", values, 2, &out, &e));
    assert_string_equal(e.where, "why");
    e = (struct err){0};
    assert_false(fill_text(a, "open {{dose", values, 2, &out, &e));
    assert_null(fill_unknown(a, "a\n{{dose}} {{red}}\n", &line));
    assert_string_equal(fill_unknown(a, "a\n{{dose}}\n{{doze}}", &line), "doze");
    assert_int_equal(line, 3);
    assert_string_equal(fill_unknown(a, "{{dose} }", &line), "");
    assert_string_equal(fill_unknown(a, "{{", &line), "");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_defects_are_found),
        cmocka_unit_test(exit_codes),
        cmocka_unit_test(lint_names_every_fault_and_warns),
        cmocka_unit_test(placeholders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
