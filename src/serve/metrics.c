#include "serve/metrics.h"

static void one(struct buf *b, const char *name, const char *type, const char *help, long long value)
{
    buf_printf(b, "# HELP venule_%s %s\n# TYPE venule_%s %s\nvenule_%s %lld\n", name, help, name, type, name, value);
}

static void commands(struct buf *b, struct metrics *m)
{
    buf_puts(b, "# HELP venule_commands_total commands by what became of them\n# TYPE venule_commands_total counter\n");
    const struct {
        const char *what;
        atomic_llong *n;
    } rows[] = {{"accepted", &m->accepted}, {"repeated", &m->repeated}, {"refused", &m->refused},
                {"denied", &m->denied}, {"failed", &m->failed}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        buf_printf(b, "venule_commands_total{what=\"%s\"} %lld\n", rows[i].what, (long long)atomic_load(rows[i].n));
}

static void batches(struct buf *b, const struct writer_stats *w)
{
    long long sum = 0;
    buf_puts(b, "# HELP venule_batch_jobs jobs in one commit\n# TYPE venule_batch_jobs histogram\n");
    for (int i = 0; i < 9; i++) {
        sum += w->batch_sizes[i];
        buf_printf(b, "venule_batch_jobs_bucket{le=\"%d\"} %lld\n", 1 << i, sum);
    }
    buf_printf(b,
               "venule_batch_jobs_bucket{le=\"+Inf\"} %lld\nvenule_batch_jobs_sum %lld\nvenule_batch_jobs_count %lld\n",
               (long long)w->batches, (long long)w->jobs, (long long)w->batches);
}

void metrics_show(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct metrics *m = &s->metrics;
    struct http_stats h = http_stats(q->http);
    struct writer_stats w = writer_stats(s->writer);
    struct buf *b = &r->body;
    one(b, "http_requests_total", "counter", "requests", h.requests);
    one(b, "http_connections", "gauge", "connections open", h.connections_open);
    one(b, "http_suspended", "gauge", "requests waiting for another thread", h.suspended);
    commands(b, m);
    one(b, "views_total", "counter", "views shown", atomic_load(&m->views));
    one(b, "view_microseconds_total", "counter", "time spent on views", atomic_load(&m->view_us));
    one(b, "logins_total", "counter", "sign-ins", atomic_load(&m->logins));
    one(b, "login_failures_total", "counter", "wrong passwords", atomic_load(&m->login_failures));
    one(b, "pump_messages_total", "counter", "pump messages stored", atomic_load(&m->pump_messages));
    one(b, "pump_messages_failed_total", "counter", "pump messages that could not be used",
        atomic_load(&m->pump_failed));
    batches(b, &w);
    one(b, "batches_retried_total", "counter", "jobs decided again alone", w.retried);
    one(b, "commits_failed_total", "counter", "transactions the store did not keep", w.failed_commits);
    one(b, "write_queue", "gauge", "jobs waiting for the writer", w.queued);
    one(b, "listeners", "gauge", "live event streams", hub_listeners(s->hub));
    one(b, "ledger_seq", "gauge", "last event of the ledger this process wrote", w.seq);
    r->type = "text/plain; version=0.0.4";
}
