#include "clinic/ctcae.h"

#include <string.h>

#define SRC "CTCAE 5.0 (NCI 2017), limits as in pharmaverse/admiral ncictcaev5.json"
#define BASE SRC "; above normal at baseline: multiples of the baseline"

const struct ctcae_term ctcae_v5[] = {
    {"neutrophil count decreased", "anc", "10*9/L", CTCAE_LLN, true, {"LLN", "1.5", "1.0", "0.5"}, SRC},
    {"platelet count decreased", "platelets", "10*9/L", CTCAE_LLN, true, {"LLN", "75", "50", "25"}, SRC},
    {"white blood cell decreased", "wbc", "10*9/L", CTCAE_LLN, true, {"LLN", "3.0", "2.0", "1.0"}, SRC},
    {"lymphocyte count decreased", "lymphocytes", "10*9/L", CTCAE_LLN, true, {"LLN", "0.8", "0.5", "0.2"}, SRC},
    {"anemia", "hemoglobin", "g/dL", CTCAE_LLN, true, {"LLN", "10.0", "8.0", NULL}, SRC "; grade 4 is clinical"},
    {"blood bilirubin increased", "bilirubin", "mg/dL", CTCAE_ULN, false, {"1", "1.5", "3", "10"}, BASE},
    {"alanine aminotransferase increased", "alt", "[iU]/L", CTCAE_ULN, false, {"1", "3", "5", "20"}, BASE},
    {"aspartate aminotransferase increased", "ast", "[iU]/L", CTCAE_ULN, false, {"1", "3", "5", "20"}, BASE},
    {"alkaline phosphatase increased", "alp", "[iU]/L", CTCAE_ULN, false, {"1", "2.5", "5", "20"}, BASE},
    {"creatinine increased", "creatinine", "mg/dL", CTCAE_ULN, false, {"1", "1.5", "3", "6"},
        SRC "; doubt: grades 2 and 3 may also count from the baseline"},
    {"activated partial thromboplastin time prolonged", "aptt", "s", CTCAE_ULN, false, {"1", "1.5", "2.5", NULL}, SRC},
    {"hyperkalemia", "potassium", "mmol/L", CTCAE_ULN, false, {"1", "5.5", "6.0", "7.0"},
        SRC "; from grade 2 in mmol/L"},
    {NULL, NULL, NULL, CTCAE_VALUE, false, {NULL, NULL, NULL, NULL}, NULL},
};

const struct ctcae_term *ctcae_find(const char *name)
{
    for (const struct ctcae_term *t = ctcae_v5; name && t->term; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

/* In the term's unit; ERR_INPUT if it is missing, below zero or of another unit. */
static bool take(const struct ctcae_term *t, const char *what, struct qty q, struct dec *out, struct err *e)
{
    struct qty in;
    if (!qty_is(q) || dec_sign(q.v) < 0)
        return err_set(e, ERR_INPUT, what, "%s of %s is missing or below zero", what, t->name);
    if (!qty_to(q, unit_find(t->unit), &in, e)) {
        err_within(e, what);
        return false;
    }
    *out = in.v;
    return true;
}

/* Potassium: only its first limit is a multiple. */
static bool in_unit(const struct ctcae_term *t, int g)
{
    return t->of == CTCAE_VALUE || (t->of == CTCAE_LLN && g > 0) || (g > 0 && strcmp(t->name, "potassium") == 0);
}

bool ctcae_grade(const struct ctcae_term *t, struct qty value, struct qty lln, struct qty uln, struct qty baseline,
    int *grade, struct err *e)
{
    struct dec v, normal = DEC_NONE, base;
    *grade = 0;
    if (!take(t, "value", value, &v, e))
        return false;
    if (t->of == CTCAE_LLN && !take(t, "lower limit of normal", lln, &normal, e))
        return false;
    if (t->of == CTCAE_ULN) {
        if (!take(t, "upper limit of normal", uln, &normal, e))
            return false;
        if (qty_is(baseline) && strcmp(t->name, "potassium") != 0) {
            if (!take(t, "baseline", baseline, &base, e))
                return false;
            normal = dec_max(normal, base);
        }
    }
    if (t->of != CTCAE_VALUE && dec_sign(normal) <= 0)
        return err_set(e, ERR_INPUT, "limit of normal", "the limit of normal of %s must be more than nothing", t->name);
    for (int g = 0; g < 4 && t->limit[g]; g++) {
        struct dec limit = in_unit(t, g) ? dec_lit(t->limit[g])
            : t->of == CTCAE_LLN         ? normal
                                         : dec_mul(dec_lit(t->limit[g]), normal);
        if (!dec_is(limit))
            return err_set(e, ERR_INPUT, "limit of normal", "the limit of normal is out of range");
        if (t->falls ? dec_lt(v, limit) : dec_lt(limit, v))
            *grade = g + 1;
    }
    return true;
}
