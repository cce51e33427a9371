/* pcd_ack: accept acknowledgements, enhanced and original mode (HL7 v2.6 chapter 2.9, IHE TF-2 3.3.4.4.11). */
#include "wire/pcd.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Is an acknowledgement wanted? MSH-15: AL always, NE never, SU on success, ER on error. */
static bool wanted(const struct hl7_message *m, const struct hl7_segment *msh, enum pcd_ack_mode mode, bool good)
{
    if (mode != PCD_ACK_AUTO || !msh)
        return true;
    struct hl7_span when = hl7_at(m, msh, 15, 1);
    if (hl7_is(when, "NE"))
        return false;
    if (hl7_is(when, "SU"))
        return good;
    if (hl7_is(when, "ER"))
        return !good;
    return true;
}

static const char *verdict(bool enhanced, const struct hl7_fault *fault)
{
    if (!fault || fault->code == HL7_OK)
        return enhanced ? "CA" : "AA";
    bool rejected = fault->code >= HL7_BAD_MESSAGE_TYPE && fault->code <= HL7_BAD_VERSION;
    if (rejected)
        return enhanced ? "CR" : "AR";
    return enhanced ? "CE" : "AE";
}

static void head(struct buf *out, const struct hl7_message *m, const struct hl7_segment *msh, const struct pcd_ack *how,
                 bool enhanced)
{
    struct hl7_writer w;
    char when[UTC_TEXT_MAX], event[8] = "";
    struct hl7_span ev = hl7_at(m, msh, 9, 2);
    for (size_t i = 0; ev.n < sizeof event && i < ev.n && isalnum((unsigned char)ev.p[i]); i++)
        event[i] = ev.p[i];
    const char *const type[] = {"ACK", event[0] ? event : NULL, "ACK"};
    const char *const language[] = {"en", "English", "ISO639"};
    hl7_begin(&w, out, "MSH");
    if (hl7_empty(hl7_field(msh, 5)))
        hl7_put(&w, "VENULE");
    else
        hl7_put_span(&w, m, hl7_field(msh, 5));
    if (hl7_empty(hl7_field(msh, 6)))
        hl7_put(&w, how->facility);
    else
        hl7_put_span(&w, m, hl7_field(msh, 6));
    hl7_put_span(&w, m, hl7_field(msh, 3));
    hl7_put_span(&w, m, hl7_field(msh, 4));
    hl7_put(&w, utc_hl7(how->now, NULL, when));
    hl7_skip(&w, 1);
    hl7_put_comps(&w, type, 3);
    hl7_put(&w, how->control_id);
    if (hl7_empty(hl7_field(msh, 11)))
        hl7_put(&w, "P");
    else
        hl7_put_span(&w, m, hl7_field(msh, 11));
    hl7_put(&w, "2.6");
    hl7_skip(&w, 2);
    hl7_put(&w, enhanced ? "NE" : NULL);
    hl7_put(&w, enhanced ? "NE" : NULL);
    hl7_skip(&w, 1);
    hl7_put(&w, m->charset == HL7_ASCII ? "ASCII" : "UNICODE UTF-8");
    hl7_put_comps(&w, language, 3);
    hl7_close(&w);
}

static void err_segment(struct buf *out, const struct hl7_fault *f)
{
    struct hl7_writer w;
    char nth[12] = "", field[12] = "", comp[12] = "", code[12], text[sizeof f->text];
    if (f->nth)
        snprintf(nth, sizeof nth, "%d", f->nth);
    if (f->field)
        snprintf(field, sizeof field, "%d", f->field);
    if (f->component)
        snprintf(comp, sizeof comp, "%d", f->component);
    snprintf(code, sizeof code, "%d", f->code);
    memcpy(text, f->text, sizeof text);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?'; /* it may quote bytes that are no text in any set */
    const char *const place[] = {f->segment, nth, field, f->component ? "1" : "", comp}; /* first repetition */
    const char *const cond[] = {code, hl7_code_text(f->code), "HL70357"};
    hl7_begin(&w, out, "ERR");
    hl7_skip(&w, 1); /* ERR-1 is not used since v2.5 */
    hl7_put_comps(&w, place, f->segment[0] ? 5 : 0);
    hl7_put_comps(&w, cond, 3);
    hl7_put(&w, "E");
    hl7_skip(&w, 2);
    hl7_put(&w, text); /* ERR-7 diagnostic, ERR-8 for people: the one sentence serves both */
    hl7_put(&w, text);
    hl7_close(&w);
}

bool pcd_ack(struct buf *out, const struct hl7_message *m, const struct pcd_ack *how, const struct hl7_fault *fault)
{
    const struct hl7_segment *msh = m->count > 0 ? &m->segment[0] : NULL;
    bool good = !fault || fault->code == HL7_OK;
    if (!wanted(m, msh, how->mode, good))
        return false;
    bool asked = !hl7_empty(hl7_field(msh, 15)) || !hl7_empty(hl7_field(msh, 16));
    bool enhanced = how->mode == PCD_ACK_ENHANCED || (how->mode == PCD_ACK_AUTO && asked);
    head(out, m, msh, how, enhanced);
    struct hl7_writer w;
    hl7_begin(&w, out, "MSA");
    hl7_put(&w, verdict(enhanced, fault));
    hl7_put_span(&w, m, hl7_at(m, msh, 10, 1));
    hl7_close(&w);
    if (!good)
        err_segment(out, fault);
    return true;
}
