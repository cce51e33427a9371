#include "record/id.h"

#include <inttypes.h>
#include <string.h>

enum { RADIX = 2, MODULUS = 37, SEQ_DIGITS_MAX = 18 };

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";

/* ISO 7064 knows digits and letters; case does not count, and the hyphens (and "_") between them weigh as "*". */
static int weight(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return 36;
}

static char check_of(const char *s, size_t n)
{
    int p = 0;
    for (size_t i = 0; i < n; i++)
        p = (p + weight(s[i])) * RADIX % MODULUS;
    return alphabet[(MODULUS + 1 - p) % MODULUS];
}

const char *id_make(struct arena *a, int64_t site, const char *type, int64_t seq)
{
    char *s = arena_printf(a, "%" PRId64 "-%s-%" PRId64 "-?", site, type, seq);
    size_t n = strlen(s);
    s[n - 1] = check_of(s, n - 1);
    return s;
}

static const char *read_number(const char *s, int64_t *out)
{
    int digits = 0;
    for (*out = 0; *s >= '0' && *s <= '9'; s++) {
        if (++digits > SEQ_DIGITS_MAX)
            return NULL;
        *out = *out * 10 + (*s - '0');
    }
    return digits && *s == '-' ? s + 1 : NULL;
}

bool id_read(const char *text, struct id *out, struct err *e)
{
    const char *s = text ? read_number(text, &out->site) : NULL;
    size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;
    if (!s || !n || n >= sizeof out->type || s[n] != '-')
        return err_set(e, ERR_INPUT, "id", "\"%.60s\" is not an id such as 1-visit-48213-5", text ? text : "");
    memcpy(out->type, s, n);
    out->type[n] = 0;
    const char *check = read_number(s + n + 1, &out->seq);
    if (!check || !check[0] || check[1])
        return err_set(e, ERR_INPUT, "id", "\"%.60s\" is not an id such as 1-visit-48213-5", text);
    if (*check != check_of(text, (size_t)(check - text)))
        return err_set(e, ERR_INPUT, "id", "\"%.60s\" is mistyped: its check character does not fit", text);
    return true;
}
