/* The floor: every chair, who is in it, what flows, what is due next; and one walking list for the whole unit. */
#include "care/dose.h"
#include "care/watch.h"

#include <stdlib.h>
#include <string.h>

enum { FLOOR_TASKS_MAX = 400, FLOOR_WAITING_MAX = 200 };

struct floor {
    struct view *v;
    struct chair *chairs;
    struct visit *visits;
    struct scene *scenes;
    struct check_row (*checks)[SCENE_CHECKS_MAX]; /* of each scene, worked out once */
    int *check_counts;
    struct chair_card *cards;
    struct walk_task *tasks;
    struct waiting_row *waiting;
    struct floor_count count;
    struct staff *nurses;     /* of the day's visits */
    int chair_count, visit_count, task_count, waiting_count, nurse_count;
};

const struct view_member floor_members[FLOOR_MEMBERS] = {{"chairs", &record_chair_card, true},
    {"tasks", &record_walk_task, true}, {"waiting", &record_waiting_row, true}, {"count", &record_floor_count, false}};

static const struct table_some chairs = {&record_chair, "id pod bed place", "active=1 ORDER BY place, id"},
    nurses = {&record_staff, "id name",
        "id IN (SELECT nurse FROM visit WHERE site=?1 AND start>=?2 AND start<?3)"},
    visits = {&record_visit, "id plan patient number state start chair nurse arrived_at left_at",
        "start>=?2 AND start<?3 AND state IN ('booked','arrived','ok','treating','observing','done','not treated') "
        "ORDER BY start, id LIMIT 1000"};

MUST_CHECK static bool floor_read(struct floor *f, struct err *e)
{
    struct view *v = f->v;
    utc_t day = utc_day_start(v->now, v->zone);
    const struct val ends[] = {V_INT(day), V_INT(day + UTC_DAY)};
    if (!table_list_some(v->tx, &chairs, NO_VALS, &f->chairs, &f->chair_count, e)
        || !table_list_some(v->tx, &nurses, ends, 2, &f->nurses, &f->nurse_count, e)
        || !table_list_some(v->tx, &visits, ends, 2, &f->visits, &f->visit_count, e))
        return false;
    f->scenes = ARENA_ARRAY(v->a, f->visit_count ? (size_t)f->visit_count : 1, struct scene);
    if (!scenes_read(v, f->visits, f->visit_count, f->scenes, e))
        return false;
    size_t room = f->visit_count ? (size_t)f->visit_count : 1;
    f->checks = arena_array(v->a, room, sizeof *f->checks);
    f->check_counts = ARENA_ARRAY(v->a, room, int);
    for (int i = 0; i < f->visit_count; i++)
        if (scene_present(&f->visits[i]))
            f->check_counts[i] = scene_checks(&f->scenes[i], f->checks[i]);
    f->cards = ARENA_ARRAY(v->a, f->chair_count ? (size_t)f->chair_count : 1, struct chair_card);
    f->tasks = ARENA_ARRAY(v->a, FLOOR_TASKS_MAX, struct walk_task);
    f->waiting = ARENA_ARRAY(v->a, FLOOR_WAITING_MAX, struct waiting_row);
    return true;
}

/* ---- cards ------------------------------------------------------------------------------------------------------------ */

static const char *nurse_name(struct floor *f, const char *nurse)
{
    for (int i = 0; nurse && i < f->nurse_count; i++)
        if (strcmp(f->nurses[i].id, nurse) == 0)
            return f->nurses[i].name;
    return NULL;
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
    const struct check_row *checks = f->checks[s - f->scenes];
    k->visit = v->id;
    k->patient = v->patient;
    k->name = care_name(f->v->a, &s->patient);
    k->nurse = v->nurse;
    k->nurse_name = nurse_name(f, v->nurse);
    k->state = strcmp(v->state, "observing") == 0 ? "observing"
        : strcmp(v->state, "ok") == 0             ? "ready"
        : strcmp(v->state, "treating") == 0       ? "waiting"
                                                  : "arrived";
    k->waits_for = scene_waits_for(s);
    card_flow(f, s, k);
    card_alarm(f, s, k);
    if (s->reaction_count && strcmp(s->reactions[0].state, "open") == 0)
        k->state = "reaction";
    if (f->check_counts[s - f->scenes] > 0) {
        k->next = checks[0].what;
        k->next_at = checks[0].due;
    }
}

static void card_empty(struct floor *f, const struct chair *c, struct chair_card *k)
{
    for (int i = 0; i < f->visit_count; i++) {
        const struct visit *v = &f->visits[i];
        if (strcmp(v->state, "booked") != 0 || !v->chair || strcmp(v->chair, c->id) != 0)
            continue;
        k->coming = care_name(f->v->a, &f->scenes[i].patient);
        k->coming_at = v->start;
        k->visit = v->id;
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
            if (scene_present(&f->visits[x]) && f->visits[x].chair && strcmp(f->visits[x].chair, c->id) == 0) {
                card_of(f, &f->visits[x], &f->scenes[x], k);
                taken = true;
            }
        if (!taken)
            card_empty(f, c, k);
    }
}

/* ---- the walking list ------------------------------------------------------------------------------------------------------ */

static struct walk_task *task(
    struct floor *f, const struct scene *s, const char *what, utc_t due, const char *urgency, const char *why)
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
    const struct check_row *checks = f->checks[s - f->scenes];
    int n = f->check_counts[s - f->scenes];
    const char *waits = scene_waits_for(s);
    if (s->reaction_count && strcmp(s->reactions[0].state, "open") == 0)
        task(f, s, "Reaction: help", s->reactions[0].onset, "alarm", "an open reaction comes before everything")
            ->alarm = "high";
    for (int i = 0; i < s->alarm_count; i++)
        if (strcmp(s->alarms[i].state, "active") == 0 && !s->alarms[i].seen_by)
            task(f, s, arena_printf(f->v->a, "Pump alarm: %s", s->alarms[i].text), s->alarms[i].started,
                strcmp(s->alarms[i].priority, "low") == 0 ? "now" : "alarm",
                arena_printf(f->v->a, "%s priority alarm", s->alarms[i].priority))
                ->alarm = s->alarms[i].priority;
    for (int i = 0; i < s->infusion_count; i++)
        if (strcmp(s->flows[i].state, "uncertain") == 0)
            task(f, s, "Find out what flowed", s->flows[i].heard, "overdue",
                s->flows[i].doubt ? s->flows[i].doubt : "uncertain");
    if (waits && strcmp(waits, "mixing") != 0)
        task(f, s, arena_printf(f->v->a, "Waits for %s", waits), f->v->now, "now",
            "the patient is here and waits for it");
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

/* place: how urgent, then in the order found (floor_tasks). */
static int by_urgency(const void *one, const void *other)
{
    const struct walk_task *a = one, *b = other;
    int64_t x = a->place / FLOOR_TASKS_MAX, y = b->place / FLOOR_TASKS_MAX;
    if (x != y)
        return x < y ? -1 : 1;
    return a->due != b->due ? (a->due < b->due ? -1 : 1) : (int)(a->place - b->place);
}

static void floor_tasks(struct floor *f)
{
    for (int i = 0; i < f->visit_count; i++)
        if (scene_present(&f->visits[i]))
            tasks_of(f, &f->scenes[i]);
    for (int i = 0; i < f->task_count; i++)
        f->tasks[i].place = rank(&f->tasks[i]) * FLOOR_TASKS_MAX + i;
    qsort(f->tasks, (size_t)f->task_count, sizeof *f->tasks, by_urgency);
    for (int i = 0; i < f->task_count; i++)
        f->tasks[i].place = i + 1;
}

/* ---- expected and here --------------------------------------------------------------------------------------------------------- */

static void floor_waiting(struct floor *f)
{
    struct view *v = f->v;
    for (int i = 0; i < f->visit_count; i++) {
        const struct visit *x = &f->visits[i];
        bool present = scene_present(x), booked = strcmp(x->state, "booked") == 0;
        f->count.present += present;
        f->count.expected += booked;
        f->count.done += strcmp(x->state, "done") == 0;
        if ((!booked && !present) || f->waiting_count == FLOOR_WAITING_MAX)
            continue;
        f->waiting[f->waiting_count++] = (struct waiting_row){x->id, x->patient, care_name(v->a, &f->scenes[i].patient),
            f->scenes[i].plan_title, x->state, x->start, x->arrived_at, x->chair,
            present ? scene_waits_for(&f->scenes[i]) : NULL};
    }
}

bool floor_show(struct view *v, const void *params, struct err *e)
{
    struct floor f = {.v = v};
    (void)params;
    if (!floor_read(&f, e))
        return false;
    floor_cards(&f);
    floor_tasks(&f);
    floor_waiting(&f);
    view_many(v, "chairs", &record_chair_card, f.cards, f.chair_count);
    view_many(v, "tasks", &record_walk_task, f.tasks, f.task_count);
    view_many(v, "waiting", &record_waiting_row, f.waiting, f.waiting_count);
    view_one(v, "count", &record_floor_count, &f.count);
    return true;
}
