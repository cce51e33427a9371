/* numbers: whole numbers out of lines of text, with the line they stood on: how instance and solution files are read.
 *
 * Points into the caller's text. Any thread. Rule: an error names the line and the field, and what may stand there.
 */
#ifndef SCHEDULE_NUMBERS_H
#define SCHEDULE_NUMBERS_H

#include "base/err.h"

struct numbers {
    const char *at, *end;
    int line; /* from 1 */
};

void numbers_init(struct numbers *n, const char *text, size_t len);
/* The next number of this line, min ≤ *out ≤ max; ERR_INPUT "line 12" otherwise. `what` is the field's name. */
MUST_CHECK bool numbers_read(struct numbers *n, const char *what, int min, int max, int *out, struct err *e);
/* `len` characters 0 or 1 as one word, into bits[len]. */
MUST_CHECK bool numbers_bits(struct numbers *n, const char *what, int len, unsigned char *bits, struct err *e);
/* Nothing more may stand on this line; goes to the next. */
MUST_CHECK bool numbers_line_end(struct numbers *n, struct err *e);
/* Only blank lines may follow. */
MUST_CHECK bool numbers_end(struct numbers *n, struct err *e);
/* How many words the line we stand on has. */
int numbers_words(const struct numbers *n);
/* ERR_INPUT at this line. */
bool numbers_fail(const struct numbers *n, struct err *e, const char *fmt, ...) PRINTF(3, 4);

#endif
