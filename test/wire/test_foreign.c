/* Somebody else's MLLP client (mllp_send of python3-hl7) sends our golden messages to our server and prints what came
 * back. Skipped where it is not installed. */
#include "wire_test.h"

#include "wire/mllp_server.h"

#include <pthread.h>
#include <stdlib.h>

struct site {
    struct mllp_server *server;
    int answers;
};

static void on_message(void *ctx, const struct mllp_in *in)
{
    struct site *s = ctx;
    struct arena *a = arena_new();
    struct hl7_message m;
    struct pcd_message p;
    struct hl7_fault f;
    struct buf b;
    char id[16];
    snprintf(id, sizeof id, "F%d", ++s->answers);
    struct pcd_ack how = {PCD_ACK_AUTO, id, 0, "TEST"};
    buf_init(&b, 8192);
    bool ok = hl7_parse(a, in->msg, in->len, &m, &f) && pcd_decode(a, &m, NULL, &p, &f);
    bool wanted = pcd_ack(&b, &m, &how, ok ? NULL : &f);
    mllp_reply(s->server, in->from, b.data, wanted ? b.len : 0);
    buf_fini(&b);
    arena_free(a);
}

static void *run(void *p)
{
    mllp_server_run(((struct site *)p)->server);
    return NULL;
}

static void mllp_send(void **state)
{
    (void)state;
    static const struct { const char *file, *msa; } rows[] = {
        {"pcd01_periodic.hl7", "MSA|CA|Q1001"}, {"pcd01_two_pumps.hl7", "MSA|CA|Q1002"}, {"pcd10_stop.hl7", "MSA|CA|Q1009"},
        {"pcd04_start.hl7", "MSA|CA|Q1100"},    {"pcd04_end.hl7", "MSA|CA|Q1101"},
    };
    if (system("command -v mllp_send >/dev/null 2>&1") != 0)
        skip();
    struct site s = {0};
    struct err e = {0};
    pthread_t thread;
    s.server = mllp_server_new(&(struct mllp_server_config){.host = "127.0.0.1", .port = "0", .on_message = on_message, .ctx = &s}, &e);
    assert_non_null(s.server);
    pthread_create(&thread, NULL, run, &s);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char command[1024], heard[4096];
        snprintf(command, sizeof command, "mllp_send --loose -p %d -f '%s/%s' 127.0.0.1 2>&1", mllp_server_port(s.server), WIRE_GOLDEN,
                 rows[i].file);
        FILE *f = popen(command, "r");
        assert_non_null(f);
        heard[fread(heard, 1, sizeof heard - 1, f)] = 0;
        assert_int_equal(pclose(f), 0);
        if (!strstr(heard, rows[i].msa))
            fail_msg("%s: %s", rows[i].file, heard);
    }
    mllp_server_stop(s.server);
    pthread_join(thread, NULL);
    mllp_server_free(s.server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(mllp_send)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
