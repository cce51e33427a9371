/* tree: what a JSON text or a YAML file says, with the place of every value.
 *
 * Lives in the caller's arena. Any thread. Rule: numbers stay text until arithmetic is asked for (1.10 is "1.10"),
 * and every value knows its line and column for the error that names it.
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include "base/dec.h"

struct arena;

enum node_kind { NODE_NULL, NODE_FALSE, NODE_TRUE, NODE_NUMBER, NODE_STRING, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    const char *key;    /* in a map; else NULL */
    const char *text;   /* string: decoded UTF-8; number: its lexeme; NUL-terminated */
    size_t len;         /* of text */
    struct node *first; /* list, map */
    struct node *next;  /* sibling */
    int count;          /* children */
    int line, column;   /* from 1 */
    size_t start, end;  /* byte range in the source (JSON only) */
};

/* Lists and maps open at once; values in one text (a value costs about 128 bytes, so memory is bounded too); bytes
 * of a YAML file. */
enum { TREE_DEPTH_MAX = 64, TREE_NODES_MAX = 4 * 1000 * 1000, YAML_LEN_MAX = 4 * 1024 * 1024 };

/* RFC 8259, strictly: one value, no trailing bytes, no byte order mark, no duplicate keys, valid UTF-8, no lone
 * surrogates, no \u0000 (section 9 lets a reader limit the characters of strings: every text here is a C string), at
 * most TREE_DEPTH_MAX deep and `max_len` bytes. NULL on error with where = "line L, column C" (in characters). */
MUST_CHECK struct node *json_read(struct arena *a, const char *s, size_t len, size_t max_len, struct err *e);

/* One YAML document of maps, lists and scalars (no anchors, tags or merges). Plain scalars that read as JSON
 * numbers, true, false, null (or nothing) become those kinds; quoted ones, and all others, are strings. */
MUST_CHECK struct node *yaml_read(struct arena *a, const char *s, size_t len, struct err *e);

/* Look-ups; NULL node in gives NULL out, so paths chain: node_get(node_get(n, "code"), "coding"). */
struct node *node_get(const struct node *n, const char *key);
struct node *node_at(const struct node *n, int index);
/* "code.coding[0].code": keys and indexes. */
struct node *node_path(const struct node *n, const char *path);
const char *node_str(const struct node *n);  /* text of a string, else NULL */
const char *node_str_at(const struct node *n, const char *path);
MUST_CHECK bool node_dec(const struct node *n, struct dec *out, struct err *e);
/* "line L, column C" of n into e. Returns false, as err_set. */
bool node_fail(const struct node *n, struct err *e, const char *fmt, ...) PRINTF(3, 4);

/* For the two readers: true if `text` is exactly a number of JSON's grammar. */
bool tree_is_number(const char *text, size_t len);
/* For the two readers: NULL, or the first child in text order whose key an earlier sibling has. n log n; `a` holds
 * scratch. */
const struct node *tree_repeated_key(struct arena *a, const struct node *map);

#define node_each(it, parent) for (struct node *it = (parent) ? (parent)->first : NULL; it; it = it->next)

#endif
