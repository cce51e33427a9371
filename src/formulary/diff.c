#include "formulary/diff.h"

#include <stdio.h>
#include <string.h>

#include "formulary/content_shape.h"

struct walk {
    struct arena *a;
    struct content_diff *out;
    const char *file;
};

/* How the entries of a list are told apart, and how one is named. {field} is replaced; absent fields are left out. */
static const struct list_name {
    const char *list, *keys, *says;
} lists[] = {
    {"limits", "of area days", "{area}"},
    {"restarts", "grade", "after a reaction of grade {grade}"},
    {"checks", "when minutes", "vital signs {when}"},
    {"changes", "sign test", "vital sign {sign} {test}"},
    {"labs", "name when", "laboratory {title}"},
    {"billing", "hcpcs from", "billing {hcpcs} from {from}"},
    {"compatibility", "drug at", "with {drug} ({at})"},
    {"never", "way", "never {way}"},
    {"stability", "in at diluent", "{in} at {at}"},
    {"lifetime", "group when", "lifetime {group} {when}"},
    {"equivalence", "table group", "equivalence {table}"},
    {"emetic", "class when", "emetic class {class} {when}"},
    {"diluents", "drug volume", "bag of {volume} {drug}"},
    {"reconstitution", "vial", "dissolving {vial}"},
    {"allergies", "text", "allergy {text}"},
    {"uses", "use route", "{use} {route}"},
    {"cases", "name", "case {name}"},
    {"risks", "fact name codes", "at risk by {fact} {name}"},
    {"indications", "code", "indication {code}"},
    {"bands", "from", "weight from {from}"},
    {"levels", "level", "level {level}"},
    {"visits", "day", "visit of day {day}"},
    {"modifications", "dose reads name timing from", "{dose} by {name} ({timing}) from {from}"},
    {"covers", "drug", "cover of {drug}"},
    {"roles", "role", "charge {role}"},
    {"settings", "name", "setting {name}"},
    {"shifts", "nurse days start", "shift of {nurse}"},
    {"monitoring", "name", "monitoring {title}"},
    {"vials", "id", "vial {id}"},
    {"doses", "id", "dose {id}"},
    {"gates", "id", "criterion {id}"},
    {"rules", "id", "{id}"},
    {"sources", "id", "source {id}"},
};

static const struct {
    const char *field, *says;
} labels[] = {{"hard_high", "hard maximum"}, {"soft_high", "soft maximum"}, {"hard_low", "hard minimum"}, {"soft_low", "soft minimum"},
    {"rate_max", "hard maximum rate"}, {"rate_max_caution", "careful maximum rate"}, {"duration_min", "shortest time"},
    {"planned_min", "planned time"}, {"observe_min", "observation"}, {"beyond_use_room_min", "beyond-use at room temperature"},
    {"beyond_use_fridge_min", "beyond-use in the fridge"}, {"double_check", "independent double check"}, {"who", "who may override"},
    {"fraction", "restart fraction"}, {"per_m2", "dose per m2"}, {"per_kg", "dose per kg"}, {"flat", "flat dose"}, {"auc", "target AUC"},
    {"concentration_max", "highest concentration"}, {"concentration_min", "lowest concentration"}, {"filter_um", "filter"},
    {"max_age_days", "oldest value"}, {"low", "lower limit"}, {"high", "upper limit"}};

static const char *label(struct arena *a, const char *field)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (strcmp(labels[i].field, field) == 0)
            return labels[i].says;
    char *out = arena_strdup(a, field);
    for (char *p = out; *p; p++)
        if (*p == '_')
            *p = ' ';
    return out;
}

/* "limit" words of a row of limits: "dose per kg" … */
static const char *limited(const char *of)
{
    static const struct {
        const char *of, *says;
    } names[] = {{"dose_per_kg", "dose per kg"}, {"dose_per_m2", "dose per m2"}, {"course", "sum of a course"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].of, of) == 0)
            return names[i].says;
    return of;
}

static const char *area_says(const char *area)
{
    return strcmp(area, "ward") == 0 ? "adult ward" : strcmp(area, "critical") == 0 ? "critical care" :
           strcmp(area, "centre") == 0 ? "infusion centre" : "at home";
}

static void change(struct walk *w, enum change_kind kind, bool looser, const char *fmt, ...) PRINTF(4, 5);
static void change(struct walk *w, enum change_kind kind, bool looser, const char *fmt, ...)
{
    char text[1200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    w->out->looser += looser;
    if (w->out->count++ < DIFF_MAX)
        w->out->list[w->out->count - 1] = (struct content_change){kind, looser, w->file, arena_strdup(w->a, text)};
}

/* ---- values ------------------------------------------------------------------------------------------------------------- */

static const char *plain(const struct node *n)
{
    return !n || n->kind == NODE_NULL ? "nothing" : n->kind == NODE_TRUE ? "yes" : n->kind == NODE_FALSE ? "no" : n->text ? n->text : "…";
}

/* A quantity as people read it: "15 mg/min"; unit apart, so that it is said once. */
static bool as_qty(const struct field *f, const struct node *n, struct qty *q)
{
    struct err e = {0};
    if (!n || !n->text)
        return false;
    if (f->type == FIELD_QTY)
        return qty_parse(n->text, q, &e);
    if (f->type != FIELD_DEC && f->type != FIELD_INT)
        return false;
    unit_t u = f->detail[0] ? unit_find(f->detail) : unit_find("1");
    q->u = u != UNIT_NONE ? u : unit_find("1");
    return dec_parse(n->text, n->len, &q->v, &e);
}

static bool same_value(const struct field *f, const struct node *x, const struct node *y)
{
    struct qty a, b;
    struct err e = {0};
    int order;
    if (!x || !y)
        return x == y;
    if (as_qty(f, x, &a) && as_qty(f, y, &b) && qty_cmp(a, b, &order, &e))
        return order == 0;
    return x->kind == y->kind && strcmp(plain(x), plain(y)) == 0;
}

static const char *arrow(struct walk *w, const struct field *f, const struct node *x, const struct node *y)
{
    struct qty a, b;
    char s[QTY_TEXT_MAX], t[QTY_TEXT_MAX];
    bool ax = as_qty(f, x, &a), by = as_qty(f, y, &b);
    if (ax && by && a.u == b.u) {
        char d[DEC_TEXT_MAX + 8];
        return arena_printf(w->a, "%s → %s", dec_show(a.v, d), qty_show(b, t));
    }
    return arena_printf(w->a, "%s → %s", ax ? qty_show(a, s) : plain(x), by ? qty_show(b, t) : plain(y));
}

static int severity_of(const char *s)
{
    return strcmp(s, "hard stop") == 0 ? 2 : strcmp(s, "needs a reason") == 0 ? 1 : 0;
}

/* Did this change make the content less strict? */
static bool loosens(const struct field *f, const struct node *x, const struct node *y)
{
    static const char *const highs[] = {"hard_high", "soft_high", "rate_max", "rate_max_caution", "cap", "concentration_max", "beyond_use_room_min",
        "beyond_use_fridge_min", "max_age_days", "hour_max", "four_hours_max", "demand_max", "fraction", "gfr_cap", "filter_um"};
    static const char *const lows[] = {"hard_low", "soft_low", "duration_min", "observe_min", "concentration_min", "gap_min_days", "wait_min", "lockout_min"};
    struct qty a, b;
    struct err e = {0};
    int order = 0;
    bool high = false, low = false, sized = as_qty(f, x, &a) && as_qty(f, y, &b) && qty_cmp(a, b, &order, &e);
    for (size_t i = 0; i < sizeof highs / sizeof highs[0]; i++)
        high |= strcmp(f->name, highs[i]) == 0;
    for (size_t i = 0; i < sizeof lows / sizeof lows[0]; i++)
        low |= strcmp(f->name, lows[i]) == 0;
    if ((high || low) && x && !y)
        return true;
    if (sized && (high || low))
        return high ? order < 0 : order > 0;
    if (strcmp(f->name, "severity") == 0 || strcmp(f->name, "outside") == 0 || strcmp(f->name, "missing") == 0 || strcmp(f->name, "uncertain") == 0)
        return x && (!y || severity_of(plain(y)) < severity_of(plain(x)));
    if (strcmp(f->name, "double_check") == 0 || strcmp(f->name, "needs_order") == 0 || strcmp(f->name, "protect_light") == 0)
        return x && x->kind == NODE_TRUE && (!y || y->kind != NODE_TRUE);
    if (strcmp(f->name, "action") == 0)
        return x && strcmp(plain(x), "never") == 0;
    return strcmp(f->name, "verdict") == 0 && x && strcmp(plain(x), "incompatible") == 0;
}

static enum change_kind kind_of(const struct field *f)
{
    if (strstr(f->name, "source") || strcmp(f->name, "status") == 0 || strcmp(f->name, "approved_by") == 0 || strcmp(f->name, "version") == 0 ||
        strcmp(f->name, "verified") == 0)
        return CHANGE_EVIDENCE;
    return strstr(f->name, "words") || f->type == FIELD_LONG || strcmp(f->name, "title") == 0 || strcmp(f->name, "how") == 0 ? CHANGE_WORDS : CHANGE_VALUE;
}

/* ---- entries of a list -------------------------------------------------------------------------------------------------- */

static const struct list_name *list_named(const char *list)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (strcmp(lists[i].list, list) == 0)
            return &lists[i];
    return NULL;
}

static bool same_entry(const char *keys, const struct node *x, const struct node *y)
{
    for (const char *p = keys; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
        char key[32];
        snprintf(key, sizeof key, "%.*s", (int)strcspn(p, " "), p);
        if (strcmp(plain(node_get(x, key)), plain(node_get(y, key))) != 0)
            return false;
    }
    return true;
}

static const char *keys_of(const char *list, const struct node *entry)
{
    const struct list_name *n = list_named(list);
    return n && (strcmp(list, "steps") != 0) ? n->keys : node_get(entry, "id") ? "id" : NULL;
}

/* ", adult ward" or ", after a reaction of grade 2"; "" for a limit that holds everywhere. */
static const char *entry_name(struct walk *w, const char *list, const struct node *entry, int place)
{
    const struct list_name *n = list_named(list);
    struct buf b;
    if (strcmp(list, "limits") == 0)
        return node_get(entry, "area") ? arena_printf(w->a, ", %s", area_says(plain(node_get(entry, "area")))) : "";
    if (!n)
        return node_get(entry, "id") ? arena_printf(w->a, ", %s %s", list, plain(node_get(entry, "id"))) :
               arena_printf(w->a, ", %s %d", strcmp(list, "steps") == 0 ? "step" : strcmp(list, "later_steps") == 0 ? "later step" : list, place + 1);
    buf_init(&b, 1000);
    buf_puts(&b, ", ");
    for (const char *p = n->says; *p; p++) {
        char key[32];
        if (*p != '{') {
            buf_addc(&b, *p);
            continue;
        }
        snprintf(key, sizeof key, "%.*s", (int)strcspn(p + 1, "}"), p + 1);
        if (node_get(entry, key))
            buf_puts(&b, plain(node_get(entry, key)));
        p += strcspn(p, "}");
    }
    const char *out = arena_strdup(w->a, buf_str(&b));
    buf_fini(&b);
    size_t len = strlen(out);
    return len && out[len - 1] == ' ' ? arena_strndup(w->a, out, len - 1) : out;
}

/* The values of an entry that came or went, in a line. */
static const char *entry_text(struct walk *w, const struct shape *s, const struct node *entry)
{
    struct buf b;
    int n = 0;
    buf_init(&b, 600);
    for (int i = 0; i < s->record->count && n < 8; i++) {
        const struct field *f = &s->record->fields[i];
        const struct node *v = node_get(entry, f->name);
        struct qty q;
        char t[QTY_TEXT_MAX];
        if (!v || kind_of(f) != CHANGE_VALUE)
            continue;
        buf_printf(&b, "%s%s %s", n++ ? ", " : "", label(w->a, f->name), f->type == FIELD_QTY && as_qty(f, v, &q) ? qty_show(q, t) : plain(v));
    }
    const char *out = arena_strdup(w->a, buf_str(&b));
    buf_fini(&b);
    return out;
}

static void compare(struct walk *w, const struct shape *s, const struct node *x, const struct node *y, const char *who);

static const struct node *match(const char *keys, const struct node *list, const struct node *entry, int place)
{
    int i = 0;
    node_each(m, list) {
        if (keys ? same_entry(keys, m, entry) : i == place)
            return m;
        i++;
    }
    return NULL;
}

static bool loosens_gone(const char *list)
{
    return content_word_listed("limits never labs gates rules allergies checks changes lifetime modifications restarts", list);
}

static void compare_many(struct walk *w, const struct part *p, const struct node *x, const struct node *y, const char *who)
{
    int i = 0;
    node_each(m, x) {
        const char *keys = keys_of(p->key, m);
        const struct node *n = match(keys, y, m, i);
        const char *name = arena_printf(w->a, "%s%s", who, entry_name(w, p->key, m, i));
        if (n)
            compare(w, p->shape, m, n, name);
        else
            change(w, strcmp(p->key, "sources") == 0 ? CHANGE_EVIDENCE : CHANGE_REMOVED, loosens_gone(p->key), "%s: removed (%s)", name,
                   entry_text(w, p->shape, m));
        i++;
    }
    i = 0;
    node_each(n, y) {
        if (!match(keys_of(p->key, n), x, n, i))
            change(w, strcmp(p->key, "sources") == 0 ? CHANGE_EVIDENCE : CHANGE_ADDED, false, "%s%s: added (%s)", who, entry_name(w, p->key, n, i),
                   entry_text(w, p->shape, n));
        i++;
    }
}

static bool has_word(const struct node *list, const char *word)
{
    node_each(m, list)
        if (m->text && strcmp(m->text, word) == 0)
            return true;
    return false;
}

static void compare_words(struct walk *w, const struct part *p, const struct node *x, const struct node *y, const char *who)
{
    node_each(m, x)
        if (!has_word(y, plain(m)))
            change(w, CHANGE_VALUE, strcmp(p->key, "red") == 0, "%s: %s no longer: %s", who, label(w->a, p->key), plain(m));
    node_each(n, y)
        if (!has_word(x, plain(n)))
            change(w, CHANGE_VALUE, strcmp(p->key, "routes") == 0, "%s: %s now also: %s", who, label(w->a, p->key), plain(n));
}

static void compare(struct walk *w, const struct shape *s, const struct node *x, const struct node *y, const char *who)
{
    const struct node *of = node_get(y, "of");
    bool limit = s->record == &record_drug_limit && node_str(of);
    for (int i = 0; i < s->record->count; i++) {
        const struct field *f = &s->record->fields[i];
        const struct node *a = node_get(x, f->name), *b = node_get(y, f->name);
        if (same_value(f, a, b))
            continue;
        change(w, kind_of(f), loosens(f, a, b), "%s: %s%s%s %s", who, label(w->a, f->name),
               limit && strstr("hard_high hard_low soft_high soft_low", f->name) ? " " : "",
               limit && strstr("hard_high hard_low soft_high soft_low", f->name) ? limited(of->text) : "", arrow(w, f, a, b));
    }
    for (int i = 0; i < s->count; i++) {
        const struct part *p = &s->parts[i];
        const struct node *a = node_get(x, p->key), *b = node_get(y, p->key);
        if (p->kind == PART_WORDS)
            compare_words(w, p, a, b, who);
        else if (p->kind == PART_MANY)
            compare_many(w, p, a, b, who);
        else if (a && b)
            compare(w, p->shape, a, b, who);
        else if (a || b)
            change(w, a ? CHANGE_REMOVED : CHANGE_ADDED, a != NULL, "%s: %s %s (%s)", who, label(w->a, p->key), a ? "removed" : "added",
                   entry_text(w, p->shape, a ? a : b));
    }
}

/* ---- files ---------------------------------------------------------------------------------------------------------------- */

static const struct content_file *file_at(const struct content *c, const char *path)
{
    for (int i = 0; i < c->files_count; i++)
        if (strcmp(c->files[i].path, path) == 0)
            return &c->files[i];
    return NULL;
}

/* "vancomycin", "R-CHOP every 3 weeks", "rules". */
static const char *file_says(const struct content_file *f)
{
    const char *name = node_str_at(f->tree, "drug.generic");
    if (!name)
        name = node_str_at(f->tree, "regimen.name");
    return name ? name : f->text ? f->path : f->head.kind;
}

static void compare_file(struct walk *w, const struct content_file *x, const struct content_file *y)
{
    const char *who = file_says(y);
    w->file = y->path;
    if (x->text || y->text) {
        if (!x->text || !y->text || strcmp(x->text, y->text) != 0)
            change(w, CHANGE_WORDS, false, "%s: the leaflet's text changed", who);
        return;
    }
    compare(w, &shape_content_head, x->tree, y->tree, who);
    for (int i = 0; i < content_body_count; i++) {
        const struct part *p = &content_bodies[i].part;
        const struct node *a = node_get(x->tree, p->key), *b = node_get(y->tree, p->key);
        if (strcmp(content_bodies[i].kind, y->head.kind) != 0)
            continue;
        if (p->kind == PART_MANY)
            compare_many(w, p, a, b, who);
        else if (a && b)
            compare(w, p->shape, a, b, who);
    }
}

void content_compare(struct arena *a, const struct content *before, const struct content *after, struct content_diff *out)
{
    struct walk w = {a, out, NULL};
    *out = (struct content_diff){ARENA_ARRAY(a, DIFF_MAX, struct content_change), 0, 0};
    for (int i = 0; i < before->files_count; i++) {
        const struct content_file *x = &before->files[i], *y = file_at(after, x->path);
        w.file = x->path;
        if (y)
            compare_file(&w, x, y);
        else
            change(&w, CHANGE_REMOVED, false, "%s: no longer in the content", file_says(x));
    }
    for (int i = 0; i < after->files_count; i++) {
        w.file = after->files[i].path;
        if (!file_at(before, after->files[i].path))
            change(&w, CHANGE_ADDED, false, "%s: new in the content", file_says(&after->files[i]));
    }
}
