#include "wire/fhir_read.h"

#include "wire/fhir_names.h"
#include "wire/fhir_shape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fhir_refuse(struct fhir_batch *b, struct fhir_item *it, const char *rel, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    if (it->use == FHIR_REFUSE)
        return false; /* the first reason stands */
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    it->use = FHIR_REFUSE;
    it->reason = arena_strdup(b->a, text);
    it->reason_where = arena_printf(b->a, "%s%s%s", it->where, rel[0] && rel[0] != '[' ? "." : "", rel);
    return false;
}

/* ---- who an item is ----------------------------------------------------------------------------------------------- */

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* "https://host/fhir" of "https://host/fhir/Type/id", else NULL. */
static const char *base_of(struct arena *a, const char *url, const char *type, const char *id)
{
    const char *tail = arena_printf(a, "/%s/%s", type, id);
    size_t n = strlen(url), t = strlen(tail);
    if ((!starts(url, "http://") && !starts(url, "https://")) || n <= t || strcmp(url + n - t, tail) != 0)
        return NULL;
    return arena_strndup(a, url, n - t);
}

static const struct node *identifier_of(const struct node *n)
{
    const struct node *ids = node_get(n, "identifier"), *best = NULL;
    if (ids && ids->kind == NODE_MAP) /* single on a few types */
        return node_str_at(ids, "system") && node_str_at(ids, "value") ? ids : NULL;
    node_each(i, ids) {
        const char *system = node_str_at(i, "system"), *value = node_str_at(i, "value"), *use = node_str_at(i, "use");
        const char *kind = node_str_at(i, "type.coding[0].code");
        if (!system || !value || !system[0] || !value[0] || (use && strcmp(use, "old") == 0))
            continue;
        if (!best || (kind && strcmp(kind, "MR") == 0))
            best = i;
        if (kind && strcmp(kind, "MR") == 0)
            break;
    }
    return best;
}

static bool set_key(struct fhir_batch *b, struct fhir_item *it)
{
    const char *full_url = it->full_url, *id = node_str_at(it->node, "id");
    const char *base = full_url && id ? base_of(b->a, full_url, it->type, id) : NULL;
    const char *source = base ? base : b->from.system;
    const struct node *name = identifier_of(it->node);
    it->digest = fhir_digest(b->a, it->node);
    if (id && (!id[0] || strlen(id) > 128))
        return fhir_refuse(b, it, "id", "must have 1 to 128 characters");
    if (id)
        it->alias = fhir_key(b->a, source, it->type, id);
    if (name)
        it->key = fhir_key(b->a, node_str_at(name, "system"), it->type, node_str_at(name, "value"));
    else if (id)
        it->key = it->alias;
    else if (full_url)
        it->key = fhir_key(b->a, source, it->type, full_url);
    else
        it->key = fhir_key(b->a, source, it->type, it->digest);
    if (full_url && starts(full_url, "urn:"))
        it->alias = full_url;
    if (strlen(it->key) > FIELD_TEXT_MAX || (it->alias && strlen(it->alias) > FIELD_TEXT_MAX))
        return fhir_refuse(b, it, name ? "identifier" : "", "its identity is longer than %d bytes", FIELD_TEXT_MAX);
    return true;
}

static void add_names(struct fhir_batch *b, int index)
{
    struct fhir_item *it = &b->items[index];
    const char *full_url = it->full_url;
    const char *id = node_str_at(it->node, "id");
    int before = fhir_names_add(b->names, it->key, index);
    if (before >= 0 && strcmp(b->items[before].digest, it->digest) != 0) {
        fhir_refuse(b, it, "", "has the same identity as %s but says something else", b->items[before].where);
        return;
    }
    it->twin = before;
    if (full_url && fhir_names_add(b->names, full_url, index) >= 0 && before < 0)
        fhir_refuse(b, it, "", "its fullUrl is there twice");
    if (it->alias)
        (void)fhir_names_add(b->names, it->alias, index);
    if (id && before < 0) {
        const char *local = arena_printf(b->a, "%s/%s", it->type, id);
        if (fhir_names_add(b->names, local, index) >= 0)
            fhir_names_blur(b->names, local);
    }
}

/* ---- references ---------------------------------------------------------------------------------------------------- */

static bool contained_has(const struct node *resource, const char *id)
{
    node_each(c, node_get(resource, "contained")) {
        const char *s = node_str_at(c, "id");
        if (s && strcmp(s, id) == 0)
            return true;
    }
    return !id[0]; /* "#" is the resource itself */
}

/* "Type/id" or "base/Type/id", a version cut off: the alias of what it means. */
static const char *alias_of(struct fhir_batch *b, const char *ref)
{
    const char *version = strstr(ref, "/_history/");
    char *s = arena_strndup(b->a, ref, version ? (size_t)(version - ref) : strlen(ref));
    char *slash = strrchr(s, '/');
    if (!slash || !slash[1])
        return NULL;
    *slash = 0;
    char *type = strrchr(s, '/');
    if (type)
        *type++ = 0;
    if (!fhir_type_known(type ? type : s))
        return NULL;
    return type ? fhir_key(b->a, s, type, slash + 1) : fhir_key(b->a, b->from.system, s, slash + 1);
}

static void name_target(struct fhir_batch *b, struct fhir_ref *r)
{
    const char *ask = strstr(r->text, "?identifier="), *bar = ask ? strchr(ask, '|') : NULL;
    if (ask && bar) {
        size_t from = strlen("?identifier=");
        char *type = arena_strndup(b->a, r->text, (size_t)(ask - r->text));
        char *system = arena_strndup(b->a, ask + from, (size_t)(bar - ask) - from);
        r->key = fhir_key(b->a, system, type, bar + 1);
    } else if (starts(r->text, "urn:")) {
        r->alias = r->text;
    } else {
        r->alias = alias_of(b, r->text);
    }
}

static int target_of(struct fhir_batch *b, const struct fhir_ref *r)
{
    const char *id = node_str_at(b->items[r->from].node, "id");
    const char *base = NULL, *own = b->items[r->from].alias;
    const char *version = strstr(r->text, "/_history/");
    const char *text = version ? arena_strndup(b->a, r->text, (size_t)(version - r->text)) : r->text;
    int t = FHIR_NAME_NONE;
    /* Inside a server's bundle a relative reference means that server's resource. */
    if (own && id && !starts(own, "urn:") && !strchr(text, ':')) {
        base = arena_printf(b->a, "%.*s", (int)strcspn(own, "|"), own);
        const char *slash = strchr(text, '/');
        if (slash)
            t = fhir_names_find(b->names, arena_printf(b->a, "%s|%.*s|%s", base, (int)(slash - text), text, slash + 1));
    }
    if (t < 0)
        t = fhir_names_find(b->names, text);
    if (t < 0 && r->alias)
        t = fhir_names_find(b->names, r->alias);
    if (t < 0 && r->key)
        t = fhir_names_find(b->names, r->key);
    return t >= 0 ? t : -1;
}

static void add_ref(struct fhir_batch *b, int from, const char *path, const char *text, const char *key)
{
    if (b->ref_count == b->ref_cap) {
        int cap = b->ref_cap ? b->ref_cap * 2 : 256;
        struct fhir_ref *bigger = ARENA_ARRAY(b->a, (size_t)cap, struct fhir_ref);
        if (b->ref_count)
            memcpy(bigger, b->refs, (size_t)b->ref_count * sizeof *bigger);
        b->refs = bigger;
        b->ref_cap = cap;
    }
    struct fhir_ref *r = &b->refs[b->ref_count++];
    *r = (struct fhir_ref){.path = arena_strdup(b->a, path), .text = text, .key = key, .from = from, .target = -1, .next_in = -1};
    if (!key && text[0] == '#')
        r->own = contained_has(b->items[from].node, text + 1);
    else if (!key)
        name_target(b, r);
}

static void collect(struct fhir_batch *b, int from, const struct node *n, char *path, size_t size)
{
    size_t len = strlen(path);
    int i = 0;
    node_each(m, n) {
        if (n->kind == NODE_LIST)
            snprintf(path + len, size - len, "[%d]", i++);
        else
            snprintf(path + len, size - len, "%s%s", len ? "." : "", m->key);
        if (m->kind == NODE_LIST || m->kind == NODE_MAP) {
            collect(b, from, m, path, size);
        } else if (m->key && strcmp(m->key, "reference") == 0 && m->kind == NODE_STRING) {
            path[len] = 0;
            add_ref(b, from, path, m->text, NULL);
        }
        path[len] = 0;
    }
}

static const char *subject_path(const char *type)
{
    static const char *const by_patient[] = {"AllergyIntolerance", "Immunization", "Claim", "ExplanationOfBenefit",
        "ClaimResponse", "CoverageEligibilityRequest", "CoverageEligibilityResponse", "DeviceUseStatement", "Device",
        "EpisodeOfCare", "FamilyMemberHistory", "ImmunizationRecommendation", "NutritionOrder", "RelatedPerson", "Consent",
        "VisionPrescription"};
    for (size_t i = 0; i < sizeof by_patient / sizeof by_patient[0]; i++)
        if (strcmp(type, by_patient[i]) == 0)
            return "patient";
    return strcmp(type, "Coverage") == 0 ? "beneficiary" : "subject";
}

static void collect_refs(struct fhir_batch *b, int index)
{
    struct fhir_item *it = &b->items[index];
    const char *subject = subject_path(it->type);
    char path[240] = "";
    it->first_ref = b->ref_count;
    collect(b, index, it->node, path, sizeof path);
    for (int i = it->first_ref; i < b->ref_count; i++)
        if (strcmp(b->refs[i].path, subject) == 0)
            it->subject = i;
    const struct node *logical = node_get(it->node, subject), *name = node_get(logical, "identifier");
    const char *system = node_str_at(name, "system"), *value = node_str_at(name, "value");
    if (it->subject < 0 && system && value) { /* a patient named by identifier alone */
        it->subject = b->ref_count;
        add_ref(b, index, subject, value, fhir_key(b->a, system, "Patient", value));
    }
    it->ref_count = b->ref_count - it->first_ref;
}

/* ---- the file -------------------------------------------------------------------------------------------------------- */

static struct fhir_item *add_item(struct fhir_batch *b, const struct node *n, const char *where, int line)
{
    struct fhir_item *it = &b->items[b->count++];
    const char *type = node_str_at(n, "resourceType");
    *it = (struct fhir_item){.node = n, .type = type ? type : "Resource", .where = where, .line = line, .subject = -1, .refs_in = -1,
                             .twin = -1};
    if (!n || n->kind != NODE_MAP) {
        fhir_refuse(b, it, "", "there is no resource");
    } else if (!type) {
        fhir_refuse(b, it, "resourceType", "is missing or not text");
    } else if (!fhir_type_known(type)) {
        it->type = "Resource";
        fhir_refuse(b, it, "resourceType", "\"%.40s\" is not a resource type of FHIR R4", type);
    }
    return it;
}

static void check_item(struct fhir_batch *b, struct fhir_item *it)
{
    struct err e = {0};
    if (it->use == FHIR_REFUSE)
        return;
    if (strcmp(it->type, "Bundle") == 0)
        fhir_refuse(b, it, "", "a bundle inside a bundle or NDJSON is not taken");
    else if (!fhir_shape_check(it->node, it->type, false, &e))
        fhir_refuse(b, it, e.where, "%s", e.text);
    else
        (void)set_key(b, it);
}

static void read_entry(struct fhir_batch *b, const struct node *entry, int index)
{
    const struct node *n = node_get(entry, "resource");
    const char *url = node_str_at(entry, "fullUrl"), *method = node_str_at(entry, "request.method");
    struct fhir_item *it = add_item(b, n, arena_printf(b->a, "Bundle.entry[%d]%s", index, n ? ".resource" : ""), entry->line);
    if (n)
        it->line = n->line;
    if (it->use != FHIR_REFUSE && node_get(entry, "fullUrl") && !url)
        fhir_refuse(b, it, "fullUrl", "must be text");
    if (it->use != FHIR_REFUSE && method && strcmp(method, "POST") != 0 && strcmp(method, "PUT") != 0)
        fhir_refuse(b, it, "", "its request is a %.10s; only POST and PUT are taken", method);
    it->full_url = url;
    check_item(b, it);
}

static bool read_bundle(struct fhir_batch *b, const struct node *n, struct err *e)
{
    const char *type = node_str_at(n, "type");
    const struct node *entries = node_get(n, "entry");
    if (!type || (strcmp(type, "transaction") && strcmp(type, "batch") && strcmp(type, "collection") && strcmp(type, "searchset")))
        return err_set(e, ERR_INPUT, "Bundle.type", "\"%.40s\" is not transaction, batch, collection or searchset", type ? type : "");
    if (entries && entries->kind != NODE_LIST)
        return err_set(e, ERR_INPUT, "Bundle.entry", "must be a list");
    if (entries && entries->count > FHIR_ITEMS_MAX)
        return err_set(e, ERR_TOO_LARGE, "Bundle.entry", "has %d entries, at most %d are taken", entries->count, FHIR_ITEMS_MAX);
    b->items = ARENA_ARRAY(b->a, entries ? (size_t)entries->count : 0, struct fhir_item);
    int i = 0;
    node_each(entry, entries)
        read_entry(b, entry, i++);
    return true;
}

static const struct node *read_json(struct arena *a, const char *text, size_t len, struct err *e)
{
    const struct node *n = json_read(a, text, len, FHIR_LEN_MAX, e);
    if (n && n->kind != NODE_MAP) {
        (void)node_fail(n, e, "a FHIR resource is a JSON object");
        return NULL;
    }
    return n;
}

static void take_raw(struct fhir_batch *b, int first, const char *text)
{
    for (int i = first; i < b->count; i++)
        if (b->items[i].node) {
            b->items[i].raw = text + b->items[i].node->start;
            b->items[i].raw_len = b->items[i].node->end - b->items[i].node->start;
        }
}

static bool read_lines(struct fhir_batch *b, const char *text, size_t len, struct err *e)
{
    size_t lines = 1;
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    if (lines > FHIR_ITEMS_MAX)
        return err_set(e, ERR_TOO_LARGE, "", "has %zu lines, at most %d are taken", lines, FHIR_ITEMS_MAX);
    b->items = ARENA_ARRAY(b->a, lines, struct fhir_item);
    int number = 0;
    for (size_t at = 0; at < len;) {
        const char *line = text + at, *end = memchr(line, '\n', len - at);
        size_t n = end ? (size_t)(end - line) : len - at;
        at += n + 1;
        number++;
        size_t blank = 0; /* the text need not end in NUL: no strspn */
        while (blank < n && (line[blank] == ' ' || line[blank] == '\t' || line[blank] == '\r'))
            blank++;
        if (blank == n)
            continue;
        struct err inner = {0};
        const struct node *root = read_json(b->a, line, n, &inner);
        if (!root) {
            const char *column = strstr(inner.where, "column");
            return err_set(e, inner.kind, arena_printf(b->a, "line %d, %s", number, column ? column : ""), "%s", inner.text);
        }
        struct fhir_item *it = add_item(b, root, "", number);
        it->where = arena_printf(b->a, "line %d: %s", number, it->type);
        if (it->use == FHIR_REFUSE)
            it->reason_where = it->where;
        check_item(b, it);
        take_raw(b, b->count - 1, line);
    }
    return true;
}

static bool read_one(struct fhir_batch *b, const char *text, size_t len, struct err *e)
{
    const struct node *n = read_json(b->a, text, len, e);
    const char *type = node_str_at(n, "resourceType");
    if (!n)
        return false;
    if (!type)
        return err_set(e, ERR_INPUT, "resourceType", "is missing: this is not a FHIR resource");
    if (strcmp(type, "Bundle") == 0) {
        if (!read_bundle(b, n, e))
            return false;
    } else {
        b->items = ARENA_ARRAY(b->a, 1, struct fhir_item);
        check_item(b, add_item(b, n, type, n->line));
    }
    take_raw(b, 0, text);
    return true;
}

bool fhir_read(struct arena *a, const struct fhir_source *from, const char *text, size_t len, struct fhir_batch *out, struct err *e)
{
    struct fhir_batch *b = out;
    *b = (struct fhir_batch){.a = a, .from = *from};
    if (len > FHIR_LEN_MAX)
        return err_set(e, ERR_TOO_LARGE, "", "has more than %d bytes", FHIR_LEN_MAX);
    if (!(from->ndjson ? read_lines(b, text, len, e) : read_one(b, text, len, e)))
        return false;
    b->names = fhir_names_new(a, b->count);
    for (int i = 0; i < b->count; i++)
        if (b->items[i].use != FHIR_REFUSE)
            add_names(b, i);
    for (int i = 0; i < b->count; i++)
        if (b->items[i].use != FHIR_REFUSE)
            collect_refs(b, i);
    for (int i = 0; i < b->ref_count; i++) {
        struct fhir_ref *r = &b->refs[i];
        if (!r->own)
            r->target = target_of(b, r);
        if (r->target >= 0) {
            r->next_in = b->items[r->target].refs_in;
            b->items[r->target].refs_in = i;
        }
    }
    return true;
}
