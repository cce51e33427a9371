#include "wire/fhir_codes.h"

#include <string.h>

/* Serum or plasma codes only: a whole-blood creatinine or potassium is another measurement and keeps its code as its
 * name. The limits are those of life and of analysers (survived extremes with a margin), not of health: 635 kg and
 * 272 cm are the heaviest and tallest people on record. */
static const struct fhir_code codes[] = {
    {"29463-7", "weight", "kg", {{"kg", "0.3", "635"}}},
    {"3141-9", "weight", "kg", {{"kg", "0.3", "635"}}},
    {"8302-2", "height", "cm", {{"cm", "20", "280"}}},
    {"3137-7", "height", "cm", {{"cm", "20", "280"}}},
    {"8310-5", "temp", "Cel", {{"Cel", "13", "47"}}},
    {"8331-1", "temp", "Cel", {{"Cel", "13", "47"}}},
    {"8480-6", "sbp", "mm[Hg]", {{"mm[Hg]", "20", "370"}}},
    {"8462-4", "dbp", "mm[Hg]", {{"mm[Hg]", "0", "360"}}},
    {"8867-4", "hr", "/min", {{"/min", "0", "480"}}},
    {"9279-1", "rr", "/min", {{"/min", "0", "150"}}},
    {"59408-5", "spo2", "%", {{"%", "10", "100"}}},
    {"2708-6", "spo2", "%", {{"%", "10", "100"}}},
    {"2160-0", "creatinine", NULL, {{"mg/dL", "0.05", "60"}, {"umol/L", "4", "5300"}}},
    {"718-7", "hemoglobin", NULL, {{"g/dL", "0.7", "30"}, {"mmol/L", "0.4", "18.6"}}},
    {"2276-4", "ferritin", NULL, {{"ng/mL", "0", "500000"}, {"pmol/L", "0", "1130000"}}},
    {"2502-3", "tsat", "%", {{"%", "0", "150"}}},
    {"2498-4", "iron", NULL, {{"ug/dL", "0", "10000"}, {"umol/L", "0", "1800"}}},
    {"2500-7", "tibc", NULL, {{"ug/dL", "0", "2000"}, {"umol/L", "0", "360"}}},
    {"2465-3", "igg", NULL, {{"mg/dL", "0", "20000"}, {"umol/L", "0", "1340"}}},
    {"2458-8", "iga", NULL, {{"mg/dL", "0", "15000"}, {"umol/L", "0", "940"}}},
    {"2777-1", "phosphate", NULL, {{"mg/dL", "0.1", "40"}, {"mmol/L", "0.03", "13"}}},
    {"2823-3", "potassium", NULL, {{"mmol/L", "0.5", "15"}, {"meq/L", "0.5", "15"}}},
    {"2951-2", "sodium", NULL, {{"mmol/L", "80", "220"}, {"meq/L", "80", "220"}}},
    {"17861-6", "calcium", NULL, {{"mg/dL", "1", "30"}, {"mmol/L", "0.25", "7.5"}, {"meq/L", "0.5", "15"}}},
    {"19123-9", "magnesium", NULL, {{"mg/dL", "0.1", "30"}, {"mmol/L", "0.04", "12.5"}, {"meq/L", "0.08", "25"}}},
    {"2601-3", "magnesium", NULL, {{"mmol/L", "0.04", "12.5"}, {"meq/L", "0.08", "25"}}},
    {"1751-7", "albumin", NULL, {{"g/dL", "0.2", "10"}, {"umol/L", "30", "1500"}}},
    {"1975-2", "bilirubin", NULL, {{"mg/dL", "0", "90"}, {"umol/L", "0", "1540"}}},
    {"1742-6", "alt", NULL, {{"U/L", "0", "60000"}}},
    {"1920-8", "ast", NULL, {{"U/L", "0", "60000"}}},
    {"777-3", "platelets", NULL, {{"10*3/uL", "0", "10000"}}},
    {"26515-7", "platelets", NULL, {{"10*3/uL", "0", "10000"}}},
    {"6690-2", "leukocytes", NULL, {{"10*3/uL", "0", "2000"}}},
    {"26464-8", "leukocytes", NULL, {{"10*3/uL", "0", "2000"}}},
    {"751-8", "neutrophils", NULL, {{"10*3/uL", "0", "1000"}}},
    {"26499-4", "neutrophils", NULL, {{"10*3/uL", "0", "1000"}}},
};
enum { CODES = sizeof codes / sizeof codes[0] };

const struct fhir_code *fhir_code_find(const char *loinc)
{
    for (int i = 0; i < CODES; i++)
        if (strcmp(codes[i].loinc, loinc) == 0)
            return &codes[i];
    return NULL;
}

const struct fhir_code *fhir_code_named(const char *name)
{
    for (int i = 0; i < CODES; i++)
        if (strcmp(codes[i].name, name) == 0)
            return &codes[i];
    return NULL;
}

bool fhir_unit(const char *ucum, const char *words, unit_t *out, struct err *e)
{
    unit_t by_code = ucum ? unit_find(ucum) : UNIT_NONE, by_words = words ? unit_find(words) : UNIT_NONE;
    if (!ucum && !words)
        return err_set(e, ERR_INPUT, "", "has no unit");
    /* "lb" shown to people beside the code kg: one of the two is a lie, and nobody can tell which. */
    if (by_code != UNIT_NONE && by_words != UNIT_NONE && by_code != by_words) {
        struct qty one = {dec_int(1), by_words};
        struct err ignore = {0};
        int c = 1;
        if (!qty_cmp(one, (struct qty){dec_int(1), by_code}, &c, &ignore) || c != 0)
            return err_set(e, ERR_INPUT, "unit", "the unit says \"%.40s\" but its code says \"%.40s\"", words, ucum);
    }
    *out = by_code != UNIT_NONE ? by_code : by_words;
    if (*out == UNIT_NONE)
        return err_set(e, ERR_INPUT, ucum ? "code" : "unit", "the unit \"%.40s\" is not known", ucum ? ucum : words);
    return true;
}

bool fhir_code_value(const struct fhir_code *c, struct qty q, struct qty *out, struct err *e)
{
    char said[QTY_TEXT_MAX];
    for (int i = 0; i < FHIR_RANGES && c->range[i].unit; i++) {
        const struct fhir_range *r = &c->range[i];
        unit_t u = unit_find(r->unit);
        struct qty there;
        if (!unit_same_dim(q.u, u))
            continue;
        if (!qty_to(q, u, &there, e))
            return false;
        if (dec_lt(there.v, dec_lit(r->low)) || dec_lt(dec_lit(r->high), there.v))
            return err_set(e, ERR_INPUT, "value", "a %s of %s cannot be: a person's lies between %s and %s %s", c->name,
                           qty_text(q, said), r->low, r->high, unit_show(u));
        if (c->to)
            return qty_to(q, unit_find(c->to), out, e);
        *out = q;
        return true;
    }
    return err_set(e, ERR_INPUT, "unit", "\"%s\" is not a unit of %s", unit_code(q.u), c->name);
}
