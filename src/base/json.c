#include "base/json.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

enum { SHORT_MAX = 250 };

/* Bytes at the start that stand for themselves: ASCII without quotes, backslashes and controls. */
static size_t plain_run(const char *s, size_t n)
{
    size_t at = 0;
    while (at < n && (unsigned char)s[at] >= 0x20 && (unsigned char)s[at] < 0x80 && s[at] != '"' && s[at] != '\\')
        at++;
    return at;
}

static void put_escaped(struct buf *b, const char *s, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0, at = 0;
    buf_addc(b, '"');
    while (at < n) {
        unsigned char c = (unsigned char)s[at];
        size_t len = c < 0x80 ? 1 : utf8_char_len(s + at, n - at);
        if (len && c >= 0x20 && c != '"' && c != '\\') {
            at += len;
            continue;
        }
        buf_add(b, s + from, at - from);
        from = ++at;
        char short_form = c == '"' || c == '\\' ? (char)c : c == '\n' ? 'n' : c == '\t' ? 't' : c == '\r' ? 'r' : 0;
        if (!len) {
            buf_puts(b, "\xEF\xBF\xBD"); /* not UTF-8: U+FFFD, so that what we write always parses */
        } else if (short_form) {
            buf_addc(b, '\\');
            buf_addc(b, short_form);
        } else {
            buf_puts(b, "\\u00");
            buf_addc(b, hex[c >> 4]);
            buf_addc(b, hex[c & 15]);
        }
    }
    buf_add(b, s + from, at - from);
    buf_addc(b, '"');
}

/* Comma and key before a value. */
static void begin(struct json *j, const char *key)
{
    char head[SHORT_MAX + 4];
    size_t at = j->comma[j->depth], n = key ? strlen(key) : 0;
    head[0] = ',';
    j->comma[j->depth] = true;
    if (key && n <= SHORT_MAX && plain_run(key, n) == n) { /* all but a few: written at once */
        head[at++] = '"';
        memcpy(head + at, key, n);
        at += n;
        head[at++] = '"';
        head[at++] = ':';
        key = NULL;
    }
    buf_add(j->b, head, at);
    if (key) {
        put_escaped(j->b, key, n);
        buf_addc(j->b, ':');
    }
}

static void put_string(struct buf *b, const char *s, size_t n)
{
    char text[SHORT_MAX + 2];
    if (n > SHORT_MAX || plain_run(s, n) != n) {
        put_escaped(b, s, n);
        return;
    }
    text[0] = '"';
    memcpy(text + 1, s, n);
    text[n + 1] = '"';
    buf_add(b, text, n + 2);
}

static void open_bracket(struct json *j, const char *key, char c)
{
    begin(j, key);
    assert(j->depth < TREE_DEPTH_MAX);
    buf_addc(j->b, c);
    j->comma[++j->depth] = false;
}

void json_init(struct json *j, struct buf *b)
{
    *j = (struct json){.b = b};
}

void json_object(struct json *j, const char *key)
{
    open_bracket(j, key, '{');
}

void json_list(struct json *j, const char *key)
{
    open_bracket(j, key, '[');
}

void json_end(struct json *j, char bracket)
{
    assert(j->depth > 0);
    j->depth--;
    buf_addc(j->b, bracket);
}

void json_strn(struct json *j, const char *key, const char *s, size_t n)
{
    begin(j, key);
    if (s)
        put_string(j->b, s, n);
    else
        buf_puts(j->b, "null");
}

void json_str(struct json *j, const char *key, const char *s)
{
    json_strn(j, key, s, s ? strlen(s) : 0);
}

void json_int(struct json *j, const char *key, int64_t n)
{
    char text[24], *p = text + sizeof text;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do
        *--p = (char)('0' + left % 10);
    while ((left /= 10) != 0);
    if (n < 0)
        *--p = '-';
    begin(j, key);
    buf_add(j->b, p, (size_t)(text + sizeof text - p));
}

void json_bool(struct json *j, const char *key, bool v)
{
    begin(j, key);
    buf_puts(j->b, v ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
    json_str(j, key, NULL);
}

void json_dec(struct json *j, const char *key, struct dec v)
{
    char text[DEC_TEXT_MAX];
    begin(j, key);
    buf_puts(j->b, dec_is(v) ? dec_text(v, text) : "null");
}

void json_qty(struct json *j, const char *key, struct qty q)
{
    if (!qty_is(q)) {
        json_null(j, key);
        return;
    }
    json_object(j, key);
    json_dec(j, "value", q.v);
    json_str(j, "unit", unit_code(q.u));
    json_end(j, '}');
}

void json_time(struct json *j, const char *key, utc_t t)
{
    char text[UTC_TEXT_MAX];
    json_str(j, key, t == UTC_NONE ? NULL : utc_text(t, text));
}

void json_raw(struct json *j, const char *key, const char *json)
{
    begin(j, key);
    buf_puts(j->b, json ? json : "null");
}

void json_node(struct json *j, const char *key, const struct node *n)
{
    switch (n ? n->kind : NODE_NULL) {
    case NODE_NULL: json_null(j, key); break;
    case NODE_TRUE: json_bool(j, key, true); break;
    case NODE_FALSE: json_bool(j, key, false); break;
    case NODE_STRING: json_strn(j, key, n->text, n->len); break;
    case NODE_NUMBER:
        begin(j, key);
        buf_add(j->b, n->text, n->len);
        break;
    case NODE_LIST:
    case NODE_MAP:
        open_bracket(j, key, n->kind == NODE_MAP ? '{' : '[');
        node_each(m, n)
            json_node(j, m->key, m);
        json_end(j, n->kind == NODE_MAP ? '}' : ']');
        break;
    }
}
