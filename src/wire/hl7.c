#include "wire/hl7.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct { enum hl7_code code; const char *text; } code_texts[] = {
    {HL7_OK, "Message accepted"},
    {HL7_SEGMENT_SEQUENCE, "Segment sequence error"},
    {HL7_FIELD_MISSING, "Required field missing"},
    {HL7_DATA_TYPE, "Data type error"},
    {HL7_TABLE_VALUE, "Table value not found"},
    {HL7_BAD_MESSAGE_TYPE, "Unsupported message type"},
    {HL7_BAD_EVENT, "Unsupported event code"},
    {HL7_BAD_PROCESSING_ID, "Unsupported processing id"},
    {HL7_BAD_VERSION, "Unsupported version id"},
    {HL7_UNKNOWN_KEY, "Unknown key identifier"},
    {HL7_DUPLICATE_KEY, "Duplicate key identifier"},
    {HL7_RECORD_LOCKED, "Application record locked"},
    {HL7_INTERNAL, "Application internal error"},
};

const char *hl7_code_text(enum hl7_code code)
{
    for (size_t i = 0; i < sizeof code_texts / sizeof code_texts[0]; i++)
        if (code_texts[i].code == code)
            return code_texts[i].text;
    return "Application error";
}

bool hl7_fault_set(struct hl7_fault *f, enum hl7_code code, const char *fmt, ...)
{
    if (f->code != HL7_OK)
        return false;
    f->code = code;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, ap);
    va_end(ap);
    return false;
}

/* Segment name as it may stand in an error text, whatever bytes were sent. */
static void place(struct hl7_fault *f, const struct hl7_segment *s, int field)
{
    if (f->code != HL7_OK)
        return;
    memcpy(f->segment, s->name, sizeof f->segment);
    f->nth = s->nth;
    f->field = field;
}

static bool segment_start(const char *p, const char *end, char sep)
{
    return end - p >= 4 && isupper((unsigned char)p[0]) && (isupper((unsigned char)p[1]) || isdigit((unsigned char)p[1])) &&
           (isupper((unsigned char)p[2]) || isdigit((unsigned char)p[2])) && p[3] == sep;
}

/* The end of the segment at p: a CR, or an LF that is followed by another segment or by nothing (an LF inside text
 * is kept: some senders put it there unescaped). */
static const char *segment_end(const char *p, const char *end, char sep)
{
    const char *cr = memchr(p, '\r', (size_t)(end - p));
    const char *stop = cr ? cr : end;
    for (const char *q = p; (q = memchr(q, '\n', (size_t)(stop - q))) != NULL; q++) {
        const char *next = q;
        while (next < stop && *next == '\n')
            next++;
        if (next == end || next == cr || segment_start(next, end, sep))
            return q;
    }
    return stop;
}

static bool delimiter_ok(char c)
{
    return c > ' ' && c < 0x7f && !isalnum((unsigned char)c) && c != '"';
}

static bool read_delimiters(struct hl7_message *m, const char *s, size_t len, struct hl7_fault *f)
{
    if (len < 8 || memcmp(s, "MSH", 3) != 0)
        return hl7_fault_set(f, HL7_SEGMENT_SEQUENCE, "A message begins with the segment MSH; this one does not");
    memcpy(f->segment, "MSH", 4);
    f->nth = 1;
    f->field = 1;
    m->sep = s[3];
    if (!delimiter_ok(m->sep))
        return hl7_fault_set(f, HL7_DATA_TYPE, "MSH-1 must be a punctuation mark (usually |)");
    const char *e2 = memchr(s + 4, m->sep, len - 4);
    size_t n = e2 ? (size_t)(e2 - s - 4) : 0;
    f->field = 2;
    if (n < 3 || n > 5) /* 3: no subcomponents; 5: the truncation character of v2.7 */
        return hl7_fault_set(f, HL7_DATA_TYPE, "MSH-2 must hold the delimiters ^~\\& (3 to 5 characters), not %zu", n);
    char all[7] = {m->sep};
    for (size_t i = 0; i < n; i++) {
        if (!delimiter_ok(s[4 + i]) || strchr(all, s[4 + i]))
            return hl7_fault_set(f, HL7_DATA_TYPE, "MSH-2 holds a letter, a blank or the same delimiter twice");
        all[i + 1] = s[4 + i];
    }
    m->comp = s[4];
    m->rep = s[5];
    m->esc = s[6];
    m->sub = n > 3 ? s[7] : 0;
    f->segment[0] = 0;
    f->nth = f->field = 0;
    return true;
}

static bool split_fields(struct arena *a, const struct hl7_message *m, struct hl7_segment *s, struct hl7_span line,
                         struct hl7_fault *f)
{
    struct hl7_span found[HL7_FIELDS_MAX + 1];
    int n = 0;
    const char *end = line.p + line.n;
    bool msh = memcmp(s->name, "MSH", 3) == 0; /* MSH-1 is the first separator, so its fields count one more */
    const char sep = m->sep;
    for (const char *p = line.p, *q = p;; p = q + 1) { /* fields are short: a loop is faster than memchr */
        if (msh && n == 1)
            found[n++] = (struct hl7_span){line.p + 3, 1};
        for (q = p; q < end && *q != sep;)
            q++;
        if (q < end && n == HL7_FIELDS_MAX) {
            place(f, s, HL7_FIELDS_MAX);
            return hl7_fault_set(f, HL7_SEGMENT_SEQUENCE, "%s has over %d fields", s->name, HL7_FIELDS_MAX);
        }
        found[n++] = (struct hl7_span){p, (size_t)(q - p)};
        if (q == end)
            break;
    }
    s->field = ARENA_ARRAY(a, (size_t)n, struct hl7_span);
    s->count = n;
    memcpy(s->field, found, (size_t)n * sizeof *found);
    return true;
}

/* Control bytes have no place in a field except TAB and LF; NUL would cut text short. */
static bool no_controls(const struct hl7_segment *s, struct hl7_span line, struct hl7_fault *f)
{
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];
        if (c >= ' ' || c == '\t' || c == '\n')
            continue;
        int field = 0;
        while (field + 1 < s->count && s->field[field + 1].p <= line.p + i)
            field++;
        place(f, s, field);
        return hl7_fault_set(f, HL7_DATA_TYPE, "%s-%d holds the control byte 0x%02X", s->name, field, c);
    }
    return true;
}

static int nth_of(const struct hl7_message *m, const char *name)
{
    for (int i = m->count - 1; i >= 0; i--)
        if (memcmp(m->segment[i].name, name, 3) == 0)
            return m->segment[i].nth + 1;
    return 1;
}

/* MSH-18, and whether the bytes are what it says; len 0 when they are all ASCII. */
static bool charset_read(struct hl7_message *m, const char *s, size_t len, struct hl7_fault *f)
{
    struct hl7_span set = hl7_rep(m, hl7_field(&m->segment[0], 18), 1);
    place(f, &m->segment[0], 18);
    bool declared = !hl7_empty(set) && !hl7_is(set, "ASCII");
    if (!declared)
        m->charset = HL7_ASCII;
    else if (hl7_is(set, "UNICODE UTF-8") || hl7_is(set, "UTF-8"))
        m->charset = HL7_UTF8;
    else if (hl7_is(set, "8859/1"))
        m->charset = HL7_LATIN1;
    else
        return hl7_fault_set(f, HL7_TABLE_VALUE, "MSH-18: unknown character set \"%.*s\"; known are ASCII, UNICODE UTF-8, 8859/1",
                             (int)(set.n > 40 ? 40 : set.n), set.p);
    for (size_t i = 0; m->charset != HL7_LATIN1 && i < len;) {
        size_t n = (unsigned char)s[i] < 0x80 ? 1 : utf8_char_len(s + i, len - i);
        if (n == 0) {
            m->charset = HL7_ASCII; /* whoever echoes the message must not echo these bytes */
            return hl7_fault_set(f, HL7_DATA_TYPE, declared ? "MSH-18 says UTF-8 but byte %zu is not"
                                 : "MSH-18 names no character set but byte %zu is neither ASCII nor UTF-8", i);
        }
        if (n > 1)
            m->charset = HL7_UTF8; /* undeclared, but unmistakable */
        i += n;
    }
    f->segment[0] = 0;
    f->nth = f->field = 0;
    return true;
}

/* One pass over all bytes, so that the careful ones run only when there is something to find. */
struct survey {
    int lines;     /* upper bound on segments */
    bool high;     /* a byte over 127 */
    bool controls; /* a control byte other than TAB, LF, CR */
};

static void survey_bytes(struct survey *v, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        v->high |= c >= 0x80;
        v->lines += c == '\r' || c == '\n';
        v->controls |= c < ' ' && c != '\t' && c != '\n' && c != '\r';
    }
}

/* Eight bytes at a time where none is under 0x20 or over 0x7f. */
static struct survey survey(const char *s, const char *end)
{
    const uint64_t top = UINT64_C(0x8080808080808080), blanks = UINT64_C(0x2020202020202020);
    struct survey v = {.lines = 1};
    for (; end - s >= 8; s += 8) {
        uint64_t w;
        memcpy(&w, s, 8);
        if ((w | (w - blanks)) & top)
            survey_bytes(&v, s, 8);
    }
    survey_bytes(&v, s, (size_t)(end - s));
    if (v.lines > HL7_SEGMENTS_MAX + 1)
        v.lines = HL7_SEGMENTS_MAX + 1;
    return v;
}

static bool add_segment(struct arena *a, struct hl7_message *m, struct hl7_span line, bool controls, struct hl7_fault *f)
{
    const char *end = line.p + line.n;
    bool bare = line.n == 3; /* a name alone is a segment without fields */
    char padded[4] = {0};
    if (bare)
        memcpy(padded, line.p, 3), padded[3] = m->sep;
    if (bare ? !segment_start(padded, padded + 4, m->sep) : !segment_start(line.p, end, m->sep))
        return hl7_fault_set(f, HL7_SEGMENT_SEQUENCE, "Line %d does not begin with a segment name and MSH-1", m->count + 1);
    struct hl7_segment *s = &m->segment[m->count];
    memcpy(s->name, line.p, 3);
    s->name[3] = 0;
    s->nth = nth_of(m, s->name);
    if (m->count > 0 && memcmp(s->name, "MSH", 3) == 0) {
        place(f, s, 0);
        return hl7_fault_set(f, HL7_SEGMENT_SEQUENCE, "A second MSH inside one message");
    }
    if (!split_fields(a, m, s, line, f))
        return false;
    m->count++;
    return !controls || no_controls(s, line, f);
}

bool hl7_parse(struct arena *a, const char *s, size_t len, struct hl7_message *out, struct hl7_fault *f)
{
    *out = (struct hl7_message){0};
    *f = (struct hl7_fault){0};
    if (len > HL7_MESSAGE_MAX)
        return hl7_fault_set(f, HL7_SEGMENT_SEQUENCE, "The message is over %d bytes", HL7_MESSAGE_MAX);
    const char *end = s + len;
    while (s < end && (*s == '\r' || *s == '\n'))
        s++;
    len = (size_t)(end - s);
    if (!read_delimiters(out, s, len, f))
        return false;
    struct survey found = survey(s, end);
    out->segment = ARENA_ARRAY(a, (size_t)found.lines, struct hl7_segment);
    for (const char *p = s; p < end;) {
        if (*p == '\r' || *p == '\n') {
            p++;
            continue;
        }
        const char *q = segment_end(p, end, out->sep);
        if (out->count == HL7_SEGMENTS_MAX)
            return hl7_fault_set(f, HL7_SEGMENT_SEQUENCE, "Over %d segments", HL7_SEGMENTS_MAX);
        if (!add_segment(a, out, (struct hl7_span){p, (size_t)(q - p)}, found.controls, f))
            return false;
        p = q;
    }
    return charset_read(out, s, found.high ? len : 0, f);
}

bool hl7_patch(struct arena *a, const struct hl7_message *m, struct hl7_span raw, const char *segment, int nth, int field,
               const char *value, struct hl7_span *out)
{
    const struct hl7_segment *s = hl7_segment(m, segment, nth < 1 ? 1 : nth);
    bool msh = strcmp(segment, "MSH") == 0;
    if (!s || field < 1 || (msh && field <= 2) || strchr(value, m->sep) || strpbrk(value, "\r\n"))
        return false;
    struct hl7_span last = s->field[s->count - 1];
    size_t missing = field < s->count ? 0 : (size_t)(field - s->count + 1), n = strlen(value);
    const char *from = missing ? last.p + last.n : s->field[field].p;
    const char *to = missing ? from : from + s->field[field].n;
    size_t head = (size_t)(from - raw.p), tail = raw.n - (size_t)(to - raw.p);
    char *p = arena_alloc(a, head + missing + n + tail + 1);
    memcpy(p, raw.p, head);
    memset(p + head, m->sep, missing);
    memcpy(p + head + missing, value, n);
    memcpy(p + head + missing + n, to, tail);
    *out = (struct hl7_span){p, head + missing + n + tail};
    return true;
}

/* --- look-ups --- */

const struct hl7_segment *hl7_segment(const struct hl7_message *m, const char *name, int nth)
{
    for (int i = 0; i < m->count; i++)
        if (m->segment[i].nth == nth && memcmp(m->segment[i].name, name, 3) == 0)
            return &m->segment[i];
    return NULL;
}

struct hl7_span hl7_field(const struct hl7_segment *s, int field)
{
    if (!s || field < 0 || field >= s->count)
        return (struct hl7_span){0};
    return s->field[field];
}

static struct hl7_span part(struct hl7_span s, char sep, int nth)
{
    if (!s.p || nth < 1 || nth > HL7_PARTS_MAX)
        return (struct hl7_span){0};
    const char *p = s.p, *end = s.p + s.n;
    for (;; nth--) {
        const char *q = sep ? memchr(p, sep, (size_t)(end - p)) : NULL;
        if (nth == 1)
            return (struct hl7_span){p, (size_t)((q ? q : end) - p)};
        if (!q)
            return (struct hl7_span){0};
        p = q + 1;
    }
}

struct hl7_span hl7_rep(const struct hl7_message *m, struct hl7_span field, int rep)
{
    return part(field, m->rep, rep);
}

struct hl7_span hl7_comp(const struct hl7_message *m, struct hl7_span rep, int comp)
{
    return part(rep, m->comp, comp);
}

int hl7_comps(const struct hl7_message *m, struct hl7_span rep, struct hl7_span *out, int max)
{
    int n = 0;
    const char *end = rep.p + rep.n;
    for (const char *p = rep.p; p && n < max;) {
        const char *q = memchr(p, m->comp, (size_t)(end - p));
        out[n++] = (struct hl7_span){p, (size_t)((q ? q : end) - p)};
        p = q ? q + 1 : NULL;
    }
    for (int i = n; i < max; i++)
        out[i] = (struct hl7_span){0};
    return n;
}

struct hl7_span hl7_sub(const struct hl7_message *m, struct hl7_span comp, int sub)
{
    return part(comp, m->sub, sub);
}

int hl7_reps(const struct hl7_message *m, struct hl7_span field)
{
    if (!field.n)
        return 0;
    int n = 1;
    for (size_t i = 0; i < field.n && n < HL7_PARTS_MAX; i++)
        n += field.p[i] == m->rep;
    return n;
}

struct hl7_span hl7_at(const struct hl7_message *m, const struct hl7_segment *s, int field, int comp)
{
    struct hl7_span f = hl7_field(s, field);
    if (s && memcmp(s->name, "MSH", 3) == 0 && field <= 2)
        return f; /* the delimiters themselves do not split */
    return hl7_comp(m, hl7_rep(m, f, 1), comp);
}

bool hl7_null(struct hl7_span s)
{
    return s.n == 2 && s.p[0] == '"' && s.p[1] == '"';
}

bool hl7_is(struct hl7_span s, const char *text)
{
    size_t n = strlen(text);
    return s.p && s.n == n && memcmp(s.p, text, n) == 0;
}
