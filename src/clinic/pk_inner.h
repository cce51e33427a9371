/* pk_inner: between decimals and the binary numbers of kinetics; for the pk files only. */
#ifndef CLINIC_PK_INNER_H
#define CLINIC_PK_INNER_H

#include "base/dec.h"

double pk_number(struct dec d);           /* NaN for no number */
struct dec pk_estimate(double x);         /* 6 significant digits; DEC_NONE if it is not finite or out of range */

#endif
