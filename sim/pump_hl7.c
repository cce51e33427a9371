#include "sim/pump_hl7.h"

#include "base/dec.h"

#include <stdio.h>
#include <string.h>

/* OBX rows are numbered as they are written. */
struct rows {
    struct buf *b;
    int n;
};

static void text_out(struct buf *b, const char *s)
{
    static const char special[] = "|^&~\\";
    for (; *s; s++) {
        const char *at = strchr(special, *s);
        if (at)
            buf_printf(b, "\\%c\\", "FSTRE"[at - special]);
        else if ((unsigned char)*s >= ' ')
            buf_addc(b, *s);
    }
}

static void device(struct rows *r, const char *code, const char *path, const char *id)
{
    buf_printf(r->b, "OBX|%d||%s^MDC|%s|||||||X", ++r->n, code, path);
    if (id)
        buf_printf(r->b, "|||||||%s", id);
    buf_addc(r->b, '\r');
}

static void coded(struct rows *r, const char *code, const char *path, const char *word)
{
    buf_printf(r->b, "OBX|%d|CWE|%s^MDC|%s|^%s||||||R\r", ++r->n, code, path, word);
}

static void words(struct rows *r, const char *code, const char *path, const char *s)
{
    if (!*s)
        return;
    buf_printf(r->b, "OBX|%d|ST|%s^MDC|%s|", ++r->n, code, path);
    text_out(r->b, s);
    buf_puts(r->b, "||||||R\r");
}

static void number(struct rows *r, const char *code, const char *path, int64_t micro, const char *unit)
{
    char n[DEC_TEXT_MAX];
    struct dec d = dec_trim(DEC(micro, 3)); /* µL as mL */
    if (d.scale == 0)
        d = dec_round(d, 1, DEC_DOWN); /* a display with one decimal: 84.0 */
    buf_printf(r->b, "OBX|%d|NM|%s^MDC|%s|%s|%s|||||R\r", ++r->n, code, path, dec_text(d, n), unit);
}

#define ML "263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM"
#define ML_H "265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM"
#define SECONDS "264320^MDC_DIM_SEC^MDC^s^s^UCUM"
#define PERCENT "262688^MDC_DIM_PERCENT^MDC^%%^%%^UCUM" /* in a format */

static const char *stamp(utc_t t, char out[UTC_TEXT_MAX])
{
    return utc_hl7(t, NULL, out);
}

static void header(const struct pump_voice *v, const struct pump_note *n, utc_t now, const char *id, struct buf *b)
{
    static const struct { const char *type, *profile; } kinds[] = {
        [PUMP_NOTE_REPORT] = {"ORU^R01^ORU_R01", "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO"},
        [PUMP_NOTE_EVENT] = {"ORU^R42^ORU_R01", "IHE_PCD_010^IHE PCD^1.3.6.1.4.1.19376.1.6.4.10^ISO"},
        [PUMP_NOTE_ALARM] = {"ORU^R40^ORU_R40", "IHE_PCD_004^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO"},
    };
    char at[UTC_TEXT_MAX], sent[UTC_TEXT_MAX];
    buf_printf(b, "MSH|^~\\&|SIMPUMP^%s^EUI-64|", v->eui);
    text_out(b, v->facility);
    buf_printf(b, "|||%s||%s|%s|P|2.6|||AL|NE||UNICODE UTF-8|en^English^ISO639||%s\r", stamp(now, sent), kinds[n->kind].type, id,
               kinds[n->kind].profile);
    if (n->v.patient[0]) {
        buf_puts(b, "PID|||");
        text_out(b, n->v.patient);
        buf_puts(b, "^^^^MR\r");
    } else {
        buf_puts(b, "PID|||Unknown Patient^\r");
    }
    buf_puts(b, "PV1||O\rOBR|1|");
    text_out(b, n->v.order);
    if (n->kind != PUMP_NOTE_ALARM) {
        buf_printf(b, "|F%s^SIMPUMP^%s^EUI-64|70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|||%s\r", id, v->eui, stamp(n->v.at, at));
        return;
    }
    buf_printf(b, "|%s-%s-%d^SIMPUMP^%s^EUI-64|196616^MDC_EVT_ALARM^MDC|||%s", v->serial, v->epoch, n->alarm, v->eui, stamp(n->v.at, at));
    if (n->alarm != n->alarm_first)
        buf_printf(b, "||||||||||||||||||||||^%s-%s-%d&SIMPUMP&%s&EUI-64", v->serial, v->epoch, n->alarm_first, v->eui);
    buf_addc(b, '\r');
}

static const char *happening_code(enum pump_happening h)
{
    static const char *const codes[] = {"197288^MDC_EVT_PUMP_DELIV_START", "197290^MDC_EVT_PUMP_DELIV_STOP",
                                        "197292^MDC_EVT_PUMP_DELIV_COMP", "0^MDC_EVT_PUMP_VOL_COUNTERS_CLEARED"};
    return codes[h];
}

static void metrics(const struct pump_note *n, struct rows *r, const char *mds_id)
{
    static const char *const status[] = {"delivering", "not-delivering", "transitioning", "kvo"};
    static const char *const why[] = {NULL, "pump-stopped-by-clinician", "pump-stopped-alarming", "pump-stopped-not-specified"};
    const struct pump_values *v = &n->v;
    char word[64];
    device(r, "70049^MDC_DEV_PUMP_INFUS_LVP_MDS", "1.0.0.0", mds_id);
    if (n->kind == PUMP_NOTE_EVENT) {
        buf_printf(r->b, "OBX|%d|CWE|68487^MDC_ATTR_EVT_COND^MDC|1.0.0.1|%s^MDC||||||R\r", ++r->n, happening_code(n->what));
        words(r, "68488^MDC_ATTR_EVT_SOURCE", "1.0.0.2", "1.1.2.0");
    }
    buf_printf(r->b, "OBX|%d|NM|67996^MDC_ATTR_VAL_BATT_CHARGE^MDC|1.0.0.3|%d|" PERCENT "|||||R\r", ++r->n, v->battery_percent);
    device(r, "70050^MDC_DEV_PUMP_INFUS_LVP_VMD", "1.1.0.0", NULL);
    device(r, "70067^MDC_DEV_PUMP_DELIVERY_INFO", "1.1.1.0", NULL);
    coded(r, "184519^MDC_PUMP_INFUSING_STATUS", "1.1.1.1", v->infusing ? "pump-status-infusing" : "pump-status-not-infusing");
    number(r, "158014^MDC_FLOW_FLUID_PUMP_CURRENT", "1.1.1.2", v->flow_ul_h, ML_H);
    coded(r, "158016^MDC_DEV_PUMP_ACTIVE_SOURCES", "1.1.1.3", "pump-source-info-primary");
    device(r, "70071^MDC_DEV_PUMP_INFUSATE_SOURCE_PRIMARY", "1.1.2.0", NULL);
    snprintf(word, sizeof word, "pump-delivery-status-%s", status[v->delivery]);
    coded(r, "158005^MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS", "1.1.2.1", word);
    coded(r, "158008^MDC_DEV_PUMP_PROGRAM_DELIVERY_MODE", "1.1.2.2", "pump-program-delivery-mode-continuous");
    if (v->delivery == PUMP_NOT_DELIVERING && v->why != PUMP_WHY_NONE)
        coded(r, "158006^MDC_DEV_PUMP_NOT_DELIVERING_REASON", "1.1.2.3", why[v->why]);
    words(r, "158012^MDC_DEV_PUMP_SOURCE_CHANNEL_LABEL", "1.1.2.4", "A");
    if (v->programmed) {
        number(r, "157784^MDC_FLOW_FLUID_PUMP", "1.1.2.5", v->programmed_ul_h, ML_H);
        number(r, "157884^MDC_VOL_FLUID_TBI", "1.1.2.6", v->vtbi_ul, ML);
    }
    number(r, "157993^MDC_VOL_FLUID_DELIV_TOTAL", "1.1.2.7", v->total_ul, ML);
    number(r, "157992^MDC_VOL_FLUID_DELIV_SEGMENT", "1.1.2.8", v->segment_ul, ML);
    if (v->programmed)
        number(r, "157872^MDC_VOL_FLUID_TBI_REMAIN", "1.1.2.9", v->left_ul, ML);
    if (v->left_s >= 0)
        buf_printf(r->b, "OBX|%d|NM|157916^MDC_TIME_PD_REMAIN^MDC|1.1.2.10|%lld|" SECONDS "|||||R\r", ++r->n, (long long)v->left_s);
    words(r, "184514^MDC_DRUG_NAME_LABEL", "1.1.2.11", v->drug);
}

static void alarm_rows(const struct pump_note *n, struct rows *r, const char *mds_id)
{
    const struct pump_trouble_row *t = &pump_troubles[n->trouble];
    char at[UTC_TEXT_MAX];
    const char *const facets[][2] = {
        {"68481^MDC_ATTR_EVENT_PHASE", n->phase},
        {"68482^MDC_ATTR_ALARM_STATE", strcmp(n->phase, "end") == 0 ? "inactive" : "active"},
        {"68483^MDC_ATTR_ALARM_INACTIVATION_STATE", n->inactivation},
        {"68484^MDC_ATTR_ALARM_PRIORITY", t->priority},
        {"68485^MDC_ATTR_ALERT_TYPE", t->type},
    };
    device(r, "70049^MDC_DEV_PUMP_INFUS_LVP_MDS", "1.0.0.0", mds_id);
    device(r, "70050^MDC_DEV_PUMP_INFUS_LVP_VMD", "1.1.0.0", NULL);
    buf_printf(r->b, "OBX|%d|CWE|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|%lld^%s^MDC^^^^^^%s||||||F|||%s\r", ++r->n, (long long)t->code,
               t->refid, t->text, stamp(n->v.at, at));
    buf_printf(r->b, "OBX|%d|CWE|68480^MDC_ATTR_ALERT_SOURCE^MDC|1.1.0.0.2|70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC||||||F\r", ++r->n);
    for (int i = 0; i < 5; i++)
        buf_printf(r->b, "OBX|%d|ST|%s^MDC|1.1.0.0.%d|%s||||||F\r", ++r->n, facets[i][0], i + 3, facets[i][1]);
}

/* 64-bit FNV-1a of the serial, with the bit that marks a local address. */
static void eui_of(const char *serial, char out[17])
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *serial; serial++)
        h = (h ^ (unsigned char)*serial) * UINT64_C(1099511628211);
    snprintf(out, 17, "%016llX", (unsigned long long)((h | UINT64_C(0x0200000000000000)) & ~UINT64_C(0x0100000000000000)));
}

void pump_voice_init(struct pump_voice *v, const char *serial, const char *facility, utc_t start)
{
    memset(v, 0, sizeof *v);
    snprintf(v->serial, sizeof v->serial, "%s", serial);
    v->facility = facility;
    eui_of(serial, v->eui);
    uint64_t n = (uint64_t)(start / 1000); /* milliseconds, in base 32 */
    char *p = v->epoch + sizeof v->epoch - 1;
    do
        *--p = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[n % 32];
    while ((n /= 32) != 0 && p > v->epoch);
    memmove(v->epoch, p, strlen(p) + 1);
}

void pump_say(struct pump_voice *v, const struct pump_note *n, utc_t now, struct buf *out, char id[PUMP_ID_MAX])
{
    char mds_id[80];
    struct rows r = {out, 0};
    snprintf(id, PUMP_ID_MAX, "%s%06llu", v->epoch, (unsigned long long)++v->sent % 100000000);
    snprintf(mds_id, sizeof mds_id, "%s^SIM1^%s^EUI-64", v->serial, v->eui);
    header(v, n, now, id, out);
    if (n->kind == PUMP_NOTE_ALARM)
        alarm_rows(n, &r, mds_id);
    else
        metrics(n, &r, mds_id);
}

/* --- answers --- */

/* Field `nth` of the first segment `name`; counts as HL7 does for segments other than MSH. */
static bool field(const char *msg, size_t len, const char *name, int nth, char *out, size_t max)
{
    const char *p = msg, *end = msg + len;
    while (p < end) {
        const char *eol = memchr(p, '\r', (size_t)(end - p));
        if (!eol)
            eol = end;
        if (eol - p > 3 && memcmp(p, name, 3) == 0) {
            for (p += 3; nth > 0 && p < eol; p++)
                nth -= *p == '|';
            const char *stop = p;
            while (stop < eol && *stop != '|')
                stop++;
            snprintf(out, max, "%.*s", (int)(nth ? 0 : stop - p), p);
            return nth == 0;
        }
        p = eol;
        while (p < end && (*p == '\r' || *p == '\n'))
            p++;
    }
    return false;
}

enum pump_answer pump_hear(const char *msg, size_t len, const char *id, char why[256])
{
    char verdict[8], echo[64];
    why[0] = 0;
    if (!field(msg, len, "MSA", 1, verdict, sizeof verdict) || !field(msg, len, "MSA", 2, echo, sizeof echo) || strcmp(echo, id) != 0)
        return PUMP_ANSWER_OTHER;
    if (strcmp(verdict, "CA") == 0 || strcmp(verdict, "AA") == 0)
        return PUMP_ANSWER_TAKEN;
    if (!field(msg, len, "ERR", 8, why, 256))
        snprintf(why, 256, "%s without a reason", verdict);
    bool theirs = field(msg, len, "ERR", 3, echo, sizeof echo) && strncmp(echo, "207", 3) == 0;
    return theirs ? PUMP_ANSWER_LATER : PUMP_ANSWER_REFUSED;
}
