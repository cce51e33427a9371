/* The pharmacy: stock, worksheet, label, second check, release. A bag carries the version of the order it was made
 * from: any later version kills it. */
#include "care/care.h"
#include "care/query.h"
#include "care/shift.h"
#include "clinic/vials.h"
#include "formulary/content.h"

#include <string.h>

enum { LOT_MAX = 20 };

/* AI 10 takes at most 20; brackets and spaces would break the label's human form. */
static bool lot_ok(const char *lot)
{
    size_t n = strlen(lot);
    return n >= 1 && n <= LOT_MAX
        && strspn(lot, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-") == n;
}

static bool stock_receive(struct cmd *c, const void *input, struct err *e)
{
    const struct stock_receive_in *in = input;
    const struct drug *d = content_drug(c->content, in->drug), *of = NULL;
    if (!d || !content_vial(c->content, in->product, &of) || of != d)
        return err_set(e, ERR_NOT_FOUND, d ? "product" : "drug", "the content has no %s \"%.60s\"",
            d ? "vial of this drug called" : "drug", d ? in->product : in->drug);
    if (!lot_ok(in->lot))
        return err_set(
            e, ERR_INPUT, "lot", "a lot is 1 to %d letters, digits and . _ / - as GS1 allows on a label", LOT_MAX);
    if (in->patient && strcmp(in->owner, "bought") == 0)
        return err_set(e, ERR_INPUT, "patient", "bought vials belong to the site, not to a patient");
    if (in->vials < 1 || in->vials > 10000)
        return err_set(e, ERR_INPUT, "vials", "1 to 10,000 vials");
    if (strcmp(in->expires, care_day(c->a, c->zone, c->now)) < 0)
        return err_set(e, ERR_INPUT, "expires", "the lot has expired already");
    if (strcmp(in->owner, "white-bagged") == 0 && !in->patient)
        return err_set(e, ERR_INPUT, "patient", "white-bagged vials belong to one patient: name them");
    BLANK(stock, s);
    s.id = cmd_new_id(c, "stock");
    s.drug = in->drug;
    s.product = in->product;
    s.lot = in->lot;
    s.expires = in->expires;
    s.owner = in->owner;
    s.patient = in->patient;
    s.vials = in->vials;
    s.recalled = 0;
    return cmd_emit(c, &ev_stock_received, &s, NULL, NULL, e);
}

static bool stock_recall(struct cmd *c, const void *input, struct err *e)
{
    const struct stock_recall_in *in = input;
    struct stock *s;
    int n;
    if (!care_need_reason(c, e)
        || !table_list(
            c->tx, &record_stock, "drug=?2 AND lot=?3 ORDER BY id", VALS(V_TEXT(in->drug), V_TEXT(in->lot)), &s, &n, e))
        return false;
    if (!n)
        return err_set(e, ERR_NOT_FOUND, "lot", "no stock of this drug has lot \"%.60s\"", in->lot);
    for (int i = 0; i < n; i++) {
        s[i].recalled = 1;
        if (!cmd_emit(c, &ev_stock_recalled, &s[i], "recalled", NULL, e))
            return false;
    }
    return true;
}

/* ---- worksheet: which vials, which bag ------------------------------------------------------------------------------- */

struct work {
    struct med_order order;
    struct visit visit;
    const struct drug *drug;
    struct stock *stock;   /* of one owner, usable, first to expire first */
    int stock_count;
    struct vial_size sizes[VIAL_SIZES_MAX];
    int size_count;
    struct vial_choice choice;
};

/* One owner at a time: the patient's own white-bagged vials, else a free programme's, else bought ones. */
MUST_CHECK static bool stock_of(struct cmd *c, struct work *w, const char *owner, struct err *e)
{
    return table_list(c->tx, &record_stock,
        "drug=?2 AND owner=?3 AND vials>0 AND recalled=0 AND expires>=?4 AND (patient IS NULL OR patient=?5) ORDER BY "
        "expires, id LIMIT 200",
        VALS(V_TEXT(w->order.drug), V_TEXT(owner), V_TEXT(care_day(c->a, c->zone, c->now)), V_TEXT(w->order.patient)),
        &w->stock, &w->stock_count, e);
}

MUST_CHECK static bool sizes_of(struct cmd *c, struct work *w, struct err *e)
{
    struct qty mg;
    w->size_count = 0;
    for (int i = 0; i < w->drug->vials_count && w->size_count < VIAL_SIZES_MAX; i++) {
        const struct drug_vial *v = &w->drug->vials[i];
        int on_hand = 0;
        for (int k = 0; k < w->stock_count; k++)
            if (strcmp(w->stock[k].product, v->id) == 0)
                on_hand += (int)w->stock[k].vials;
        if (!qty_to(v->amount, unit_find("mg"), &mg, e))
            return false;
        w->sizes[w->size_count++] = (struct vial_size){mg.v, on_hand, v->cost, v->id};
    }
    (void)c;
    return true;
}

MUST_CHECK static bool choose(struct cmd *c, struct work *w, struct err *e)
{
    static const char *const owners[] = {"white-bagged", "free", "bought"};
    struct qty mg;
    if (!qty_to(w->order.dose, unit_find("mg"), &mg, e))
        return false;
    for (int i = 0; i < 3; i++) {
        struct err short_of = {0};
        if (!stock_of(c, w, owners[i], e) || !sizes_of(c, w, e))
            return false;
        if (w->stock_count && vials_choose(mg.v, w->sizes, w->size_count, c->a, &w->choice, &short_of))
            return true;
    }
    cmd_refuse(c, "stock_short", w->order.patient, care_fact(c->a, "order", w->order.id),
        "there are not enough usable vials of %s for %s: receive stock first", w->drug->generic,
        care_qty_text(c->a, w->order.dose));
    return cmd_allowed(c, e);
}

/* Draw the chosen vials lot by lot, the first to expire first; the list for the bag's record. */
MUST_CHECK static bool draw(struct cmd *c, struct work *w, const char **vials, struct err *e)
{
    struct buf b;
    struct json j;
    bool ok = true;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_list(&j, NULL);
    for (int i = 0; ok && i < w->size_count; i++) {
        int want = w->choice.counts[i];
        for (int k = 0; ok && want > 0 && k < w->stock_count; k++) {
            struct stock *s = &w->stock[k];
            if (strcmp(s->product, w->sizes[i].product) != 0 || s->vials == 0)
                continue;
            int take = s->vials < want ? (int)s->vials : want;
            s->vials -= take;
            want -= take;
            json_object(&j, NULL);
            json_str(&j, "stock", s->id);
            json_str(&j, "product", s->product);
            json_str(&j, "lot", s->lot);
            json_str(&j, "expires", s->expires);
            json_str(&j, "owner", s->owner);
            json_int(&j, "count", take);
            json_dec(&j, "amount", w->sizes[i].amount);
            json_end(&j, '}');
            ok = cmd_emit(c, &ev_stock_counted, s, "vials", NULL, e);
        }
    }
    json_end(&j, ']');
    if (ok)
        *vials = arena_strdup(c->a, buf_str(&b));
    buf_fini(&b);
    return ok;
}

static const char *worksheet_proof(struct cmd *c, const struct work *w, const struct prep *p)
{
    struct buf b;
    struct json j;
    char text[DEC_TEXT_MAX + 8];
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "says", w->drug->preparation ? w->drug->preparation->words : "");
    json_qty(&j, "dose", p->dose);
    json_dec(&j, "opened_mg", w->choice.opened);
    json_qty(&j, "waste", p->waste);
    if (dec_is(w->choice.cost))
        json_dec(&j, "vial_cost", w->choice.cost);
    json_str(&j, "vials_says",
        arena_printf(c->a, "%d vial%s, %s mg thrown away: the least waste, then the fewest vials", w->choice.vials,
            w->choice.vials == 1 ? "" : "s", dec_show(w->choice.waste, text)));
    json_dec(&j, "drug_ml", p->drug_ml);
    json_str(&j, "diluent", p->diluent);
    json_dec(&j, "diluent_ml", p->diluent_ml);
    json_dec(&j, "volume_ml", p->volume);
    json_qty(&j, "concentration", p->concentration);
    json_end(&j, '}');
    const char *out = arena_strdup(c->a, buf_str(&b));
    buf_fini(&b);
    return out;
}

/* Volumes of the bag: the order's volume holds diluent and drug; the drug's share comes from the vials' concentration. */
static void fill_bag(const struct work *w, struct prep *p, struct dec mg)
{
    const struct drug_vial *v = w->drug->vials;
    struct qty vial_mg;
    struct err e = {0};
    if (!qty_to(v->amount, unit_find("mg"), &vial_mg, &e))
        return;
    p->drug_ml = dec_trim(dec_div(dec_mul(mg, v->volume.v), vial_mg.v, 2, DEC_HALF_AWAY));
    p->volume = dec_is(w->order.volume) ? w->order.volume : p->drug_ml;
    p->diluent_ml = dec_trim(dec_sub(p->volume, p->drug_ml));
    if (dec_sign(p->diluent_ml) > 0 && w->drug->preparation && w->drug->preparation->diluents_count)
        p->diluent = w->drug->preparation->diluents[0].drug;
    else
        p->diluent_ml = DEC_NONE;
    p->concentration = (struct qty){dec_trim(dec_round(dec_quot(mg, p->volume), 6, DEC_HALF_AWAY)), unit_find("mg/mL")};
}

MUST_CHECK static bool order_ready(struct cmd *c, const char *order, struct work *w, struct err *e)
{
    struct prep *p;
    int n;
    if (!table_need(c->tx, &record_med_order, order, "order", &w->order, e)
        || !table_need(c->tx, &record_visit, w->order.visit, "order", &w->visit, e)
        || !table_list(c->tx, &record_prep,
            "med_order=?2 AND state IN ('started','labelled','checked','released','hung','used')", VALS(V_TEXT(order)),
            &p, &n, e))
        return false;
    w->drug = content_drug(c->content, w->order.drug);
    if (!w->drug)
        return err_set(e, ERR_NOT_FOUND, "order", "drug %.60s is not in the content", w->order.drug);
    if (n)
        return err_set(e, ERR_CONFLICT, "order", "bag %s is %s for this order already", p[0].id, p[0].state);
    const char *facts = arena_printf(c->a, "{\"order\":\"%s\",\"visit\":\"%s\"}", w->order.state, w->visit.state);
    if (strcmp(w->order.state, "verified") != 0)
        cmd_refuse(c, "not_verified", w->order.patient, facts, "the order is %s: a pharmacist verifies it first",
            w->order.state);
    const char *why;
    if (!care_ok_holds(c, &w->visit, &why, e))
        return false;
    if (why)
        cmd_refuse(c, "not_ok_to_treat", w->order.patient, facts, "%s: nothing is mixed yet", why);
    return true;
}

static bool prep_start(struct cmd *c, const void *input, struct err *e)
{
    const struct prep_start_in *in = input;
    struct work w = {0};
    struct qty mg;
    if (!order_ready(c, in->order, &w, e) || !care_query_settled(c, in->order, e) || !cmd_allowed(c, e) || !choose(c, &w, e)
        || !qty_to(w.order.dose, unit_find("mg"), &mg, e))
        return false;
    BLANK(prep, p);
    if (!draw(c, &w, &p.vials, e))
        return false;
    p.id = cmd_new_id(c, "prep");
    c->id = p.id;
    p.med_order = w.order.id;
    p.order_version = w.order.version;
    p.visit = w.order.visit;
    p.patient = w.order.patient;
    p.drug = w.order.drug;
    p.state = "started";
    p.dose = w.order.dose;
    p.waste = (struct qty){dec_trim(w.choice.waste), unit_find("mg")};
    fill_bag(&w, &p, mg.v);
    p.made_by = c->by.id;
    p.made_at = c->happened;
    p.proof = worksheet_proof(c, &w, &p);
    c->result = p.proof;
    return cmd_emit(c, &ev_prep_started, &p, NULL, p.proof, e);
}

/* ---- label, check, release ------------------------------------------------------------------------------------------------ */

MUST_CHECK static bool prep_in(
    struct cmd *c, const char *id, const char *state, struct prep *p, struct med_order *o, struct err *e)
{
    if (!table_need(c->tx, &record_prep, id, "prep", p, e)
        || !table_need(c->tx, &record_med_order, p->med_order, "prep", o, e))
        return false;
    c->id = p->id;
    if (p->order_version != o->version || strcmp(p->state, "killed") == 0)
        cmd_refuse(c, "old_label", p->patient,
            arena_printf(c->a, "{\"bag\":%d,\"order\":%d}", (int)p->order_version, (int)o->version),
            "the order changed to version %d after this bag was made from version %d: throw it away", (int)o->version,
            (int)p->order_version);
    else if (strcmp(state, "checked") == 0 && strcmp(p->state, "labelled") == 0)
        cmd_refuse(c, "not_checked", p->patient, care_fact(c->a, "state", p->state),
            "the bag is labelled; a second person has not checked it");
    else if (strcmp(p->state, state) != 0)
        return err_set(e, ERR_CONFLICT, "prep", "the bag is %s; it must be %s for this", p->state, state);
    return true;
}

/* Label content by GS1: 01 product, 17 and 7003 start by, 10 lot, 21 our bag. */
static const char *barcode_of(struct cmd *c, const struct prep *p, const struct drug *d)
{
    const char *gtin = d->vials_count && d->vials[0].gtin ? d->vials[0].gtin : "00000000000000";
    struct civil t = utc_civil(p->beyond_use, c->zone);
    struct err e = {0};
    struct node *v = json_read(c->a, p->vials, strlen(p->vials), FIELD_LONG_MAX, &e);
    const char *lot = node_str_at(v, "[0].lot");
    return arena_printf(c->a, "(01)%s(17)%02d%02d%02d(7003)%02d%02d%02d%02d%02d(10)%.20s(21)%s", gtin, t.year % 100,
        t.month, t.day, t.year % 100, t.month, t.day, t.hour, t.minute, lot ? lot : "0", p->id);
}

static bool prep_label(struct cmd *c, const void *input, struct err *e)
{
    const struct prep_id_in *in = input;
    struct prep p;
    struct med_order o;
    if (!prep_in(c, in->prep, "started", &p, &o, e) || !cmd_allowed(c, e))
        return false;
    const struct drug *d = content_drug(c->content, p.drug);
    if (!d || !d->preparation)
        return err_set(e, ERR_NOT_FOUND, "prep", "drug %.60s has no preparation in the content", p.drug);
    p.state = "labelled";
    /* from the first vial drawn, not from the printing of the label */
    p.beyond_use = p.made_at + d->preparation->beyond_use_room_min * UTC_MINUTE;
    p.barcode = barcode_of(c, &p, d);
    return cmd_emit(c, &ev_prep_labelled, &p, "state beyond_use barcode",
        arena_printf(c->a, "{\"beyond_use_min\":%lld,\"source\":\"%s\"}",
            (long long)d->preparation->beyond_use_room_min, d->preparation->beyond_use_source),
        e);
}

/* The checker is another person, reads the bag, and says the dose before seeing it. */
static bool prep_check(struct cmd *c, const void *input, struct err *e)
{
    const struct prep_check_in *in = input;
    struct prep p;
    struct med_order o;
    int cmp;
    if (!prep_in(c, in->prep, "labelled", &p, &o, e))
        return false;
    if (strcmp(p.made_by, c->by.id) == 0)
        cmd_refuse(c, "self_verify", p.patient, care_fact(c->a, "prep", p.id),
            "the one who made the bag cannot check it: it takes a second person");
    if (!qty_cmp(in->dose, p.dose, &cmp, e))
        return err_within(e, "dose"), false;
    const char *facts = care_fact(c->a, "barcode", in->barcode), *read = care_bag_id(c->a, c->tx->site, in->barcode);
    if (!read || strcmp(read, p.id) != 0)
        cmd_refuse(c, "bag_mismatch", p.patient, facts, "the barcode read is not this bag's");
    if (cmp != 0)
        cmd_refuse(c, "bag_mismatch", p.patient, care_fact(c->a, "dose", care_qty_text(c->a, in->dose)),
            "the checker says %s; the bag was made with %s", care_qty_text(c->a, in->dose),
            care_qty_text(c->a, p.dose));
    if (!dec_is(in->volume) || dec_lt(DEC(5, 1), dec_abs(dec_sub(in->volume, p.volume))))
        cmd_refuse(c, "bag_mismatch", p.patient, care_fact(c->a, "volume", care_ml(c->a, in->volume, "mL")),
            "the checker reads another volume than %s", care_ml(c->a, p.volume, "mL"));
    if (!cmd_allowed(c, e))
        return false;
    p.state = "checked";
    p.checked_by = c->by.id;
    p.checked_at = c->happened;
    return cmd_emit(c, &ev_prep_checked, &p, "state checked_by checked_at", NULL, e);
}

bool care_judge_vials(struct cmd *c, const struct prep *p, struct err *e)
{
    struct node *vials = json_read(c->a, p->vials, strlen(p->vials), FIELD_LONG_MAX, e);
    const char *today = care_day(c->a, c->zone, c->now);
    if (!vials)
        return false;
    node_each(n, vials) {
        const char *expires = node_str(node_get(n, "expires"));
        struct stock s;
        bool found;
        if (!table_get(c->tx, &record_stock, node_str(node_get(n, "stock")), &s, &found, e))
            return false;
        if (expires && strcmp(expires, today) < 0)
            cmd_refuse(c, "expired", p->patient, care_fact(c->a, "expires", expires), "a vial of lot %s expired on %s",
                node_str(node_get(n, "lot")), care_show_date(c->a, expires));
        if (found && s.recalled == 1)
            cmd_refuse(c, "recalled", p->patient, care_fact(c->a, "lot", s.lot), "lot %s is recalled", s.lot);
    }
    return true;
}

/* Expired, recalled, past its time, unverified or not OK'd: none of these is released. */
MUST_CHECK static bool judge_release(struct cmd *c, const struct prep *p, const struct med_order *o, struct err *e)
{
    struct visit v;
    const char *why;
    if (!care_judge_vials(c, p, e) || !table_need(c->tx, &record_visit, p->visit, "prep", &v, e)
        || !care_ok_holds(c, &v, &why, e))
        return false;
    if (p->beyond_use != UTC_NONE && c->now > p->beyond_use)
        cmd_refuse(c, "beyond_use", p->patient, care_fact(c->a, "bag", p->id), "the bag is past its beyond-use time");
    if (strcmp(o->state, "verified") != 0 && strcmp(o->state, "prepared") != 0)
        cmd_refuse(c, "not_verified", p->patient, care_fact(c->a, "order", o->state), "the order is %s, not verified",
            o->state);
    if (why)
        cmd_refuse(c, "not_ok_to_treat", p->patient, care_fact(c->a, "visit", v.state), "%s", why);
    return true;
}

static bool prep_release(struct cmd *c, const void *input, struct err *e)
{
    const struct prep_id_in *in = input;
    struct prep p;
    struct med_order o;
    if (!prep_in(c, in->prep, "checked", &p, &o, e) || !care_query_settled(c, o.id, e) || !judge_release(c, &p, &o, e) || !cmd_allowed(c, e))
        return false;
    p.state = "released";
    p.released_by = c->by.id;
    p.released_at = c->happened;
    return cmd_emit(c, &ev_prep_released, &p, "state released_by released_at", NULL, e);
}

static bool prep_waste(struct cmd *c, const void *input, struct err *e)
{
    const struct prep_id_in *in = input;
    struct prep p;
    if (!care_need_reason(c, e) || !table_need(c->tx, &record_prep, in->prep, "prep", &p, e))
        return false;
    if (strcmp(p.state, "hung") == 0 || strcmp(p.state, "used") == 0 || strcmp(p.state, "wasted") == 0)
        return err_set(e, ERR_CONFLICT, "prep", "the bag is %s", p.state);
    p.state = "wasted";
    p.reason = c->reason;
    c->id = p.id;
    return cmd_emit(c, &ev_prep_wasted, &p, "state reason", NULL, e);
}

/* Vials drawn for a bag that was never mixed go back on the shelf. */
MUST_CHECK static bool vials_back(struct cmd *c, const struct prep *p, struct err *e)
{
    struct node *vials = json_read(c->a, p->vials, strlen(p->vials), FIELD_LONG_MAX, e);
    if (!vials)
        return false;
    node_each(n, vials) {
        struct stock s;
        struct dec count;
        int64_t back;
        bool found;
        if (!table_get(c->tx, &record_stock, node_str_at(n, "stock"), &s, &found, e)
            || !node_dec(node_get(n, "count"), &count, e))
            return false;
        if (!found || !dec_to_int(count, DEC_DOWN, &back))
            continue;
        s.vials += back;
        if (!cmd_emit(c, &ev_stock_counted, &s, "vials", NULL, e))
            return false;
    }
    return true;
}

bool care_kill_bags(struct cmd *c, const char *column, const char *id, const char *why, struct err *e)
{
    struct prep *p;
    int n;
    const char *where = strcmp(column, "visit") == 0
        ? "visit=?2 AND state IN ('started','labelled','checked','released') ORDER BY id"
        : "med_order=?2 AND state IN ('started','labelled','checked','released') ORDER BY id";
    if (!table_list(c->tx, &record_prep, where, VALS(V_TEXT(id)), &p, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        if (strcmp(p[i].state, "started") == 0 && !vials_back(c, &p[i], e))
            return false;
        p[i].state = "killed";
        p[i].reason = why;
        if (!cmd_emit(c, &ev_prep_killed, &p[i], "state reason", NULL, e))
            return false;
    }
    return true;
}

const struct command prepare_commands[] = {
    {"stock.receive", ROLE_PHARMACIST | ROLE_TECHNICIAN, &record_stock_receive_in, stock_receive, "vials came in"},
    {"stock.recall", ROLE_PHARMACIST, &record_stock_recall_in, stock_recall, "a lot is recalled"},
    {"prep.start", ROLE_PHARMACIST | ROLE_TECHNICIAN, &record_prep_start_in, prep_start,
        "draw vials for a bag; the worksheet is the result"},
    {"prep.label", ROLE_PHARMACIST | ROLE_TECHNICIAN, &record_prep_id_in, prep_label,
        "the bag is mixed: print its label"},
    {"prep.check", ROLE_PHARMACIST | ROLE_TECHNICIAN, &record_prep_check_in, prep_check, "the second person's check"},
    {"prep.release", ROLE_PHARMACIST, &record_prep_id_in, prep_release, "release the bag to the chair"},
    {"prep.waste", ROLE_PHARMACIST | ROLE_TECHNICIAN, &record_prep_id_in, prep_waste, "throw the bag away"},
};
const int prepare_command_count = TABLE_COUNT(prepare_commands);

/* ---- views ------------------------------------------------------------------------------------------------------------------ */

static const char *stage_of(const struct med_order *o, const struct prep *p)
{
    if (!p)
        return strcmp(o->state, "signed") == 0 ? "verify" : strcmp(o->state, "verified") == 0 ? "prepare" : "done";
    if (strcmp(p->state, "started") == 0)
        return "prepare";
    if (strcmp(p->state, "labelled") == 0)
        return "check";
    return strcmp(p->state, "checked") == 0 ? "release" : "done";
}

static void judge_card(
    struct view *v, const struct visit *x, const struct med_order *o, const struct prep *p, struct pharmacy_card *k)
{
    k->ok_to_treat = x->ok_at != UTC_NONE;
    k->safe_now = strcmp(o->state, "signed") != 0 && k->ok_to_treat;
    if (strcmp(o->state, "signed") == 0)
        k->why_not = "not verified";
    else if (!k->ok_to_treat)
        k->why_not = strcmp(x->state, "booked") == 0 ? "the patient is not here yet" : "OK to treat is not signed";
    if (p && p->order_version != o->version) {
        k->safe_now = 0;
        k->why_not = "the order changed: this label is dead";
    }
    if (p && p->beyond_use != UTC_NONE && v->now > p->beyond_use) {
        k->safe_now = 0;
        k->why_not = "past its beyond-use time";
    }
}

/* The latest question about the order: while it is open, nothing goes on. */
MUST_CHECK static bool card_query(struct view *v, const struct med_order *o, struct pharmacy_card *k, struct err *e)
{
    struct order_query *q;
    int n;
    if (!table_list(v->tx, &record_order_query, "med_order=?2 ORDER BY asked_at DESC, id DESC LIMIT 1", VALS(V_TEXT(o->id)), &q,
            &n, e))
        return false;
    if (!n)
        return true;
    k->query_text = q[0].text;
    k->reply = q[0].reply;
    if (strcmp(q[0].state, "open") != 0)
        return true;
    k->query = q[0].id;
    k->safe_now = 0;
    k->why_not = "a question to the prescriber is open";
    return true;
}

MUST_CHECK static bool card_of(struct view *v, const struct med_order *o, struct pharmacy_card *k, struct err *e)
{
    struct patient who;
    struct visit x;
    struct prep *preps, *p = NULL, *struck;
    int n, dead;
    if (!table_need(v->tx, &record_patient, o->patient, "patient", &who, e)
        || !table_need(v->tx, &record_visit, o->visit, "visit", &x, e)
        || !table_list(v->tx, &record_prep,
            "med_order=?2 AND state NOT IN ('killed','wasted') ORDER BY made_at DESC LIMIT 1", VALS(V_TEXT(o->id)),
            &preps, &n, e)
        || !table_list(v->tx, &record_prep, "med_order=?2 AND state='killed' ORDER BY made_at DESC LIMIT 1",
            VALS(V_TEXT(o->id)), &struck, &dead, e))
        return false;
    if (n)
        p = preps;
    const struct drug *d = content_drug(v->content, o->drug);
    record_blank(&record_pharmacy_card, k);
    k->stage = stage_of(o, p);
    k->plan = o->plan;
    k->order = o->id;
    k->visit = o->visit;
    k->patient = o->patient;
    k->name = care_name(v->a, &who);
    k->drug_name = o->drug_name;
    k->dose = care_qty_text(v->a, o->dose);
    k->chair = x.chair;
    k->needed_by = x.start == UTC_NONE
        ? UTC_NONE
        : x.start + x.setup_min * UTC_MINUTE - v->content->site->drug_needed_min * UTC_MINUTE;
    k->hazard = d && strcmp(d->hazard, "none") != 0 ? d->hazard : NULL;
    k->state = p ? p->state : o->state;
    k->proof = p ? p->proof : o->proof;
    if (p) {
        k->prep = p->id;
        k->beyond_use = p->beyond_use;
        k->barcode = p->barcode;
    }
    if (dead) {
        k->struck = struck[0].id;
        k->struck_why = struck[0].reason;
    }
    judge_card(v, &x, o, p, k);
    return card_query(v, o, k, e);
}

/* Orders to verify, whenever due; every order of a visit booked for today; and orders with a struck bag still about. */
static bool pharmacy_show(struct view *v, const void *params, struct err *e)
{
    const struct by_day *in = params;
    struct med_order *o;
    int n;
    const char *day = in->day ? in->day : care_day(v->a, v->zone, v->now);
    utc_t from = care_local(v->zone, day, 0), to = care_local(v->zone, care_add_days(v->a, day, 1), 0);
    if (!table_list(v->tx, &record_med_order,
            "id IN (SELECT id FROM med_order WHERE site=?1 AND state='signed' UNION SELECT med_order FROM prep WHERE "
            "site=?1 AND state='killed' UNION "
            "SELECT o.id FROM visit v JOIN med_order o ON o.site=v.site AND o.visit=v.id WHERE v.site=?1 AND "
            "v.start>=?2 AND v.start<?3 AND "
            "v.state IN ('booked','arrived','ok','treating') AND o.state IN ('verified','prepared','running')) ORDER "
            "BY id LIMIT 400",
            VALS(V_INT(from), V_INT(to)), &o, &n, e))
        return false;
    struct pharmacy_card *cards = ARENA_ARRAY(v->a, n ? (size_t)n : 1, struct pharmacy_card);
    for (int i = 0; i < n; i++)
        if (!card_of(v, &o[i], &cards[i], e))
            return false;
    view_many(v, "cards", &record_pharmacy_card, cards, n);
    return true;
}

static bool prep_show(struct view *v, const void *params, struct err *e)
{
    const struct by_prep *in = params;
    struct prep p;
    struct med_order o;
    struct pharmacy_card k;
    struct banner b;
    if (!table_need(v->tx, &record_prep, in->prep, "prep", &p, e)
        || !table_need(v->tx, &record_med_order, p.med_order, "prep", &o, e) || !card_of(v, &o, &k, e)
        || !care_banner(v->tx, v->zone, v->now, p.patient, p.visit, &b, e))
        return false;
    v->patient = p.patient;
    view_one(v, "banner", &record_banner, &b);
    view_one(v, "card", &record_pharmacy_card, &k);
    view_one(v, "prep", &record_prep, &p);
    return true;
}

static bool stock_show(struct view *v, const void *params, struct err *e)
{
    struct stock *s;
    int n;
    (void)params;
    if (!table_list(v->tx, &record_stock, "vials>0 ORDER BY drug, expires, id LIMIT 1000", NO_VALS, &s, &n, e))
        return false;
    view_many(v, "stock", &record_stock, s, n);
    return true;
}

static const struct view_member pharmacy_members[] = {{"cards", &record_pharmacy_card, true}};
static const struct view_member prep_members[] = {
    {"banner", &record_banner, false}, {"card", &record_pharmacy_card, false}, {"prep", &record_prep, false}};
static const struct view_member stock_members[] = {{"stock", &record_stock, true}};

const struct view_type prepare_views[] = {
    {"pharmacy", ROLE_CLINICAL, &record_by_day, pharmacy_members, TABLE_COUNT(pharmacy_members), pharmacy_show,
        "orders on their way through the pharmacy"},
    {"prep", ROLE_CLINICAL, &record_by_prep, prep_members, TABLE_COUNT(prep_members), prep_show,
        "one bag: worksheet and label"},
    {"stock", ROLE_CLINICAL, &record_nothing, stock_members, TABLE_COUNT(stock_members), stock_show,
        "vials on the shelf"},
};
const int prepare_view_count = TABLE_COUNT(prepare_views);
