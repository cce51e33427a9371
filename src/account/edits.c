#include "account/edits.h"

#include "account/drug.h"

#include <string.h>

struct check {
    const struct edit_line *lines;
    int count;
    const struct edit_authorisation *auth;
    int auth_count;
    struct arena *a;
    struct edit_finding *found;
    int n, room;
};

const char *edit_action_word(enum edit_action x)
{
    static const char *const words[] = {"reject", "hold", "drop", "reduce", "warn"};
    return words[x];
}

static struct edit_finding *add(struct check *c, const char *rule, enum edit_action action, int line, const char *says)
{
    if (c->n == c->room) {
        int room = c->room * 2 + 16;
        struct edit_finding *grown = ARENA_ARRAY(c->a, (size_t)room, struct edit_finding);
        if (c->n)
            memcpy(grown, c->found, (size_t)c->n * sizeof *grown);
        c->found = grown;
        c->room = room;
    }
    c->found[c->n] = (struct edit_finding){rule, action, line, 0, says};
    return &c->found[c->n++];
}

static bool same(const char *x, const char *y)
{
    return strcmp(x ? x : "", y ? y : "") == 0;
}

static bool has(const struct edit_line *l, const char *modifier)
{
    for (int i = 0; i < l->modifier_count; i++)
        if (strcmp(l->modifiers[i], modifier) == 0)
            return true;
    return false;
}

static bool apart(const struct edit_line *l)
{
    return has(l, "59") || has(l, "XE") || has(l, "XS") || has(l, "XP") || has(l, "XU");
}

/* H01: an add-on stands only beside one of its parents, in the same encounter. */
static void check_parent(struct check *c, int at)
{
    const struct edit_line *l = &c->lines[at];
    const struct charge_role_info *info = &charge_roles[l->role];
    if (info->kind != ROLE_ADDON)
        return;
    for (int i = 0; i < c->count; i++)
        if (!c->lines[i].drug && same(c->lines[i].encounter, l->encounter) && (info->parents >> c->lines[i].role & 1))
            return;
    add(c, "H01", EDIT_REJECT, at, arena_printf(c->a, "\"%s\" cannot stand alone: the service it adds to is not on the claim.", info->label));
}

/* H02: a second initial service needs a modifier and a stored reason. */
static void check_initial(struct check *c, int at)
{
    const struct edit_line *l = &c->lines[at];
    if (charge_roles[l->role].kind != ROLE_INITIAL)
        return;
    for (int i = 0; i < at; i++) {
        const struct edit_line *o = &c->lines[i];
        if (o->drug || charge_roles[o->role].kind != ROLE_INITIAL || !same(o->date, l->date) || apart(o))
            continue;
        if (!apart(l) || !l->reason || !l->reason[0])
            add(c, "H02", EDIT_REJECT, at, same(o->encounter, l->encounter) && same(o->access, l->access)
                ? "A visit has one initial service per vein access; this is a second one without a reason for it."
                : "A second initial service on one date needs its modifier and the stored reason: separate visit, or a second access that was needed.");
        return;
    }
    if (l->units > 1)
        add(c, "H02", EDIT_REJECT, at, "An initial service counts once.");
}

/* H03 and the once-a-date rule H11. */
static void check_visit(struct check *c, int at)
{
    const struct edit_line *l = &c->lines[at];
    bool given = false;
    for (int i = 0; i < c->count; i++)
        given |= !c->lines[i].drug && charge_roles[c->lines[i].role].kind != ROLE_VISIT && same(c->lines[i].date, l->date);
    if (l->role == ROLE_OFFICE_NURSE_VISIT && given)
        add(c, "H03", EDIT_DROP, at, "A visit with the nurse is part of giving the drug and is not charged beside it.");
    else if (l->role == ROLE_OFFICE_VISIT && given && (!has(l, "25") || !l->own_note))
        add(c, "H03", EDIT_HOLD, at, "A visit with the prescriber on the day of treatment needs modifier 25 and a note of its own.");
    if (l->role != ROLE_TRANSFUSION)
        return;
    for (int i = 0; i < at; i++)
        if (!c->lines[i].drug && c->lines[i].role == ROLE_TRANSFUSION && same(c->lines[i].date, l->date)) {
            add(c, "H11", EDIT_DROP, at, "Transfusion is charged once a date, whatever the number of units.");
            return;
        }
    if (l->units > 1)
        add(c, "H11", EDIT_REDUCE, at, "Transfusion is charged once a date, whatever the number of units.")->units = 1;
}

/* H04, H05: waste is marked one way or the other, and never more than was opened. */
static void check_waste(struct check *c, int at)
{
    const struct edit_line *l = &c->lines[at];
    int64_t units = 0;
    bool marked = false, first = true;
    for (int i = 0; i < c->count; i++) {
        const struct edit_line *o = &c->lines[i];
        if (!o->drug || !same(o->drug, l->drug) || !same(o->date, l->date))
            continue;
        first &= i >= at;
        units += o->units;
        marked |= has(o, "JW") || has(o, "JZ");
    }
    if (!first)
        return;
    if (l->single_dose && l->wants_modifier && !marked)
        add(c, "H04", EDIT_HOLD, at, "This payer wants JW or JZ on a drug from single-dose vials.");
    if (!dec_is(l->opened) || !dec_is(l->unit) || !marked)
        return;
    /* Rounding what was given up may go over by less than one unit when the vials hold no whole number of units. */
    struct dec billed = dec_mul(l->unit, dec_int(units)), over = dec_sub(billed, l->opened);
    if (dec_sign(over) > 0 && (c->lines[at].units != units || !dec_lt(over, l->unit)))
        add(c, "H05", EDIT_REJECT, at, "Units given and thrown away are together more than the opened vials hold.");
}

static void check_authorised(struct check *c, int at)
{
    const struct edit_line *l = &c->lines[at];
    int64_t units = 0;
    for (int i = 0; i < c->count; i++) {
        if (!c->lines[i].drug || !same(c->lines[i].drug, l->drug))
            continue;
        if (i < at)
            return; /* said at the drug's first line */
        units += c->lines[i].units;
    }
    for (int i = 0; i < c->auth_count; i++)
        if (same(c->auth[i].drug, l->drug) && units > c->auth[i].left)
            add(c, "H06", EDIT_HOLD, at, arena_printf(c->a, "The authorisation has %lld units left, the claim has %lld.",
                (long long)c->auth[i].left, (long long)units));
}

static void check_drug(struct check *c, int at)
{
    const struct edit_line *l = &c->lines[at];
    char ndc[12];
    struct err bad = {0};
    check_waste(c, at);
    check_authorised(c, at);
    if (l->cover == COVER_NO && !has(l, "GA") && !has(l, "GZ"))
        add(c, "H07", EDIT_HOLD, at, l->notice == NOTICE_SIGNED
            ? "The diagnosis is not on the payer's list; the patient signed the notice: mark the line GA."
            : "The diagnosis is not on the payer's list and there is no signed notice from before the service: mark the line GZ.");
    if (l->ndc && !charge_ndc11(l->ndc, ndc, &bad))
        add(c, "H08", EDIT_HOLD, at, arena_printf(c->a, "Drug code: %s.", bad.text));
    if (l->unclassified && (!l->name || !l->route || !l->ndc || !dec_is(l->dose)))
        add(c, "H09", EDIT_HOLD, at, "A code that names no drug needs the drug's name, dose, route and national drug code.");
    if (l->supplied_by_others)
        add(c, "H10", EDIT_DROP, at, "The site did not buy this drug: only giving it is charged.");
    if (!dec_is(l->dose) || !dec_is(l->unit) || dec_sign(l->dose) <= 0 || has(l, "JW"))
        return;
    /* The units imply a dose; rounding up adds less than one unit, anything more and over 5 % is a slip of the unit. */
    struct dec off = dec_sub(dec_mul(l->unit, dec_int(l->units)), l->dose);
    bool rounding = dec_sign(off) >= 0 && dec_lt(off, l->unit);
    if (!rounding && dec_lt(dec_mul(l->dose, DEC(5, 2)), dec_abs(off)))
        add(c, "H12", EDIT_WARN, at, "The units imply another dose than was given: is the size of one unit right?");
}

int charge_edits(const struct edit_line *lines, int count, const struct edit_authorisation *auth, int auth_count,
    struct arena *a, struct edit_finding **out, struct err *e)
{
    struct check c = {.lines = lines, .count = count, .auth = auth, .auth_count = auth_count, .a = a};
    if (count > EDIT_LINES_MAX || auth_count > EDIT_AUTHORISATIONS_MAX) {
        (void)err_set(e, ERR_TOO_LARGE, "lines", "%d lines and %d authorisations; at most %d and %d", count, auth_count,
            EDIT_LINES_MAX, EDIT_AUTHORISATIONS_MAX);
        return -1;
    }
    for (int i = 0; i < count; i++) {
        if (lines[i].drug) {
            check_drug(&c, i);
        } else {
            check_parent(&c, i);
            check_initial(&c, i);
            check_visit(&c, i);
        }
    }
    *out = c.found;
    return c.n;
}
