#include "base/tree.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct yaml_reader {
    yaml_parser_t parser;
    struct arena *a;
    struct node *stack[TREE_DEPTH_MAX]; /* open lists and maps */
    struct node *last[TREE_DEPTH_MAX];  /* newest child of each */
    int depth, nodes;
    struct node *key;                   /* of the innermost map: read, its value not yet */
    struct node *root;
    struct err *e;
};

static void place(struct node *n, yaml_mark_t m)
{
    n->line = (int)m.line + 1;
    n->column = (int)m.column + 1;
}

static bool fail(struct yaml_reader *r, yaml_mark_t m, const char *text)
{
    struct node here = {0};
    place(&here, m);
    return node_fail(&here, r->e, "%s", text);
}

static bool is_map_open(const struct yaml_reader *r)
{
    return r->depth > 0 && r->stack[r->depth - 1]->kind == NODE_MAP;
}

/* Hang n where it belongs: as the root, in the open list, or as the value of the waiting key. */
static void attach(struct yaml_reader *r, struct node *n)
{
    if (r->depth == 0) {
        r->root = n;
        return;
    }
    struct node *parent = r->stack[r->depth - 1];
    if (parent->kind == NODE_MAP) {
        n->key = r->key->text;
        n->line = r->key->line;
        n->column = r->key->column;
        r->key = NULL;
    }
    if (r->last[r->depth - 1])
        r->last[r->depth - 1]->next = n;
    else
        parent->first = n;
    r->last[r->depth - 1] = n;
    parent->count++;
}

static enum node_kind scalar_kind(const yaml_event_t *ev, const char *s, size_t len)
{
    if (ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return NODE_STRING;
    if (len == 0 || strcmp(s, "null") == 0)
        return NODE_NULL;
    if (strcmp(s, "true") == 0)
        return NODE_TRUE;
    if (strcmp(s, "false") == 0)
        return NODE_FALSE;
    return tree_is_number(s, len) ? NODE_NUMBER : NODE_STRING;
}

static bool on_scalar(struct yaml_reader *r, const yaml_event_t *ev)
{
    const char *s = (const char *)ev->data.scalar.value;
    size_t len = ev->data.scalar.length;
    if (ev->data.scalar.anchor || ev->data.scalar.tag)
        return fail(r, ev->start_mark, "anchors and tags are not taken");
    if (memchr(s, 0, len))
        return fail(r, ev->start_mark, "a NUL character is not taken");
    struct node *n = ARENA_NEW(r->a, struct node);
    place(n, ev->start_mark);
    n->text = arena_strndup(r->a, s, len);
    n->len = len;
    if (is_map_open(r) && !r->key) {
        if (len == 0 || strcmp(s, "<<") == 0)
            return fail(r, ev->start_mark, len ? "merge keys are not taken" : "a key is empty");
        r->key = n;
        return true;
    }
    n->kind = scalar_kind(ev, s, len);
    if (n->kind != NODE_STRING && n->kind != NODE_NUMBER) {
        n->text = NULL;
        n->len = 0;
    }
    attach(r, n);
    return true;
}

static bool on_open(struct yaml_reader *r, const yaml_event_t *ev, enum node_kind kind, const void *named)
{
    if (named)
        return fail(r, ev->start_mark, "anchors and tags are not taken");
    if (is_map_open(r) && !r->key)
        return fail(r, ev->start_mark, "a key must be plain text");
    if (r->depth == TREE_DEPTH_MAX)
        return fail(r, ev->start_mark, "nested too deep (at most 64 levels)");
    struct node *n = ARENA_NEW(r->a, struct node);
    place(n, ev->start_mark);
    n->kind = kind;
    attach(r, n);
    r->stack[r->depth] = n;
    r->last[r->depth++] = NULL;
    return true;
}

static bool on_close(struct yaml_reader *r)
{
    const struct node *n = r->stack[--r->depth];
    if (n->kind != NODE_MAP)
        return true;
    const struct node *again = tree_repeated_key(r->a, n);
    return !again || node_fail(again, r->e, "the key \"%.60s\" is there twice", again->key);
}

static bool on_event(struct yaml_reader *r, const yaml_event_t *ev)
{
    if (++r->nodes > TREE_NODES_MAX)
        return fail(r, ev->start_mark, "holds too many values");
    switch (ev->type) {
    case YAML_DOCUMENT_START_EVENT:
        return !r->root || fail(r, ev->start_mark, "a second document is not taken");
    case YAML_SCALAR_EVENT:
        return on_scalar(r, ev);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(r, ev, NODE_LIST, ev->data.sequence_start.anchor ? (const void *)ev->data.sequence_start.anchor
                                                                        : ev->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return on_open(r, ev, NODE_MAP, ev->data.mapping_start.anchor ? (const void *)ev->data.mapping_start.anchor
                                                                      : ev->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_close(r);
    case YAML_ALIAS_EVENT:
        return fail(r, ev->start_mark, "aliases are not taken");
    default:
        return true;
    }
}

static bool next_event(struct yaml_reader *r, yaml_event_t *ev)
{
    if (yaml_parser_parse(&r->parser, ev))
        return true;
    yaml_mark_t m = r->parser.problem_mark;
    if (r->parser.error == YAML_READER_ERROR) { /* has an offset only */
        char where[40];
        snprintf(where, sizeof where, "byte %zu", r->parser.problem_offset);
        return err_set(r->e, ERR_INPUT, where, "%s", r->parser.problem ? r->parser.problem : "not UTF-8");
    }
    return fail(r, m, r->parser.problem ? r->parser.problem : "not YAML");
}

struct node *yaml_read(struct arena *a, const char *s, size_t len, struct err *e)
{
    struct yaml_reader r = {.a = a, .e = e};
    if (len > YAML_LEN_MAX) {
        err_set(e, ERR_TOO_LARGE, "", "the text has %zu bytes, at most %d are taken", len, YAML_LEN_MAX);
        return NULL;
    }
    if (!yaml_parser_initialize(&r.parser)) {
        err_set(e, ERR_INTERNAL, "", "the YAML parser could not start");
        return NULL;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)s, len);
    bool ok = true, end = false;
    while (ok && !end) {
        yaml_event_t ev;
        ok = next_event(&r, &ev);
        if (!ok)
            break;
        ok = on_event(&r, &ev);
        end = ev.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&ev);
    }
    yaml_parser_delete(&r.parser);
    if (ok && !r.root)
        ok = err_set(e, ERR_INPUT, "line 1, column 1", "the file is empty");
    return ok ? r.root : NULL;
}
