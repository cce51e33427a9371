/* hl7: one HL7 v2 message as segments, fields, repetitions, components and subcomponents; and a writer.
 *
 * Owns nothing: spans point into the caller's bytes, tables and decoded text live in the caller's arena. Any thread.
 * Rule: delimiters come from MSH-1 and MSH-2 and from nowhere else, text is unescaped only by hl7_text, and text that
 * leaves this room is valid UTF-8. Source: HL7 v2.6 chapter 2 (delimiters 2.5.4, escapes 2.7, null 2.5.3, table 0357).
 */
#ifndef WIRE_HL7_H
#define WIRE_HL7_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/dec.h"

enum {
    HL7_MESSAGE_MAX = 256 * 1024, /* bytes */
    HL7_SEGMENTS_MAX = 1000,
    HL7_FIELDS_MAX = 200,   /* a segment */
    HL7_PARTS_MAX = 200,    /* repetitions of a field, components of a repetition, subcomponents of a component */
    HL7_TEXT_MAX = 65536    /* decoded bytes of one component */
};

/* HL7 table 0357, message error condition codes. */
enum hl7_code {
    HL7_OK = 0,
    HL7_SEGMENT_SEQUENCE = 100,
    HL7_FIELD_MISSING = 101,
    HL7_DATA_TYPE = 102,
    HL7_TABLE_VALUE = 103,
    HL7_BAD_MESSAGE_TYPE = 200,
    HL7_BAD_EVENT = 201,
    HL7_BAD_PROCESSING_ID = 202,
    HL7_BAD_VERSION = 203,
    HL7_UNKNOWN_KEY = 204,
    HL7_DUPLICATE_KEY = 205,
    HL7_RECORD_LOCKED = 206,
    HL7_INTERNAL = 207
};
const char *hl7_code_text(enum hl7_code code); /* "Required field missing" */

/* What an ERR segment says: where (ERR-2), which condition (ERR-3) and a sentence. */
struct hl7_fault {
    enum hl7_code code;
    char segment[4]; /* "" when there is no place */
    int nth;         /* which of the segments of that name, from 1; 0 unknown */
    int field;       /* 0: the segment as a whole */
    int component;   /* 0: the field as a whole */
    char text[240];
};
/* Fills *f unless it already holds a fault; returns false. */
bool hl7_fault_set(struct hl7_fault *f, enum hl7_code code, const char *fmt, ...) PRINTF(3, 4);

struct hl7_span {
    const char *p; /* not NUL-terminated; NULL: absent */
    size_t n;
};

struct hl7_segment {
    char name[4];
    int nth;                /* among the segments of this name, from 1 */
    int count;              /* field[0 … count-1]; field[i] is NAME-i, field[0] the name, MSH-1 the separator itself */
    struct hl7_span *field;
};

enum hl7_charset { HL7_ASCII, HL7_UTF8, HL7_LATIN1 };

struct hl7_message {
    char sep, comp, rep, esc, sub; /* | ^ ~ \ & as this message has them; sub may be 0 */
    enum hl7_charset charset;
    int count;
    struct hl7_segment *segment;   /* segment[0] is MSH */
};

/* Tolerates CR, LF or CRLF ends, blank lines and a missing last end. Refuses: no MSH, letters, digits, blanks or equal
 * bytes as delimiters, control bytes in a field, a segment whose name is not three capitals or digits, over a limit,
 * a character set it does not know, bytes that are not of the set declared (undeclared bytes over 127 must be UTF-8).
 * On false *f names the place; *out then holds the segments read so far (an acknowledgement may need its MSH). */
MUST_CHECK bool hl7_parse(struct arena *a, const char *s, size_t len, struct hl7_message *out, struct hl7_fault *f);

/* The message with the text of one field replaced by `value` (as it stands on the wire). False: no such segment, a
 * delimiter field, or a value that holds the field separator or a line end. */
MUST_CHECK bool hl7_patch(struct arena *a, const struct hl7_message *m, struct hl7_span raw, const char *segment,
                          int nth, int field, const char *value, struct hl7_span *out);

/* Look-ups; absent in gives absent out. Everything counts from 1 as HL7 does. */
const struct hl7_segment *hl7_segment(const struct hl7_message *m, const char *name, int nth);
struct hl7_span hl7_field(const struct hl7_segment *s, int field);
struct hl7_span hl7_rep(const struct hl7_message *m, struct hl7_span field, int rep);
struct hl7_span hl7_comp(const struct hl7_message *m, struct hl7_span rep, int comp);
/* The first `max` components at once, absent ones emptied; returns how many there are of them. */
int hl7_comps(const struct hl7_message *m, struct hl7_span rep, struct hl7_span *out, int max);
struct hl7_span hl7_sub(const struct hl7_message *m, struct hl7_span comp, int sub);
int hl7_reps(const struct hl7_message *m, struct hl7_span field); /* 0 for absent or empty */
/* NAME-field.comp of the first repetition. */
struct hl7_span hl7_at(const struct hl7_message *m, const struct hl7_segment *s, int field, int comp);

static inline bool hl7_empty(struct hl7_span s) { return s.n == 0; }
bool hl7_null(struct hl7_span s);                 /* the two bytes "" : known to be empty */
bool hl7_is(struct hl7_span s, const char *text); /* raw bytes equal */

/* Decoded, as UTF-8 in the arena; NULL for absent, empty or null. Escapes: delimiters \F\ \S\ \T\ \R\ \E\, \Xhh…\ as
 * bytes of the message's set, \.br\ as a line feed, \H\ \N\ and other formatting dropped; an escape nobody knows, or
 * one without its end, stays as it was sent. Blanks at both ends are cut. */
const char *hl7_text(struct arena *a, const struct hl7_message *m, struct hl7_span s);

/* HL7 NM: sign, leading zeros, ".5" and "5." allowed, no exponent; precision kept ("1.10"). */
MUST_CHECK bool hl7_number(struct hl7_span s, struct dec *out);
/* Non-negative whole number below 2^31; false for anything else. */
MUST_CHECK bool hl7_whole(struct hl7_span s, int *out);

/* Writer: a message into a buf, segment by segment, with the usual delimiters, in UTF-8. Text is escaped here;
 * separators of trailing empty fields are not written. Overrun shows in buf_ok. */
struct hl7_writer {
    struct buf *b;
    int owed; /* separators before the next value */
};
void hl7_begin(struct hl7_writer *w, struct buf *b, const char *segment); /* "MSH" writes MSH-1 and MSH-2 itself */
void hl7_put(struct hl7_writer *w, const char *text);                     /* next field; NULL or "" is empty */
void hl7_put_comps(struct hl7_writer *w, const char *const *comps, int n); /* next field, of n components */
/* Next field as it came in m (structure and escapes kept), or empty. */
void hl7_put_span(struct hl7_writer *w, const struct hl7_message *m, struct hl7_span s);
void hl7_skip(struct hl7_writer *w, int fields);
void hl7_close(struct hl7_writer *w); /* ends the segment with CR */

#endif
