/* charge: the account's commands and views: a visit's charges made, checked and closed; the patient's estimate and the
 * statement. Commands on the writer thread, views on readers.
 * Rule: a charge is made from the facts as a whole; a late fact makes a new revision, never a silent change.
 */
#ifndef ACCOUNT_CHARGE_H
#define ACCOUNT_CHARGE_H

#include "account/benefit.h"
#include "account/bill.h"

CARE_ROOM(charge); /* charge.make, charge.notice, charge.finalise              views: charges, charge, estimate, statement */

/* ---- inputs of the commands ----------------------------------------------------------------------------------------- */

#define FIELDS_charge_notice_in(F, R) \
    F(R, REF,  visit,     MUST, "visit", "which visit") \
    F(R, TEXT, drug,      MUST, "", "drug id, one charged for it") \
    F(R, CODE, state,     MUST, "signed|none", "signed before the service (the line carries GA), or there is none (GZ)") \
    F(R, DATE, signed_on, MAY,  "", "signed: on which day, not after the visit's")
RECORD(charge_notice_in); /* wants a reason */

/* ---- shapes of the views -------------------------------------------------------------------------------------------- */

#define FIELDS_charge_head(F, R) \
    F(R, REF,  visit,    MUST, "visit", "visit") \
    F(R, REF,  patient,  MUST, "patient", "patient") \
    F(R, ID,   charge,   MAY,  "", "charge id, once made") \
    F(R, CODE, state,    MUST, "open|made|final|corrected", "open: not made yet") \
    F(R, INT,  revision, MAY,  "", "revision, once made") \
    F(R, BOOL, late,     MUST, "", "facts have changed since it was made: make it again") \
    F(R, BOOL, planned,  MUST, "", "nothing has flowed yet: the lines are what is planned") \
    F(R, TEXT, title,    MUST, "", "regimen") \
    F(R, TEXT, payer,    MAY,  "", "who pays") \
    F(R, TEXT, currency, MUST, "", "of all amounts") \
    F(R, DEC,  total,    MUST, "{currency}", "sum of the lines") \
    F(R, TEXT, rules,    MUST, "", "content release of the rules")
RECORD(charge_head);

#define FIELDS_charge_edit_row(F, R) \
    F(R, TEXT, rule,   MUST, "", "rule: H01 …") \
    F(R, CODE, action, MUST, "reject|hold|drop|reduce|warn", "what to do") \
    F(R, INT,  line,   MAY,  "", "place of the line; absent: the claim") \
    F(R, TEXT, says,   MUST, "", "what is wrong")
RECORD(charge_edit_row);

#define FIELDS_statement_head(F, R) \
    F(R, TEXT, site,    MUST, "", "who treated") \
    F(R, TEXT, address, MAY,  "", "its address") \
    F(R, TEXT, phone,   MAY,  "", "whom to ask") \
    F(R, TEXT, name,    MUST, "", "FAMILY, Given") \
    F(R, TEXT, mrn,     MUST, "", "identifier") \
    F(R, TEXT, born,    MUST, "", "14-Jul-1968") \
    F(R, TEXT, day,     MUST, "", "day of the visit") \
    F(R, TEXT, title,   MUST, "", "treatment") \
    F(R, TEXT, payer,   MAY,  "", "who was or will be asked to pay") \
    F(R, TEXT, state,   MUST, "", "\"final\", or why it may still change") \
    F(R, TEXT, total,   MUST, "", "sum, with its currency") \
    F(R, TEXT, yours,   MUST, "", "what the patient may have to pay: an estimate") \
    F(R, TEXT, note,    MUST, "", "what this page is and is not")
RECORD(statement_head);

#define FIELDS_statement_line(F, R) \
    F(R, TEXT, what,   MUST, "", "in plain words") \
    F(R, TEXT, code,   MAY,  "", "the site's code, with modifiers") \
    F(R, INT,  units,  MUST, "", "units") \
    F(R, TEXT, amount, MUST, "", "amount, with its currency") \
    F(R, TEXT, says,   MUST, "", "why")
RECORD(statement_line);

enum { CHARGE_DAY_MAX = 500 /* visits of one day */ };
extern const char charge_currency[]; /* of the demo's invented prices */

/* The patient's estimate of a bill; false in *known (and *why says so) when payer or amounts are not known. */
MUST_CHECK bool charge_estimate(const struct bill_source *s, const struct bill *b, struct benefit_estimate *out, bool *known, const char **why, struct err *e);

#endif
