/* Messages that could not be used: kept apart under their cause, noted once, taken in again when somebody mended it. */
#include <stdio.h>
#include <string.h>

#include "record/inbox.h"
#include "serve/now.h"
#include "serve/pcd_private.h"
#include "serve/run.h"

enum { ENTRIES_AT_ONCE = 20, MESSAGES_AT_ONCE = 2000 };

/* What makes two failures the same: the condition, the place (not which of many like segments), the pump. */
static const char *cause_of(const struct pump_job *j)
{
    const struct hl7_fault *f = &j->fault;
    const char *place = f->segment[0] ? arena_printf(j->a, "%s-%d", f->segment, f->field) : "";
    return arena_printf(j->a, "%d %s %.60s", (int)f->code, place, j->said.serial ? j->said.serial : "");
}

bool pump_job_failed(struct pump_job *j, struct tx *t, struct err *e)
{
    bool fresh;
    const char *old, *cause = cause_of(j);
    BLANK(interface_failed_in, in);
    in.sender = j->sender;
    in.cause = cause;
    in.box = arena_printf(j->a, "failed %s | %s", cause, j->sender); /* so that a resend once mended is taken */
    in.message = j->id;
    in.code = j->fault.code;
    in.segment = j->fault.segment[0] ? j->fault.segment : NULL;
    in.nth = j->fault.nth > 0 ? j->fault.nth : INT_NONE;
    in.field = j->fault.field > 0 ? j->fault.field : INT_NONE;
    in.says = j->fault.text[0] ? j->fault.text : hl7_code_text(j->fault.code);
    in.pump = j->said.serial;
    if (!inbox_put(t, in.box, j->id, j->received, j->raw, j->len, j->reply, &fresh, &old, e))
        return false;
    if (!fresh)
        return true;
    struct command_run *run = ARENA_NEW(j->a, struct command_run);
    *run = (struct command_run){.command = command_find("interface.failed"), .in = &in, .now = server_care_now(j->p->s),
                                .happened = UTC_NONE, .offset_us = INT_NONE, .a = j->a,
                                .content = j->p->s->content};
    j->noted = run;
    return command_decide(run, t, e);
}

/* ---- again --------------------------------------------------------------------------------------------------------- */

struct again {
    struct arena *a;
    struct failed_message *all;
    int count;
};

struct again_job {
    struct pump_job j; /* first */
    const char *box, *id;
    bool ok;
};

static bool again_decide(struct write_job *w, struct tx *t, struct err *e)
{
    struct again_job *g = (struct again_job *)w;
    pump_desk_forget(g->j.p->desk);
    return pump_job_decide(&g->j, t, e) && inbox_drop(t, g->box, g->id, e);
}

/* One message, mended or as it came. */
static bool take_one(struct server *s, const struct failed_message *f, const char *id, const char *raw, size_t len,
                     struct hl7_fault *fault)
{
    struct arena *a = arena_new();
    struct again_job *g = ARENA_NEW(a, struct again_job);
    struct err e = {.kind = ERR_NONE};
    struct hl7_span text = {raw, len};
    g->box = f->box;
    g->id = id;
    g->j = (struct pump_job){.p = s->pumps, .a = a, .received = now_real(), .raw = raw, .len = len};
    *fault = (struct hl7_fault){.code = HL7_OK};
    if (f->fix && f->segment) {
        struct hl7_fault none;
        (void)!hl7_parse(a, raw, len, &g->j.m, &none);
        if (!hl7_patch(a, &g->j.m, text, f->segment, f->nth == INT_NONE ? 1 : (int)f->nth, (int)f->field, f->fix, &text))
            hl7_fault_set(fault, HL7_DATA_TYPE, "%.10s-%d cannot be mended in message %.60s", f->segment, (int)f->field, id);
    }
    g->j.raw = text.p;
    g->j.len = text.n;
    bool ok = fault->code == HL7_OK && pump_job_read(&g->j, false, fault);
    if (ok) {
        g->j.ack_id = arena_printf(a, "VR%llX", (unsigned long long)g->j.received);
        g->j.good = pump_job_ack(&g->j, NULL); /* for a sender that asks once more */
        g->j.job = (struct write_job){.site = s->c.site, .decide = again_decide};
        ok = writer_run(s->writer, &g->j.job, &e);
        if (!ok)
            *fault = pump_job_fault(&g->j, &e);
        for (int i = 0; ok && i < g->j.run_count; i++)
            hub_publish(s->hub, s->c.site, g->j.runs[i].events, g->j.runs[i].event_count);
    }
    arena_free(a);
    return ok;
}

MUST_CHECK static bool list_again(struct server *s, struct again *w, struct err *e)
{
    struct tx t;
    if (!reader_begin(s->readers, w->a, s->c.site, &t, e))
        return false;
    bool ok = table_list(&t, &record_failed_message, "state='again' ORDER BY id LIMIT 20", NO_VALS, &w->all, &w->count, e);
    reader_end(s->readers, &t, !ok);
    return ok;
}

MUST_CHECK static bool try_entry(struct server *s, const struct failed_message *f, struct err *e)
{
    struct arena *a = arena_new();
    const char **ids = ARENA_ARRAY(a, MESSAGES_AT_ONCE, const char *), *raw;
    struct tx t;
    struct hl7_fault first = {.code = HL7_OK}, fault;
    int64_t all = 0, taken = 0;
    int n = 0;
    bool found, ok = reader_begin(s->readers, a, s->c.site, &t, e);
    if (ok) {
        ok = inbox_of(&t, f->box, &all, ids, MESSAGES_AT_ONCE, &n, e);
        reader_end(s->readers, &t, !ok);
    }
    for (int i = 0; ok && i < n; i++) {
        struct arena *one = arena_new();
        size_t len;
        ok = reader_begin(s->readers, one, s->c.site, &t, e);
        if (ok) {
            ok = inbox_get(&t, f->box, ids[i], &raw, &len, &found, e);
            reader_end(s->readers, &t, !ok);
        }
        if (ok && found && take_one(s, f, ids[i], raw, len, &fault))
            taken++;
        else if (ok && found && first.code == HL7_OK)
            first = fault;
        arena_free(one);
    }
    BLANK(interface_tried_in, in);
    in.failed = f->id;
    in.taken = taken;
    in.left = all - taken;
    in.says = first.code != HL7_OK ? first.text : NULL;
    ok = ok && run_command(s, "interface.tried", &in, NULL, e);
    arena_free(a);
    return ok;
}

bool pcd_again(struct server *s, struct err *e)
{
    struct again w = {.a = arena_new()};
    bool ok = !s->pumps || list_again(s, &w, e);
    for (int i = 0; ok && i < w.count; i++)
        ok = try_entry(s, &w.all[i], e);
    arena_free(w.a);
    return ok;
}
