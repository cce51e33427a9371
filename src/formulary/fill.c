#include "formulary/fill.h"

#include <string.h>

#include "base/buf.h"

const char *const fill_names[] = {
    "patient_name", "drug_name", "dose", "what", "why", "day_words", "home", "visits", "visit_day", "visit_clock",
    "drug_minutes", "visit_minutes", "interval", "phone", "phone_after_hours", "phone_emergency", "normal", "call", "red",
    "payer", NULL};

/* The name after "{{" at p; "" if the braces do not close in time. *end is behind "}}". */
static const char *name_at(struct arena *a, const char *p, const char **end)
{
    size_t n = strcspn(p + 2, "}");
    if (n == 0 || n > FILL_NAME_MAX || strncmp(p + 2 + n, "}}", 2) != 0)
        return "";
    *end = p + 2 + n + 2;
    return arena_strndup(a, p + 2, n);
}

static bool known(const char *name)
{
    for (int i = 0; fill_names[i]; i++)
        if (strcmp(fill_names[i], name) == 0)
            return true;
    return false;
}

const char *fill_unknown(struct arena *a, const char *text, int *line)
{
    *line = 1;
    for (const char *p = text; *p; p++) {
        *line += *p == '\n';
        if (strncmp(p, "{{", 2) != 0)
            continue;
        const char *end = p, *name = name_at(a, p, &end);
        if (!*name || !known(name))
            return name;
        p = end - 1;
    }
    return NULL;
}

bool fill_text(struct arena *a, const char *text, const struct fill *values, int n, const char **out, struct err *e)
{
    struct buf b;
    bool ok = true;
    buf_init(&b, FILL_TEXT_MAX);
    for (const char *p = text; ok && *p;) {
        const char *open = strstr(p, "{{"), *end = NULL, *value = NULL;
        buf_add(&b, p, open ? (size_t)(open - p) : strlen(p));
        if (!open)
            break;
        const char *name = name_at(a, open, &end);
        for (int i = 0; i < n; i++)
            if (strcmp(values[i].name, name) == 0)
                value = values[i].value;
        if (!value)
            ok = err_set(e, ERR_INTERNAL, name, "the text wants {{%s}}, and nothing fills it", name);
        else
            buf_puts(&b, value);
        p = end;
    }
    ok = ok && buf_ok(&b, "text", e);
    if (ok)
        *out = arena_strndup(a, buf_str(&b), b.len);
    buf_fini(&b);
    return ok;
}
