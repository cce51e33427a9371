/* field: one flat description per record, from which everything else about it comes.
 *
 * A record is described once, as a list macro:
 *
 *     #define FIELDS_chair(F, R) \
 *         F(R, ID,   id,  MUST, "",                 "chair id") \
 *         F(R, TEXT, pod, MUST, "",                 "pod it stands in") \
 *         F(R, BOOL, bed, MAY,  "",                 "is a bed")
 *     RECORD(chair);                        in the header: struct chair, and `record_chair` declared
 *     RECORD_DEFINE(chair, 1, "a place to be treated")   in one .c file: the field table; 1 = fields in the key
 *
 * The C struct, the table's DDL, binds and columns (record/), JSON in and out, the OpenAPI schema and the TypeScript
 * type (serve/print) are made from it. Commands, events and views are described by the same tables.
 * Constant data; any thread. Rule: flat; nested things are child records.
 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "base/arena.h"
#include "base/json.h"

enum field_type {
    FIELD_ID,    /* id of this record: site-type-number-check (see record/id.h), or a short code typed by people */
    FIELD_REF,   /* id of another record; `detail` names its type */
    FIELD_TEXT,  /* UTF-8, at most FIELD_TEXT_MAX bytes */
    FIELD_LONG,  /* UTF-8, at most FIELD_LONG_MAX bytes */
    FIELD_BLOB,  /* base64 of something packed, at most FIELD_BLOB_MAX bytes: a released content */
    FIELD_CODE,  /* one of the words in `detail`, separated by "|" */
    FIELD_DATE,  /* calendar date, text YYYY-MM-DD */
    FIELD_INT,   /* int64; `detail` is its unit ("min", "") */
    FIELD_BOOL,
    FIELD_TIME,  /* utc_t */
    FIELD_DEC,   /* dec in the fixed unit `detail` */
    FIELD_QTY,   /* dec with its own unit, of the dimension of `detail` ("" any) */
    FIELD_JSON   /* JSON text (a proof, a list of answers) */
};

enum { FIELD_TEXT_MAX = 400, FIELD_LONG_MAX = 64 * 1024, FIELD_BLOB_MAX = 1024 * 1024, FIELDS_MAX = 64 };
enum field_need { MAY, MUST };

/* "Absent" by C type. */
#define INT_NONE INT64_MIN
#define BOOL_NONE (-1)

typedef const char *FIELD_C_ID, *FIELD_C_REF, *FIELD_C_TEXT, *FIELD_C_LONG, *FIELD_C_BLOB, *FIELD_C_CODE, *FIELD_C_DATE, *FIELD_C_JSON;
typedef int64_t FIELD_C_INT;
typedef int FIELD_C_BOOL; /* 0, 1, BOOL_NONE */
typedef utc_t FIELD_C_TIME;
typedef struct dec FIELD_C_DEC;
typedef struct qty FIELD_C_QTY;

struct field {
    const char *name;
    enum field_type type;
    enum field_need need;
    size_t offset;
    const char *detail;
    const char *meaning;
};

struct record {
    const char *name;
    const char *meaning;
    const struct field *fields;
    int count;
    int key;     /* how many leading fields (after the site) are the primary key; 0: not stored */
    size_t size; /* of the struct */
};

#define FIELD_MEMBER(R, type, name, need, detail, meaning) FIELD_C_##type name;
#define FIELD_ROW(R, type, name, need, detail, meaning) {#name, FIELD_##type, need, offsetof(struct R, name), detail, meaning},
#define RECORD(R)                          \
    struct R {                             \
        FIELDS_##R(FIELD_MEMBER, R)        \
    };                                     \
    extern const struct record record_##R
#define RECORD_DEFINE(R, nkey, says)                                           \
    static const struct field fields_of_##R[] = {FIELDS_##R(FIELD_ROW, R)};    \
    const struct record record_##R = {#R, says, fields_of_##R,                 \
        (int)(sizeof fields_of_##R / sizeof fields_of_##R[0]), nkey, sizeof(struct R)};

/* A record with no fields (a command or view without parameters). */
extern const struct record record_nothing;

/* Set every field to absent. */
void record_blank(const struct record *r, void *out);
#define BLANK(R, var) struct R var; record_blank(&record_##R, &var)

/* The longest text of a field of this type, in bytes. */
size_t field_text_max(enum field_type type);
const struct field *record_field(const struct record *r, const char *name); /* NULL if there is none */
bool field_is_set(const struct field *f, const void *rec);
void field_copy(const struct field *f, void *to, const void *from); /* texts are not duplicated */

/* JSON map → struct, strings in `a`. Refuses unknown members, wrong kinds, a missing MUST, words outside a CODE's
 * list, a QTY of another dimension, text over its limit; e->where is the member's name. `n` NULL is an empty map. */
MUST_CHECK bool record_from_json(const struct record *r, const struct node *n, struct arena *a, const struct zone *z, void *out, struct err *e);
/* The same, but only the members present are set, MUST is not asked for: a patch. present[i] tells which. */
MUST_CHECK bool record_patch_from_json(const struct record *r, const struct node *n, struct arena *a, const struct zone *z, void *out, bool present[FIELDS_MAX], struct err *e);

/* Members in table order; absent fields are left out. DEC is a number; QTY is {"value":…,"unit":…}. */
void record_to_json(const struct record *r, const void *rec, struct json *j, const char *key);
void field_to_json(const struct field *f, const void *rec, struct json *j);

#endif
