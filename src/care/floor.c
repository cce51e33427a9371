/* The floor: every chair, who is in it, what flows, what is due next; and one walking list for the whole unit. */
#include "care/dose.h"
#include "care/watch.h"

#include <string.h>

enum { FLOOR_TASKS_MAX = 400, FLOOR_WAITING_MAX = 200 };

struct floor {
    struct view *v;
    struct chair *chairs;
    struct visit *visits;
    struct scene *scenes;
    struct chair_card *cards;
    struct walk_task *tasks;
    struct waiting_row *waiting;
    struct floor_count count;
    int chair_count, visit_count, task_count, waiting_count;
};

const struct view_member floor_members[FLOOR_MEMBERS] = {
    {"chairs", &record_chair_card, true}, {"tasks", &record_walk_task, true}, {"waiting", &record_waiting_row, true}, {"count", &record_floor_count, false}};

static bool here(const struct visit *v)
{
    return strcmp(v->state, "arrived") == 0 || strcmp(v->state, "ok") == 0 || strcmp(v->state, "treating") == 0 || strcmp(v->state, "observing") == 0;
}

MUST_CHECK static bool floor_read(struct floor *f, struct err *e)
{
    struct view *v = f->v;
    utc_t day = utc_day_start(v->now, v->zone);
    if (!table_list(v->tx, &record_chair, "active=1 ORDER BY place, id", NO_VALS, &f->chairs, &f->chair_count, e)
        || !table_list(v->tx, &record_visit, "start>=?2 AND start<?3 AND state IN ('booked','arrived','ok','treating','observing','done','not treated') ORDER BY start, id LIMIT 1000",
                       VALS(V_INT(day), V_INT(day + UTC_DAY)), &f->visits, &f->visit_count, e))
        return false;
    f->scenes = ARENA_ARRAY(v->a, f->visit_count ? (size_t)f->visit_count : 1, struct scene);
    for (int i = 0; i < f->visit_count; i++)
        if (here(&f->visits[i]) && !scene_read(v->tx, v->content, v->zone, v->now, &f->visits[i], &f->scenes[i], e))
            return false;
    f->cards = ARENA_ARRAY(v->a, f->chair_count ? (size_t)f->chair_count : 1, struct chair_card);
    f->tasks = ARENA_ARRAY(v->a, FLOOR_TASKS_MAX, struct walk_task);
    f->waiting = ARENA_ARRAY(v->a, FLOOR_WAITING_MAX, struct waiting_row);
    return true;
}

/* ---- cards ------------------------------------------------------------------------------------------------------------ */

static const char *nurse_name(struct floor *f, const char *nurse)
{
    struct staff s;
    bool found = false;
    struct err e = {0};
    return nurse && table_get(f->v->tx, &record_staff, nurse, &s, &found, &e) && found ? s.name : NULL;
}

static void card_alarm(struct floor *f, const struct scene *s, struct chair_card *k)
{
    static const char *const order[] = {"high", "medium", "low"};
    for (int p = 0; p < 3; p++)
        for (int i = 0; i < s->alarm_count; i++)
            if (strcmp(s->alarms[i].state, "active") == 0 && strcmp(s->alarms[i].priority, order[p]) == 0) {
                int64_t *n = p == 0 ? &f->count.high : p == 1 ? &f->count.medium : &f->count.low;
                (*n)++;
                if (!k->alarm) {
                    k->alarm = s->alarms[i].priority;
                    k->alarm_text = s->alarms[i].text;
                }
            }
}

static void card_flow(struct floor *f, const struct scene *s, struct chair_card *k)
{
    const struct flow *fl;
    struct arena *a = f->v->a;
    const struct infusion *i = scene_running(s, &fl);
    if (!i) {
        k->drug = s->order_count ? s->orders[0].drug_name : NULL;
        return;
    }
    const struct med_order *o = scene_order(s, i->med_order);
    k->drug = i->drug_name;
    k->volume = dec_round(flow_volume_at(fl, f->v->now), 1, DEC_HALF_AWAY);
    k->ordered = i->ordered_ml;
    k->state = strcmp(fl->state, "associated") == 0 || strcmp(fl->state, "waiting") == 0 ? "waiting" : fl->state;
    if (dec_is(fl->rate) && dec_sign(fl->rate) > 0) {
        k->rate = care_ml(a, fl->rate, "mL/h");
        k->dose_rate = dose_rate_text(a, fl->rate, i->concentration, o ? o->weight : DEC_NONE);
    }
    if (strcmp(fl->state, "running") == 0) {
        k->ends = scene_infusion_end(s, i, fl);
        f->count.running++;
    }
    if (strcmp(fl->state, "uncertain") == 0)
        f->count.uncertain++;
}

static void card_of(struct floor *f, const struct visit *v, const struct scene *s, struct chair_card *k)
{
    struct check_row checks[SCENE_CHECKS_MAX];
    k->visit = v->id;
    k->patient = v->patient;
    k->name = care_name(f->v->a, &s->patient);
    k->nurse = v->nurse;
    k->nurse_name = nurse_name(f, v->nurse);
    k->state = strcmp(v->state, "observing") == 0 ? "observing" : strcmp(v->state, "ok") == 0 ? "ready" : "arrived";
    k->waits_for = scene_waits_for(s);
    card_flow(f, s, k);
    card_alarm(f, s, k);
    if (s->reaction_count && strcmp(s->reactions[0].state, "open") == 0)
        k->state = "reaction";
    if (scene_checks(s, checks) > 0) {
        k->next = checks[0].what;
        k->next_at = checks[0].due;
    }
}

static void card_empty(struct floor *f, const struct chair *c, struct chair_card *k)
{
    for (int i = 0; i < f->visit_count; i++) {
        const struct visit *v = &f->visits[i];
        struct patient p;
        bool found = false;
        struct err e = {0};
        if (strcmp(v->state, "booked") != 0 || !v->chair || strcmp(v->chair, c->id) != 0)
            continue;
        if (table_get(f->v->tx, &record_patient, v->patient, &p, &found, &e) && found) {
            k->coming = care_name(f->v->a, &p);
            k->coming_at = v->start;
            k->visit = v->id;
        }
        return;
    }
}

static void floor_cards(struct floor *f)
{
    for (int i = 0; i < f->chair_count; i++) {
        struct chair_card *k = &f->cards[i];
        const struct chair *c = &f->chairs[i];
        record_blank(&record_chair_card, k);
        k->chair = c->id;
        k->pod = c->pod;
        k->bed = c->bed;
        k->state = "empty";
        bool taken = false;
        for (int x = 0; x < f->visit_count && !taken; x++)
            if (here(&f->visits[x]) && f->visits[x].chair && strcmp(f->visits[x].chair, c->id) == 0) {
                card_of(f, &f->visits[x], &f->scenes[x], k);
                taken = true;
            }
        if (!taken)
            card_empty(f, c, k);
    }
}

/* ---- the walking list ------------------------------------------------------------------------------------------------------ */

static struct walk_task *task(struct floor *f, const struct scene *s, const char *what, utc_t due, const char *urgency, const char *why)
{
    if (f->task_count == FLOOR_TASKS_MAX)
        f->task_count--; /* the least urgent one found so far makes room; the page cannot hold more anyway */
    struct walk_task *t = &f->tasks[f->task_count++];
    record_blank(&record_walk_task, t);
    t->what = what;
    t->chair = s->visit.chair;
    t->visit = s->visit.id;
    t->patient = s->visit.patient;
    t->name = care_name(f->v->a, &s->patient);
    t->nurse = s->visit.nurse;
    t->due = due;
    t->urgency = urgency;
    t->why = why;
    return t;
}

static void tasks_of(struct floor *f, const struct scene *s)
{
    struct check_row checks[SCENE_CHECKS_MAX];
    int n = scene_checks(s, checks);
    const char *waits = scene_waits_for(s);
    if (s->reaction_count && strcmp(s->reactions[0].state, "open") == 0)
        task(f, s, "Reaction: help", s->reactions[0].onset, "alarm", "an open reaction comes before everything")->alarm = "high";
    for (int i = 0; i < s->alarm_count; i++)
        if (strcmp(s->alarms[i].state, "active") == 0 && !s->alarms[i].seen_by)
            task(f, s, arena_printf(f->v->a, "Pump alarm: %s", s->alarms[i].text), s->alarms[i].started, strcmp(s->alarms[i].priority, "low") == 0 ? "now" : "alarm",
                 arena_printf(f->v->a, "%s priority alarm", s->alarms[i].priority))->alarm = s->alarms[i].priority;
    for (int i = 0; i < s->infusion_count; i++)
        if (strcmp(s->flows[i].state, "uncertain") == 0)
            task(f, s, "Find out what flowed", s->flows[i].heard, "overdue", s->flows[i].doubt ? s->flows[i].doubt : "uncertain");
    if (waits && strcmp(waits, "mixing") != 0)
        task(f, s, arena_printf(f->v->a, "Waits for %s", waits), f->v->now, "now", "the patient is here and waits for it");
    for (int i = 0; i < n; i++)
        task(f, s, checks[i].what, checks[i].due, checks[i].state, checks[i].why);
}

static int rank(const struct walk_task *t)
{
    static const char *const order[] = {"alarm", "overdue", "now", "soon", "later"};
    for (int i = 0; i < 5; i++)
        if (strcmp(order[i], t->urgency) == 0)
            return i;
    return 5;
}

static bool before(const struct walk_task *a, const struct walk_task *b)
{
    if (rank(a) != rank(b))
        return rank(a) < rank(b);
    return a->due < b->due;
}

static void floor_tasks(struct floor *f)
{
    for (int i = 0; i < f->visit_count; i++)
        if (here(&f->visits[i]))
            tasks_of(f, &f->scenes[i]);
    for (int i = 1; i < f->task_count; i++) {
        struct walk_task x = f->tasks[i];
        int k = i;
        for (; k > 0 && before(&x, &f->tasks[k - 1]); k--)
            f->tasks[k] = f->tasks[k - 1];
        f->tasks[k] = x;
    }
    for (int i = 0; i < f->task_count; i++)
        f->tasks[i].place = i + 1;
}

/* ---- expected and here --------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool floor_waiting(struct floor *f, struct err *e)
{
    struct view *v = f->v;
    for (int i = 0; i < f->visit_count; i++) {
        const struct visit *x = &f->visits[i];
        struct patient p;
        struct plan plan;
        bool present = here(x);
        f->count.present += present;
        f->count.expected += strcmp(x->state, "booked") == 0;
        f->count.done += strcmp(x->state, "done") == 0;
        if ((strcmp(x->state, "booked") != 0 && !present) || f->waiting_count == FLOOR_WAITING_MAX)
            continue;
        if (!table_need(v->tx, &record_patient, x->patient, "patient", &p, e) || !table_need(v->tx, &record_plan, x->plan, "plan", &plan, e))
            return false;
        f->waiting[f->waiting_count++] = (struct waiting_row){x->id, x->patient, care_name(v->a, &p), plan.title, x->state, x->start, x->arrived_at, x->chair,
                                                              present ? scene_waits_for(&f->scenes[i]) : NULL};
    }
    return true;
}

bool floor_show(struct view *v, const void *params, struct err *e)
{
    struct floor f = {.v = v};
    (void)params;
    if (!floor_read(&f, e))
        return false;
    floor_cards(&f);
    floor_tasks(&f);
    if (!floor_waiting(&f, e))
        return false;
    view_many(v, "chairs", &record_chair_card, f.cards, f.chair_count);
    view_many(v, "tasks", &record_walk_task, f.tasks, f.task_count);
    view_many(v, "waiting", &record_waiting_row, f.waiting, f.waiting_count);
    view_one(v, "count", &record_floor_count, &f.count);
    return true;
}
