/* Any bytes into the FHIR reader: each resource ends stored, kept or refused with a place; what is stored would pass
 * the field tables it is written by. */
#include "wire/fhir_read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_LEN_MAX = 1024 * 1024 };

static void set_text(char *rec, const struct field *f, const char *text)
{
    if (f)
        *(const char **)(void *)(rec + f->offset) = text;
}

static void check_item(struct arena *a, const struct fhir_item *it)
{
    if (it->use == FHIR_REFUSE && (!it->reason[0] || !it->reason_where))
        abort();
    if (it->use != FHIR_STORE)
        return;
    for (int i = 0; i < it->record_count; i++) {
        char *rec = (char *)it->records + (size_t)i * it->of->size;
        struct buf b;
        struct json j;
        struct err e = {0};
        set_text(rec, record_field(it->of, "id"), "id");
        set_text(rec, record_field(it->of, "patient"), "patient");
        buf_init(&b, FUZZ_LEN_MAX);
        json_init(&j, &b);
        record_to_json(it->of, rec, &j, NULL);
        struct node *n = json_read(a, b.data, b.len, FUZZ_LEN_MAX, &e);
        if (!n || !record_from_json(it->of, n, a, NULL, arena_alloc(a, it->of->size), &e))
            abort();
        buf_fini(&b);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int ndjson = 0; ndjson < 2; ndjson++) {
        struct arena *a = arena_new();
        struct fhir_source from = {.system = "import", .ndjson = ndjson};
        struct fhir_batch b;
        struct err e = {0};
        if (size <= FUZZ_LEN_MAX && fhir_read(a, &from, (const char *)data, size, &b, &e) && fhir_link(&b, NULL, NULL, &e))
            for (int i = 0; i < b.count; i++)
                check_item(a, &b.items[i]);
        else if (size <= FUZZ_LEN_MAX && e.kind == ERR_NONE)
            abort();
        arena_free(a);
    }
    return 0;
}
