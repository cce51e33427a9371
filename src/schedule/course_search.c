#include "schedule/course_search.h"

#include <math.h>
#include <string.h>

#include "schedule/course_pack.h"
#include "schedule/seeded.h"

enum { PLANES = 10, OUT_MAX = 6, CYCLE_FIRST = 100000, OVER_CAP = 40, CYCLES_LONGEST = 5, LEVEL_ROUNDS = 300000, PACK_NODES = 300, PACK_PART = 3, REPACK_NODES = 150 };

/* Tasks a slot, bit-sliced: plane k holds bit k of every slot's count. */
struct tally { uint32_t plane[PLANES]; };

struct day_state {
    struct tally nurse[COURSE_NURSES_MAX], all;
    uint32_t busy[COURSE_NURSES_MAX]; /* at least one task */
    uint32_t full;                    /* at least as many tasks as nurses */
    int size, work;                   /* visits; their nurse slots after lunch */
    int *visit;                       /* those of the day */
};

struct stood { int visit, day; int16_t slot, nurse; };

struct course_search {
    const struct course_problem *p;
    struct seeded random;
    struct day_state *day;
    struct course_plan now, best;
    int *course_of, *day_of, *place;  /* by visit; place: index in its day's list */
    uint32_t *work, *starts;          /* by course */
    int *last_start;                  /* by course: the last start day that keeps its visits in the horizon */
    int doubled, beyond;              /* of now */
    double over_aim;                  /* what a visit over the aim costs this cycle */
    int aim;                          /* largest day this cycle is after */
    double level_cost;                /* of all days: over the aim, over the cap, over what nurses can do after lunch */
    double work_room;                 /* nurse slots after lunch a day can take without conflict, about */
    int *work_after;                  /* by course: of a visit after lunch */
    struct course_cost best_cost;
    struct stood *journal;            /* of a move of a course: where visits stood */
    bool found;
    double heat, cool;
    int cycle, cycle_length, cycle_round;
};

static int bits(uint32_t m)
{
    m -= m >> 1 & 0x55555555;
    m = (m & 0x33333333) + (m >> 2 & 0x33333333);
    return (int)(((m + (m >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24);
}

static void tally_add(struct tally *c, uint32_t m)
{
    for (int b = 0; m && b < PLANES; b++) {
        uint32_t was = c->plane[b];
        c->plane[b] = was ^ m;
        m &= was;
    }
}

static void tally_drop(struct tally *c, uint32_t m)
{
    for (int b = 0; m && b < PLANES; b++) {
        uint32_t was = c->plane[b];
        c->plane[b] = was ^ m;
        m &= ~was;
    }
}

static uint32_t tally_least(const struct tally *c, int least)
{
    uint32_t over = 0, same = ~UINT32_C(0);
    for (int b = PLANES; b-- > 0;) {
        if (least >> b & 1) {
            same &= c->plane[b];
        } else {
            over |= same & c->plane[b];
            same &= ~c->plane[b];
        }
    }
    return over | same;
}

static void renew(struct course_search *s, struct day_state *d, int nurse)
{
    d->busy[nurse] = tally_least(&d->nurse[nurse], 1);
    d->full = tally_least(&d->all, s->p->nurses);
}

static const double LEVEL_HOT = 8, LEVEL_COLD = 0.05;
/* A visit over the aim: as little as it costs while there are conflicts, as much as one when there is nothing else to gain. */
static const double OVER_AIM = 1.5, OVER_AIM_FIRM = 10, OVER_WORK = 0.4, WORK_SHARE = 0.87;

/* What the size of a day is thought to cost before anything is placed in it. The second and third task of nearly every
 * visit fall after lunch, so it is that time that runs out: conflicts there grow about with the square of what is too much. */
static double level(const struct course_search *s, int day, int size, int work)
{
    double over = work - s->work_room, cost = 0;
    if (size > s->aim)
        cost += s->over_aim * (size - s->aim);
    if (size > s->p->cap[day])
        cost += OVER_CAP * (size - s->p->cap[day]);
    return over > 0 ? cost + OVER_WORK * over * over : cost;
}

static double level_change(struct course_search *s, int day, int visits, int work)
{
    struct day_state *d = &s->day[day];
    double before = level(s, day, d->size, d->work);
    d->size += visits;
    d->work += work;
    return level(s, day, d->size, d->work) - before;
}

static void put(struct course_search *s, int v, int day, int slot, int nurse)
{
    struct day_state *d = &s->day[day];
    uint32_t m = s->work[s->course_of[v]] << slot;
    s->doubled += bits(m & d->busy[nurse]);
    s->beyond += bits(m & d->full);
    s->level_cost += level_change(s, day, 1, s->work_after[s->course_of[v]]);
    tally_add(&d->nurse[nurse], m);
    tally_add(&d->all, m);
    renew(s, d, nurse);
    s->place[v] = d->size - 1;
    d->visit[d->size - 1] = v;
    s->day_of[v] = day;
    s->now.slot[v] = (int16_t)slot;
    s->now.nurse[v] = (int16_t)nurse;
}

static void take(struct course_search *s, int v)
{
    struct day_state *d = &s->day[s->day_of[v]];
    int nurse = s->now.nurse[v], last = d->visit[d->size - 1];
    uint32_t m = s->work[s->course_of[v]] << s->now.slot[v];
    d->visit[s->place[v]] = last;
    s->place[last] = s->place[v];
    tally_drop(&d->nurse[nurse], m);
    tally_drop(&d->all, m);
    renew(s, d, nurse);
    s->doubled -= bits(m & d->busy[nurse]);
    s->beyond -= bits(m & d->full);
    s->level_cost += level_change(s, s->day_of[v], -1, -s->work_after[s->course_of[v]]);
}

static double search_cost(const struct course_search *s)
{
    return COURSE_DOUBLE * s->doubled + COURSE_BEYOND * s->beyond + s->level_cost;
}

/* The cheapest slot and nurse; equal ones by lot, and one blink in 32 so that no order is a dead end. */
static void insert(struct course_search *s, int v, int day)
{
    const struct day_state *d = &s->day[day];
    uint32_t work = s->work[s->course_of[v]];
    int least = 1 << 20, slot = -1, nurse = 0, equal = 0;
    uint64_t lot = seeded_next(&s->random);
    for (uint32_t left = s->starts[s->course_of[v]]; left; left &= left - 1) {
        int t = __builtin_ctz(left);
        uint32_t m = work << t, beyond = m & d->full;
        int shared = beyond ? COURSE_BEYOND * bits(beyond) : 0;
        for (int n = 0; n < s->p->nurses && shared <= least; n++) {
            uint32_t doubled = m & d->busy[n];
            int cost = shared + (doubled ? COURSE_DOUBLE * bits(doubled) : 0);
            if (cost > least)
                continue;
            equal = cost < least ? 1 : equal + 1;
            lot = lot * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            if ((slot >= 0 && lot >> 59 == 0) || (cost == least && (lot >> 33) % (uint64_t)equal != 0))
                continue;
            least = cost;
            slot = t;
            nurse = n;
        }
    }
    put(s, v, day, slot, nurse);
}

static bool accept(struct course_search *s, double before)
{
    double worse = search_cost(s) - before;
    return worse <= 0 || seeded_unit(&s->random) < exp(-worse / s->heat);
}

static struct stood take_noted(struct course_search *s, int v)
{
    struct stood at = {v, s->day_of[v], s->now.slot[v], s->now.nurse[v]};
    take(s, v);
    return at;
}

static void put_back(struct course_search *s, const struct stood *was, int n)
{
    for (int k = 0; k < n; k++)
        take(s, was[k].visit);
    for (int k = 0; k < n; k++)
        put(s, was[k].visit, was[k].day, was[k].slot, was[k].nurse);
}

/* A few visits of one day out and in again. */
static void try_day(struct course_search *s, int day)
{
    const struct day_state *d = &s->day[day];
    struct stood out[OUT_MAX];
    int n = 1 + seeded_below(&s->random, OUT_MAX);
    double before = search_cost(s);
    n = n < d->size ? n : d->size;
    for (int k = 0; k < n; k++)
        out[k] = take_noted(s, d->visit[seeded_below(&s->random, d->size)]);
    for (int k = 0; k < n; k++)
        insert(s, out[k].visit, day);
    if (!accept(s, before))
        put_back(s, out, n);
}

/* Repacks a nurse's visits, out of the day already, in an order of chance; false if it cannot be below `limit` shared. */
static bool pack(struct course_search *s, struct stood *out, int n, int limit, int nodes)
{
    struct course_pack p = {.count = n};
    for (int k = n - 1; k > 0; k--) {
        int j = seeded_below(&s->random, k + 1);
        struct stood was = out[k];
        out[k] = out[j];
        out[j] = was;
    }
    for (int k = 0; k < n; k++) {
        p.work[k] = s->work[s->course_of[out[k].visit]];
        p.starts[k] = s->starts[s->course_of[out[k].visit]];
    }
    course_pack(&p, limit, nodes);
    for (int k = 0; k < n && p.shared < limit; k++)
        out[k].slot = (int16_t)p.slot[k];
    return p.shared < limit;
}

static int shared_by(const struct course_search *s, const struct stood *out, int n)
{
    uint32_t taken = 0;
    int shared = 0;
    for (int k = 0; k < n; k++) {
        uint32_t m = s->work[s->course_of[out[k].visit]] << out[k].slot;
        shared += bits(m & taken);
        taken |= m;
    }
    return shared;
}

static int of_nurse(struct course_search *s, int day, int nurse, struct stood *out)
{
    const struct day_state *d = &s->day[day];
    int n = 0;
    for (int k = 0; k < d->size && n < COURSE_PACK_MAX; k++)
        if (s->now.nurse[d->visit[k]] == nurse)
            out[n++] = (struct stood){d->visit[k], day, s->now.slot[d->visit[k]], s->now.nurse[d->visit[k]]};
    return n;
}

/* Two nurses of a day exchange a visit each, or one gives one, and both are packed anew. With one nurse: packed anew. */
static void try_pack(struct course_search *s, int day)
{
    struct stood was[2 * COURSE_PACK_MAX], now[2][COURSE_PACK_MAX + 1];
    int a = seeded_below(&s->random, s->p->nurses), b = (a + 1 + seeded_below(&s->random, s->p->nurses)) % s->p->nurses;
    int n[2] = {of_nurse(s, day, a, now[0]), a == b ? 0 : of_nurse(s, day, b, now[1])}, all = 0;
    double before = search_cost(s);
    if (n[0] + n[1] == 0 || n[0] == COURSE_PACK_MAX || n[1] == COURSE_PACK_MAX)
        return;
    for (int side = 0; side < 2; side++)
        for (int k = 0; k < n[side]; k++)
            was[all++] = now[side][k];
    if (shared_by(s, now[0], n[0]) + shared_by(s, now[1], n[1]) == 0)
        return;
    int i = n[0] ? seeded_below(&s->random, n[0]) : -1, j = n[1] ? seeded_below(&s->random, n[1] + 1) : -1;
    if (a != b && i >= 0) { /* i over to b, and j, if there is one, back to a */
        struct stood over = now[0][i];
        if (j < n[1]) {
            now[0][i] = now[1][j];
            now[1][j] = over;
        } else {
            now[0][i] = now[0][--n[0]];
            now[1][n[1]++] = over;
        }
    }
    for (int k = 0; k < all; k++)
        take(s, was[k].visit);
    for (int side = 0; side < 2; side++) {
        int limit = shared_by(s, now[side], n[side]);
        (void)pack(s, now[side], n[side], limit, PACK_NODES);
        for (int k = 0; k < n[side]; k++)
            put(s, now[side][k].visit, day, now[side][k].slot, side ? b : a);
    }
    if (!accept(s, before))
        put_back(s, was, all);
}

/* The change of level if a course moved; sizes stay as they are. */
static double level_if(struct course_search *s, int c, int start)
{
    const struct course *k = &s->p->course[c];
    int work = s->work_after[c], was = s->now.start[c];
    double change = 0;
    for (int i = 0; i < k->visits; i++)
        change += level_change(s, was + k->day[i], -1, -work);
    for (int i = 0; i < k->visits; i++)
        change += level_change(s, start + k->day[i], 1, work);
    for (int i = 0; i < k->visits; i++) {
        level_change(s, start + k->day[i], -1, -work);
        level_change(s, was + k->day[i], 1, work);
    }
    return change;
}

/* The visits of a nurse in a day packed anew if any share a slot; where they stood goes to the journal. */
static void repack(struct course_search *s, int day, int nurse, int *noted)
{
    struct stood now[COURSE_PACK_MAX + 1];
    int n = of_nurse(s, day, nurse, now), shared = shared_by(s, now, n);
    if (shared == 0 || n == COURSE_PACK_MAX)
        return;
    for (int k = 0; k < n; k++)
        s->journal[(*noted)++] = now[k];
    if (!pack(s, now, n, shared, REPACK_NODES)) {
        *noted -= n;
        return;
    }
    for (int k = 0; k < n; k++)
        take(s, now[k].visit);
    for (int k = 0; k < n; k++)
        put(s, now[k].visit, day, now[k].slot, nurse);
}

/* A course to another start day; the nurses its visits leave and come to are packed anew where that helps. */
static void move_course(struct course_search *s, int c, int start)
{
    const struct course *k = &s->p->course[c];
    int was = s->now.start[c], noted = 0;
    double change = start == was ? 0 : level_if(s, c, start), before = search_cost(s);
    if (change > 0 && seeded_unit(&s->random) >= exp(-change / s->heat))
        return; /* no need to look how it would fit */
    for (int i = 0; i < k->visits; i++)
        s->journal[noted++] = take_noted(s, k->first + i);
    for (int i = 0; i < k->visits; i++)
        insert(s, k->first + i, start + k->day[i]);
    for (int i = 0; i < k->visits; i++) {
        if (start != was)
            repack(s, s->journal[i].day, s->journal[i].nurse, &noted);
        repack(s, start + k->day[i], s->now.nurse[k->first + i], &noted);
    }
    s->now.start[c] = start;
    if (accept(s, before))
        return;
    while (noted-- > 0) {
        const struct stood *at = &s->journal[noted];
        take(s, at->visit);
        put(s, at->visit, at->day, at->slot, at->nurse);
    }
    s->now.start[c] = was;
}

static int largest(const struct course_search *s, int *over)
{
    int most = 0;
    *over = -1;
    for (int d = 0; d < s->p->days; d++) {
        most = s->day[d].size > most ? s->day[d].size : most;
        if (s->day[d].size > s->p->cap[d])
            *over = d;
    }
    return most;
}

static void copy_plan(const struct course_problem *p, struct course_plan *to, const struct course_plan *from)
{
    memcpy(to->start, from->start, (size_t)p->courses * sizeof *to->start);
    memcpy(to->slot, from->slot, (size_t)p->visits * sizeof *to->slot);
    memcpy(to->nurse, from->nurse, (size_t)p->visits * sizeof *to->nurse);
}

static void note_best(struct course_search *s)
{
    int64_t cost = (int64_t)COURSE_DOUBLE * s->doubled + (int64_t)COURSE_BEYOND * s->beyond;
    int over, most;
    if (s->found && cost >= s->best_cost.cost)
        return;
    most = largest(s, &over);
    cost += most;
    if (over >= 0 || (s->found && cost >= s->best_cost.cost))
        return;
    s->found = true;
    s->best_cost = (struct course_cost){cost, most, s->doubled, s->beyond};
    copy_plan(s->p, &s->best, &s->now);
}

static const double HOT = 7, COLD = 0.9;

static void begin_cycle(struct course_search *s)
{
    int over, most = s->found ? s->best_cost.largest : largest(s, &over);
    bool calm = s->found && s->best_cost.double_booked + s->best_cost.beyond == 0;
    s->over_aim = calm ? OVER_AIM_FIRM : OVER_AIM;
    if (s->cycle > 0)
        s->aim = most - (calm ? 1 : (int)(seeded_next(&s->random) >> 33) % 2);
    s->cycle_length = CYCLE_FIRST << (s->cycle < CYCLES_LONGEST ? s->cycle : CYCLES_LONGEST);
    s->cycle_round = 0;
    s->cycle++;
    s->heat = HOT;
    s->cool = exp(log(COLD / HOT) / s->cycle_length);
    s->level_cost = 0;
    for (int d = 0; d < s->p->days; d++)
        s->level_cost += level(s, d, s->day[d].size, s->day[d].work);
}

static void try_course(struct course_search *s)
{
    int c = seeded_below(&s->random, s->p->courses);
    move_course(s, c, seeded_below(&s->random, s->last_start[c] + 1));
}

/* A day with trouble, mostly. */
static int pick_day(struct course_search *s)
{
    int day = seeded_below(&s->random, s->p->days);
    for (int k = 0; k < 6 && s->day[day].size < s->aim - 2; k++)
        day = seeded_below(&s->random, s->p->days);
    return day;
}

void course_search_run(struct course_search *s, int rounds)
{
    if (s->p->visits == 0)
        return;
    for (int n = 0; n < rounds; n++) {
        if (s->cycle_round++ == s->cycle_length)
            begin_cycle(s);
        s->heat *= s->cool;
        int kind = seeded_below(&s->random, 16);
        if (kind < PACK_PART && s->p->nurses > 1)
            try_pack(s, pick_day(s));
        else if (kind < 10)
            try_day(s, pick_day(s));
        else
            try_course(s);
        note_best(s);
    }
}

/* Start days that level the days, before anything is placed: annealing on level() alone. */
static void level_out(struct course_search *s)
{
    double heat = LEVEL_HOT, cool = exp(log(LEVEL_COLD / LEVEL_HOT) / LEVEL_ROUNDS);
    for (int n = 0; n < LEVEL_ROUNDS && s->p->courses; n++, heat *= cool) {
        int c = seeded_below(&s->random, s->p->courses), start = seeded_below(&s->random, s->last_start[c] + 1);
        const struct course *k = &s->p->course[c];
        int was = s->now.start[c];
        double change = 0;
        for (int i = 0; i < k->visits; i++)
            change += level_change(s, was + k->day[i], -1, -s->work_after[c]);
        for (int i = 0; i < k->visits; i++)
            change += level_change(s, start + k->day[i], 1, s->work_after[c]);
        if (change <= 0 || seeded_unit(&s->random) < exp(-change / heat)) {
            s->now.start[c] = start;
            continue;
        }
        for (int i = 0; i < k->visits; i++) {
            level_change(s, start + k->day[i], -1, -s->work_after[c]);
            level_change(s, was + k->day[i], 1, s->work_after[c]);
        }
    }
    for (int d = 0; d < s->p->days; d++)
        s->day[d].size = s->day[d].work = 0;
}

/* A largest day to begin with: the days near the ends of the horizon fill less. */
static int first_aim(const struct course_search *s)
{
    int middle = s->p->days - (s->p->days - s->p->length) / 2;
    return (s->p->visits + middle - 1) / (middle > 0 ? middle : 1);
}

static void plan_init(struct arena *a, const struct course_problem *p, struct course_plan *out)
{
    out->start = ARENA_ARRAY(a, p->courses + 1, int);
    out->slot = ARENA_ARRAY(a, p->visits + 1, int16_t);
    out->nurse = ARENA_ARRAY(a, p->visits + 1, int16_t);
}

struct course_search *course_search_new(struct arena *a, const struct course_problem *p, uint64_t seed)
{
    struct course_search *s = ARENA_NEW(a, struct course_search);
    *s = (struct course_search){.p = p};
    seeded_init(&s->random, seed);
    s->day = ARENA_ARRAY(a, p->days, struct day_state);
    s->course_of = ARENA_ARRAY(a, p->visits + 1, int);
    s->day_of = ARENA_ARRAY(a, p->visits + 1, int);
    s->place = ARENA_ARRAY(a, p->visits + 1, int);
    s->work = ARENA_ARRAY(a, p->courses + 1, uint32_t);
    s->starts = ARENA_ARRAY(a, p->courses + 1, uint32_t);
    int most = 0;
    for (int c = 0; c < p->courses; c++)
        most = p->course[c].visits > most ? p->course[c].visits : most;
    s->journal = ARENA_ARRAY(a, most * (1 + 2 * COURSE_PACK_MAX) + 1, struct stood);
    s->work_after = ARENA_ARRAY(a, p->courses + 1, int);
    s->work_room = WORK_SHARE * (COURSE_SLOTS - COURSE_LUNCH_END) * p->nurses;
    plan_init(a, p, &s->now);
    plan_init(a, p, &s->best);
    s->last_start = ARENA_ARRAY(a, p->courses + 1, int);
    s->aim = first_aim(s);
    s->over_aim = OVER_AIM;
    for (int d = 0; d < p->days; d++) {
        s->day[d].visit = ARENA_ARRAY(a, p->courses + 1, int);
        for (int n = 0; n < p->nurses; n++)
            renew(s, &s->day[d], n);
    }
    for (int c = 0; c < p->courses; c++) {
        const struct course *k = &p->course[c];
        s->work[c] = course_work(k);
        s->starts[c] = course_starts(k);
        s->last_start[c] = k->visits ? p->days - 1 - k->day[k->visits - 1] : p->days - 1;
        s->now.start[c] = seeded_below(&s->random, s->last_start[c] + 1);
        s->work_after[c] = k->task[2] + k->task[4];
        for (int i = 0; i < k->visits; i++) {
            s->course_of[k->first + i] = c;
            level_change(s, s->now.start[c] + k->day[i], 1, s->work_after[c]);
        }
    }
    level_out(s);
    for (int c = 0; c < p->courses; c++)
        for (int i = 0; i < p->course[c].visits; i++)
            insert(s, p->course[c].first + i, s->now.start[c] + p->course[c].day[i]);
    begin_cycle(s);
    note_best(s);
    return s;
}

const struct course_plan *course_search_best(const struct course_search *s, struct course_cost *cost, int *day)
{
    *cost = s->best_cost;
    largest(s, day);
    return s->found ? &s->best : NULL;
}

void course_search_adopt(struct course_search *s, const struct course_plan *plan, const struct course_cost *cost)
{
    if (s->found && s->best_cost.cost <= cost->cost)
        return;
    for (int v = 0; v < s->p->visits; v++)
        take(s, v);
    for (int c = 0; c < s->p->courses; c++) {
        const struct course *k = &s->p->course[c];
        s->now.start[c] = plan->start[c];
        for (int v = k->first; v < k->first + k->visits; v++)
            put(s, v, plan->start[c] + k->day[v - k->first], plan->slot[v], plan->nurse[v]);
    }
    note_best(s);
}

int course_bound(const struct course_problem *p)
{
    return p->visits == 0 ? 0 : (p->visits + p->days - 1) / p->days;
}
