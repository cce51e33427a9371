/* FHIR in: what is stored, what is kept, what is refused and where; and the published bundles, if they are there. */
#include "wire/fhir_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define PATIENT                                                                                                       \
    "{\"fullUrl\":\"urn:uuid:p1\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":\"urn:a\",\"value\":\"7\"}," \
    "{\"type\":{\"coding\":[{\"code\":\"MR\"}]},\"system\":\"urn:h\",\"value\":\"MRN7\"}],\"name\":[{\"use\":\"official\"," \
    "\"family\":\"Berg\",\"given\":[\"Ada\",\"Eva\"]}],\"gender\":\"female\",\"birthDate\":\"1968-07-14\","             \
    "\"telecom\":[{\"system\":\"email\",\"value\":\"x\"},{\"system\":\"phone\",\"value\":\"555\"}],"                    \
    "\"communication\":[{\"language\":{\"coding\":[{\"code\":\"en\"}]}},{\"preferred\":true,\"language\":{\"coding\":[{\"code\":\"es\"}]}}]}}"
#define BUNDLE(entries) "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" entries "]}"
#define ENTRY(type, rest) "{\"resource\":{\"resourceType\":\"" type "\"," rest "}}"
#define ABOUT "\"subject\":{\"reference\":\"urn:uuid:p1\"}"
#define LOINC_CODE(code) "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" code "\"}]}"
#define OBS(loinc, value) ENTRY("Observation", "\"status\":\"final\"," LOINC_CODE(loinc) "," ABOUT ",\"effectiveDateTime\":\"2026-03-09T10:00:00Z\"," value)
#define QTY_UCUM(v, u) "\"valueQuantity\":{\"value\":" v ",\"unit\":\"" u "\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"" u "\"}"
#define WITH(entry) BUNDLE(PATIENT "," entry)

struct fixture {
    struct arena *a;
    struct fhir_batch b;
    struct err e;
};

static bool read_text(struct fixture *f, const char *text, bool ndjson)
{
    struct fhir_source from = {.system = "import", .ndjson = ndjson};
    f->a = arena_new();
    f->e = (struct err){0};
    return fhir_read(f->a, &from, text, strlen(text), &f->b, &f->e) && fhir_link(&f->b, NULL, NULL, &f->e);
}

static void read_ok(struct fixture *f, const char *text)
{
    if (!read_text(f, text, false))
        fail_msg("%s: %s: %s", text, f->e.where, f->e.text);
}

static void test_patient(void **state)
{
    (void)state;
    struct fixture f;
    read_ok(&f, BUNDLE(PATIENT));
    const struct fhir_item *it = &f.b.items[0];
    const struct patient *p = it->records;
    assert_int_equal(it->use, FHIR_STORE);
    assert_string_equal(it->key, "urn:h|Patient|MRN7");
    assert_string_equal(it->alias, "urn:uuid:p1");
    assert_string_equal(it->where, "Bundle.entry[0].resource");
    assert_int_equal(strncmp(it->raw, "{\"resourceType\":\"Patient\"", 24), 0);
    assert_int_equal(it->raw[it->raw_len - 1], '}');
    assert_string_equal(p->mrn, "MRN7");
    assert_string_equal(p->family, "Berg");
    assert_string_equal(p->given, "Ada Eva");
    assert_string_equal(p->born, "1968-07-14");
    assert_string_equal(p->sex, "female");
    assert_string_equal(p->phone, "555");
    assert_string_equal(p->language, "es");
    assert_string_equal(p->allergies, "not recorded");
    arena_free(f.a);
}

static const struct {
    const char *entry, *name, *value, *text, *original;
} values[] = {
    {OBS("29463-7", QTY_UCUM("176.4", "[lb_av]")), "weight", "80.013694068 kg", NULL, "176.4 [lb_av]"},
    {OBS("29463-7", "\"valueQuantity\":{\"value\":80.50,\"unit\":\"kg\"}"), "weight", "80.50 kg", NULL, "80.50 kg"},
    {OBS("29463-7", "\"valueQuantity\":{\"value\":176.4,\"unit\":\"lbs\"}"), "weight", "80.013694068 kg", NULL, "176.4 lbs"},
    {OBS("8302-2", QTY_UCUM("70", "[in_i]")), "height", "177.8 cm", NULL, "70 [in_i]"},
    {OBS("8302-2", QTY_UCUM("1.78", "m")), "height", "178 cm", NULL, "1.78 m"},
    {OBS("8331-1", QTY_UCUM("98.6", "[degF]")), "temp", "37 Cel", NULL, "98.6 [degF]"},
    {OBS("2160-0", QTY_UCUM("88", "umol/L")), "creatinine", "88 umol/L", NULL, "88 umol/L"},
    {OBS("718-7", QTY_UCUM("9.10", "g/dL")), "hemoglobin", "9.10 g/dL", NULL, "9.10 g/dL"},
    {OBS("2276-4", QTY_UCUM("11", "ug/L")), "ferritin", "11 ug/L", NULL, "11 ug/L"},
    {OBS("2276-4", "\"valueQuantity\":{\"value\":5,\"comparator\":\"<\",\"unit\":\"ng/mL\",\"code\":\"ng/mL\"}"), "ferritin", NULL, "<5 ng/mL", "<5 ng/mL"},
    {OBS("4548-4", QTY_UCUM("6.1", "%")), "4548-4", "6.1 %", NULL, "6.1 %"},
    {OBS("5803-2", QTY_UCUM("6.5", "pH")), "5803-2", NULL, "6.5 pH", "6.5 pH"},
    {OBS("6158-0", QTY_UCUM("0.00018101502119545753", "kU/L")), "6158-0", NULL, "0.00018101502119545753 kU/L", "0.00018101502119545753 kU/L"},
    {OBS("72166-2", "\"valueCodeableConcept\":{\"text\":\"Never smoker\"}"), "72166-2", NULL, "Never smoker", "Never smoker"},
    {OBS("5778-6", "\"valueString\":\"amber\""), "5778-6", NULL, "amber", "amber"},
};

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct fixture f;
        char entry[4096], shown[QTY_TEXT_MAX];
        snprintf(entry, sizeof entry, "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[%s,%s]}", PATIENT, values[i].entry);
        read_ok(&f, entry);
        const struct fhir_item *it = &f.b.items[1];
        const struct observation *o = it->records;
        if (it->use != FHIR_STORE)
            fail_msg("%s: %s: %s", values[i].entry, it->reason_where, it->reason);
        assert_int_equal(it->record_count, 1);
        assert_string_equal(o->name, values[i].name);
        assert_string_equal(o->original, values[i].original);
        assert_int_equal(qty_is(o->value), values[i].value != NULL);
        if (values[i].value)
            assert_string_equal(qty_text(o->value, shown), values[i].value);
        if (values[i].text)
            assert_string_equal(o->text, values[i].text);
        assert_true(o->taken == utc_of_date(2026, 3, 9) + 10 * UTC_HOUR);
        assert_int_equal(f.b.refs[it->subject].target, 0);
        arena_free(f.a);
    }
}

static const struct {
    const char *text; /* the last item is the one refused */
    const char *where, *says;
} refusals[] = {
    {WITH(OBS("29463-7", "\"valueQuantity\":{\"value\":80}")), "Bundle.entry[1].resource.valueQuantity", "no unit"},
    {WITH(OBS("29463-7", "\"valueQuantity\":{\"value\":80,\"unit\":\"stone\"}")), "Bundle.entry[1].resource.valueQuantity.unit", "not known"},
    {WITH(OBS("29463-7", "\"valueQuantity\":{\"value\":80,\"system\":\"urn:x\",\"code\":\"kg\"}")), "Bundle.entry[1].resource.valueQuantity", "no unit"},
    {WITH(OBS("29463-7", QTY_UCUM("700", "kg"))), "Bundle.entry[1].resource.valueQuantity.value", "700 kg cannot be"},
    {WITH(OBS("29463-7", QTY_UCUM("0.2", "kg"))), "Bundle.entry[1].resource.valueQuantity.value", "cannot be"},
    {WITH(OBS("29463-7", QTY_UCUM("-80", "kg"))), "Bundle.entry[1].resource.valueQuantity.value", "cannot be"},
    {WITH(OBS("29463-7", QTY_UCUM("1500", "[lb_av]"))), "Bundle.entry[1].resource.valueQuantity.value", "cannot be"},
    {WITH(OBS("29463-7", QTY_UCUM("180", "cm"))), "Bundle.entry[1].resource.valueQuantity.unit", "not a unit of weight"},
    {WITH(OBS("29463-7", "\"valueQuantity\":{\"value\":176,\"unit\":\"lb\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"kg\"}")),
     "Bundle.entry[1].resource.valueQuantity.unit", "says \"lb\""},
    {WITH(OBS("29463-7", "\"valueString\":\"80 kg\"")), "Bundle.entry[1].resource.value", "quantity with a unit"},
    {WITH(OBS("29463-7", "\"valueQuantity\":\"80 kg\"")), "Bundle.entry[1].resource.valueQuantity", "must be an object"},
    {WITH(OBS("29463-7", "\"valueQuantity\":{\"value\":\"80\",\"unit\":\"kg\"}")), "Bundle.entry[1].resource.valueQuantity.value", "must be a number"},
    {WITH(OBS("8302-2", QTY_UCUM("1.78", "cm"))), "Bundle.entry[1].resource.valueQuantity.value", "cannot be"},
    {WITH(OBS("8302-2", QTY_UCUM("300", "cm"))), "Bundle.entry[1].resource.valueQuantity.value", "cannot be"},
    {WITH(OBS("2160-0", QTY_UCUM("700", "mg/dL"))), "Bundle.entry[1].resource.valueQuantity.value", "creatinine"},
    {WITH(OBS("718-7", QTY_UCUM("120", "g/dL"))), "Bundle.entry[1].resource.valueQuantity.value", "hemoglobin"},
    {WITH(ENTRY("Observation", "\"status\":\"final\"," LOINC_CODE("718-7") "," ABOUT "," QTY_UCUM("12", "g/dL"))),
     "Bundle.entry[1].resource.effectiveDateTime", "missing"},
    {WITH(ENTRY("Observation", "\"status\":\"final\"," LOINC_CODE("718-7") "," ABOUT ",\"effectiveDateTime\":\"yesterday\"," QTY_UCUM("12", "g/dL"))),
     "Bundle.entry[1].resource.effectiveDateTime", "yesterday"},
    {WITH(ENTRY("Observation", "\"status\":\"final\"," LOINC_CODE("718-7") ",\"effectiveDateTime\":\"2026-03-09\"," QTY_UCUM("12", "g/dL"))),
     "Bundle.entry[1].resource.subject", "which patient"},
    {WITH(ENTRY("Observation", "\"status\":\"final\",\"code\":[]," ABOUT)), "Bundle.entry[1].resource.code", "must be an object"},
    {WITH(ENTRY("Observation", "\"status\":\"final\",\"code\":{\"coding\":{}}," ABOUT)), "Bundle.entry[1].resource.code.coding", "must be a list"},
    {WITH(ENTRY("Observation", "\"status\":\"final\",\"code\":{\"coding\":[7]}," ABOUT)), "Bundle.entry[1].resource.code.coding[0]", "must be an object"},
    {WITH(ENTRY("Observation", "\"status\":\"final\"," LOINC_CODE("85354-9") "," ABOUT ",\"effectiveDateTime\":\"2026-03-09\",\"component\":[{"
     LOINC_CODE("8480-6") ",\"valueQuantity\":{\"value\":1200,\"unit\":\"mm[Hg]\"}}]")), "Bundle.entry[1].resource.component[0].valueQuantity.value", "sbp"},
    {WITH(ENTRY("Condition", "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"urn:uuid:p2\"}")), "Bundle.entry[1].resource.subject", "\"urn:uuid:p2\", which is neither"},
    {WITH(ENTRY("Condition", "\"code\":{\"text\":\"x\"}," ABOUT ",\"encounter\":{\"reference\":\"Encounter/9\"}")), "Bundle.entry[1].resource.encounter", "neither"},
    {WITH(ENTRY("Condition", "\"code\":{\"text\":\"x\"}," ABOUT ",\"evidence\":[{\"detail\":[{\"reference\":\"#z\"}]}]")), "Bundle.entry[1].resource.evidence[0].detail[0]", "#z"},
    {WITH(ENTRY("Claim", "\"patient\":{\"reference\":\"urn:uuid:zz\"}")), "Bundle.entry[1].resource.patient", "urn:uuid:zz"},
    {WITH(ENTRY("AllergyIntolerance", "\"patient\":{\"reference\":\"urn:uuid:p1\"}")), "Bundle.entry[1].resource.code", "to what"},
    {WITH(ENTRY("Coverage", "\"status\":\"active\",\"beneficiary\":{\"reference\":\"urn:uuid:p1\"},\"payor\":[{}]")), "Bundle.entry[1].resource.payor", "who pays"},
    {WITH(ENTRY("Encounter", "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"}," ABOUT ",\"period\":{\"start\":\"2026-03-09\",\"end\":\"2026-03-08\"}")), "Bundle.entry[1].resource.period", "before"},
    {WITH("{}"), "Bundle.entry[1]", "no resource"},
    {WITH("7"), "Bundle.entry[1]", "no resource"},
    {WITH("{\"resource\":[]}"), "Bundle.entry[1].resource", "no resource"},
    {WITH("{\"resource\":{\"id\":\"x\"}}"), "Bundle.entry[1].resource.resourceType", "missing"},
    {WITH(ENTRY("Pateint", "\"id\":\"x\"")), "Bundle.entry[1].resource.resourceType", "\"Pateint\" is not"},
    {WITH(ENTRY("Bundle", "\"type\":\"batch\"")), "Bundle.entry[1].resource", "bundle inside"},
    {WITH("{\"resource\":{\"resourceType\":\"Claim\",\"id\":7}}"), "Bundle.entry[1].resource.id", "must be text"},
    {WITH("{\"fullUrl\":\"urn:uuid:p1\",\"resource\":{\"resourceType\":\"Claim\"}}"), "Bundle.entry[1].resource", "fullUrl is there twice"},
    {WITH("{\"resource\":{\"resourceType\":\"Claim\"},\"request\":{\"method\":\"DELETE\",\"url\":\"Claim/1\"}}"), "Bundle.entry[1].resource", "DELETE"},
    {WITH(ENTRY("Patient", "\"identifier\":[{\"system\":\"urn:h\",\"value\":\"MRN7\"}],\"name\":[{\"family\":\"Other\"}],\"birthDate\":\"1999-01-01\"")),
     "Bundle.entry[1].resource", "same identity as Bundle.entry[0].resource"},
    {"{\"resourceType\":\"Patient\",\"id\":\"x\",\"birthDate\":\"1968-07-14\"}", "Patient.name", "family name"},
    {"{\"resourceType\":\"Patient\",\"id\":\"x\",\"name\":[{\"family\":\"B\"}]}", "Patient.birthDate", "missing"},
    {"{\"resourceType\":\"Patient\",\"id\":\"x\",\"name\":[{\"family\":\"B\"}],\"birthDate\":\"1968-07\"}", "Patient.birthDate", "whole date"},
    {"{\"resourceType\":\"Patient\",\"id\":\"x\",\"name\":[{\"family\":\"B\"}],\"birthDate\":\"1968-02-30\"}", "Patient.birthDate", "whole date"},
    {"{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"B\"}],\"birthDate\":\"1968-02-03\"}", "Patient.identifier", "wristband"},
    {"{\"resourceType\":\"Patient\",\"id\":\"x\",\"name\":[{\"family\":\"B\"}],\"birthDate\":\"1968-02-03\",\"gender\":\"f\"}", "Patient.gender", "\"f\""},
    {"{\"resourceType\":\"Patient\",\"id\":\"x\",\"name\":{\"family\":\"B\"}}", "Patient.name", "must be a list"},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct fixture f;
        read_ok(&f, refusals[i].text);
        const struct fhir_item *it = &f.b.items[f.b.count - 1];
        if (it->use != FHIR_REFUSE || strcmp(it->reason_where, refusals[i].where) != 0 || !strstr(it->reason, refusals[i].says))
            fail_msg("%s\nexpected \"%s\" at %s, got (%d) \"%s\" at %s", refusals[i].text, refusals[i].says, refusals[i].where,
                     (int)it->use, it->reason ? it->reason : "", it->reason_where ? it->reason_where : "");
        if (f.b.count == 2) /* the patient before it stands */
            assert_int_equal(f.b.items[0].use, FHIR_STORE);
        arena_free(f.a);
    }
}

static const struct {
    const char *text, *where, *says;
    bool ndjson;
} bad_files[] = {
    {"", "line 1, column 1", "ends", false},
    {"{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[", "line 1, column 56", "ends", false},
    {"[]", "line 1, column 1", "JSON object", false},
    {"{\"a\":1}", "resourceType", "not a FHIR resource", false},
    {"{\"resourceType\":\"Bundle\"}", "Bundle.type", "not transaction", false},
    {"{\"resourceType\":\"Bundle\",\"type\":\"history\"}", "Bundle.type", "history", false},
    {"{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":{}}", "Bundle.entry", "must be a list", false},
    {BUNDLE("{\"resource\":{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":10,\"value\":100}}}"), "line 1, column 126", "\"value\" is there twice", false},
    {"{\"resourceType\":\"Patient\",\"id\":\"x\"}\n{\"resourceType\":\"Patient\",}", "line 2, column 27", "member name", true},
};

static void test_bad_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
        struct fixture f;
        if (read_text(&f, bad_files[i].text, bad_files[i].ndjson) || strcmp(f.e.where, bad_files[i].where) != 0 || !strstr(f.e.text, bad_files[i].says))
            fail_msg("%s: got \"%s\" at %s", bad_files[i].text, f.e.text, f.e.where);
        arena_free(f.a);
    }
}

/* What refers to a refused resource falls with it, through any number of steps; the rest stands. */
static void test_cascade(void **state)
{
    (void)state;
    struct fixture f;
    read_ok(&f, BUNDLE("{\"fullUrl\":\"urn:uuid:r\",\"resource\":{\"resourceType\":\"DiagnosticReport\"," ABOUT ",\"result\":[{\"reference\":\"urn:uuid:w\"}]}},"
        "{\"resource\":{\"resourceType\":\"Task\",\"focus\":{\"reference\":\"urn:uuid:r\"}}}," PATIENT ","
        "{\"fullUrl\":\"urn:uuid:w\",\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\"," LOINC_CODE("29463-7") "," ABOUT
        ",\"effectiveDateTime\":\"2026-03-09\"," QTY_UCUM("700", "kg") "}}," OBS("718-7", QTY_UCUM("12", "g/dL"))));
    static const enum fhir_use want[] = {FHIR_REFUSE, FHIR_REFUSE, FHIR_STORE, FHIR_REFUSE, FHIR_STORE};
    for (int i = 0; i < 5; i++)
        assert_int_equal(f.b.items[i].use, want[i]);
    assert_string_equal(f.b.items[0].reason_where, "Bundle.entry[0].resource.result[0]");
    assert_string_equal(f.b.items[0].reason, "refers to Bundle.entry[3].resource, which is refused");
    assert_string_equal(f.b.items[1].reason, "refers to Bundle.entry[0].resource, which is refused");
    arena_free(f.a);
}

static void test_references(void **state)
{
    (void)state;
    static const char *const same[] = {"Patient/p1", "http://h/fhir/Patient/p1", "Patient/p1/_history/3", "Patient?identifier=urn:h|MRN7"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct fixture f;
        char text[2048];
        snprintf(text, sizeof text, "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"fullUrl\":\"http://h/fhir/Condition/c\",\"resource\":"
            "{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"%s\"},\"evidence\":[{\"reference\":\"#k\"}],"
            "\"contained\":[{\"resourceType\":\"Basic\",\"id\":\"k\"}]}},"
            "{\"fullUrl\":\"http://h/fhir/Patient/p1\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":\"urn:h\",\"value\":\"MRN7\"}],"
            "\"name\":[{\"family\":\"B\"}],\"birthDate\":\"1968-07-14\"}}]}", same[i]);
        read_ok(&f, text);
        if (f.b.items[0].use != FHIR_STORE || f.b.refs[f.b.items[0].subject].target != 1)
            fail_msg("%s: %s", same[i], f.b.items[0].reason ? f.b.items[0].reason : "wrong target");
        assert_string_equal(f.b.items[0].key, "http://h/fhir|Condition|c");
        arena_free(f.a);
    }
    struct fixture f; /* a patient named by identifier alone; two servers' Patient/p1 are two patients */
    read_ok(&f, WITH(ENTRY("Condition", "\"code\":{\"text\":\"x\"},\"subject\":{\"identifier\":{\"system\":\"urn:h\",\"value\":\"MRN7\"}}")));
    assert_int_equal(f.b.items[1].use, FHIR_STORE);
    assert_int_equal(f.b.refs[f.b.items[1].subject].target, 0);
    arena_free(f.a);
#define OF(host, id, name) "{\"fullUrl\":\"http://" host "/Patient/p1\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":\"" name "\"}],\"birthDate\":\"1968-07-14\"}}"
    read_ok(&f, BUNDLE(OF("a", "p1", "A") "," OF("b", "p1", "B") ",{\"fullUrl\":\"http://b/Condition/1\",\"resource\":{\"resourceType\":\"Condition\","
        "\"id\":\"1\",\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/p1\"}}}," ENTRY("Condition", "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/p1\"}")));
    assert_int_equal(f.b.refs[f.b.items[2].subject].target, 1);
    assert_int_equal(f.b.items[3].use, FHIR_REFUSE); /* it could mean either */
    arena_free(f.a);
}

static void test_other_records(void **state)
{
    (void)state;
    struct fixture f;
    read_ok(&f, WITH(
        ENTRY("Condition", "\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"1\"},"
              "{\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"D50.9\",\"display\":\"Iron deficiency\"}]}," ABOUT ",\"onsetDateTime\":\"2020\"") ","
        ENTRY("AllergyIntolerance", "\"code\":{\"text\":\"Penicillin\"},\"criticality\":\"high\",\"reaction\":[{\"manifestation\":[{\"text\":\"Hives\"}]}],\"patient\":{\"reference\":\"urn:uuid:p1\"}") ","
        ENTRY("Coverage", "\"status\":\"active\",\"subscriberId\":\"X1\",\"beneficiary\":{\"reference\":\"urn:uuid:p1\"},\"payor\":[{\"reference\":\"urn:uuid:o\"}],"
              "\"period\":{\"start\":\"2026-01-01\"},\"class\":[{\"type\":{\"coding\":[{\"code\":\"plan\"}]},\"value\":\"P\",\"name\":\"Plan P\"}]") ","
        "{\"fullUrl\":\"urn:uuid:o\",\"resource\":{\"resourceType\":\"Organization\",\"name\":\"Payer One\"}},"
        ENTRY("MedicationRequest", "\"status\":\"active\",\"contained\":[{\"resourceType\":\"Medication\",\"id\":\"m\",\"code\":{\"text\":\"Iron\"}}],"
              "\"medicationReference\":{\"reference\":\"#m\"}," ABOUT ",\"authoredOn\":\"2026-02-01\"") ","
        ENTRY("Encounter", "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"type\":[{\"text\":\"Visit\"}]," ABOUT) ","
        ENTRY("Observation", "\"status\":\"final\"," LOINC_CODE("85354-9") "," ABOUT ",\"effectivePeriod\":{\"start\":\"2026-03-09T10:00:00Z\"},\"component\":[{"
              LOINC_CODE("8480-6") ",\"valueQuantity\":{\"value\":120,\"unit\":\"mm[Hg]\"}},{" LOINC_CODE("8462-4") ",\"valueQuantity\":{\"value\":80,\"unit\":\"mmHg\"}}]")));
    for (int i = 0; i < f.b.count; i++)
        if (f.b.items[i].use != (i == 4 ? FHIR_KEEP : FHIR_STORE))
            fail_msg("entry %d: %s: %s", i, f.b.items[i].reason_where, f.b.items[i].reason);
    const struct patient *p = f.b.items[0].records;
    const struct condition *c = f.b.items[1].records;
    const struct allergy *al = f.b.items[2].records;
    const struct coverage *cov = f.b.items[3].records;
    const struct medication_request *r = f.b.items[5].records;
    const struct encounter *n = f.b.items[6].records;
    const struct observation *o = f.b.items[7].records;
    assert_string_equal(p->allergies, "recorded");
    assert_string_equal(c->code, "D50.9");
    assert_string_equal(c->display, "Iron deficiency");
    assert_string_equal(c->status, "active");
    assert_true(c->onset == utc_of_date(2020, 1, 1));
    assert_string_equal(al->substance, "Penicillin");
    assert_string_equal(al->reaction, "Hives");
    assert_string_equal(cov->payer, "Payer One");
    assert_string_equal(cov->plan, "Plan P");
    assert_string_equal(cov->member, "X1");
    assert_true(cov->end == UTC_NONE);
    assert_string_equal(r->drug, "Iron");
    assert_string_equal(n->kind, "AMB");
    assert_string_equal(n->reason, "Visit");
    assert_int_equal(f.b.items[7].record_count, 2);
    assert_string_equal(o[0].name, "sbp");
    assert_string_equal(o[1].name, "dbp");
    arena_free(f.a);
    read_ok(&f, WITH(ENTRY("AllergyIntolerance", "\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"716186003\"}]},\"patient\":{\"reference\":\"urn:uuid:p1\"}")));
    assert_string_equal(((const struct patient *)f.b.items[0].records)->allergies, "none known");
    arena_free(f.a);
}

static const char *digest_of(struct arena *a, const char *text)
{
    struct err e = {0};
    return fhir_digest(a, json_read(a, text, strlen(text), 4096, &e));
}

static void test_digest(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const char *one = digest_of(a, "{\"a\":1.10,\"b\":[{\"c\":\"x\",\"d\":null}]}");
    assert_string_equal(one, digest_of(a, " { \"b\" : [ {\"d\":null,\"c\":\"\\u0078\"} ], \"a\" : 1.10 } "));
    assert_string_equal(one, digest_of(a, "{\"a\":1.10,\"b\":[{\"c\":\"x\",\"d\":null}],\"meta\":{\"versionId\":\"2\",\"lastUpdated\":\"2026\"}}"));
    assert_string_not_equal(one, digest_of(a, "{\"a\":1.1,\"b\":[{\"c\":\"x\",\"d\":null}]}"));
    assert_string_not_equal(one, digest_of(a, "{\"a\":1.10,\"b\":[{\"c\":\"x\",\"d\":null}],\"meta\":{\"source\":\"y\"}}"));
    assert_string_not_equal(one, digest_of(a, "{\"a\":1.10,\"b\":[{\"c\":\"x\"},{\"d\":null}]}"));
    /* SHA-256 of "{}" (printf '{}' | sha256sum) */
    assert_string_equal(digest_of(a, "{ }"), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    assert_string_equal(fhir_key(a, "a|b", "T", "c%d"), "a%7Cb|T|c%25d");
    arena_free(a);
}

static void test_ndjson(void **state)
{
    (void)state;
    struct fixture f;
    assert_true(read_text(&f, "{\"resourceType\":\"Patient\",\"id\":\"x\",\"name\":[{\"family\":\"B\"}],\"birthDate\":\"1968-07-14\"}\r\n\n"
        "{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":{\"text\":\"y\"},\"subject\":{\"reference\":\"Patient/x\"}}\n"
        "{\"resourceType\":\"Condition\",\"id\":\"d\",\"code\":{\"text\":\"y\"},\"subject\":{\"reference\":\"Patient/z\"}}", true));
    assert_int_equal(f.b.count, 3);
    assert_int_equal(f.b.items[1].use, FHIR_STORE);
    assert_string_equal(f.b.items[1].key, "import|Condition|c");
    assert_int_equal(f.b.items[2].use, FHIR_REFUSE);
    assert_string_equal(f.b.items[2].reason_where, "line 4: Condition.subject");
    arena_free(f.a);
}

/* A period that ends on a date, in a month or in a year ends with it. */
static void test_period_end(void **state)
{
    (void)state;
    static const struct {
        const char *end, *want;
    } ends[] = {
        {"2026-12-31", "2027-01-01T04:59:59.999999Z"}, {"2026-03-08", "2026-03-09T03:59:59.999999Z"}, /* the day clocks go forward */
        {"2026-11-01", "2026-11-02T04:59:59.999999Z"}, {"2026-02", "2026-03-01T04:59:59.999999Z"},
        {"2026-12", "2027-01-01T04:59:59.999999Z"},    {"2026", "2027-01-01T04:59:59.999999Z"},
        {"2026-12-31T10:00:00Z", "2026-12-31T10:00:00.000000Z"},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct arena *a = arena_new();
        struct zone *z;
        struct fhir_batch b;
        struct err e = {0};
        char shown[UTC_TEXT_MAX];
        assert_true(utc_zone_read(a, "America/New_York", &z, &e));
        const char *text = arena_printf(a, WITH(ENTRY("Coverage", "\"status\":\"active\",\"beneficiary\":{\"reference\":\"urn:uuid:p1\"},"
            "\"payor\":[{\"display\":\"P\"}],\"period\":{\"end\":\"%s\"}")), ends[i].end);
        struct fhir_source from = {.system = "import", .zone = z};
        assert_true(fhir_read(a, &from, text, strlen(text), &b, &e) && fhir_link(&b, NULL, NULL, &e));
        assert_string_equal(utc_text(((const struct coverage *)b.items[1].records)->end, shown), ends[i].want);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patient),    cmocka_unit_test(test_values),     cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_bad_files),  cmocka_unit_test(test_cascade),    cmocka_unit_test(test_references),
        cmocka_unit_test(test_other_records), cmocka_unit_test(test_digest),  cmocka_unit_test(test_ndjson), cmocka_unit_test(test_period_end),
    };
    return cmocka_run_group_tests_name("fhir_read", tests, NULL, NULL);
}
