/* doc/rules.md: the rules of the built-in content, by the ranked list of dangers and one by one. */
#include <stdio.h>
#include <string.h>

#include "serve/describe.h"

/* Clinical reference section 1, in our own short words; the number is the rank. */
static const char *const dangers[] = {"Right patient, right product", "Route lock: vincas, concentrated potassium", "Units and tenfold errors",
    "Dose against protocol", "Day-1 laboratory gate", "Lifetime dose", "Rate limits", "Reaction: stop, treat, restart", "Allergy and earlier reaction",
    "Extravasation and line gate", "Transfusion clocks", "Compatibility and diluent", "Patient-controlled opioids", "Insulin and heparin nomograms",
    "Fever in neutropenia", "Nutrition limits", "Beyond-use and expiry at the start", "Line: residual volume", "Line bundle and set-change clocks",
    "Home eligibility"};
enum { DANGERS = sizeof dangers / sizeof dangers[0] };

static void cell(struct buf *b, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '|')
            buf_puts(b, "\\|");
        else
            buf_addc(b, *text == '\n' ? ' ' : *text);
    }
}

static void by_rank(struct buf *b, const struct content *c)
{
    buf_puts(b, "| rank | danger | rules |\n|---|---|---|\n");
    for (int d = 0; d < DANGERS; d++) {
        char number[4];
        int n = 0;
        snprintf(number, sizeof number, "%d", d + 1);
        buf_printf(b, "| %d | ", d + 1);
        cell(b, dangers[d]);
        buf_puts(b, " | ");
        for (int i = 0; i < c->rules_count; i++)
            if (content_word_listed(c->rules[i].ranks, number))
                buf_printf(b, "%s`%s`", n++ ? ", " : "", c->rules[i].id);
        buf_puts(b, n ? " |\n" : "no rule yet |\n");
    }
}

static const char *source_says(const struct content *c, const char *id, size_t len)
{
    for (int i = 0; i < c->files_count; i++)
        for (int s = 0; c->files[i].head.kind && strcmp(c->files[i].head.kind, "rules") == 0 && s < c->files[i].head.sources_count; s++) {
            const struct content_source *x = &c->files[i].head.sources[s];
            if (strlen(x->id) == len && strncmp(x->id, id, len) == 0)
                return x->title;
        }
    return "";
}

static void one_rule(struct buf *b, const struct content *c, const struct rule *r)
{
    buf_printf(b, "\n### `%s`\n\n%s. **%s.** %s\n\n", r->id, r->title, r->severity, r->words);
    buf_printf(b, "- reads: %s\n", r->reads);
    if (r->ranks)
        buf_printf(b, "- rank: %s\n", r->ranks);
    buf_printf(b, "- override: %s\n", r->who ? r->who : strcmp(r->severity, "note") == 0 ? "none needed" : "nobody");
    if (r->how)
        buf_printf(b, "- what to do: %s\n", r->how);
    for (const char *p = r->source; *p; p += strcspn(p, " "), p += strspn(p, " "))
        buf_printf(b, "- source: %s\n", source_says(c, p, strcspn(p, " ")));
}

void describe_rules(struct buf *b, const struct content *c)
{
    buf_puts(b, "# Rules\n\nPrinted from `content/rules.yaml` by `ninja -C build describe`; a test compares it. DEMO content: nobody has approved it.\n\n"
                "A *hard stop* nobody passes. *Needs a reason*: who is named may go on, with words; the override names the facts it saw and is void "
                "when they change.\nA *note* is shown and kept. A limit in a drug's own file may be stricter than the rule. Stopping, slowing, flushing "
                "and rescue drugs are never held back.\n\n`not_supported` holds what the program cannot carry yet: such a regimen is refused whole.\n\n"
                "## By rank\n\n");
    by_rank(b, c);
    buf_puts(b, "\n## One by one\n");
    for (int i = 0; i < c->rules_count; i++)
        one_rule(b, c, &c->rules[i]);
}
