#include "base/tree.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <string.h>

struct reader {
    struct arena *a;
    const char *s;
    size_t len, at;
    int line;
    size_t line_start;
    size_t tails; /* UTF-8 continuation bytes since line_start: columns count characters */
    int depth, nodes;
    struct err *e;
};

static struct node place(const struct reader *r)
{
    return (struct node){.line = r->line, .column = (int)(r->at - r->line_start - r->tails + 1)};
}

static bool fail(const struct reader *r, const char *text)
{
    struct node here = place(r);
    return node_fail(&here, r->e, "%s", text);
}

static int peek(const struct reader *r)
{
    return r->at < r->len ? (unsigned char)r->s[r->at] : -1;
}

static void skip_space(struct reader *r)
{
    for (; r->at < r->len; r->at++) {
        char c = r->s[r->at];
        if (c == '\n') {
            r->line++;
            r->line_start = r->at + 1;
            r->tails = 0;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The four digits after "\u"; r->at stands on the first. */
static bool read_hex4(struct reader *r, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int d = r->at < r->len ? hex_digit(r->s[r->at]) : -1;
        if (d < 0)
            return fail(r, "\\u needs four hexadecimal digits");
        *out = *out << 4 | (uint32_t)d;
    }
    return true;
}

static bool read_unicode(struct reader *r, char **out)
{
    size_t escape = r->at - 2;
    uint32_t cp, low;
    if (!read_hex4(r, &cp))
        return false;
    if (cp >= 0xD800 && cp <= 0xDBFF) {
        if (r->at + 1 < r->len && r->s[r->at] == '\\' && r->s[r->at + 1] == 'u') {
            r->at += 2;
            if (!read_hex4(r, &low))
                return false;
            if (low >= 0xDC00 && low <= 0xDFFF) {
                cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
                *out += utf8_encode(cp, *out);
                return true;
            }
        }
        r->at = escape;
        return fail(r, "a high surrogate is not followed by a low one");
    }
    if ((cp >= 0xDC00 && cp <= 0xDFFF) || cp == 0) {
        r->at = escape;
        return fail(r, cp ? "a low surrogate stands alone" : "the character \\u0000 is not taken");
    }
    *out += utf8_encode(cp, *out);
    return true;
}

static bool read_escape(struct reader *r, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int c = ++r->at < r->len ? r->s[r->at] : 0;
    const char *p = c ? memchr(from, c, sizeof from - 1) : NULL;
    if (p) {
        r->at++;
        *(*out)++ = to[p - from];
        return true;
    }
    if (c == 'u') {
        r->at++;
        return read_unicode(r, out);
    }
    r->at--;
    return fail(r, r->at + 1 < r->len ? "an unknown escape" : "the text ends inside a string");
}

/* r->at stands on the opening quote. Decoded text is never longer than its source. */
static bool read_string(struct reader *r, const char **text, size_t *len)
{
    struct reader open = *r;
    size_t end = ++r->at;
    while (end < r->len && r->s[end] != '"')
        end += r->s[end] == '\\' ? 2 : 1;
    if (end >= r->len)
        end = r->len;
    char *buf = arena_alloc(r->a, end - r->at + 1), *out = buf;
    for (;;) {
        int c = peek(r);
        if (c < 0)
            return fail(&open, "the string that begins here does not end");
        if (c == '"')
            break;
        if (c == '\\') {
            if (!read_escape(r, &out))
                return false;
            continue;
        }
        if (c < 0x20)
            return fail(r, "a control character in a string must be escaped");
        size_t n = c < 0x80 ? 1 : utf8_char_len(r->s + r->at, r->len - r->at);
        if (n == 0)
            return fail(r, "a byte here is not UTF-8");
        memcpy(out, r->s + r->at, n);
        out += n;
        r->at += n;
        r->tails += n - 1;
    }
    r->at++;
    *text = buf;
    *len = (size_t)(out - buf);
    return true;
}

static bool read_number(struct reader *r, struct node *n)
{
    size_t end = r->at;
    while (end < r->len && r->s[end] && strchr("+-.eE0123456789", r->s[end]))
        end++;
    if (!tree_is_number(r->s + r->at, end - r->at))
        return fail(r, "not a number as JSON writes it");
    n->kind = NODE_NUMBER;
    n->text = arena_strndup(r->a, r->s + r->at, end - r->at);
    n->len = end - r->at;
    r->at = end;
    return true;
}

static bool read_word(struct reader *r, struct node *n)
{
    static const struct {
        const char *word;
        enum node_kind kind;
    } words[] = {{"null", NODE_NULL}, {"true", NODE_TRUE}, {"false", NODE_FALSE}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i].word);
        if (r->len - r->at >= len && memcmp(r->s + r->at, words[i].word, len) == 0) {
            n->kind = words[i].kind;
            r->at += len;
            return true;
        }
    }
    return fail(r, r->at < r->len ? "a value should stand here" : "the text ends where a value should stand");
}

static struct node *read_value(struct reader *r);

static bool read_key(struct reader *r, const char **key)
{
    size_t len;
    if (peek(r) != '"')
        return fail(r, r->at < r->len ? "a member name in quotes should stand here" : "the text ends inside an object");
    if (!read_string(r, key, &len))
        return false;
    skip_space(r);
    if (peek(r) != ':')
        return fail(r, "a colon should stand here");
    r->at++;
    return true;
}

static bool check_keys(struct reader *r, const struct node *map)
{
    const struct node *again = tree_repeated_key(r->a, map);
    return !again || node_fail(again, r->e, "the member \"%.60s\" is there twice", again->key);
}

/* r->at stands on the opening bracket. */
static bool read_children(struct reader *r, struct node *n, char close)
{
    struct node **tail = &n->first;
    n->kind = close == '}' ? NODE_MAP : NODE_LIST;
    if (++r->depth > TREE_DEPTH_MAX)
        return fail(r, "nested too deep (at most 64 levels)");
    r->at++;
    skip_space(r);
    for (bool any = false; peek(r) != close; any = true) {
        const char *key = NULL;
        if (any) {
            if (peek(r) != ',')
                return fail(r, r->at < r->len ? "a comma or the closing bracket should stand here"
                                              : "the text ends inside a list or an object");
            r->at++;
            skip_space(r);
        }
        struct node name = place(r);
        if (close == '}' && !read_key(r, &key))
            return false;
        struct node *child = read_value(r);
        if (!child)
            return false;
        child->key = key;
        if (key) { /* a member's place is its name's: that is what a person looks for */
            child->line = name.line;
            child->column = name.column;
        }
        *tail = child;
        tail = &child->next;
        n->count++;
        skip_space(r);
    }
    r->at++;
    r->depth--;
    return close == ']' || check_keys(r, n);
}

static struct node *read_value(struct reader *r)
{
    skip_space(r);
    if (++r->nodes > TREE_NODES_MAX) {
        fail(r, "holds too many values");
        return NULL;
    }
    struct node *n = ARENA_NEW(r->a, struct node);
    *n = place(r);
    n->start = r->at;
    int c = peek(r);
    bool ok;
    if (c == '{' || c == '[') {
        ok = read_children(r, n, c == '{' ? '}' : ']');
    } else if (c == '"') {
        n->kind = NODE_STRING;
        ok = read_string(r, &n->text, &n->len);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        ok = read_number(r, n);
    } else {
        ok = read_word(r, n);
    }
    n->end = r->at;
    return ok ? n : NULL;
}

struct node *json_read(struct arena *a, const char *s, size_t len, size_t max_len, struct err *e)
{
    struct reader r = {.a = a, .s = s, .len = len, .line = 1, .e = e};
    if (len > max_len) {
        err_set(e, ERR_TOO_LARGE, "", "the text has %zu bytes, at most %zu are taken", len, max_len);
        return NULL;
    }
    if (len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
        fail(&r, "begins with a byte order mark");
        return NULL;
    }
    struct node *n = read_value(&r);
    if (!n)
        return NULL;
    skip_space(&r);
    if (r.at < r.len) {
        fail(&r, "something follows the end of the value");
        return NULL;
    }
    return n;
}
