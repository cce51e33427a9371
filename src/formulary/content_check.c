/* What must hold between the entries of a release, and in the files that are not drugs or regimens. */
#include "formulary/check.h"

#include "formulary/fill.h"

#include <stdio.h>
#include <string.h>

void check_fail(const struct check *k, const char *rule, const char *path, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    findings_add(k->out, k->file, shape_locate(k->file, path), rule, "%s: %s", path, text);
}

void check_warn(const struct check *k, const char *rule, const char *path, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    findings_warn(k->out, k->file, shape_locate(k->file, path), rule, "%s: %s", path, text);
}

const char *check_path(const char *fmt, ...)
{
    static _Thread_local char paths[4][96];
    static _Thread_local int next;
    char *p = paths[next++ % 4];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(p, sizeof paths[0], fmt, ap);
    va_end(ap);
    return p;
}

bool check_dim(struct qty q, const char *unit)
{
    return qty_is(q) && unit_same_dim(q.u, unit_find(unit));
}

int check_cmp(struct qty a, struct qty b)
{
    struct err e = {0};
    int order = 0;
    if (!qty_is(a) || !qty_is(b) || !qty_cmp(a, b, &order, &e))
        return -2;
    return order;
}

bool check_positive(struct qty q)
{
    return qty_is(q) && dec_sign(q.v) > 0;
}

struct dec check_in(struct qty q, const char *unit)
{
    struct err e = {0};
    struct qty out;
    return qty_is(q) && qty_to(q, unit_find(unit), &out, &e) ? out.v : DEC_NONE;
}

int check_clock(const char *s)
{
    if (!s || strlen(s) != 5 || s[2] != ':' || strspn(s, "0123456789") != 2 || strspn(s + 3, "0123456789") != 2)
        return -1;
    int h = (s[0] - '0') * 10 + s[1] - '0', m = (s[3] - '0') * 10 + s[4] - '0';
    return h > 24 || m > 59 || (h == 24 && m) ? -1 : h * 60 + m;
}

unsigned check_days(const char *text)
{
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    unsigned mask = 0;
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, " ");
        unsigned bit = 0;
        for (unsigned i = 0; i < 7; i++)
            if (len == 3 && strncmp(p, names[i], 3) == 0)
                bit = 1u << i;
        if (!bit)
            return 0;
        mask |= bit;
        p += len;
        p += strspn(p, " ");
    }
    return mask;
}

/* ---- the small files ------------------------------------------------------------------------------------------------- */

static void check_rules(const struct check *k)
{
    for (int i = 0; i < k->c->rules_count; i++) {
        const struct rule *r = &k->c->rules[i];
        const char *path = check_path("rules[%d]", i);
        if (content_rule(k->c, r->id) != r)
            check_fail(k, "twice", path, "rule \"%s\" is there twice", r->id);
        for (const char *p = r->ranks; p && *p; p += strcspn(p, " "), p += strspn(p, " "))
            if (!content_word_listed("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", arena_strndup(k->out->a, p, strcspn(p, " "))))
                check_fail(k, "rank", path, "ranks are numbers from 1 to 20");
        if ((strcmp(r->severity, "needs a reason") == 0) != (r->who != NULL))
            check_fail(k, "override", path, "a rule that needs a reason says who may give it; the others say nobody");
        for (const char *p = r->who; p && *p; p += strcspn(p, " "), p += strspn(p, " ")) {
            char word[32];
            snprintf(word, sizeof word, "%.*s", (int)strcspn(p, " "), p);
            if (!content_word_listed("prescriber pharmacist technician nurse scheduler biller formulary administrator", word))
                check_fail(k, "override", path, "\"%s\" is not a role", word);
        }
    }
}

static void check_reactions(const struct check *k)
{
    bool grade[6] = {false};
    for (int i = 0; i < k->c->reaction_steps_count; i++) {
        const struct reaction_step *s = &k->c->reaction_steps[i];
        const char *path = check_path("steps[%d]", i);
        if (s->grade < 1 || s->grade > 5) {
            check_fail(k, "reaction", path, "grades run from 1 to 5");
            continue;
        }
        grade[s->grade] = true;
        if (s->grade >= 2 && s->place == 1 && s->by_hand != 1)
            check_fail(k, "reaction", path, "the first step from grade 2 on is done by hand: stop the pump");
        const struct drug *d = content_drug(k->c, s->drug);
        if (s->drug && (!d || !d->uses_count))
            check_fail(k, "unknown_drug", path, "no rescue drug \"%s\" in the content", s->drug);
    }
    for (int g = 1; g <= 4; g++)
        if (!grade[g])
            check_fail(k, "reaction", "steps", "nothing is said for grade %d", g);
}

static void check_screens(const struct check *k)
{
    for (int i = 0; i < k->c->screens_count; i++) {
        const struct screen_form *s = &k->c->screens[i];
        for (int q = 0; q < s->items_count; q++) {
            bool yes_no = strcmp(s->items[q].kind, "yes_no") == 0, word = s->items[q].asks_if[0] > '9';
            if (yes_no != word)
                check_fail(k, "screen", check_path("screens[%d].items[%d]", i, q), "asks_if is not an answer to this kind of question");
            for (int o = 0; o < q; o++)
                if (strcmp(s->items[o].id, s->items[q].id) == 0)
                    check_fail(k, "twice", check_path("screens[%d].items[%d]", i, q), "\"%s\" is there twice", s->items[q].id);
        }
    }
}

static void check_small_letters(const struct check *k, const char *path, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        for (const char *p = words[i]; *p; p++)
            if (*p >= 'A' && *p <= 'Z') {
                check_fail(k, "match", path, "\"%s\" must be in small letters", words[i]);
                break;
            }
}

static bool percent_ok(struct dec d)
{
    return dec_sign(d) >= 0 && dec_le(d, dec_int(100));
}

static void check_payers(const struct check *k)
{
    for (int i = 0; i < k->c->payers_count; i++) {
        const struct payer *p = &k->c->payers[i];
        if (content_payer(k->c, p->id) != p)
            check_fail(k, "twice", check_path("payers[%d]", i), "payer \"%s\" is there twice", p->id);
        if (!percent_ok(p->coinsurance) || !percent_ok(p->administration_percent))
            check_fail(k, "money", check_path("payers[%d]", i), "a percentage is 0 to 100");
        for (int c = 0; c < p->covers_count; c++) {
            const char *path = check_path("payers[%d].covers[%d]", i, c);
            if (!content_drug(k->c, p->covers[c].drug))
                check_fail(k, "unknown_drug", path, "no drug \"%s\" in the content", p->covers[c].drug);
            if (payer_find_cover(p, p->covers[c].drug) != &p->covers[c])
                check_fail(k, "twice", path, "%s is there twice", p->covers[c].drug);
            if (dec_sign(p->covers[c].allowed) < 0)
                check_fail(k, "money", path, "an amount is not below zero");
        }
    }
}

static void check_charges(const struct check *k)
{
    bool demo = strcmp(k->file->head.status, "DEMO") == 0;
    for (int i = 0; i < k->c->price_codes_count; i++) {
        const struct price_code *r = &k->c->price_codes[i];
        const char *path = check_path("roles[%d]", i);
        if (content_price_code(k->c, r->role) != r)
            check_fail(k, "twice", path, "role \"%s\" is there twice", r->role);
        if (demo && strncmp(r->code, "DEMO-", 5) != 0)
            check_fail(k, "demo_code", path, "demo content carries plainly fictional codes (DEMO-…)");
        if (dec_sign(r->price) < 0 || dec_trim(r->price).scale > 2)
            check_fail(k, "money", path, "a price is not below zero and has at most two places");
    }
}

void check_site(const struct check *k, const struct site *s)
{
    int open = check_clock(s->opens), close = check_clock(s->closes);
    if (open < 0 || close <= open)
        check_fail(k, "hours", "site.opens", "opens and closes are HH:MM, opens first");
    if (!check_days(s->open_days))
        check_fail(k, "hours", "site.open_days", "days are sun mon tue wed thu fri sat");
    for (int i = 0; i < s->pods_count; i++)
        if (s->pods[i].chairs < 1 || s->pods[i].chairs > 99 || s->pods[i].beds < 0 || s->pods[i].beds > s->pods[i].chairs)
            check_fail(k, "pods", check_path("site.pods[%d]", i), "1 to 99 chairs, of them 0 or more beds");
    for (int i = 0; i < s->shifts_count; i++) {
        const struct site_shift *x = &s->shifts[i];
        int start = check_clock(x->start), end = check_clock(x->end), pause = check_clock(x->break_start);
        bool pod = false;
        for (int p = 0; p < s->pods_count; p++)
            pod |= strcmp(s->pods[p].id, x->pod) == 0;
        if (start < 0 || end <= start || pause < start || pause + x->break_min > end || !check_days(x->days) || x->patients < 1)
            check_fail(k, "roster", check_path("site.shifts[%d]", i), "start, end and break are HH:MM in that order; patients 1 or more");
        if (!pod)
            check_fail(k, "roster", check_path("site.shifts[%d].pod", i), "no pod \"%s\"", x->pod);
    }
    /* Law 4 */
    for (int i = 0; !s->demo && i < k->c->files_count; i++) {
        const struct content_file *f = &k->c->files[i];
        if (f->tree && (strcmp(f->head.status, "approved") != 0 || strcmp(f->head.approved_by, "none") == 0))
            findings_add(k->out, f, f->tree, "unapproved", "nobody has approved this file, and the site is not a demo site");
    }
}

/* A template's {{names}} must be ones that are filled. */
static void check_names(const struct check *k, const char *path, const char *text)
{
    int line;
    const char *bad = fill_unknown(k->out->a, text, &line);
    if (bad)
        check_fail(k, "placeholder", path, "{{%s}} is not a name that is filled", bad);
}

static void check_leaflet(const struct check *k)
{
    struct node at = {.column = 1};
    const char *bad = fill_unknown(k->out->a, k->file->text, &at.line);
    if (bad)
        findings_add(k->out, k->file, &at, "placeholder", "{{%s}} is not a name that is filled", bad);
}

static void check_questions(const struct check *k)
{
    for (int i = 0; i < k->c->topics_count; i++)
        check_names(k, check_path("topics[%d].answer", i), k->c->topics[i].answer);
    for (int i = 0; i < k->c->red_flags_count; i++)
        check_names(k, check_path("red_flags[%d].say", i), k->c->red_flags[i].say);
    for (int i = 0; i < k->c->topics_count; i++)
        check_small_letters(k, check_path("topics[%d].match", i), k->c->topics[i].match, k->c->topics[i].match_count);
    for (int i = 0; i < k->c->red_flags_count; i++)
        check_small_letters(k, check_path("red_flags[%d].match", i), k->c->red_flags[i].match, k->c->red_flags[i].match_count);
}

/* drugs/ID.yaml, regimens/ID.yaml: so that an id leads to its file. */
static void check_file_name(const struct check *k, const char *id)
{
    const char *slash = strrchr(k->file->path, '/'), *base = slash ? slash + 1 : k->file->path;
    size_t n = strlen(id);
    if (strncmp(base, id, n) != 0 || strcmp(base + n, ".yaml") != 0)
        findings_add(k->out, k->file, k->file->tree, "file_name", "holds \"%s\": the file must be named %s.yaml", id, id);
}

static void check_vial_ids(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->vials_count; i++) {
        const struct drug *of = NULL;
        if (content_vial(k->c, d->vials[i].id, &of) != &d->vials[i])
            check_fail(k, "twice", check_path("drug.vials[%d].id", i), "vial \"%s\" is there twice", d->vials[i].id);
        if (d->vials[i].gtin && content_vial_by_gtin(k->c, d->vials[i].gtin, &of) != &d->vials[i])
            check_fail(k, "twice", check_path("drug.vials[%d].gtin", i), "GTIN %s is there twice", d->vials[i].gtin);
    }
}

void content_check(const struct content *c, struct findings *out)
{
    int drug = 0, regimen = 0;
    for (int i = 0; i < c->files_count; i++) {
        struct check k = {c, &c->files[i], out};
        const char *kind = c->files[i].head.kind;
        if (c->files[i].text)
            check_leaflet(&k);
        if (!kind)
            continue;
        if (strcmp(kind, "drug") == 0) {
            const struct drug *d = &c->drugs[drug++];
            check_file_name(&k, d->id);
            if (content_drug(c, d->id) != d)
                check_fail(&k, "twice", "drug.id", "drug \"%s\" is there twice", d->id);
            check_vial_ids(&k, d);
            check_drug(&k, d);
        } else if (strcmp(kind, "regimen") == 0) {
            check_file_name(&k, c->regimens[regimen].id);
            if (content_regimen(c, c->regimens[regimen].id) != &c->regimens[regimen])
                check_fail(&k, "twice", "regimen.id", "regimen \"%s\" is there twice", c->regimens[regimen].id);
            check_regimen(&k, &c->regimens[regimen++]);
        } else if (strcmp(kind, "rules") == 0) {
            check_rules(&k);
        } else if (strcmp(kind, "reactions") == 0) {
            check_reactions(&k);
        } else if (strcmp(kind, "screens") == 0) {
            check_screens(&k);
        } else if (strcmp(kind, "questions") == 0) {
            check_questions(&k);
        } else if (strcmp(kind, "payers") == 0) {
            check_payers(&k);
        } else if (strcmp(kind, "charges") == 0) {
            check_charges(&k);
        } else if (c->site) {
            check_site(&k, c->site);
        }
    }
}
