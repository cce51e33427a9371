/* venule flow: what really flowed: every infusion's segments, one JSON line each, and beside each what they come to:
 * "sum", as the infusion now stands, a person's statement counted. */
#include <stdio.h>

#include "care/flow.h"
#include "cli.h"

enum { LINE_MAX_LEN = 4096 };

static const char *source_word(enum flow_source s)
{
    return s == FLOW_BY_PUMP ? "pump" : s == FLOW_BY_PATIENT ? "patient" : "nurse";
}

static void sum_json(struct json *j, const struct flow *f)
{
    json_object(j, "sum");
    json_str(j, "state", f->state);
    json_str(j, "certainty", flow_certainty_word(f->certainty));
    json_dec(j, "volume", f->volume);
    json_dec(j, "kvo", f->kvo);
    json_str(j, "doubt", f->doubt);
    json_end(j, '}');
}

static void print_segment(const struct infusion *i, const struct flow *f, const struct flow_segment *s)
{
    struct buf b;
    struct json j;
    buf_init(&b, LINE_MAX_LEN);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "infusion", i->id);
    json_str(&j, "patient", i->patient);
    json_str(&j, "drug", i->drug);
    json_time(&j, "start", s->start);
    json_time(&j, "end", s->end);
    json_str(&j, "state", flow_segment_word(s->kind));
    json_dec(&j, "rate", s->rate);
    json_dec(&j, "volume", s->volume);
    json_str(&j, "certainty", flow_certainty_word(s->certainty));
    json_str(&j, "source", source_word(s->source));
    sum_json(&j, f);
    json_end(&j, '}');
    puts(buf_str(&b));
    buf_fini(&b);
}

MUST_CHECK static bool print_site(struct store *s, struct arena *a, int64_t site, struct err *e)
{
    struct tx t;
    struct infusion *list;
    int count;
    if (!tx_read(&t, s, a, site, &care_event_types, e))
        return false;
    bool ok = table_list(&t, &record_infusion, "1=1 ORDER BY length(id), id", NO_VALS, &list, &count, e);
    for (int i = 0; ok && i < count; i++) {
        struct flow f;
        ok = care_flow(&t, &list[i], &f, e);
        for (int k = 0; ok && k < f.count; k++)
            print_segment(&list[i], &f, &f.segments[k]);
    }
    tx_rollback(&t);
    return ok;
}

int cli_flow(int argc, char **argv)
{
    struct err e = {.kind = ERR_NONE};
    struct store *s;
    int64_t sites[CLI_SITES_MAX];
    int count, code = cli_open(argc, argv, true, &s);
    if (code != CLI_OK)
        return code;
    struct arena *a = arena_new();
    bool ok = cli_sites(s, a, sites, &count, &e);
    for (int i = 0; ok && i < count; i++) {
        arena_reset(a);
        ok = print_site(s, a, sites[i], &e);
    }
    arena_free(a);
    store_close(s);
    return ok ? CLI_OK : cli_fail("flow", &e);
}
