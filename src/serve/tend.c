#include "serve/tend.h"

#include "record/inbox.h"
#include "serve/now.h"

enum { SEALS_AT_ONCE = 4, ROUNDS_MAX = 64 };

struct tend_job {
    struct write_job job; /* first */
    utc_t now, care_now;
    int days, packed;
    int64_t gone;
};

/* A day is over when an hour of the next is. */
static utc_t over_before(utc_t now)
{
    return now - UTC_HOUR;
}

MUST_CHECK static bool seal(struct tend_job *j, struct tx *t, struct err *e)
{
    int64_t days[SEALS_AT_ONCE];
    int n;
    if (!inbox_unsealed(t, over_before(j->now), days, SEALS_AT_ONCE, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        const struct event_head h = {.happened = j->care_now, .recorded = j->care_now, .clock = "server",
                                     .offset_us = INT_NONE, .actor = "system", .command = "inbox.tend"};
        if (!inbox_seal_day(t, &h, days[i] * UTC_DAY, e))
            return false;
    }
    return true;
}

static bool tend_decide(struct write_job *w, struct tx *t, struct err *e)
{
    struct tend_job *j = (struct tend_job *)w;
    return seal(j, t, e) && inbox_pack(t, INBOX_PACK_MAX / 2, &j->packed, e) &&
           inbox_forget(t, j->now - j->days * UTC_DAY, &j->gone, e);
}

/* A busy centre leaves many loose blocks in the half minute between two calls; each step is a batch of its own, so that
 * nobody waits long for the writer. */
bool inbox_tend(struct server *s, struct err *e)
{
    struct tend_job j;
    int rounds = 0;
    do {
        j = (struct tend_job){.job = {.site = s->c.site, .decide = tend_decide}, .now = now_real(),
                              .care_now = server_care_now(s), .days = s->c.inbox_days};
        if (!writer_run(s->writer, &j.job, e)) {
            err_within(e, "inbox");
            return false;
        }
    } while (j.packed && ++rounds < ROUNDS_MAX);
    return true;
}
