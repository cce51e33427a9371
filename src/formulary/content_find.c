/* Look-ups. Lists are short (tens), so they are walked. */
#include "formulary/content_shape.h"

#include <stdio.h>
#include <string.h>

#define FIND(list, n, field, want)                                   \
    for (int find_i = 0; (want) && find_i < (n); find_i++)           \
        if (strcmp((list)[find_i].field, (want)) == 0)               \
            return &(list)[find_i];                                  \
    return NULL

const struct drug *content_drug(const struct content *c, const char *id) { FIND(c->drugs, c->drugs_count, id, id); }
const struct regimen *content_regimen(const struct content *c, const char *id) { FIND(c->regimens, c->regimens_count, id, id); }
const struct regimen_dose *regimen_find_dose(const struct regimen *r, const char *dose_id) { FIND(r->doses, r->doses_count, id, dose_id); }
const struct rule *content_rule(const struct content *c, const char *id) { FIND(c->rules, c->rules_count, id, id); }
const struct screen_form *content_screen(const struct content *c, const char *id) { FIND(c->screens, c->screens_count, id, id); }
const struct payer_cover *payer_find_cover(const struct payer *p, const char *drug_id) { FIND(p->covers, p->covers_count, drug, drug_id); }
const struct price_code *content_price_code(const struct content *c, const char *role) { FIND(c->price_codes, c->price_codes_count, role, role); }

const struct drug_vial *content_vial(const struct content *c, const char *vial_id, const struct drug **of)
{
    for (int i = 0; vial_id && i < c->drugs_count; i++)
        for (int v = 0; v < c->drugs[i].vials_count; v++)
            if (strcmp(c->drugs[i].vials[v].id, vial_id) == 0) {
                if (of)
                    *of = &c->drugs[i];
                return &c->drugs[i].vials[v];
            }
    return NULL;
}

const struct drug_vial *content_vial_by_gtin(const struct content *c, const char *gtin, const struct drug **of)
{
    for (int i = 0; gtin && i < c->drugs_count; i++)
        for (int v = 0; v < c->drugs[i].vials_count; v++)
            if (c->drugs[i].vials[v].gtin && strcmp(c->drugs[i].vials[v].gtin, gtin) == 0) {
                if (of)
                    *of = &c->drugs[i];
                return &c->drugs[i].vials[v];
            }
    return NULL;
}

const struct payer *content_payer(const struct content *c, const char *id_or_name)
{
    for (int i = 0; id_or_name && i < c->payers_count; i++)
        if (strcmp(c->payers[i].id, id_or_name) == 0 || strcmp(c->payers[i].name, id_or_name) == 0)
            return &c->payers[i];
    return NULL;
}

const char *content_leaflet(const struct content *c, const char *name, const char *language)
{
    const char *try[2] = {language && strlen(language) < 20 ? language : "en", "en"};
    for (int t = 0; name && t < 2; t++) {
        char path[200];
        snprintf(path, sizeof path, "leaflets/%.100s.%s.md", name, try[t]);
        for (int i = 0; i < c->files_count; i++)
            if (c->files[i].text && strcmp(c->files[i].path, path) == 0)
                return c->files[i].text;
    }
    return NULL;
}

const struct drug_billing *drug_billing_on(const struct drug *d, const char *date)
{
    for (int i = 0; i < d->billing_count; i++)
        if (strcmp(d->billing[i].from, date) <= 0 && (!d->billing[i].until || strcmp(date, d->billing[i].until) <= 0))
            return &d->billing[i];
    return NULL;
}

const struct drug_restart *drug_restart_for(const struct drug *d, int grade)
{
    for (int i = 0; i < d->restarts_count; i++)
        if (d->restarts[i].grade == grade)
            return &d->restarts[i];
    return NULL;
}

const struct drug_limit *drug_limit_of(const struct drug *d, const char *of)
{
    for (int i = 0; i < d->limits_count; i++)
        if (!d->limits[i].area && strcmp(d->limits[i].of, of) == 0)
            return &d->limits[i];
    return NULL;
}

bool drug_limit_holds(const struct drug_limit *l, const char *setting)
{
    return !l->area || strcmp(l->area, strcmp(setting, "hospital") == 0 ? "ward" : setting) == 0;
}

static const struct drug_pair *pair_of(const struct content *c, const char *a, const char *b, const char *at)
{
    const struct drug *d = content_drug(c, a);
    for (int i = 0; d && b && i < d->compatibility_count; i++)
        if (strcmp(d->compatibility[i].drug, b) == 0 && strcmp(d->compatibility[i].at, at) == 0)
            return &d->compatibility[i];
    return NULL;
}

const struct drug_pair *content_pair(const struct content *c, const char *a, const char *b, const char *at)
{
    const struct drug_pair *p = pair_of(c, a, b, at);
    return p ? p : pair_of(c, b, a, at);
}

bool regimen_for_setting(const struct regimen *r, const char *setting)
{
    return content_word_listed(r->settings ? r->settings : "hospital centre", setting);
}

/* One word of the list against `code`; star: a trailing '*' in the list stands for any ending. */
static bool listed(const char *list, const char *code, bool star)
{
    size_t n = code ? strlen(code) : 0;
    for (const char *p = list; p && *p && n; p += strcspn(p, " "), p += strspn(p, " ")) {
        size_t len = strcspn(p, " ");
        if (star && p[len - 1] == '*' ? n >= len - 1 && strncmp(p, code, len - 1) == 0 : n == len && strncmp(p, code, len) == 0)
            return true;
    }
    return false;
}

bool content_code_listed(const char *list, const char *code)
{
    return listed(list, code, true);
}

bool content_word_listed(const char *list, const char *word)
{
    return listed(list, word, false);
}

int content_regimens_for(const struct content *c, const char *icd10, const struct regimen **out, int max)
{
    int n = 0;
    for (int i = 0; i < c->regimens_count; i++) {
        bool fits = false;
        for (int k = 0; k < c->regimens[i].indications_count; k++)
            fits |= strcmp(c->regimens[i].indications[k].code, icd10) == 0;
        if (fits && n < max)
            out[n++] = &c->regimens[i];
    }
    return n;
}

bool content_entry_json(const struct content *c, const char *kind, const char *id, struct json *j, const char *key, struct err *e)
{
    for (int i = 0; i < c->files_count; i++) {
        const struct node *body = node_get(c->files[i].tree, kind);
        const char *own = node_str(node_get(body, "id"));
        if (own && strcmp(own, id) == 0) {
            json_node(j, key, c->files[i].tree);
            return true;
        }
    }
    return err_set(e, ERR_NOT_FOUND, kind, "no %s \"%s\" in the content", kind, id);
}
