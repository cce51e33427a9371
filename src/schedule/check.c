#include "schedule/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 1 << 22 };

/* The next number of the text; false at its end or at anything else. */
static bool next(const char **at, long *out)
{
    char *end;
    *out = strtol(*at, &end, 10);
    if (end == *at)
        return false;
    *at = end;
    return true;
}

static bool broken(struct err *e, const char *what, long number, const char *how)
{
    char where[48];
    snprintf(where, sizeof where, "%s %ld", what, number);
    return err_set(e, ERR_INPUT, where, "%s", how);
}

static bool broken_at(struct err *e, const char *what, long number, long slot, const char *how)
{
    char where[80];
    snprintf(where, sizeof where, "%s %ld, slot %ld", what, number, slot);
    return err_set(e, ERR_INPUT, where, "%s", how);
}

static bool read_all(const char **at, long *into, long count)
{
    for (long i = 0; i < count; i++)
        if (!next(at, &into[i]))
            return false;
    return true;
}

static bool only_blank(const char *at)
{
    return at[strspn(at, " \t\r\n")] == '\0';
}

enum { P, C, B, H, CL, N, MAXPAT, MAXAC, PH, HEAD };
enum { V_D, V_READY, V_W, V_ACUITY, V_CERT, V_BED, VISIT };
enum { S_START, S_END, S_CERT, SHIFT };

struct day { long head[HEAD], *visit, *shift, *place; };

static bool visit_ok(const struct day *d, long i, struct err *e)
{
    const long *v = &d->visit[i * VISIT], start = d->place[2 * i], nurse = d->place[2 * i + 1];
    if (start < v[V_READY])
        return broken(e, "visit", i, "starts before it is ready");
    if (start + v[V_D] > d->head[H])
        return broken(e, "visit", i, "ends after the hard end");
    if (nurse < 0 || nurse >= d->head[N])
        return broken(e, "visit", i, "has a nurse there is not");
    const long *s = &d->shift[nurse * SHIFT];
    if (start < s[S_START] || start + v[V_D] > s[S_END])
        return broken(e, "visit", i, "has a nurse who is not on shift throughout");
    if (v[V_CERT] && !s[S_CERT])
        return broken(e, "visit", i, "needs a certified nurse and has another");
    return true;
}

/* One slot, everything counted. */
static bool slot_ok(const struct day *d, long t, long *load, struct err *e)
{
    long nurses = d->head[N], chairs = 0, beds = 0, starts = 0;
    memset(load, 0, (size_t)(nurses * 3) * sizeof *load);
    for (long i = 0; i < d->head[P]; i++) {
        const long *v = &d->visit[i * VISIT], start = d->place[2 * i], *n;
        if (start < 0 || t < start || t >= start + v[V_D])
            continue;
        n = &d->place[2 * i + 1];
        chairs++;
        beds += v[V_BED];
        starts += t == start;
        load[*n * 3] += t == start;
        load[*n * 3 + 1]++;
        load[*n * 3 + 2] += v[V_ACUITY];
    }
    if (chairs > d->head[C] || beds > d->head[B] || starts > d->head[PH])
        return broken(e, "slot", t, chairs > d->head[C] ? "more visits than chairs"
            : beds > d->head[B] ? "more visits in beds than beds" : "more starts than pharmacy releases");
    for (long n = 0; n < nurses; n++) {
        if (load[n * 3] > 1)
            return broken_at(e, "nurse", n, t, "starts more than one visit");
        if (load[n * 3 + 1] > d->head[MAXPAT])
            return broken_at(e, "nurse", n, t, "has more patients than the cap");
        if (load[n * 3 + 2] > d->head[MAXAC])
            return broken_at(e, "nurse", n, t, "has more acuity than the cap");
    }
    return true;
}

static bool day_texts(struct arena *a, const char *instance, const char *solution, struct day *d, struct err *e)
{
    if (!read_all(&instance, d->head, HEAD))
        return err_set(e, ERR_INPUT, "instance", "its first line has not nine numbers");
    for (int i = 0; i < HEAD; i++)
        if (d->head[i] < 0 || d->head[i] > CELLS_MAX)
            return err_set(e, ERR_INPUT, "instance", "a number of its first line is out of range");
    d->visit = ARENA_ARRAY(a, d->head[P] * VISIT + 1, long);
    d->shift = ARENA_ARRAY(a, d->head[N] * SHIFT + 1, long);
    d->place = ARENA_ARRAY(a, d->head[P] * 2 + 1, long);
    if (!read_all(&instance, d->visit, d->head[P] * VISIT) || !read_all(&instance, d->shift, d->head[N] * SHIFT))
        return err_set(e, ERR_INPUT, "instance", "ends too early");
    if (!read_all(&solution, d->place, d->head[P] * 2) || !only_blank(solution))
        return err_set(e, ERR_INPUT, "solution", "has not exactly one line \"start nurse\" for each visit");
    return true;
}

bool check_day(struct arena *a, const char *instance, const char *solution, struct check_day *out, struct err *e)
{
    struct day d;
    struct check_day sum = {0};
    if (!day_texts(a, instance, solution, &d, e))
        return false;
    for (long i = 0; i < d.head[P]; i++) {
        const long *v = &d.visit[i * VISIT], start = d.place[2 * i];
        if (start == -1 && d.place[2 * i + 1] == -1) {
            sum.unplaced++;
            sum.cost += 2000;
            continue;
        }
        if (!visit_ok(&d, i, e))
            return false;
        sum.cost += v[V_W] * (start - v[V_READY]);
        if (start + v[V_D] > d.head[CL])
            sum.cost += 5 * (start + v[V_D] - d.head[CL]);
    }
    long *load = ARENA_ARRAY(a, d.head[N] * 3 + 1, long);
    for (long t = 0; t < d.head[H]; t++)
        if (!slot_ok(&d, t, load, e))
            return false;
    *out = sum;
    return true;
}

enum { DAY_SLOTS = 32, LUNCH = 12, LUNCH_END = 16, TASKS = 5 };

struct courses {
    long count, length, days, nurses, *cap, *sizes; /* sizes: visits a day */
    unsigned short *busy;                           /* [day][nurse][slot]: tasks */
};

/* Nurse work of one visit onto the grid. */
static bool add_work(struct courses *c, long day, long slot, long nurse, const long task[TASKS], struct err *e)
{
    for (int k = 0; k < TASKS; k++)
        for (long i = 0; i < task[k]; i++, slot++) {
            if (k % 2)
                continue;
            if (slot >= LUNCH && slot < LUNCH_END)
                return broken_at(e, "day", day, slot, "a nurse works at lunch");
            if (slot < DAY_SLOTS)
                c->busy[(day * c->nurses + nurse) * DAY_SLOTS + slot]++;
        }
    return slot <= DAY_SLOTS || broken_at(e, "day", day, slot, "a visit ends after the day");
}

static bool add_course(struct courses *c, long i, const char **instance, const char **solution, struct err *e)
{
    long task[TASKS], start, slot, nurse;
    const char *pattern = *instance += strspn(*instance, " \t\r\n");
    *instance += strspn(*instance, "01");
    if (*instance - pattern != c->length || !read_all(instance, task, TASKS))
        return broken(e, "course", i, "is not readable in the instance");
    for (int k = 0; k < TASKS; k++)
        if (task[k] < 0 || task[k] > DAY_SLOTS)
            return broken(e, "course", i, "has a task out of range");
    if (!next(solution, &start))
        return broken(e, "course", i, "has no start day");
    for (long d = 0; d < c->length; d++) {
        if (pattern[d] == '0')
            continue;
        if (!next(solution, &slot) || !next(solution, &nurse))
            return broken(e, "course", i, "lacks a slot and nurse for a visit");
        if (start < 0 || start + d >= c->days)
            return broken(e, "course", i, "has a visit outside the horizon");
        if (slot < 0 || slot >= DAY_SLOTS || nurse < 0 || nurse >= c->nurses)
            return broken(e, "course", i, "has a slot or nurse there is not");
        c->sizes[start + d]++;
        if (!add_work(c, start + d, slot, nurse, task, e))
            return false;
    }
    return true;
}

static bool count_courses(const struct courses *c, struct check_course *out, struct err *e)
{
    for (long d = 0; d < c->days; d++) {
        if (c->sizes[d] > c->cap[d])
            return broken(e, "day", d, "has more visits than its cap");
        out->largest = c->sizes[d] > out->largest ? (int)c->sizes[d] : out->largest;
        for (int t = 0; t < DAY_SLOTS; t++) {
            int all = 0;
            for (long n = 0; n < c->nurses; n++) {
                int one = c->busy[(d * c->nurses + n) * DAY_SLOTS + t];
                all += one;
                out->double_booked += one > 1 ? one - 1 : 0;
            }
            out->beyond += all > c->nurses ? (int)(all - c->nurses) : 0;
        }
    }
    out->cost = out->largest + 4L * out->double_booked + 2L * out->beyond;
    return true;
}

bool check_course(struct arena *a, const char *instance, const char *solution, struct check_course *out, struct err *e)
{
    long head[4];
    *out = (struct check_course){0};
    if (!read_all(&instance, head, 4))
        return err_set(e, ERR_INPUT, "instance", "its first line has not four numbers");
    for (int i = 0; i < 4; i++)
        if (head[i] < 0 || head[i] > 4096)
            return err_set(e, ERR_INPUT, "instance", "a number of its first line is out of range");
    struct courses c = {.count = head[0], .length = head[1], .days = head[2], .nurses = head[3]};
    if (c.days * c.nurses * DAY_SLOTS > CELLS_MAX)
        return err_set(e, ERR_TOO_LARGE, "instance", "has too many days and nurses");
    c.cap = ARENA_ARRAY(a, c.days + 1, long);
    c.sizes = ARENA_ARRAY(a, c.days + 1, long);
    c.busy = ARENA_ARRAY(a, c.days * c.nurses * DAY_SLOTS + 1, unsigned short);
    if (!read_all(&instance, c.cap, c.days))
        return err_set(e, ERR_INPUT, "instance", "lacks the caps of its days");
    for (long i = 0; i < c.count; i++)
        if (!add_course(&c, i, &instance, &solution, e))
            return false;
    if (!only_blank(solution))
        return err_set(e, ERR_INPUT, "solution", "goes on after the last course");
    return count_courses(&c, out, e);
}
