#include "schedule/numbers.h"

#include <stdio.h>

void numbers_init(struct numbers *n, const char *text, size_t len)
{
    *n = (struct numbers){.at = text, .end = text + len, .line = 1};
}

bool numbers_fail(const struct numbers *n, struct err *e, const char *fmt, ...)
{
    char where[32], text[300];
    va_list ap;
    snprintf(where, sizeof where, "line %d", n->line);
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(e, ERR_INPUT, where, "%s", text);
}

static void skip_blank(struct numbers *n)
{
    while (n->at < n->end && (*n->at == ' ' || *n->at == '\t' || *n->at == '\r'))
        n->at++;
}

static bool word_ends(const struct numbers *n)
{
    return n->at == n->end || *n->at == ' ' || *n->at == '\t' || *n->at == '\r' || *n->at == '\n';
}

bool numbers_read(struct numbers *n, const char *what, int min, int max, int *out, struct err *e)
{
    enum { DIGITS_MAX = 9 };
    int value = 0, digits = 0;
    skip_blank(n);
    bool minus = n->at < n->end && *n->at == '-';
    if (minus)
        n->at++;
    for (; n->at < n->end && *n->at >= '0' && *n->at <= '9'; n->at++)
        if (++digits <= DIGITS_MAX)
            value = value * 10 + (*n->at - '0');
    if (digits == 0 && !minus && word_ends(n))
        return numbers_fail(n, e, "%s is missing", what);
    if (digits == 0 || !word_ends(n))
        return numbers_fail(n, e, "%s is not a whole number", what);
    if (digits > DIGITS_MAX)
        return numbers_fail(n, e, "%s has more than %d digits", what, DIGITS_MAX);
    value = minus ? -value : value;
    if (value < min || value > max)
        return numbers_fail(n, e, "%s is %d; it may be %d to %d", what, value, min, max);
    *out = value;
    return true;
}

bool numbers_bits(struct numbers *n, const char *what, int len, unsigned char *bits, struct err *e)
{
    int i = 0;
    skip_blank(n);
    for (; n->at < n->end && (*n->at == '0' || *n->at == '1'); n->at++)
        if (i++ < len)
            bits[i - 1] = (unsigned char)(*n->at - '0');
    if (i != len || !word_ends(n))
        return numbers_fail(n, e, "%s must be %d characters 0 or 1", what, len);
    return true;
}

bool numbers_line_end(struct numbers *n, struct err *e)
{
    skip_blank(n);
    if (n->at < n->end && *n->at != '\n')
        return numbers_fail(n, e, "has more than belongs on this line");
    if (n->at < n->end) {
        n->at++;
        n->line++;
    }
    return true;
}

bool numbers_end(struct numbers *n, struct err *e)
{
    for (; n->at < n->end; n->at++) {
        if (*n->at == '\n')
            n->line++;
        else if (*n->at != ' ' && *n->at != '\t' && *n->at != '\r')
            return numbers_fail(n, e, "stands after the end of the instance");
    }
    return true;
}

int numbers_words(const struct numbers *n)
{
    struct numbers look = *n;
    int words = 0;
    for (skip_blank(&look); look.at < look.end && *look.at != '\n'; skip_blank(&look)) {
        words++;
        while (!word_ends(&look))
            look.at++;
    }
    return words;
}
