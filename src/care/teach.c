/* Teaching: the patient's page, leaflets made from the order, questions and their answers. Words with a red flag are
 * answered at once with whom to call; the page never pretends that somebody reads along. */
#include "care/care.h"
#include "care/dose.h"
#include "care/flow.h"
#include "formulary/content.h"
#include "formulary/fill.h"

#include <string.h>

/* ---- questions ------------------------------------------------------------------------------------------------------- */

static char *lower(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s);
    for (char *p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return out;
}

static bool matches(const char *text, const char *const *words, int n)
{
    for (int i = 0; i < n; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

enum { FILLS_MAX = 24 };

/* A draft is the prescriber's thought, not yet the patient's plan. */
#define DECIDED "plan IN (SELECT id FROM plan WHERE site=?1 AND patient=?2 AND state<>'draft')"

struct fills {
    struct fill list[FILLS_MAX];
    int count;
};

static void put(struct fills *f, const char *name, const char *value)
{
    if (f->count < FILLS_MAX)
        f->list[f->count++] = (struct fill){name, value && value[0] ? value : "—"};
}

static const char *joined(struct arena *a, const char *const *words, int n, const char *between)
{
    const char *out = NULL;
    for (int i = 0; i < n; i++)
        out = out ? arena_printf(a, "%s%s%s", out, between, words[i]) : words[i];
    return out;
}

/* A template with what is known of the visit; a name nothing fills is a defect of the content and said as one. */
static const char *told(struct arena *a, const char *text, const struct fills *f)
{
    const char *out;
    struct err e = {0};
    return fill_text(a, text, f->list, f->count, &out, &e)
        ? out
        : arena_printf(a, "(This text is incomplete: %s. Please call us.)", e.text);
}

static void fill_drug(struct arena *a, struct fills *f, const struct drug *d, const struct med_order *o)
{
    const struct drug_patient *p = d ? d->patient : NULL;
    put(f, "drug_name", p ? p->name : d ? d->generic : NULL);
    put(f, "dose", o ? care_qty_text(a, o->dose) : NULL);
    put(f, "drug_minutes", o ? arena_printf(a, "%d", (int)o->minutes) : NULL);
    put(f, "what", p ? p->what : NULL);
    put(f, "why", p ? p->why : NULL);
    put(f, "day_words", p ? p->day : NULL);
    put(f, "home", p ? p->home : NULL);
    put(f, "normal", p ? joined(a, p->normal, p->normal_count, ", ") : NULL);
    put(f, "call", p ? joined(a, p->call, p->call_count, ", ") : NULL);
    put(f, "red", p ? joined(a, p->red, p->red_count, ", ") : NULL);
}

/* What leaflets and answers may say to this patient: formulary/fill.h has the list of names. */
MUST_CHECK static bool fills_of(struct tx *t, const struct content *c, const struct zone *z, const struct visit *v,
    const struct med_order *o, const struct patient *p, struct fills *f, struct err *e)
{
    struct visit *coming;
    struct coverage *cov;
    int n, k;
    char at[UTC_TEXT_MAX];
    struct arena *a = t->a;
    f->count = 0;
    if (!table_list(t, &record_visit, "patient=?2 AND state IN ('due','booked') AND " DECIDED " ORDER BY due LIMIT 12",
            VALS(V_TEXT(p->id)), &coming, &n, e)
        || !table_list(t, &record_coverage, "patient=?2 ORDER BY COALESCE(start,0) DESC, id DESC LIMIT 1",
            VALS(V_TEXT(p->id)), &cov, &k, e))
        return false;
    const char *visits = NULL;
    for (int i = 0; i < n; i++) {
        const char *day = coming[i].start != UTC_NONE ? arena_strdup(a, utc_show_day(coming[i].start, z, at))
                                                      : arena_printf(a, "around %s", care_show_date(a, coming[i].due));
        visits = visits ? arena_printf(a, "%s, %s", visits, day) : day;
    }
    const struct payer *payer = k ? content_payer(c, cov[0].payer) : NULL;
    put(f, "patient_name", p->given);
    fill_drug(a, f, o ? content_drug(c, o->drug) : NULL, o);
    put(f, "visits", visits);
    put(f, "visit_day",
        v ? (v->start != UTC_NONE ? arena_strdup(a, utc_show_day(v->start, z, at)) : care_show_date(a, v->due)) : NULL);
    put(f, "visit_clock", v && v->start != UTC_NONE ? arena_strdup(a, utc_show_clock(v->start, z, at)) : NULL);
    put(f, "visit_minutes", v ? arena_printf(a, "%d", (int)(v->setup_min + v->drug_min + v->observe_min)) : NULL);
    put(f, "interval",
        n > 1 ? arena_printf(a, "There are %d more after the next one.", n - 1) : "That is the last one of this plan.");
    put(f, "payer", payer ? payer->name : k ? cov[0].payer : NULL);
    put(f, "phone", c->site->phone);
    put(f, "phone_after_hours", c->site->phone_after_hours);
    put(f, "phone_emergency", c->site->phone_emergency);
    return true;
}

/* The visit a patient's words are about: today's or the next, else the last. */
MUST_CHECK static bool visit_for(
    struct tx *t, const char *patient, utc_t today, struct visit *v, bool *found, struct err *e)
{
    struct visit *list;
    int n;
    if (!table_list(t, &record_visit,
            "patient=?2 AND start>=?3 AND state NOT IN ('cancelled','skipped','held','due') ORDER BY start LIMIT 1",
            VALS(V_TEXT(patient), V_INT(today)), &list, &n, e))
        return false;
    if (!n
        && !table_list(t, &record_visit, "patient=?2 AND state='due' AND " DECIDED " ORDER BY due LIMIT 1",
            VALS(V_TEXT(patient)), &list, &n, e))
        return false;
    if (!n
        && !table_list(t, &record_visit, "patient=?2 AND state='done' ORDER BY due DESC LIMIT 1", VALS(V_TEXT(patient)),
            &list, &n, e))
        return false;
    *found = n > 0;
    if (n)
        *v = list[0];
    return true;
}

MUST_CHECK static bool first_order(struct tx *t, const char *visit, struct med_order *o, bool *found, struct err *e)
{
    struct med_order *list;
    int n;
    if (!table_list(t, &record_med_order, "visit=?2 AND role='treatment' ORDER BY place LIMIT 1", VALS(V_TEXT(visit)),
            &list, &n, e))
        return false;
    *found = n > 0;
    if (n)
        *o = list[0];
    return true;
}

static bool question_ask(struct cmd *c, const void *input, struct err *e)
{
    const struct question_ask_in *in = input;
    struct patient p;
    struct visit v;
    struct med_order o;
    bool has_visit, has_order = false;
    struct fills fills;
    if (c->by.roles & ROLE_PATIENT && strcmp(in->patient, c->by.patient ? c->by.patient : "") != 0)
        return err_set(e, ERR_FORBIDDEN, "patient", "you can ask for yourself only");
    if (!table_need(c->tx, &record_patient, in->patient, "patient", &p, e)
        || !visit_for(c->tx, p.id, utc_day_start(c->now, c->zone), &v, &has_visit, e)
        || (has_visit && !first_order(c->tx, v.id, &o, &has_order, e))
        || !fills_of(c->tx, c->content, c->zone, has_visit ? &v : NULL, has_order ? &o : NULL, &p, &fills, e))
        return false;
    BLANK(question, q);
    q.id = cmd_new_id(c, "question");
    q.patient = p.id;
    q.text = in->text;
    q.at = c->happened;
    q.state = "open";
    const char *text = lower(c->a, in->text), *level = NULL;
    for (int i = 0; i < c->content->red_flags_count && !q.red_flag; i++) {
        const struct red_flag *f = &c->content->red_flags[i];
        if (matches(text, f->match, f->match_count)) {
            q.red_flag = f->id;
            q.told = told(c->a, f->say, &fills);
            level = f->level;
        }
    }
    for (int i = 0; i < c->content->topics_count && !q.told; i++)
        if (matches(text, c->content->topics[i].match, c->content->topics[i].match_count))
            q.told = told(c->a, c->content->topics[i].answer, &fills);
    struct buf b;
    struct json j;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "told", q.told);
    json_str(&j, "red_flag", q.red_flag);
    json_str(&j, "level", level);
    json_end(&j, '}');
    c->result = arena_strdup(c->a, buf_str(&b));
    buf_fini(&b);
    return cmd_emit(c, &ev_question_asked, &q, NULL, NULL, e);
}

static bool question_answer(struct cmd *c, const void *input, struct err *e)
{
    const struct question_answer_in *in = input;
    struct question q;
    if (!table_need(c->tx, &record_question, in->question, "question", &q, e))
        return false;
    if (strcmp(q.state, "open") != 0)
        return err_set(e, ERR_CONFLICT, "question", "it has been answered already");
    q.state = "answered";
    q.answer = in->answer;
    q.answered_by = c->by.id;
    q.answered_at = c->now;
    c->id = q.id;
    return cmd_emit(c, &ev_question_answered, &q, "state answer answered_by answered_at", NULL, e);
}

const struct command teach_commands[] = {
    {"question.ask", ROLE_PATIENT | ROLE_NURSE, &record_question_ask_in, question_ask,
        "a question, or how the patient feels"},
    {"question.answer", ROLE_NURSE | ROLE_PRESCRIBER | ROLE_PHARMACIST, &record_question_answer_in, question_answer,
        "answer a question"},
};
const int teach_command_count = TABLE_COUNT(teach_commands);

/* ---- the patient's page -------------------------------------------------------------------------------------------------- */

struct page {
    struct view *v;
    struct patient p;
    struct visit visit;
    struct med_order order;
    bool has_visit, has_order, today;
    utc_t infusion_end;    /* expected or real; UTC_NONE unknown */
    utc_t started;
    struct fills fills;
};

MUST_CHECK static bool page_read(struct page *g, struct err *e)
{
    struct view *v = g->v;
    struct infusion *i;
    int n;
    utc_t midnight = utc_day_start(v->now, v->zone);
    if (!visit_for(v->tx, g->p.id, midnight, &g->visit, &g->has_visit, e)
        || (g->has_visit && !first_order(v->tx, g->visit.id, &g->order, &g->has_order, e)))
        return false;
    g->today =
        g->has_visit && g->visit.start != UTC_NONE && g->visit.start >= midnight && g->visit.start < midnight + UTC_DAY;
    g->infusion_end = g->started = UTC_NONE;
    if (!fills_of(v->tx, v->content, v->zone, g->has_visit ? &g->visit : NULL, g->has_order ? &g->order : NULL, &g->p,
            &g->fills, e))
        return false;
    if (!g->has_visit)
        return true;
    if (!table_list(v->tx, &record_infusion, "visit=?2 ORDER BY associated_at DESC LIMIT 1", VALS(V_TEXT(g->visit.id)),
            &i, &n, e))
        return false;
    if (!n)
        return true;
    struct flow f = care_flow_row(&i[0]);
    struct flow_forecast ahead;
    g->started = f.started;
    flow_ahead(&f, i[0].ordered_ml, v->now, &ahead);
    bool over = strcmp(i[0].state, "ended") == 0
        || strcmp(i[0].state, "reconciled") == 0; /* a gap in the pump's words ends a segment, not the infusion */
    g->infusion_end = over && f.ended != UTC_NONE ? f.ended
        : f.started != UTC_NONE && g->has_order
        ? (f.started + g->order.minutes * UTC_MINUTE > v->now ? f.started + g->order.minutes * UTC_MINUTE : ahead.ends)
        : ahead.ends;
    return true;
}

/* Expected end of the visit: from what has happened so far, else from the booking. */
static utc_t expected_end(const struct page *g)
{
    const struct visit *x = &g->visit;
    utc_t now = g->v->now;
    if (x->left_at != UTC_NONE)
        return x->left_at;
    if (g->infusion_end != UTC_NONE)
        return g->infusion_end + x->observe_min * UTC_MINUTE > now ? g->infusion_end + x->observe_min * UTC_MINUTE
                                                                   : now;
    utc_t drug = x->start + x->setup_min * UTC_MINUTE;
    if (x->arrived_at != UTC_NONE && now > drug)
        drug = now; /* late already: the drug cannot start before now */
    return drug + (x->drug_min + x->observe_min) * UTC_MINUTE;
}

static int step_now(const struct page *g)
{
    const char *s = g->visit.state;
    if (strcmp(s, "done") == 0)
        return 6;
    if (strcmp(s, "observing") == 0)
        return 5;
    if (strcmp(s, "treating") == 0)
        return 4;
    if (strcmp(s, "ok") == 0)
        return 3;
    return strcmp(s, "arrived") == 0 ? 2 : g->today ? 1 : 0;
}

static void headline(struct page *g, struct patient_now *out)
{
    struct view *v = g->v;
    char a[UTC_TEXT_MAX], b[UTC_TEXT_MAX], d[UTC_TEXT_MAX];
    int64_t travel = g->p.travel != INT_NONE ? g->p.travel : v->content->site->travel_min;
    if (!g->has_visit) {
        out->headline = "No visit is planned at the moment.";
        return;
    }
    if (g->visit.start == UTC_NONE) {
        out->headline = arena_printf(v->a, "Your next visit is due around %s. We will call you with a time.",
            care_show_date(v->a, g->visit.due));
        return;
    }
    out->start = g->visit.start;
    utc_t end = expected_end(g);
    out->leave_at = g->visit.start - (travel + v->content->site->arrive_early_min) * UTC_MINUTE;
    out->home_from = end + travel * UTC_MINUTE;
    out->home_to = end + (travel + 45) * UTC_MINUTE;
    const char *home = arena_printf(v->a, "home between %s and %s", utc_show_clock(out->home_from, v->zone, a),
        utc_show_clock(out->home_to, v->zone, b));
    switch (out->step) {
    case 0:
        out->headline = arena_printf(v->a, "Your next visit is on %s. Leave at %s, %s.",
            utc_show_day(g->visit.start, v->zone, d), utc_show_clock(out->leave_at, v->zone, a), home);
        break;
    case 1:
        out->headline = arena_printf(v->a, "Today: leave at %s, %s.", utc_show_clock(out->leave_at, v->zone, a), home);
        break;
    case 6:
        out->headline = "All done for today. Rest well.";
        break;
    default:
        out->headline = arena_printf(v->a, "You should be %s.", home);
        if (end > g->visit.end + 15 * UTC_MINUTE)
            out->because = "It is taking longer than planned today; the time above is kept up to date.";
    }
}

static void steps_of(struct page *g, int now, struct patient_step *s)
{
    static const struct { const char *name, *plain;
    } words[6] = {
        {"Arrive", "Tell the desk you are here."},
        {"Check",
            "We ask how you feel, measure blood pressure, pulse and temperature, and place a small tube in a vein."},
        {"Mix", "The pharmacy prepares your medicine freshly, for you alone."},
        {"Infusion", "The medicine runs slowly into your vein. You can read, eat and sleep."},
        {"Rest", "We watch you for a while after the end."},
        {"Home", "The tube comes out and you can go."},
    };
    const struct visit *x = &g->visit;
    const utc_t at[6] = {x->arrived_at, x->ok_at, g->started, g->infusion_end, x->left_at, x->left_at};
    for (int i = 0; i < 6; i++) {
        s[i] = (struct patient_step){i + 1, words[i].name, words[i].plain,
            i + 1 < now || now == 6 ? "done"
                : i + 1 == now      ? "now"
                                    : "later",
            at[i]};
        if (strcmp(s[i].state, "later") == 0 && i >= 4 && g->has_visit && x->start != UTC_NONE)
            s[i].at = expected_end(g);
    }
}

static void say(struct page *g, struct plain_text *t, int *n, const char *kind, const char *title, const char *text)
{
    if (text && text[0])
        t[(*n)++] = (struct plain_text){kind, title, told(g->v->a, text, &g->fills)};
}

enum { TEXTS_MAX = 48 };

static int texts_of(struct page *g, struct plain_text *t)
{
    struct view *v = g->v;
    int n = 0;
    const struct drug *d = g->has_order ? content_drug(v->content, g->order.drug) : NULL;
    const struct drug_patient *p = d ? d->patient : NULL;
    if (p) {
        say(g, t, &n, "what",
            arena_printf(v->a, "What you are getting: %s, %s", p->name, care_qty_text(v->a, g->order.dose)), p->what);
        say(g, t, &n, "why", "Why", p->why);
        say(g, t, &n, "bring", "The day", p->day);
        say(g, t, &n, "normal", "What is normal", joined(v->a, p->normal, p->normal_count, "\n"));
        say(g, t, &n, "call", "Call us", joined(v->a, p->call, p->call_count, "\n"));
        say(g, t, &n, "urgent", "Call at once", joined(v->a, p->red, p->red_count, "\n"));
        say(g, t, &n, "home", "At home", p->home);
    }
    struct plan plan;
    bool found = false;
    struct err e = {0};
    if (g->has_visit && table_get(v->tx, &record_plan, g->visit.plan, &plan, &found, &e) && found) {
        const struct regimen *r = content_regimen(v->content, plan.regimen);
        const char *leaflet = r ? content_leaflet(v->content, r->leaflet, g->p.language ? g->p.language : "en") : NULL;
        say(g, t, &n, "leaflet", "Your leaflet", leaflet);
    }
    for (int i = 0; i < v->content->topics_count && n < TEXTS_MAX; i++)
        say(g, t, &n, "question", v->content->topics[i].title, v->content->topics[i].answer);
    return n;
}

static bool patient_show(struct view *v, const void *params, struct err *e)
{
    const struct by_patient *in = params;
    struct page g = {.v = v};
    struct patient_step steps[6];
    struct plain_text texts[TEXTS_MAX + 8];
    struct visit *visits;
    struct question *questions;
    int n, q;
    if (!table_need(v->tx, &record_patient, in->patient, "patient", &g.p, e) || !page_read(&g, e))
        return false;
    v->patient = g.p.id;
    BLANK(patient_now, now);
    now.given = g.p.given;
    now.step = g.has_visit ? step_now(&g) : 0;
    now.phone = v->content->site->phone;
    now.phone_hours = arena_printf(v->a, "Nobody reads messages outside %s–%s. Then call %s; in an emergency %s.",
        v->content->site->opens, v->content->site->closes, v->content->site->phone_after_hours,
        v->content->site->phone_emergency);
    now.phone_after = v->content->site->phone_after_hours;
    now.phone_emergency = v->content->site->phone_emergency;
    now.visit = g.has_visit ? g.visit.id : NULL;
    headline(&g, &now);
    steps_of(&g, (int)now.step, steps);
    if (!table_list(v->tx, &record_visit,
            "patient=?2 AND state IN ('due','booked','arrived','ok','treating','observing') AND " DECIDED
            " ORDER BY due, id LIMIT 30",
            VALS(V_TEXT(g.p.id)), &visits, &n, e)
        || !table_list(v->tx, &record_question, "patient=?2 ORDER BY at DESC, id DESC LIMIT 30", VALS(V_TEXT(g.p.id)),
            &questions, &q, e))
        return false;
    view_one(v, "now", &record_patient_now, &now);
    view_many(v, "steps", &record_patient_step, steps, 6);
    view_many(v, "texts", &record_plain_text, texts, texts_of(&g, texts));
    view_many(v, "visits", &record_visit, visits, n);
    view_many(v, "questions", &record_question, questions, q);
    return true;
}

static bool questions_show(struct view *v, const void *params, struct err *e)
{
    struct question *q;
    int n;
    (void)params;
    if (!table_list(v->tx, &record_question, "state='open' ORDER BY at, id LIMIT 200", NO_VALS, &q, &n, e))
        return false;
    view_many(v, "questions", &record_question, q, n);
    return true;
}

static const struct view_member patient_members[] = {{"now", &record_patient_now, false},
    {"steps", &record_patient_step, true}, {"texts", &record_plain_text, true}, {"visits", &record_visit, true},
    {"questions", &record_question, true}};
static const struct view_member questions_members[] = {{"questions", &record_question, true}};

const struct view_type teach_views[] = {
    {"patient", ROLE_PATIENT | ROLE_NURSE | ROLE_PRESCRIBER, &record_by_patient, patient_members,
        TABLE_COUNT(patient_members), patient_show, "the patient's own page"},
    {"questions", ROLE_NURSE | ROLE_PRESCRIBER | ROLE_PHARMACIST, &record_nothing, questions_members,
        TABLE_COUNT(questions_members), questions_show, "open questions"},
};
const int teach_view_count = TABLE_COUNT(teach_views);
