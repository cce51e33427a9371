#include "wire/pcd_read.h"

#include <stdio.h>
#include <string.h>

bool pcd_refuse(struct pcd_reader *r, const struct hl7_segment *s, int field, int comp, enum hl7_code code,
                const char *fmt, ...)
{
    struct hl7_fault *f = r->f;
    if (f->code != HL7_OK)
        return false;
    if (s) {
        memcpy(f->segment, s->name, sizeof f->segment);
        f->nth = s->nth;
    }
    f->field = field;
    f->component = comp;
    f->code = code;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, ap);
    va_end(ap);
    return false;
}

static int64_t digits(struct hl7_span s)
{
    int64_t n = 0;
    if (s.n == 0 || s.n > 10)
        return 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
        n = n * 10 + (s.p[i] - '0');
    }
    return n;
}

struct pcd_code pcd_code_of(struct pcd_reader *r, struct hl7_span cwe)
{
    struct hl7_span c[9];
    hl7_comps(r->m, hl7_rep(r->m, cwe, 1), c, 9);
    /* a local code may come first with the MDC code as the alternate */
    int at = !hl7_is(c[2], "MDC") && hl7_is(c[5], "MDC") ? 3 : 0;
    return (struct pcd_code){digits(c[at]), c[at + 1], c[8]};
}

bool pcd_has_value(struct pcd_reader *r, const struct hl7_segment *obx)
{
    static const char *const missing[] = {"INV", "NI", "NA", "NAV", "OFF", "MSK", "OTH", "NAN", "UNK", "NASK"};
    struct hl7_span v = hl7_field(obx, 5), status = hl7_field(obx, 11), flags = hl7_field(obx, 8);
    if (hl7_empty(v) || hl7_null(v) || hl7_is(status, "X") || hl7_is(status, "D") || hl7_is(status, "W"))
        return false;
    for (int i = 1; i <= hl7_reps(r->m, flags); i++) {
        struct hl7_span flag = hl7_comp(r->m, hl7_rep(r->m, flags, i), 1);
        for (size_t k = 0; k < sizeof missing / sizeof missing[0]; k++)
            if (hl7_is(flag, missing[k]))
                return false;
        if (!r->o->accept_test && (hl7_is(flag, "TEST") || hl7_is(flag, "DEMO")))
            return false; /* a pump in a technician's hands: not the patient's */
    }
    return true;
}

bool pcd_time(struct pcd_reader *r, const struct hl7_segment *s, int field, utc_t *out, bool *offset_known)
{
    struct hl7_span v = hl7_at(r->m, s, field, 1);
    if (hl7_empty(v) || hl7_null(v))
        return true;
    char text[UTC_TEXT_MAX];
    struct err e = {0};
    bool known = true;
    snprintf(text, sizeof text, "%.*s", (int)(v.n > 60 ? 60 : v.n), v.p);
    if (v.n >= sizeof text || !utc_parse_hl7(text, out, &known, &e))
        return pcd_refuse(r, s, field, 1, HL7_DATA_TYPE, "%s-%d \"%s\" is not a time with zone: %s", s->name, field, text,
                          e.text[0] ? e.text : "too long");
    if (offset_known)
        *offset_known = known;
    return true;
}

/* Component 1 as MDC number, else MDC name (2), else the UCUM code wherever it stands (4, or 1 alone). */
static unit_t unit_of(struct pcd_reader *r, const struct hl7_segment *obx, const char *want)
{
    struct hl7_span rep = hl7_rep(r->m, hl7_field(obx, 6), 1);
    struct pcd_code c = pcd_code_of(r, rep);
    const char *ucum = c.code ? pcd_dimension_ucum(c.code) : pcd_dimension_ucum_by_name(c.name.p, c.name.n);
    if (ucum)
        return want && strcmp(ucum, want) == 0 ? unit_find(want) : unit_find(ucum);
    static const int places[][2] = {{4, 6}, {1, 3}};
    for (int i = 0; i < 2; i++) {
        struct hl7_span code = hl7_comp(r->m, rep, places[i][0]), system = hl7_comp(r->m, rep, places[i][1]);
        if (!hl7_empty(code) && (hl7_is(system, "UCUM") || hl7_empty(system))) {
            const char *text = hl7_text(r->a, r->m, code);
            unit_t u = text ? unit_find(text) : UNIT_NONE;
            if (u != UNIT_NONE)
                return u;
        }
    }
    return UNIT_NONE;
}

static bool bare_number(struct pcd_reader *r, const struct hl7_segment *obx, struct dec *out)
{
    struct hl7_span type = hl7_field(obx, 2), v = hl7_rep(r->m, hl7_field(obx, 5), 1);
    if (hl7_is(type, "SN")) /* comparator^number: only a plain or "=" number is a value */
        v = hl7_empty(hl7_comp(r->m, v, 1)) || hl7_is(hl7_comp(r->m, v, 1), "=") ? hl7_comp(r->m, v, 2) : v;
    if (!hl7_number(v, out))
        return pcd_refuse(r, obx, 5, 1, HL7_DATA_TYPE, "OBX-5 \"%.*s\" is not a number", (int)(v.n > 40 ? 40 : v.n), v.p);
    if (dec_sign(*out) < 0)
        return pcd_refuse(r, obx, 5, 1, HL7_DATA_TYPE, "OBX-5 is negative");
    return true;
}

static bool no_unit(struct pcd_reader *r, const struct hl7_segment *obx)
{
    struct hl7_span v = hl7_field(obx, 6);
    if (hl7_empty(v))
        return pcd_refuse(r, obx, 6, 0, HL7_FIELD_MISSING, "OBX-6 is empty: a number needs its unit");
    return pcd_refuse(r, obx, 6, 1, HL7_TABLE_VALUE, "OBX-6 \"%.*s\" is no unit known here", (int)(v.n > 60 ? 60 : v.n), v.p);
}

bool pcd_number(struct pcd_reader *r, const struct hl7_segment *obx, const char *want, struct dec *out)
{
    struct dec v;
    if (!bare_number(r, obx, &v))
        return false;
    unit_t u = unit_of(r, obx, want), w = unit_find(want);
    if (u == UNIT_NONE)
        return no_unit(r, obx);
    struct qty q = {v, u};
    struct err e = {0};
    if (u != w && !qty_to((struct qty){v, u}, w, &q, &e))
        return pcd_refuse(r, obx, 6, 1, HL7_DATA_TYPE, "OBX-6: %s", e.text);
    *out = q.v;
    return true;
}

bool pcd_quantity(struct pcd_reader *r, const struct hl7_segment *obx, struct qty *out)
{
    struct dec v;
    if (!bare_number(r, obx, &v))
        return false;
    unit_t u = unit_of(r, obx, NULL);
    if (u == UNIT_NONE)
        return no_unit(r, obx);
    *out = (struct qty){v, u};
    return true;
}

const char *pcd_string(struct pcd_reader *r, const struct hl7_segment *obx)
{
    struct hl7_span rep = hl7_rep(r->m, hl7_field(obx, 5), 1);
    struct hl7_span v = hl7_comp(r->m, rep, 1);
    bool coded = hl7_is(hl7_field(obx, 2), "CWE") || hl7_is(hl7_field(obx, 2), "CE");
    if (hl7_empty(v) || (coded && !hl7_empty(hl7_comp(r->m, rep, 2))))
        v = hl7_comp(r->m, rep, 2);
    return hl7_text(r->a, r->m, v);
}

/* --- enumerated values --- */

struct word { const char *tail; int value; };

/* Looks for prefix + word in any component; words are compared without the prefix, which senders shorten. */
static int keyword(struct pcd_reader *r, const struct hl7_segment *obx, const char *prefix, const struct word *words)
{
    struct hl7_span rep = hl7_rep(r->m, hl7_field(obx, 5), 1);
    size_t cut = strlen(prefix);
    for (int i = 1; i <= 9; i++) {
        struct hl7_span c = hl7_comp(r->m, rep, i);
        if (c.n > cut && memcmp(c.p, prefix, cut) == 0)
            c.p += cut, c.n -= cut;
        for (const struct word *w = words; c.n && w->tail; w++)
            if (hl7_is(c, w->tail))
                return w->value;
    }
    return 0;
}

enum pcd_infusing pcd_infusing_word(struct pcd_reader *r, const struct hl7_segment *obx)
{
    static const struct word w[] = {{"infusing", PCD_INFUSING}, {"not-infusing", PCD_NOT_INFUSING}, {0}};
    return (enum pcd_infusing)keyword(r, obx, "pump-status-", w);
}

enum pcd_delivery pcd_delivery_word(struct pcd_reader *r, const struct hl7_segment *obx)
{
    static const struct word w[] = {{"delivering", PCD_DELIVERING}, {"not-delivering", PCD_NOT_DELIVERING},
                                    {"transitioning", PCD_TRANSITIONING}, {"kvo", PCD_KVO}, {0}};
    static const struct word old[] = {{"infusing", PCD_DELIVERING}, {"kvo", PCD_KVO}, {"paused", PCD_NOT_DELIVERING},
                                      {"standby", PCD_NOT_DELIVERING}, {"ready", PCD_NOT_DELIVERING},
                                      {"not-infusing", PCD_NOT_DELIVERING}, {0}};
    int d = keyword(r, obx, "pump-delivery-status-", w);
    return (enum pcd_delivery)(d ? d : keyword(r, obx, "pump-status-", old));
}

enum pcd_reason pcd_reason_word(struct pcd_reader *r, const struct hl7_segment *obx)
{
    static const struct word w[] = {{"by-clinician", PCD_BY_CLINICIAN}, {"by-user", PCD_BY_CLINICIAN},
                                    {"switching-source", PCD_SWITCHING_SOURCE}, {"between-doses", PCD_BETWEEN_DOSES},
                                    {"alarming", PCD_ALARMING}, {"not-specified", PCD_NOT_SPECIFIED}, {0}};
    int found = keyword(r, obx, "pump-stopped-", w);
    return (enum pcd_reason)(found ? found : PCD_NOT_SPECIFIED);
}

enum pcd_mode pcd_mode_word(struct pcd_reader *r, const struct hl7_segment *obx)
{
    static const struct word w[] = {{"continuous", PCD_CONTINUOUS}, {"multi-step", PCD_MULTI_STEP},
                                    {"ramp-taper", PCD_RAMP_TAPER}, {"multi-dosing", PCD_MULTI_DOSING}, {0}};
    return (enum pcd_mode)keyword(r, obx, "pump-program-delivery-mode-", w);
}

enum pcd_source pcd_source_word(struct pcd_reader *r, const struct hl7_segment *obx)
{
    static const struct word w[] = {{"primary", PCD_PRIMARY}, {"secondary", PCD_SECONDARY}, {"pca", PCD_PCA},
                                    {"loading", PCD_LOADING}, {"clinician", PCD_CLINICIAN},
                                    {"intermittent", PCD_INTERMITTENT}, {0}};
    return (enum pcd_source)keyword(r, obx, "pump-source-info-", w);
}
