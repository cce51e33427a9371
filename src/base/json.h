/* json: writing JSON into a buf, comma and quote by construction.
 *
 * Any thread. Rule: text is escaped here and nowhere else; numbers are written from exact types only.
 * Writers nest at most TREE_DEPTH_MAX deep.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/dec.h"
#include "base/tree.h"
#include "base/unit.h"
#include "base/utc.h"

struct json {
    struct buf *b;
    int depth;
    bool comma[TREE_DEPTH_MAX + 1];
};

void json_init(struct json *j, struct buf *b);
void json_object(struct json *j, const char *key); /* key NULL at top or in a list */
void json_list(struct json *j, const char *key);
void json_end(struct json *j, char bracket);       /* '}' or ']' */
void json_str(struct json *j, const char *key, const char *s);    /* NULL writes null */
void json_strn(struct json *j, const char *key, const char *s, size_t n);
void json_int(struct json *j, const char *key, int64_t n);
void json_bool(struct json *j, const char *key, bool v);
void json_null(struct json *j, const char *key);
void json_dec(struct json *j, const char *key, struct dec v);     /* exact lexeme; none writes null */
void json_qty(struct json *j, const char *key, struct qty q);     /* {"value":1.10,"unit":"mg/mL"}; none writes null */
void json_time(struct json *j, const char *key, utc_t t);         /* RFC 3339 string; none writes null */
void json_raw(struct json *j, const char *key, const char *json); /* JSON text made by this writer before */
void json_node(struct json *j, const char *key, const struct node *n); /* a tree back to JSON, lexemes kept */

#endif
