#include "account/bill.h"

#include "record/chain.h"

#include <string.h>

enum { FACTS_MAX = 1024 * 1024 };

/* ---- administration ------------------------------------------------------------------------------------------------- */

static const char *joined(struct arena *a, const char *const *words, int n)
{
    const char *out = "";
    for (int i = 0; i < n; i++) {
        if (strlen(out) + strlen(words[i]) + 16 > BILL_TEXT_MAX)
            return arena_printf(a, "%s +%d", out, n - i);
        out = arena_printf(a, "%s%s%s", out, i ? " " : "", words[i]);
    }
    return out;
}

static struct charge_line *new_line(struct bill *b)
{
    struct charge_line *l = &b->lines[b->line_count++];
    record_blank(&record_charge_line, l);
    l->visit = b->visit.id;
    l->place = b->line_count;
    return l;
}

static struct dec priced(struct dec price, int64_t units)
{
    return dec_round(dec_mul(price, dec_int(units)), 2, DEC_HALF_AWAY);
}

static void admin_charge_lines(const struct bill_source *s, struct bill *b)
{
    struct arena *a = s->tx->a;
    for (int i = 0; i < b->sheet.line_count; i++) {
        const struct sheet_line *from = &b->sheet.lines[i];
        const struct price_code *code = content_price_code(s->content, charge_roles[from->role].name);
        struct charge_line *l = new_line(b);
        l->role = charge_roles[from->role].name;
        l->modifiers = from->modifier_count ? joined(a, (const char *const *)from->modifiers, from->modifier_count) : NULL;
        l->units = from->units;
        l->minutes = from->minutes;
        l->start = from->start;
        l->end = from->stop;
        l->events = joined(a, from->events, from->event_count);
        l->says = bill_text(a, from->sentence);
        if (code) {
            l->code = code->code;
            l->amount = priced(code->price, from->units);
        } else {
            bill_query(s, b, "biller", arena_printf(a, "The site has no code and price for %s (%s).", charge_roles[from->role].label, l->role), l->role);
        }
    }
}

static const char *asked_of(enum charge_query_kind k)
{
    static const char *const roles[] = {"nurse", "nurse", "nurse", "prescriber", "biller", "nurse", "biller"};
    return roles[k];
}

MUST_CHECK static bool charge_administration(const struct bill_source *s, struct bill *b, struct err *e)
{
    struct charge_timeline t = {b->events, b->event_count, s->zone};
    if (!charge_admin(&t, &b->policy, s->tx->a, &b->sheet, e))
        return false;
    for (int i = 0; i < b->sheet.query_count; i++)
        bill_query(s, b, asked_of(b->sheet.queries[i].kind), b->sheet.queries[i].text, b->sheet.queries[i].event);
    for (int i = 0; i < b->sheet.trace_count; i++)
        bill_trace(s, b, b->sheet.traces[i].event, b->sheet.traces[i].text);
    return true;
}

/* ---- drugs ------------------------------------------------------------------------------------------------------------ */

/* GA or GZ for what is known of the notice, where one is wanted: of the line's own modifier and this. */
static const char *notice_modifier(const struct bill_drug *d)
{
    return !d->uncovered || !d->notice.id ? NULL : strcmp(d->notice.state, "signed") == 0 ? "GA" : "GZ";
}

static const char *modifiers_of(const struct bill_source *s, const struct bill_drug *d, const struct drug_line *from)
{
    const char *more = notice_modifier(d);
    return !more ? from->modifier : !from->modifier ? more : arena_printf(s->tx->a, "%s %s", from->modifier, more);
}

/* The latest word about the patient's notice, for each drug whose diagnosis the payer does not list. */
MUST_CHECK static bool read_notices(const struct bill_source *s, struct bill *b, struct err *e)
{
    struct refusal *r;
    struct staff by;
    bool any = false, found;
    int n;
    for (int i = 0; i < b->drug_count; i++) {
        struct bill_drug *d = &b->drugs[i];
        struct charge_notice *rows;
        if (!d->uncovered)
            continue;
        any = true;
        if (!table_list(s->tx, &record_charge_notice, "visit=?2 AND drug=?3 ORDER BY at DESC, id DESC LIMIT 1",
                VALS(V_TEXT(b->visit.id), V_TEXT(d->drug->id)), &rows, &n, e))
            return false;
        if (n)
            d->notice = rows[0];
    }
    if (!any)
        return true;
    if (!table_list(s->tx, &record_refusal,
            "patient=?2 AND rule='diagnosis_not_covered' AND overridden_by IS NOT NULL AND at<=?3 ORDER BY at DESC, id DESC LIMIT 1",
            VALS(V_TEXT(b->patient.id), V_INT(s->now)), &r, &n, e))
        return false;
    if (!n)
        return true;
    if (!table_get(s->tx, &record_staff, r[0].overridden_by, &by, &found, e))
        return false;
    b->passed = arena_printf(s->tx->a, "%s ordered it all the same on %s: %s", found ? by.name : r[0].overridden_by,
        care_show_date(s->tx->a, care_day(s->tx->a, s->zone, r[0].at)), r[0].reason ? r[0].reason : "no reason was kept");
    return true;
}

MUST_CHECK static bool charge_drugs(const struct bill_source *s, struct bill *b, struct err *e)
{
    for (int i = 0; i < b->drug_count; i++) {
        struct bill_drug *d = &b->drugs[i];
        if (!charge_drug(&d->given, s->tx->a, &d->sheet, e))
            return err_within(e, d->id), false;
        if (d->sheet.query)
            bill_query(s, b, "pharmacist", d->sheet.query, d->id);
        if (d->sheet.sentence)
            bill_trace(s, b, d->id, d->sheet.sentence);
        for (int k = 0; k < d->sheet.line_count; k++) {
            const struct drug_line *from = &d->sheet.lines[k];
            bool waste = from->modifier && strcmp(from->modifier, "JW") == 0;
            struct charge_line *l = new_line(b);
            l->role = waste ? "DRUG_WASTE" : "DRUG";
            l->code = from->code;
            l->drug = d->drug->id;
            l->modifiers = modifiers_of(s, d, from);
            l->units = from->units;
            l->amount = priced(d->billing->price, from->units);
            l->events = d->id;
            l->says = bill_text(s->tx->a, from->sentence);
            if (k == 0)
                bill_trace(s, b, d->id, from->sentence);
        }
    }
    return true;
}

/* ---- authorisations ---------------------------------------------------------------------------------------------------- */

/* Units of a drug on the stored charge: what this visit has used already. */
MUST_CHECK static bool units_charged(const struct bill_source *s, const struct bill *b, const char *drug, int64_t *out, struct err *e)
{
    struct charge_line *l;
    int n;
    *out = 0;
    if (!b->charge.id)
        return true;
    if (!table_list(s->tx, &record_charge_line, "charge=?2 AND revision=?3 AND drug=?4",
            VALS(V_TEXT(b->charge.id), V_INT(b->charge.revision), V_TEXT(drug)), &l, &n, e))
        return false;
    for (int i = 0; i < n; i++)
        *out += l[i].units;
    return true;
}

MUST_CHECK static bool read_authorisation(const struct bill_source *s, struct bill *b, const struct bill_drug *d, struct err *e)
{
    struct authorisation *rows;
    int n;
    for (int i = 0; i < b->authorisation_count; i++)
        if (strcmp(b->authorisations[i].row.drug, d->drug->id) == 0)
            return true;
    if (!table_list(s->tx, &record_authorisation, "patient=?2 AND drug=?3 AND state='granted' AND start<=?4 AND \"end\">=?4 ORDER BY \"end\", id LIMIT 1",
            VALS(V_TEXT(b->patient.id), V_TEXT(d->drug->id), V_TEXT(d->date)), &rows, &n, e))
        return false;
    if (!n) {
        if (d->cover && d->cover->authorisation == 1)
            bill_query(s, b, "biller", arena_printf(s->tx->a, "%s wants an authorisation for %s and none is granted for %s.",
                b->payer->name, d->drug->generic, d->date), d->drug->id);
        return true;
    }
    int64_t before;
    if (!units_charged(s, b, d->drug->id, &before, e))
        return false;
    struct bill_authorisation *x = &b->authorisations[b->authorisation_count++];
    *x = (struct bill_authorisation){.row = rows[0], .before = rows[0].used - before};
    for (int i = 0; i < b->line_count; i++)
        if (b->lines[i].drug && strcmp(b->lines[i].drug, d->drug->id) == 0)
            x->now += b->lines[i].units;
    return true;
}

/* ---- edits --------------------------------------------------------------------------------------------------------------- */

static void edit_administration(const struct sheet_line *from, struct edit_line *l)
{
    *l = (struct edit_line){.role = from->role, .encounter = from->encounter, .access = from->access, .date = from->date, .units = from->units,
        .modifiers = from->modifiers, .modifier_count = from->modifier_count, .unit = DEC_NONE, .dose = DEC_NONE, .opened = DEC_NONE};
    l->reason = from->modifier_count ? from->sentence : NULL;
}

static void edit_drug(const struct bill *b, const struct bill_drug *d, const struct drug_line *from, struct arena *a, struct edit_line *l)
{
    const char **modifier = ARENA_ARRAY(a, 2, const char *);
    int modifiers = 0;
    if (from->modifier)
        modifier[modifiers++] = from->modifier;
    if (notice_modifier(d))
        modifier[modifiers++] = notice_modifier(d);
    *l = (struct edit_line){.drug = d->drug->id, .code = from->code, .date = d->date, .units = from->units, .modifiers = modifier,
        .modifier_count = modifiers, .single_dose = !d->given.multi_dose, .name = d->drug->generic, .route = "IV",
        .unit = d->given.unit, .dose = d->given.given, .opened = d->given.opened, .supplied_by_others = d->given.supply != SUPPLY_BOUGHT};
    /* waste below one unit may stand without either modifier where the payer says so */
    bool below = d->given.plain_below_unit && dec_sign(d->sheet.waste) > 0 && d->sheet.line_count == 1;
    l->wants_modifier = b->payer && b->payer->waste_lines == 1 && !below;
    l->cover = !d->cover ? COVER_UNKNOWN : d->uncovered ? COVER_NO : COVER_YES;
}

MUST_CHECK static bool charge_edit(const struct bill_source *s, struct bill *b, struct err *e)
{
    struct edit_line *lines = ARENA_ARRAY(s->tx->a, (size_t)b->line_count + 1, struct edit_line);
    struct edit_authorisation auth[EDIT_AUTHORISATIONS_MAX];
    int n = 0, nauth = 0;
    for (int i = 0; i < b->sheet.line_count; i++)
        edit_administration(&b->sheet.lines[i], &lines[n++]);
    for (int i = 0; i < b->drug_count; i++)
        for (int k = 0; k < b->drugs[i].sheet.line_count; k++)
            edit_drug(b, &b->drugs[i], &b->drugs[i].sheet.lines[k], s->tx->a, &lines[n++]);
    for (int i = 0; i < b->authorisation_count && nauth < EDIT_AUTHORISATIONS_MAX; i++)
        auth[nauth++] = (struct edit_authorisation){b->authorisations[i].row.drug, b->authorisations[i].row.units - b->authorisations[i].before};
    b->edit_count = charge_edits(lines, n, auth, nauth, s->tx->a, &b->edits, e);
    for (int i = 0; i < b->edit_count; i++)
        if (b->passed && strcmp(b->edits[i].rule, "H07") == 0)
            b->edits[i].says = arena_printf(s->tx->a, "%s %s", b->edits[i].says, b->passed);
    return b->edit_count >= 0;
}

/* ---- the facts ------------------------------------------------------------------------------------------------------------ */

static void hash_time(struct buf *f, utc_t t)
{
    chain_int(f, t);
}

static void hash_dec(struct buf *f, struct dec d)
{
    char text[DEC_TEXT_MAX];
    chain_text(f, dec_text(dec_is(d) ? dec_trim(d) : d, text));
}

/* What happened, in a fixed order. Prices, classes and rules are no part of it: a new content release makes no charge
 * late. Names of people are no part of it either. */
MUST_CHECK static bool hash_facts(struct bill *b, struct err *e)
{
    struct buf f;
    buf_init(&f, FACTS_MAX);
    chain_text(&f, b->payer_name);
    chain_text(&f, b->plan.indication);
    for (int i = 0; i < b->event_count; i++) {
        const struct charge_event *ev = &b->events[i];
        chain_text(&f, ev->id);
        chain_text(&f, ev->excluded);
        chain_int(&f, (int64_t)ev->technique);
        hash_time(&f, ev->start);
        hash_time(&f, ev->stop);
        chain_int(&f, ev->pause_min);
        for (int k = 0; k < ev->pause_count; k++) {
            hash_time(&f, ev->pauses[k].from);
            hash_time(&f, ev->pauses[k].to);
        }
    }
    for (int i = 0; i < b->drug_count; i++) {
        const struct bill_drug *d = &b->drugs[i];
        chain_text(&f, d->id);
        chain_text(&f, d->drug->id);
        hash_dec(&f, d->given.given);
        hash_dec(&f, d->given.opened);
        chain_int(&f, (int64_t)d->given.supply);
        if (notice_modifier(d)) /* absent in facts from before there were notices */
            chain_text(&f, notice_modifier(d));
    }
    bool ok = buf_ok(&f, "facts", e);
    if (ok)
        chain_sha256(buf_str(&f), f.len, b->facts);
    buf_fini(&f);
    return ok;
}

bool bill_make(const struct bill_source *s, const char *visit, struct bill *out, struct err *e)
{
    struct charge *stored;
    int n;
    *out = (struct bill){.total = DEC(0, 2)};
    if (!bill_read(s, visit, out, e) || !charge_administration(s, out, e))
        return false;
    if (!table_list(s->tx, &record_charge, "visit=?2 ORDER BY id LIMIT 1", VALS(V_TEXT(visit)), &stored, &n, e))
        return false;
    record_blank(&record_charge, &out->charge);
    if (n)
        out->charge = stored[0];
    size_t room = (size_t)(out->sheet.line_count + out->drug_count * DRUG_LINES_MAX) + 1;
    out->lines = ARENA_ARRAY(s->tx->a, room, struct charge_line);
    admin_charge_lines(s, out);
    if (!read_notices(s, out, e) || !charge_drugs(s, out, e))
        return false;
    out->authorisations = ARENA_ARRAY(s->tx->a, (size_t)out->drug_count + 1, struct bill_authorisation);
    for (int i = 0; i < out->drug_count; i++)
        if (!read_authorisation(s, out, &out->drugs[i], e))
            return false;
    for (int i = 0; i < out->line_count; i++)
        if (dec_is(out->lines[i].amount))
            out->total = dec_add(out->total, out->lines[i].amount);
    return charge_edit(s, out, e) && hash_facts(out, e);
}
