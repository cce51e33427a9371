/* venule import, as a person runs it: counts, second runs, changes, and bad input that changes nothing. */
#include "care/events.h"
#include "cli.h"
#include "record/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "wire/fhir_read.h"

#define PATIENT(family) "{\"fullUrl\":\"urn:uuid:p1\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":\"urn:h\"," \
    "\"value\":\"MRN7\"}],\"name\":[{\"family\":\"" family "\",\"given\":[\"Ada\"]}],\"gender\":\"female\",\"birthDate\":\"1968-07-14\"}}"
#define BUNDLE(entries) "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" entries "]}"
#define ABOUT "\"subject\":{\"reference\":\"urn:uuid:p1\"}"
#define OBS(id, loinc, rest) "{\"resource\":{\"resourceType\":\"Observation\",\"id\":\"" id "\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":" \
    "\"http://loinc.org\",\"code\":\"" loinc "\"}]}," ABOUT ",\"effectiveDateTime\":\"2026-03-09T10:00:00Z\"," rest "}}"
#define QTY(v, u) "\"valueQuantity\":{\"value\":" v ",\"unit\":\"" u "\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"" u "\"}"
#define PART(loinc, v) "{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" loinc "\"}]}," QTY(v, "mm[Hg]") "}"
#define PRESSURE(parts) OBS("bp", "85354-9", "\"component\":[" parts "]")
#define ALLERGY(id, rest) "{\"resource\":{\"resourceType\":\"AllergyIntolerance\",\"id\":\"" id "\",\"patient\":{\"reference\":\"urn:uuid:p1\"}," rest "}}"
#define NO_ALLERGY "\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"716186003\"}]}"

struct fixture {
    char dir[64], db[128], out[16384];
    struct arena *a;
    struct store *s;
    struct tx t;
};

static int setup(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    strcpy(f->dir, "/tmp/venule-import-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->db, sizeof f->db, "sqlite:%s/x.db", f->dir);
    f->a = arena_new();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    DIR *d = opendir(f->dir);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", f->dir, entry->d_name);
        unlink(path);
    }
    closedir(d);
    rmdir(f->dir);
    arena_free(f->a);
    mem_free(f);
    return 0;
}

static const char *write_file(struct fixture *f, const char *name, const void *data, size_t len, bool gz)
{
    const char *path = arena_printf(f->a, "%s/%s", f->dir, name);
    gzFile out = gzopen(path, gz ? "wb" : "wbT");
    assert_true(gzwrite(out, data, (unsigned)len) == (int)len);
    assert_int_equal(gzclose(out), Z_OK);
    return path;
}

/* Runs the command; what it printed is in f->out. */
static int import_files(struct fixture *f, int count, const char *const *paths)
{
    char *argv[40] = {"import", "--db", f->db};
    char log[128];
    for (int i = 0; i < count; i++)
        argv[3 + i] = (char *)paths[i];
    snprintf(log, sizeof log, "%s/out", f->dir);
    fflush(stdout);
    int keep = dup(1);
    assert_non_null(freopen(log, "w+", stdout));
    int status = cli_import(3 + count, argv);
    fflush(stdout);
    dup2(keep, 1);
    close(keep);
    FILE *in = fopen(log, "rb");
    f->out[fread(f->out, 1, sizeof f->out - 1, in)] = 0;
    fclose(in);
    return status;
}

static int import_text(struct fixture *f, const char *name, const char *text)
{
    const char *path = write_file(f, name, text, strlen(text), false);
    return import_files(f, 1, &path);
}

static void expect(struct fixture *f, const char *line)
{
    if (!strstr(f->out, line))
        fail_msg("expected \"%s\" in:\n%s", line, f->out);
}

static void open_view(struct fixture *f)
{
    struct err e = {0};
    assert_true(store_open(f->db, true, &f->s, &e));
    assert_true(tx_read(&f->t, f->s, f->a, 1, &care_event_types, &e));
}

static void close_view(struct fixture *f)
{
    tx_rollback(&f->t);
    store_close(f->s);
}

static int list(struct fixture *f, const struct record *r, const char *where, void *out)
{
    struct err e = {0};
    int n;
    if (!table_list(&f->t, r, where, NO_VALS, out, &n, &e))
        fail_msg("%s: %s", e.where, e.text);
    return n;
}

static int64_t events(struct fixture *f)
{
    struct err e = {0};
    struct verify_result v;
    struct store *s;
    assert_true(store_open(f->db, true, &s, &e));
    if (!ledger_verify(s, &care_event_types, &v, &e) || !v.whole)
        fail_msg("%s: %s %s", e.where, e.text, v.says);
    store_close(s);
    return v.events;
}

static void test_stored(void **state)
{
    struct fixture *f = *state;
    static const char text[] = BUNDLE(OBS("w", "29463-7", QTY("176.4", "[lb_av]")) "," PATIENT("Berg") "," ALLERGY("n", NO_ALLERGY) ","
        PRESSURE(PART("8480-6", "120") "," PART("8462-4", "80")) ",{\"resource\":{\"resourceType\":\"Claim\",\"id\":\"c\",\"patient\":{\"reference\":\"urn:uuid:p1\"}}}");
    assert_int_equal(import_text(f, "a.json", text), 0);
    assert_string_equal(f->out, "AllergyIntolerance read 1 stored 1 kept 0 same 0 refused 0\n"
                                "Claim read 1 stored 0 kept 1 same 0 refused 0\n"
                                "Observation read 2 stored 2 kept 0 same 0 refused 0\n"
                                "Patient read 1 stored 1 kept 0 same 0 refused 0\n");
    struct patient *p;
    struct observation *o;
    struct resource *r;
    struct ledger_event ev;
    struct err e = {0};
    bool found;
    char shown[QTY_TEXT_MAX];
    open_view(f);
    assert_int_equal(list(f, &record_patient, "TRUE", &p), 1);
    assert_string_equal(p->family, "Berg");
    assert_string_equal(p->allergies, "none known");
    assert_int_equal(list(f, &record_observation, "TRUE ORDER BY name", &o), 3);
    assert_string_equal(o[0].name, "dbp");
    assert_string_equal(o[2].name, "weight");
    assert_string_equal(qty_text(o[2].value, shown), "80.013694068 kg");
    assert_string_equal(o[2].original, "176.4 [lb_av]");
    assert_string_equal(o[2].patient, p->id);
    assert_int_equal(list(f, &record_resource, "type='Claim'", &r), 1);
    assert_string_equal(r->use, "kept");
    assert_string_equal(r->patient, p->id);
    assert_true(ledger_event_at(&f->t, r->seq, &ev, &found, &e) && found);
    assert_string_equal(ev.head.why, "{\"resourceType\":\"Claim\",\"id\":\"c\",\"patient\":{\"reference\":\"urn:uuid:p1\"}}"); /* as received */
    close_view(f);
    int64_t before = events(f);
    assert_int_equal(import_text(f, "a.json", text), 0);
    assert_string_equal(f->out, "AllergyIntolerance read 1 stored 0 kept 0 same 1 refused 0\n"
                                "Claim read 1 stored 0 kept 0 same 1 refused 0\n"
                                "Observation read 2 stored 0 kept 0 same 2 refused 0\n"
                                "Patient read 1 stored 0 kept 0 same 1 refused 0\n");
    assert_true(events(f) == before);
}

static void test_new_version(void **state)
{
    struct fixture *f = *state;
    struct patient *p;
    struct observation *o;
    struct resource *r;
    char shown[QTY_TEXT_MAX];
    assert_int_equal(import_text(f, "a.json", BUNDLE(PATIENT("Berg") "," OBS("w", "29463-7", QTY("80", "kg")) ","
        PRESSURE(PART("8480-6", "120") "," PART("8462-4", "80")) "," ALLERGY("n", "\"code\":{\"text\":\"Latex\"}"))), 0);
    open_view(f);
    assert_int_equal(list(f, &record_patient, "TRUE", &p), 1);
    const char *id = p->id;
    assert_string_equal(p->allergies, "recorded");
    close_view(f);
    /* A new name, a corrected weight, a pressure that lost a part, an allergy entered in error. */
    assert_int_equal(import_text(f, "b.json", BUNDLE(PATIENT("Berg-Lund") "," OBS("w", "29463-7", QTY("81", "kg")) "," PRESSURE(PART("8480-6", "121")) ","
        ALLERGY("n", "\"code\":{\"text\":\"Latex\"},\"verificationStatus\":{\"coding\":[{\"code\":\"entered-in-error\"}]}"))), 0);
    expect(f, "Observation read 2 stored 2 kept 0 same 0 refused 0\n");
    open_view(f);
    assert_int_equal(list(f, &record_patient, "TRUE", &p), 1);
    assert_string_equal(p->id, id);
    assert_string_equal(p->family, "Berg-Lund");
    assert_string_equal(p->allergies, "not recorded");
    assert_int_equal(list(f, &record_observation, "TRUE ORDER BY name", &o), 3);
    assert_false(qty_is(o[0].value));
    assert_string_equal(o[0].text, "withdrawn by its sender");
    assert_string_equal(qty_text(o[1].value, shown), "121 mm[Hg]");
    assert_string_equal(qty_text(o[2].value, shown), "81 kg");
    assert_int_equal(list(f, &record_resource, "type='Patient'", &r), 1);
    assert_true(r->version == 2);
    close_view(f);
    (void)events(f);
}

/* NDJSON of a bulk export, file by file: references find what an earlier file brought. */
static void test_across_files(void **state)
{
    struct fixture *f = *state;
    static const char patients[] = "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":\"urn:h\",\"value\":\"MRN7\"}],\"name\":[{\"family\":\"B\"}],\"birthDate\":\"1968-07-14\"}\n";
    static const char conditions[] = "{\"resourceType\":\"Condition\",\"id\":\"c1\",\"code\":{\"text\":\"Anaemia\"},\"subject\":{\"reference\":\"Patient/p1\"}}\n"
        "{\"resourceType\":\"Condition\",\"id\":\"c2\",\"code\":{\"text\":\"Anaemia\"},\"subject\":{\"reference\":\"Patient/p2\"}}\n"
        "{\"resourceType\":\"Condition\",\"id\":\"c3\",\"code\":{\"text\":\"Anaemia\"},\"subject\":{\"identifier\":{\"system\":\"urn:h\",\"value\":\"MRN7\"}}}\n";
    const char *paths[2] = {write_file(f, "Patient.ndjson.gz", patients, strlen(patients), true),
                            write_file(f, "Condition.ndjson", conditions, strlen(conditions), false)};
    assert_int_equal(import_files(f, 2, paths), 1);
    expect(f, "Condition read 3 stored 2 kept 0 same 0 refused 1\n");
    expect(f, "Condition.ndjson: line 2: Condition.subject: refers to \"Patient/p2\", which is neither in this file nor in the store\n");
    (void)events(f);
}

static void test_other_patient(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "a.json", BUNDLE(PATIENT("Berg") "," OBS("w", "29463-7", QTY("80", "kg")))), 0);
    assert_int_equal(import_text(f, "b.json", BUNDLE("{\"fullUrl\":\"urn:uuid:p1\",\"resource\":{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"urn:h\",\"value\":\"8\"}],"
        "\"name\":[{\"family\":\"Other\"}],\"birthDate\":\"1968-07-14\"}}," OBS("w", "29463-7", QTY("50", "kg")))), 1);
    expect(f, "Observation read 1 stored 0 kept 0 same 0 refused 1\n");
    expect(f, "belongs to a resource of another patient");
    (void)events(f);
}

static const struct {
    const char *name, *text, *says;
} bad[] = {
    {"cut.json", "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[", "refused file %s/cut.json: line 1, column 56: the text ends"},
    {"twice.json", BUNDLE(PATIENT("Berg") "," OBS("w", "29463-7", "\"valueQuantity\":{\"value\":8,\"value\":80,\"unit\":\"kg\"}")), "the member \"value\" is there twice"},
    {"type.json", "{\"resourceType\":\"Bundle\",\"type\":\"message\"}", "refused file %s/type.json: Bundle.type"},
    {"none.json", "[1,2]", "refused file %s/none.json: line 1, column 1: a FHIR resource is a JSON object"},
    {"empty.json", "", "refused file %s/empty.json: line 1, column 1"},
};

/* Files that cannot be read: nothing of them is in the store, and the next file is. */
static void test_bad_files(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char says[300];
        assert_int_equal(import_text(f, bad[i].name, bad[i].text), 1);
        snprintf(says, sizeof says, bad[i].says[0] == 'r' ? "refused file %s%s" : "%.0s%s", f->dir, bad[i].says[0] == 'r' ? bad[i].says + strlen("refused file %s") : bad[i].says);
        expect(f, says);
        assert_true(events(f) == 0);
    }
    char deep[400];
    memset(deep, '[', 100);
    deep[100] = 0;
    assert_int_equal(import_text(f, "deep.json", deep), 1);
    expect(f, "deep.json: line 1, column 65: nested too deep");
    assert_int_equal(import_files(f, 1, (const char *const[]){"/nowhere/x.json"}), 1);
    expect(f, "refused file /nowhere/x.json: cannot be opened");
    const char *both[2] = {arena_printf(f->a, "%s/twice.json", f->dir), write_file(f, "good.json", BUNDLE(PATIENT("Berg")), sizeof BUNDLE(PATIENT("Berg")) - 1, false)};
    assert_int_equal(import_files(f, 2, both), 1);
    expect(f, "Patient read 1 stored 1 kept 0 same 0 refused 0\n");
    assert_int_equal(cli_import(1, (char *[]){"import", NULL}), 2);
    assert_int_equal(cli_import(3, (char *[]){"import", "--db", f->db, NULL}), 2);
}

/* Resources that are refused: the rest of the bundle stands, and each refusal says what and where. */
static void test_refused(void **state)
{
    struct fixture *f = *state;
    struct observation *o;
    assert_int_equal(import_text(f, "a.json", BUNDLE(PATIENT("Berg") "," OBS("w1", "29463-7", QTY("700", "kg")) ","
        OBS("w2", "29463-7", "\"valueQuantity\":{\"value\":80}") "," OBS("w3", "29463-7", QTY("80", "kg")) ","
        OBS("w4", "29463-7", "\"valueQuantity\":[]") "," OBS("w5", "718-7", "\"encounter\":{\"reference\":\"urn:uuid:none\"}," QTY("9", "g/dL")))), 1);
    expect(f, "Observation read 5 stored 1 kept 0 same 0 refused 4\n");
    expect(f, "Patient read 1 stored 1 kept 0 same 0 refused 0\n");
    expect(f, "a.json: Bundle.entry[1].resource.valueQuantity.value (line 1): weight 700 kg: a weight of 700 kg cannot be");
    expect(f, "Bundle.entry[2].resource.valueQuantity (line 1): weight 80: has no unit");
    expect(f, "Bundle.entry[4].resource.valueQuantity (line 1): must be an object");
    expect(f, "Bundle.entry[5].resource.encounter (line 1): refers to \"urn:uuid:none\"");
    open_view(f);
    assert_int_equal(list(f, &record_observation, "TRUE", &o), 1);
    close_view(f);
    (void)events(f);
}

/* A gzip cut short, and one that inflates past the limit. */
static void test_gzip(void **state)
{
    struct fixture *f = *state;
    static const char text[] = BUNDLE(PATIENT("Berg"));
    const char *whole = write_file(f, "a.json.gz", text, strlen(text), true);
    assert_int_equal(import_files(f, 1, &whole), 0);
    struct err e = {0};
    (void)e;
    FILE *in = fopen(whole, "rb");
    char data[2000];
    size_t n = fread(data, 1, sizeof data, in);
    fclose(in);
    const char *cut = write_file(f, "cut.json.gz", data, n - 12, false);
    assert_int_equal(import_files(f, 1, &cut), 1);
    expect(f, "damaged, cut short");
    char *spaces = mem_alloc(FHIR_LEN_MAX + 1);
    memset(spaces, ' ', FHIR_LEN_MAX + 1);
    const char *bomb = write_file(f, "bomb.json.gz", spaces, FHIR_LEN_MAX + 1, true);
    mem_free(spaces);
    assert_int_equal(import_files(f, 1, &bomb), 1);
    expect(f, "has more than 67108864 bytes, inflated");
}

/* The published bundles, if they lie beside the project: nothing is refused, and the second run stores nothing. */
static void test_synthea(void **state)
{
    struct fixture *f = *state;
    const char *dir = getenv("VENULE_SYNTHEA") ? getenv("VENULE_SYNTHEA") : SYNTHEA, *paths[32];
    DIR *d = opendir(dir);
    int n = 0;
    if (!d)
        skip();
    for (struct dirent *entry; (entry = readdir(d)) && n < 32;)
        if (strstr(entry->d_name, ".json.gz"))
            paths[n++] = arena_printf(f->a, "%s/%s", dir, entry->d_name);
    closedir(d);
    assert_int_equal(n, 12);
    assert_int_equal(import_files(f, n, paths), 0);
    expect(f, "Patient read 12 stored 12 kept 0 same 0 refused 0\n");
    expect(f, "Observation read 3323 stored 3323 kept 0 same 0 refused 0\n");
    int64_t before = events(f);
    assert_int_equal(import_files(f, n, paths), 0);
    expect(f, "Patient read 12 stored 0 kept 0 same 12 refused 0\n");
    expect(f, "Observation read 3323 stored 0 kept 0 same 3323 refused 0\n");
    assert_true(events(f) == before);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_stored), TEST(test_new_version), TEST(test_across_files), TEST(test_other_patient), TEST(test_bad_files),
        TEST(test_refused), TEST(test_gzip), TEST(test_synthea),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
