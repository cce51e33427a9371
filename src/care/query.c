/* A question about an order, and the reply. While one is open the order is not verified and no bag is begun: what made
 * somebody ask has not been settled. The prescriber replies, or whoever asked takes it back. */
#include "care/query.h"

#include <string.h>

bool care_query_open(struct tx *t, const char *order, struct order_query *out, bool *found, struct err *e)
{
    struct order_query *q;
    int n;
    if (!table_list(t, &record_order_query, "med_order=?2 AND state='open' ORDER BY asked_at DESC, id DESC LIMIT 1",
            VALS(V_TEXT(order)), &q, &n, e))
        return false;
    *found = n > 0;
    if (n)
        *out = q[0];
    return true;
}

bool care_query_settled(struct cmd *c, const char *order, struct err *e)
{
    struct order_query q;
    bool open;
    if (!care_query_open(c->tx, order, &q, &open, e))
        return false;
    return !open || err_set(e, ERR_CONFLICT, "order", "a question about this order is open: %.200s", q.text);
}

static bool order_query(struct cmd *c, const void *input, struct err *e)
{
    const struct order_query_in *in = input;
    struct med_order o;
    if (!table_need(c->tx, &record_med_order, in->order, "order", &o, e) || !care_query_settled(c, o.id, e))
        return false;
    if (!in->text[0])
        return err_set(e, ERR_INPUT, "text", "say what the question is");
    if (strcmp(o.state, "given") == 0 || strcmp(o.state, "part given") == 0 || strcmp(o.state, "cancelled") == 0)
        return err_set(e, ERR_CONFLICT, "order", "the order is %s", o.state);
    BLANK(order_query, q);
    q.id = cmd_new_id(c, "order_query");
    q.med_order = o.id;
    q.plan = o.plan;
    q.patient = o.patient;
    q.text = in->text;
    q.asked_by = c->by.id;
    q.asked_at = c->happened;
    q.state = "open";
    return cmd_emit(c, &ev_order_queried, &q, NULL, NULL, e);
}

static bool order_reply(struct cmd *c, const void *input, struct err *e)
{
    const struct order_reply_in *in = input;
    struct order_query q;
    if (!table_need(c->tx, &record_order_query, in->query, "query", &q, e))
        return false;
    if (strcmp(q.state, "open") != 0)
        return err_set(e, ERR_CONFLICT, "query", "the question has been answered");
    if (!(c->by.roles & ROLE_PRESCRIBER) && strcmp(q.asked_by, c->by.id) != 0)
        return err_set(e, ERR_FORBIDDEN, "query", "the prescriber replies, or who asked takes it back");
    if (!in->reply[0])
        return err_set(e, ERR_INPUT, "reply", "say something");
    q.state = "answered";
    q.reply = in->reply;
    q.replied_by = c->by.id;
    q.replied_at = c->happened;
    c->id = q.id;
    return cmd_emit(c, &ev_order_replied, &q, "state reply replied_by replied_at", NULL, e);
}

const struct command query_commands[] = {
    {"order.query", ROLE_PHARMACIST | ROLE_TECHNICIAN | ROLE_NURSE, &record_order_query_in, order_query,
        "ask the prescriber about an order; it waits for the reply"},
    {"order.reply", ROLE_CLINICAL, &record_order_reply_in, order_reply, "reply, or take one's own question back"},
};
const int query_command_count = TABLE_COUNT(query_commands);

/* ---- what is open ------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool row_of(struct view *v, const struct order_query *q, struct query_row *r, struct err *e)
{
    struct patient p;
    struct med_order o;
    struct staff by;
    bool found;
    if (!table_need(v->tx, &record_patient, q->patient, "patient", &p, e)
        || !table_need(v->tx, &record_med_order, q->med_order, "order", &o, e)
        || !table_get(v->tx, &record_staff, q->asked_by, &by, &found, e))
        return false;
    *r = (struct query_row){.query = q->id, .order = o.id, .plan = q->plan, .patient = p.id, .name = care_name(v->a, &p),
        .drug_name = o.drug_name, .dose = care_qty_text(v->a, o.dose), .text = q->text, .who = found ? by.name : q->asked_by,
        .at = q->asked_at};
    return true;
}

static bool queries_show(struct view *v, const void *params, struct err *e)
{
    struct order_query *q;
    int n;
    (void)params;
    if (!table_list(v->tx, &record_order_query, "state='open' ORDER BY asked_at, id LIMIT 200", NO_VALS, &q, &n, e))
        return false;
    struct query_row *rows = ARENA_ARRAY(v->a, n ? (size_t)n : 1, struct query_row);
    for (int i = 0; i < n; i++)
        if (!row_of(v, &q[i], &rows[i], e))
            return false;
    view_many(v, "queries", &record_query_row, rows, n);
    return true;
}

static const struct view_member queries_members[] = {{"queries", &record_query_row, true}};
const struct view_type query_views[] = {
    {"queries", ROLE_CLINICAL, &record_nothing, queries_members, TABLE_COUNT(queries_members), queries_show,
        "open questions about orders, oldest first"},
};
const int query_view_count = TABLE_COUNT(query_views);
