#include "schedule/course.h"

#include <string.h>

#include "schedule/numbers.h"

enum { LENGTH_MAX = 400, MANY = 999999999 };

uint32_t course_work(const struct course *c)
{
    uint32_t m = 0;
    for (int k = 0, at = 0; k < COURSE_TASKS; at += c->task[k++])
        for (int i = 0; k % 2 == 0 && i < c->task[k] && at + i < COURSE_SLOTS; i++)
            m |= UINT32_C(1) << (at + i);
    return m;
}

uint32_t course_starts(const struct course *c)
{
    const uint32_t lunch = ((UINT32_C(1) << (COURSE_LUNCH_END - COURSE_LUNCH)) - 1) << COURSE_LUNCH;
    uint32_t m = 0, work = course_work(c);
    for (int t = 0; t + c->length <= COURSE_SLOTS; t++)
        if (!(work << t & lunch))
            m |= UINT32_C(1) << t;
    return m;
}

MUST_CHECK static bool read_head(struct numbers *n, struct course_problem *p, struct err *e)
{
    if (!numbers_read(n, "courses", 0, MANY, &p->courses, e) || !numbers_read(n, "relative days", 1, LENGTH_MAX, &p->length, e)
        || !numbers_read(n, "days", 1, COURSE_DAYS_MAX, &p->days, e)
        || !numbers_read(n, "nurses", 1, COURSE_NURSES_MAX, &p->nurses, e))
        return false;
    if (p->courses > COURSE_COUNT_MAX)
        return err_set(e, ERR_TOO_LARGE, "line 1", "has %d courses; there may be at most %d", p->courses, COURSE_COUNT_MAX);
    return numbers_line_end(n, e);
}

MUST_CHECK static bool read_course(struct numbers *n, struct arena *a, struct course_problem *p, struct course *c, struct err *e)
{
    static const char *const names[COURSE_TASKS] = {"first nurse task", "drip", "second nurse task", "rest", "third nurse task"};
    unsigned char bits[LENGTH_MAX];
    if (!numbers_bits(n, "the pattern", p->length, bits, e))
        return false;
    for (int k = 0; k < COURSE_TASKS; k++) {
        if (!numbers_read(n, names[k], 0, 999, &c->task[k], e))
            return false;
        c->length += c->task[k];
    }
    if (c->length > COURSE_SLOTS)
        return numbers_fail(n, e, "a visit takes %d slots; a day has %d", c->length, COURSE_SLOTS);
    if (!course_starts(c))
        return numbers_fail(n, e, "no start of a visit keeps its nurse out of the lunch slots %d to %d", COURSE_LUNCH,
            COURSE_LUNCH_END - 1);
    c->day = ARENA_ARRAY(a, p->length, uint16_t);
    c->first = p->visits;
    for (int d = 0; d < p->length; d++)
        if (bits[d])
            c->day[c->visits++] = (uint16_t)d;
    if (c->visits && c->day[c->visits - 1] >= p->days)
        return numbers_fail(n, e, "the course lasts %d days; there are %d", c->day[c->visits - 1] + 1, p->days);
    p->visits += c->visits;
    if (p->visits > COURSE_VISITS_MAX)
        return err_set(e, ERR_TOO_LARGE, "visits", "there are more than %d", COURSE_VISITS_MAX);
    return numbers_line_end(n, e);
}

bool course_read(struct arena *a, const char *text, size_t len, struct course_problem *out, struct err *e)
{
    struct numbers n;
    struct course_problem p = {0};
    numbers_init(&n, text, len);
    if (!read_head(&n, &p, e))
        return false;
    p.cap = ARENA_ARRAY(a, p.days, int);
    p.course = ARENA_ARRAY(a, p.courses + 1, struct course);
    for (int d = 0; d < p.days; d++)
        if (!numbers_read(&n, "the cap of a day", 0, 9999, &p.cap[d], e))
            return false;
    if (!numbers_line_end(&n, e))
        return false;
    for (int i = 0; i < p.courses; i++)
        if (!read_course(&n, a, &p, &p.course[i], e))
            return false;
    if (!numbers_end(&n, e))
        return false;
    *out = p;
    return true;
}

void course_write(const struct course_problem *p, const struct course_plan *plan, struct buf *out)
{
    for (int i = 0; i < p->courses; i++) {
        const struct course *c = &p->course[i];
        buf_printf(out, "%d", plan->start[i]);
        for (int v = c->first; v < c->first + c->visits; v++)
            buf_printf(out, " %d %d", plan->slot[v], plan->nurse[v]);
        buf_addc(out, '\n');
    }
}

static void add_visit(uint16_t *busy, uint32_t work, int slot)
{
    for (int t = 0; t < COURSE_SLOTS; t++)
        busy[t] = (uint16_t)(busy[t] + (work << slot >> t & 1));
}

struct course_cost course_cost(struct arena *a, const struct course_problem *p, const struct course_plan *plan)
{
    struct course_cost sum = {0};
    uint16_t *busy = ARENA_ARRAY(a, p->days * p->nurses * COURSE_SLOTS, uint16_t);
    int *size = ARENA_ARRAY(a, p->days, int);
    for (int i = 0; i < p->courses; i++) {
        const struct course *c = &p->course[i];
        for (int v = 0; v < c->visits; v++) {
            int day = plan->start[i] + c->day[v];
            int row = day * p->nurses + plan->nurse[c->first + v];
            size[day]++;
            add_visit(&busy[row * COURSE_SLOTS], course_work(c), plan->slot[c->first + v]);
        }
    }
    for (int d = 0; d < p->days; d++) {
        sum.largest = size[d] > sum.largest ? size[d] : sum.largest;
        for (int t = 0; t < COURSE_SLOTS; t++) {
            int all = 0;
            for (int n = 0; n < p->nurses; n++) {
                int one = busy[(d * p->nurses + n) * COURSE_SLOTS + t];
                all += one;
                sum.double_booked += one > 1 ? one - 1 : 0;
            }
            sum.beyond += all > p->nurses ? all - p->nurses : 0;
        }
    }
    sum.cost = sum.largest + (int64_t)COURSE_DOUBLE * sum.double_booked + (int64_t)COURSE_BEYOND * sum.beyond;
    return sum;
}
