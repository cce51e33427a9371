/* hl7_text: escapes, character sets, numbers, and writing. */
#include "wire/hl7.h"

#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static char *put_byte(char *o, enum hl7_charset set, unsigned char c)
{
    if (c >= 0x80 && set == HL7_LATIN1) {
        *o++ = (char)(0xc0 | (c >> 6));
        *o++ = (char)(0x80 | (c & 0x3f));
        return o;
    }
    *o++ = (char)c;
    return o;
}

/* \Xhh…\: bytes of the message's set. Control bytes and, outside Latin-1, bytes over 127 are replaced by '?' so that
 * no escape can smuggle in a NUL or broken UTF-8. */
static char *put_hex(char *o, enum hl7_charset set, const char *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        int hi = hex(p[i]), lo = hex(p[i + 1]);
        int c = hi * 16 + lo;
        if (c == '\r')
            c = '\n';
        bool fine = c >= ' ' || c == '\n' || c == '\t';
        if (!fine || c == 0x7f || (c >= 0x80 && set != HL7_LATIN1))
            c = '?';
        o = put_byte(o, set, (unsigned char)c);
    }
    return o;
}

static bool all_hex(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (hex(p[i]) < 0)
            return false;
    return n > 0 && n % 2 == 0;
}

/* One escape's inside (between two escape characters). Returns NULL if nobody knows it. */
static char *put_escape(char *o, const struct hl7_message *m, const char *p, size_t n)
{
    if (n == 1) {
        const char *at = strchr("FSTRE", p[0]);
        char real[5] = {m->sep, m->comp, m->sub, m->rep, m->esc};
        if (at && real[at - "FSTRE"])
            return *o = real[at - "FSTRE"], o + 1;
        if (p[0] == 'H' || p[0] == 'N')
            return o;
        return NULL;
    }
    if (n > 1 && p[0] == 'X' && all_hex(p + 1, n - 1))
        return put_hex(o, m->charset, p + 1, n - 1);
    if (n >= 3 && memcmp(p, ".br", 3) == 0)
        return *o = '\n', o + 1;
    if (n >= 3 && p[0] == '.')
        return o; /* other formatting: .sp .in .ti .fi .nf .ce .sk */
    return NULL;
}

const char *hl7_text(struct arena *a, const struct hl7_message *m, struct hl7_span s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\n'))
        s.p++, s.n--;
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n'))
        s.n--;
    if (s.n == 0 || hl7_null(s))
        return NULL;
    bool plain = !memchr(s.p, m->esc, s.n) && m->charset != HL7_LATIN1;
    if (plain)
        return s.n > HL7_TEXT_MAX ? arena_strndup(a, s.p, HL7_TEXT_MAX) : arena_strndup(a, s.p, s.n);
    if (s.n > HL7_TEXT_MAX / 2)
        s.n = HL7_TEXT_MAX / 2;
    char *out = arena_alloc(a, 2 * s.n + 1), *o = out; /* Latin-1 at most doubles; escapes only shrink */
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != m->esc) {
            o = put_byte(o, m->charset, (unsigned char)s.p[i]);
            continue;
        }
        const char *stop = memchr(s.p + i + 1, m->esc, s.n - i - 1);
        char *next = stop ? put_escape(o, m, s.p + i + 1, (size_t)(stop - s.p) - i - 1) : NULL;
        if (!next) {
            *o++ = s.p[i];
            continue;
        }
        o = next;
        i = (size_t)(stop - s.p);
    }
    *o = 0;
    return out;
}

bool hl7_number(struct hl7_span s, struct dec *out)
{
    *out = DEC_NONE;
    while (s.n && s.p[0] == ' ')
        s.p++, s.n--;
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    bool negative = s.n && s.p[0] == '-';
    if (s.n && (s.p[0] == '+' || s.p[0] == '-'))
        s.p++, s.n--;
    int64_t coef = 0;
    int digits = 0, places = -1;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9' || i > 64)
            return false;
        if (coef > (INT64_MAX - 9) / 10 || places == DEC_SCALE_MAX)
            return false; /* more digits than a dec holds: an error, never a changed number */
        coef = coef * 10 + (s.p[i] - '0');
        digits++;
        if (places >= 0)
            places++;
    }
    if (digits == 0)
        return false;
    *out = DEC(negative ? -coef : coef, (int8_t)(places > 0 ? places : 0));
    return true;
}

bool hl7_whole(struct hl7_span s, int *out)
{
    struct dec d;
    if (!hl7_number(s, &d) || d.scale != 0 || d.coef < 0 || d.coef > INT32_MAX)
        return false;
    *out = (int)d.coef;
    return true;
}

/* --- writer --- */

static void pay(struct hl7_writer *w)
{
    for (; w->owed > 0; w->owed--)
        buf_addc(w->b, '|');
}

static void escaped(struct buf *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        static const char special[] = "|^&~\\";
        size_t plain = i; /* a run that needs nothing goes in one piece */
        while (plain < n && (unsigned char)s[plain] >= ' ' && s[plain] != 0x7f && !strchr(special, s[plain]))
            plain++;
        buf_add(b, s + i, plain - i);
        if (plain == n)
            return;
        i = plain;
        unsigned char c = (unsigned char)s[i];
        const char *at = c ? strchr(special, c) : NULL;
        if (at) {
            buf_addc(b, '\\');
            buf_addc(b, "FSTRE"[at - special]);
            buf_addc(b, '\\');
        } else if (c == '\n') {
            buf_puts(b, "\\.br\\");
        } else if (c < ' ' || c == 0x7f) {
            buf_addc(b, ' '); /* control bytes never reach the wire: 0x0B and 0x1C would break the frame */
        } else {
            buf_addc(b, (char)c);
        }
    }
}

void hl7_begin(struct hl7_writer *w, struct buf *b, const char *segment)
{
    *w = (struct hl7_writer){.b = b, .owed = 1};
    buf_puts(b, segment);
    if (strcmp(segment, "MSH") == 0)
        buf_puts(b, "|^~\\&");
}

void hl7_put(struct hl7_writer *w, const char *text)
{
    if (text && *text) {
        pay(w);
        escaped(w->b, text, strlen(text));
    }
    w->owed++;
}

void hl7_put_comps(struct hl7_writer *w, const char *const *comps, int n)
{
    while (n > 0 && (!comps[n - 1] || !*comps[n - 1]))
        n--;
    if (n > 0)
        pay(w);
    for (int i = 0; i < n; i++) {
        if (i)
            buf_addc(w->b, '^');
        if (comps[i])
            escaped(w->b, comps[i], strlen(comps[i]));
    }
    w->owed++;
}

/* An echoed field keeps its own structure and escapes; only its delimiters are put into ours. */
void hl7_put_span(struct hl7_writer *w, const struct hl7_message *m, struct hl7_span s)
{
    if (!hl7_empty(s))
        pay(w);
    bool ours = m->sep == '|' && m->comp == '^' && m->rep == '~' && m->esc == '\\' && m->sub == '&';
    for (size_t i = 0; i < s.n; i++) {
        size_t plain = i; /* a run that needs nothing goes in one piece */
        while (ours && plain < s.n && (unsigned char)s.p[plain] >= ' ' && (unsigned char)s.p[plain] < 0x7f)
            plain++;
        buf_add(w->b, s.p + i, plain - i);
        if (plain == s.n)
            break;
        i = plain;
        char c = s.p[i];
        if (c == m->comp)
            c = '^';
        else if (c == m->rep)
            c = '~';
        else if (c == m->esc)
            c = '\\';
        else if (m->sub && c == m->sub)
            c = '&';
        else if ((unsigned char)c < ' ' || strchr("|^~\\&", c)) {
            escaped(w->b, &c, 1);
            continue;
        } else if ((unsigned char)c >= 0x80 && m->charset != HL7_UTF8) {
            char two[2];
            bool latin = m->charset == HL7_LATIN1; /* else the set was refused: say nothing wrong */
            buf_add(w->b, latin ? two : "?", latin ? (size_t)(put_byte(two, HL7_LATIN1, (unsigned char)c) - two) : 1);
            continue;
        }
        buf_addc(w->b, c);
    }
    w->owed++;
}

void hl7_skip(struct hl7_writer *w, int fields)
{
    w->owed += fields;
}

void hl7_close(struct hl7_writer *w)
{
    buf_addc(w->b, '\r');
}
