/* pcd_private: one message on its way from a frame to its commands; pcd_in.c and pcd_failed.c.
 */
#ifndef SERVE_PCD_PRIVATE_H
#define SERVE_PCD_PRIVATE_H

#include "care/pump_desk.h"
#include "serve/pcd_in.h"
#include "wire/mllp_server.h"
#include "wire/pcd.h"

enum { JOBS_KEPT = 256 }; /* memory of messages, kept for the next ones */

struct pcd_in {
    struct server *s;
    struct mllp_server *mllp;
    pthread_t thread;
    const struct command *command;
    struct pump_desk *desk; /* writer thread only */
    pthread_mutex_t lock;   /* of the kept memory */
    struct arena *kept[JOBS_KEPT];
    int kept_count;
    uint64_t acks; /* MLLP thread only */
};

struct pump_job {
    struct write_job job; /* first */
    struct pcd_in *p;
    struct mllp_from from;
    struct arena *a;
    utc_t received;       /* real */
    const char *raw, *sender, *id;
    size_t len;
    struct hl7_message m;
    struct pcd_message said;
    struct command_run *runs;
    struct hub_live *words; /* of the channels that moved without an event */
    int run_count, word_count;
    const char *ack_id, *good, *reply;
    struct command_run *noted; /* of a failure */
    struct hl7_fault fault; /* why it could not be used; code HL7_OK: it could */
};

/* j->raw is read into j->m and j->said, named, and made into runs. False: *f says why (it is named all the same). */
MUST_CHECK bool pump_job_read(struct pump_job *j, bool too_large, struct hl7_fault *f);
/* The job's message goes into the inbox and its commands are decided; j->reply is what is answered. */
MUST_CHECK bool pump_job_decide(struct pump_job *j, struct tx *t, struct err *e);
/* The acknowledgement under j->ack_id, positive if f is NULL; "" if the sender wants none. */
const char *pump_job_ack(struct pump_job *j, const struct hl7_fault *f);
/* What an error of the decision is in HL7's words. */
struct hl7_fault pump_job_fault(const struct pump_job *j, const struct err *e);

/* pcd_failed.c: the message is kept apart, under its cause, and the failure noted. */
MUST_CHECK bool pump_job_failed(struct pump_job *j, struct tx *t, struct err *e);

#endif
