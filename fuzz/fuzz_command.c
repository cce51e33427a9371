/* Any JSON as the input of every command: taken whole, or refused with the field named; what was taken is written and
 * read back the same. */
#include "serve/commands.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_LEN_MAX = 64 * 1024 };

static void write_record(struct buf *b, const struct record *r, const void *rec)
{
    struct json j;
    buf_init(b, 64 * FUZZ_LEN_MAX);
    json_init(&j, b);
    record_to_json(r, rec, &j, NULL);
    if (b->full)
        abort();
}

static void round_trip(struct arena *a, const struct record *r, const void *rec)
{
    struct buf once, twice;
    struct err e = {0};
    void *again = arena_alloc(a, r->size ? r->size : 1);
    write_record(&once, r, rec);
    struct node *n = json_read(a, buf_str(&once), once.len, 64 * FUZZ_LEN_MAX, &e);
    if (!n || !record_from_json(r, n, a, NULL, again, &e))
        abort();
    write_record(&twice, r, again);
    if (once.len != twice.len || memcmp(buf_str(&once), buf_str(&twice), once.len) != 0)
        abort();
    buf_fini(&once);
    buf_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err none = {0};
    const struct command *c;
    const struct actor patient = {.id = "1-staff-1-X", .roles = ROLE_PATIENT, .patient = "1-patient-2-X"};
    struct node *n = json_read(a, (const char *)data, size, FUZZ_LEN_MAX, &none);
    for (int i = 0; n && (c = command_at(i)); i++) {
        struct err e = {0};
        void *rec = arena_alloc(a, c->in->size ? c->in->size : 1);
        if (!record_from_json(c->in, n, a, NULL, rec, &e)) {
            if (e.kind == ERR_NONE || !e.text[0])
                abort();
            continue;
        }
        struct err scope = {0};
        if (!command_check_scope(c->in, rec, &patient, 1, &scope) && !scope.where[0])
            abort();
        round_trip(a, c->in, rec);
    }
    arena_free(a);
    return 0;
}
