#include "account/policy.h"

#include "base/dec.h"

#include <stdio.h>
#include <string.h>

const struct charge_policy_row charge_policy_rows[] = {
#define P(name, words, preset, least, most, meaning, source) \
    {#name, words, preset, least, most, meaning, source, offsetof(struct charge_policy, name)},
    CHARGE_POLICY(P)
#undef P
};
const int charge_policy_count = (int)(sizeof charge_policy_rows / sizeof charge_policy_rows[0]);

struct charge_policy charge_policy_default(void)
{
    return (struct charge_policy){
        .version = "",
#define P(name, words, preset, least, most, meaning, source) .name = preset,
        CHARGE_POLICY(P)
#undef P
    };
}

/* Place of `value` among "a|b|c"; -1 if it is none of them. */
static int word_place(const char *words, const char *value)
{
    size_t len = strlen(value);
    int place = 0;
    for (const char *w = words; *w; place++) {
        size_t n = strcspn(w, "|");
        if (n == len && memcmp(w, value, n) == 0)
            return place;
        w += n + (w[n] == '|');
    }
    return -1;
}

bool charge_policy_set(struct charge_policy *p, const char *name, const char *value, struct err *e)
{
    for (int i = 0; i < charge_policy_count; i++) {
        const struct charge_policy_row *row = &charge_policy_rows[i];
        if (strcmp(row->name, name) != 0)
            continue;
        int64_t n = -1;
        if (row->words[0]) {
            n = word_place(row->words, value);
            if (n < 0)
                return err_set(e, ERR_INPUT, name, "\"%.40s\" is not one of %s", value, row->words);
        } else {
            struct dec d;
            struct err bad = {0};
            if (!dec_parse(value, strlen(value), &d, &bad) || !dec_eq(d, dec_round(d, 0, DEC_DOWN)) ||
                !dec_to_int(d, DEC_DOWN, &n) || n < row->least || n > row->most)
                return err_set(e, ERR_INPUT, name, "\"%.40s\" is not a whole number from %d to %d", value, row->least, row->most);
        }
        *(int *)(void *)((char *)p + row->offset) = (int)n;
        return true;
    }
    return err_set(e, ERR_INPUT, name, "there is no billing setting of this name");
}

const char *charge_policy_show(const struct charge_policy *p, const struct charge_policy_row *row, char out[16])
{
    int n = *(const int *)(const void *)((const char *)p + row->offset);
    const char *w = row->words;
    if (!w[0]) {
        snprintf(out, 16, "%d", n);
        return out;
    }
    for (; n > 0 && *w; n--) {
        w += strcspn(w, "|");
        w += *w == '|';
    }
    snprintf(out, 16, "%.*s", (int)strcspn(w, "|"), w);
    return out;
}
