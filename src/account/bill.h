/* bill: one visit's charges worked out from the store: what flowed, what was drawn, who owns it, who pays.
 *
 * Reads derived tables through the caller's tx and decides with the pure engine (admin.h, drug.h, edits.h); writes
 * nothing. Memory in tx->a. The writer or a reader thread, each with its own tx.
 * Rule: minutes come from the flow of each infusion and from nothing else; the same facts give the same bill and the
 * same hash, whoever asks and when.
 */
#ifndef ACCOUNT_BILL_H
#define ACCOUNT_BILL_H

#include "account/admin.h"
#include "account/drug.h"
#include "account/edits.h"
#include "care/care.h"
#include "care/flow.h"
#include "clinic/vials.h"
#include "formulary/content.h"

enum { BILL_TEXT_MAX = FIELD_TEXT_MAX, BILL_EXTRAS_MAX = 4 /* events besides the drug's own, an infusion */ };

struct bill_source {
    struct tx *tx;
    const struct content *content;
    const struct zone *zone;
    const struct site_info *site;
    utc_t now;
};

/* One preparation, or one order still to be given. */
struct bill_drug {
    const char *id;      /* of the preparation or order */
    const struct drug *drug;
    const struct drug_billing *billing; /* NULL: no billing unit on file for the date */
    const struct payer_cover *cover;    /* NULL: the payer says nothing about it */
    bool uncovered;      /* the payer lists diagnoses for it, and the plan's is none of them */
    struct charge_notice notice; /* then: the latest word about the patient's notice; id NULL: none */
    const char *date;
    struct drug_given given;
    struct drug_sheet sheet;
};

struct bill_authorisation {
    struct authorisation row;
    int64_t before, now; /* billing units used before this visit, and by it */
};

struct bill {
    struct visit visit;
    struct plan plan;
    struct patient patient;
    const struct payer *payer; /* NULL: none known */
    const char *payer_name;    /* as recorded, or NULL */
    bool planned;              /* worked out from the orders: nothing has flowed yet */
    struct infusion *infusions;
    struct flow *flows;
    int infusion_count;
    struct charge_policy policy;
    struct charge_event *events;
    int event_count;
    struct charge_sheet sheet;
    struct bill_drug *drugs;
    int drug_count;
    struct charge_line *lines; /* id, charge and revision are the caller's to fill */
    int line_count;
    struct charge_query *queries;
    int query_count, query_room;
    struct charge_trace *traces;
    int trace_count, trace_room;
    struct edit_finding *edits;
    int edit_count;
    struct bill_authorisation *authorisations;
    int authorisation_count;
    struct charge charge;      /* as stored; id NULL: none was made yet */
    const char *passed;        /* who went past "not covered" when it was planned, when and why; NULL: nobody */
    struct dec total;
    char facts[65];            /* SHA-256 of what it was made from */
};

/* ERR_NOT_FOUND for an unknown visit. */
MUST_CHECK bool bill_make(const struct bill_source *s, const char *visit, struct bill *out, struct err *e);

/* bill_read.c: events and drugs from the facts, or from the plan while nothing has flowed. */
MUST_CHECK bool bill_read(const struct bill_source *s, const char *visit, struct bill *b, struct err *e);
void bill_query(const struct bill_source *s, struct bill *b, const char *to, const char *says, const char *about);
void bill_trace(const struct bill_source *s, struct bill *b, const char *event, const char *says);
/* Text that fits a TEXT field, cut at a character with "…". */
const char *bill_text(struct arena *a, const char *s);

#endif
