/* label: the label of a bag, 100 × 70 mm: who, what, how much, how fast, until when, and a GS1 DataMatrix.
 *
 * Any thread. Rule: exactly what the pharmacy page previews; a label without a barcode is not printed.
 */
#ifndef WIRE_LABEL_H
#define WIRE_LABEL_H

#include "base/buf.h"

struct label {
    const char *site, *patient, *born, *mrn;
    const char *drug, *dose, *volume, *rates, *diluent;
    const char *beyond_use, *lot, *bag, *barcode;
    const char *made_by, *checked_by, *notes;
    bool demo;
};
MUST_CHECK bool label_pdf(const struct label *l, struct buf *out, struct err *e);

#endif
