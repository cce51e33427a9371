/* Charges are made from what flowed, checked, and closed by a biller. */
#include "account/charge.h"

#include <string.h>

static struct bill_source source_of(const struct cmd *c)
{
    return (struct bill_source){.tx = c->tx, .content = c->content, .zone = c->zone, .site = &c->site, .now = c->now};
}

/* What the line and its amount follow from, for `explain`. */
static const char *why_line(struct cmd *c, const struct charge_line *l)
{
    struct buf b;
    struct json j;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "says", l->says);
    json_str(&j, "events", l->events);
    if (l->minutes != INT_NONE)
        json_int(&j, "minutes", l->minutes);
    json_int(&j, "units", l->units);
    json_dec(&j, "amount", l->amount);
    json_str(&j, "content", c->content_hash);
    json_end(&j, '}');
    const char *out = arena_strdup(c->a, buf_str(&b));
    buf_fini(&b);
    return out;
}

MUST_CHECK static bool emit_lines(struct cmd *c, struct bill *b, const struct charge *charge, struct err *e)
{
    for (int i = 0; i < b->line_count; i++) {
        struct charge_line *l = &b->lines[i];
        l->id = cmd_new_id(c, "charge_line");
        l->charge = charge->id;
        l->revision = charge->revision;
        if (!cmd_emit(c, &ev_charge_line_made, l, NULL, why_line(c, l), e))
            return false;
    }
    return true;
}

MUST_CHECK static bool emit_authorisations(struct cmd *c, struct bill *b, struct err *e)
{
    for (int i = 0; i < b->authorisation_count; i++) {
        struct bill_authorisation *x = &b->authorisations[i];
        int64_t used = x->before + x->now;
        if (used == x->row.used)
            continue;
        x->row.used = used;
        if (!cmd_emit(c, &ev_authorisation_used, &x->row, "used", NULL, e))
            return false;
    }
    return true;
}

static bool charge_make(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct bill_source s = source_of(c);
    struct visit v;
    struct bill b;
    if (!care_visit_in(c, in->visit, "observing|done", &v, e) || !bill_make(&s, in->visit, &b, e))
        return false;
    for (int i = 0; i < b.infusion_count; i++)
        if (strcmp(b.flows[i].state, "ended") != 0 && strcmp(b.flows[i].state, "reconciled") != 0 && strcmp(b.flows[i].state, "uncertain") != 0)
            return err_set(e, ERR_CONFLICT, "visit", "%s is still %s; charges are made when it has ended", b.infusions[i].drug_name, b.flows[i].state);
    bool again = b.charge.id != NULL;
    if (again && strcmp(b.charge.facts, b.facts) == 0) {
        c->id = b.charge.id; /* the same facts give the same charge: nothing to do */
        return true;
    }
    BLANK(charge, n);
    n.id = again ? b.charge.id : cmd_new_id(c, "charge");
    n.visit = v.id;
    n.patient = v.patient;
    n.state = again && strcmp(b.charge.state, "made") != 0 ? "corrected" : "made";
    n.pack = c->content_hash;
    n.revision = again ? b.charge.revision + 1 : 1;
    n.facts = b.facts;
    n.total = b.total;
    n.at = c->happened;
    c->id = n.id;
    return cmd_emit(c, &ev_charge_made, &n, NULL, NULL, e) && emit_lines(c, &b, &n, e) && emit_authorisations(c, &b, e);
}

/* ---- closing ------------------------------------------------------------------------------------------------------------- */

/* Each question and each edit is passed for itself: `what` is part of what an override must have seen. */
static const char *facts_of(struct cmd *c, const struct bill *b, const char *what)
{
    struct buf f;
    struct json j;
    buf_init(&f, FIELD_LONG_MAX);
    json_init(&j, &f);
    json_object(&j, NULL);
    json_str(&j, "charge", b->charge.id);
    json_str(&j, "facts", b->facts);
    json_str(&j, "what", what);
    json_end(&j, '}');
    const char *out = arena_strdup(c->a, buf_str(&f));
    buf_fini(&f);
    return out;
}

/* What is known of the patient's advance notice: the drug's lines then carry GA or GZ, when the charges are made again.
 * A prescriber may order past what the payer lists; only a notice from before the service makes it the patient's bill. */
static bool charge_notice(struct cmd *c, const void *input, struct err *e)
{
    const struct charge_notice_in *in = input;
    struct bill_source s = source_of(c);
    struct bill b;
    const struct bill_drug *d = NULL;
    bool is_signed = strcmp(in->state, "signed") == 0;
    if (!care_need_reason(c, e) || !bill_make(&s, in->visit, &b, e))
        return false;
    for (int i = 0; i < b.drug_count; i++)
        if (strcmp(b.drugs[i].drug->id, in->drug) == 0)
            d = &b.drugs[i];
    if (!d)
        return err_set(e, ERR_INPUT, "drug", "\"%.60s\" is not charged for this visit", in->drug);
    if (!d->uncovered)
        return err_set(e, ERR_CONFLICT, "drug", "the payer lists the diagnosis for %s, or says nothing about it: no notice is wanted", d->drug->generic);
    if (is_signed != (in->signed_on != NULL))
        return err_set(e, ERR_INPUT, "signed_on", is_signed ? "say on which day it was signed" : "there is none: it has no day");
    if (is_signed && strcmp(in->signed_on, d->date) > 0)
        return err_set(e, ERR_INPUT, "signed_on", "signed after the service of %s it is no notice: say there is none", care_show_date(c->a, d->date));
    BLANK(charge_notice, n);
    n.id = cmd_new_id(c, "charge_notice");
    n.visit = b.visit.id;
    n.patient = b.patient.id;
    n.drug = d->drug->id;
    n.state = in->state;
    n.signed_on = in->signed_on;
    n.reason = c->reason;
    n.by = c->by.id;
    n.at = c->now;
    return cmd_emit(c, &ev_charge_noticed, &n, NULL, NULL, e);
}

static bool charge_finalise(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct bill_source s = source_of(c);
    struct bill b;
    if (!bill_make(&s, in->visit, &b, e))
        return false;
    if (!b.charge.id)
        return err_set(e, ERR_CONFLICT, "visit", "no charges were made for this visit yet");
    if (strcmp(b.charge.state, "final") == 0 && strcmp(b.charge.facts, b.facts) == 0)
        return err_set(e, ERR_CONFLICT, "visit", "the charges are final already");
    if (strcmp(b.charge.facts, b.facts) != 0)
        return err_set(e, ERR_CONFLICT, "visit", "facts have changed since the charges were made: make them again first");
    for (int i = 0; i < b.query_count; i++)
        cmd_refuse(c, "charge_query_open", b.patient.id, facts_of(c, &b, b.queries[i].says), "%s", b.queries[i].says);
    for (int i = 0; i < b.edit_count; i++)
        if (b.edits[i].action != EDIT_WARN)
            cmd_refuse(c, b.edits[i].action == EDIT_REJECT ? "charge_rejected" : "charge_on_hold", b.patient.id,
                facts_of(c, &b, arena_printf(c->a, "%s %d", b.edits[i].rule, b.edits[i].line + 1)), "%s: %s",
                b.edits[i].rule, b.edits[i].says);
    if (!cmd_allowed(c, e))
        return false;
    b.charge.state = "final";
    b.charge.final_by = c->by.id;
    c->id = b.charge.id;
    return cmd_emit(c, &ev_charge_final, &b.charge, "state final_by", NULL, e);
}

const struct command charge_commands[] = {
    {"charge.make", ROLE_BILLER | ROLE_SYSTEM, &record_visit_id_in, charge_make, "make the charges of a visit from what flowed; again after a late fact"},
    {"charge.notice", ROLE_BILLER, &record_charge_notice_in, charge_notice, "say whether the patient signed a notice for a diagnosis the payer does not list"},
    {"charge.finalise", ROLE_BILLER, &record_visit_id_in, charge_finalise, "close the charges: checked by a biller"},
};
const int charge_command_count = TABLE_COUNT(charge_commands);
