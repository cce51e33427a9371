#include "clinic/blood.h"

#include <string.h>

enum { ABO = BLOOD_A | BLOOD_B };

static const char *const antigen_names[] = {
    "A", "B", "D", "C", "E", "c", "e", "K", "Fy(a)", "Fy(b)", "Jk(a)", "Jk(b)", "S", "s"};
enum { ANTIGENS = sizeof antigen_names / sizeof *antigen_names };

const char *blood_antigen_name(unsigned one)
{
    for (int i = 0; i < ANTIGENS; i++)
        if (one & (1u << i))
            return antigen_names[i];
    return "none";
}

bool blood_antigen_read(const char *name, unsigned *out, struct err *e)
{
    for (int i = 0; name && i < ANTIGENS; i++)
        if (strcmp(name, antigen_names[i]) == 0) {
            *out = 1u << i;
            return true;
        }
    return err_set(e, ERR_INPUT, "antigen", "the antigen \"%.20s\" is not known here", name ? name : "");
}

bool blood_product_read(const char *word, enum blood_product *out, struct err *e)
{
    static const char *const words[] = {"red cells", "plasma", "platelets", "cryoprecipitate", "whole blood"};
    for (int i = 0; word && i < 5; i++)
        if (strcmp(word, words[i]) == 0) {
            *out = (enum blood_product)i;
            return true;
        }
    return err_set(
        e, ERR_INPUT, "product", "the product is red cells, plasma, platelets, cryoprecipitate or whole blood");
}

bool blood_group_read(const char *text, struct blood_group *out, struct err *e)
{
    *out = (struct blood_group){0};
    if (text && strcmp(text, "unknown") == 0)
        return true;
    size_t n = text ? strcspn(text, " +-") : 0;
    bool o = n == 1 && text[0] == 'O', ab = n == 2 && text[0] == 'A' && text[1] == 'B';
    bool a = n == 1 && text[0] == 'A', b = n == 1 && text[0] == 'B';
    const char *rest = text ? text + n : "";
    bool pos = strcmp(rest, "+") == 0 || strcmp(rest, " pos") == 0,
         neg = strcmp(rest, "-") == 0 || strcmp(rest, " neg") == 0;
    if ((!o && !ab && !a && !b) || (!pos && !neg))
        return err_set(e, ERR_INPUT, "group", "a blood group is written O neg, A pos, B+ or AB-, or unknown");
    *out = (struct blood_group){
        .known = true, .abo = (a || ab ? BLOOD_A : 0) | (b || ab ? BLOOD_B : 0), .d_known = true, .d = pos};
    return true;
}

/* Landsteiner: everyone has the antibodies against the A and B he lacks. */
static unsigned natural_antibodies(const struct blood_group *g)
{
    return g->known ? ABO & ~g->abo : ABO;
}

static unsigned own_antigens(const struct blood_group *g)
{
    return g->known ? g->abo : ABO;
}

static void no(struct blood_match *out, unsigned meeting, const char *why)
{
    out->verdict = BLOOD_NO;
    out->meeting = meeting;
    out->why = why;
    out->condition = NULL;
}

static void only_if(struct blood_match *out, const char *condition)
{
    if (out->verdict > BLOOD_IF)
        out->verdict = BLOOD_IF;
    out->condition = condition;
}

/* What the cells of the unit may carry: ABO and D as labelled, anything else unless typed negative. */
static unsigned cells_carry(const struct blood_unit *u)
{
    unsigned labelled = u->group.abo | (u->group.d ? BLOOD_D : 0);
    return labelled | ((unsigned)BLOOD_ALL & ~(unsigned)(ABO | BLOOD_D) & ~u->absent);
}

/* Red cells of the unit against antibodies of the patient. */
static bool cells_fit(const struct blood_recipient *r, const struct blood_unit *u, struct blood_match *out)
{
    unsigned carried = cells_carry(u), natural = carried & natural_antibodies(&r->group),
             allo = carried & r->antibodies;
    bool d_negative = !r->group.d_known || !r->group.d;
    if (natural)
        no(out, natural, "the red cells carry an ABO antigen the patient has the antibody against");
    else if (allo)
        no(out, allo, "the red cells carry, or are not typed for, an antigen the patient has an antibody against");
    else if (u->group.d && d_negative && r->protect_d)
        no(out, BLOOD_D, "D-positive red cells would immunise this D-negative patient");
    else if (u->group.d && d_negative)
        only_if(out, "D-positive red cells for a D-negative patient: by agreement with the blood bank");
    return out->verdict != BLOOD_NO;
}

/* Plasma of the unit against antigens of the patient. */
static bool plasma_fits(const struct blood_recipient *r, const struct blood_unit *u, struct blood_match *out)
{
    unsigned meeting = natural_antibodies(&u->group) & own_antigens(&r->group);
    if (!meeting)
        return true;
    bool titre_helps = u->product == BLOOD_PLATELETS || u->product == BLOOD_WHOLE;
    if (titre_helps && u->low_titre)
        only_if(out, "the plasma of the unit is out of group: low titre, by agreement with the blood bank");
    else
        no(out, meeting, "the plasma of the unit has an antibody against an ABO antigen of the patient");
    return out->verdict != BLOOD_NO;
}

/* Platelets carry some ABO and hardly any red cells: what meets the antibody costs platelets, not red cells. */
static void platelets_fit(const struct blood_recipient *r, const struct blood_unit *u, struct blood_match *out)
{
    if (!plasma_fits(r, u, out))
        return;
    if (out->verdict == BLOOD_YES && (u->group.abo & natural_antibodies(&r->group)))
        out->condition = "other group: the platelet count may rise less";
    if (u->group.d && r->group.d_known && !r->group.d && r->protect_d)
        only_if(out, "D-positive platelets for a D-negative patient: anti-D within 72 hours");
}

bool blood_match(const struct blood_recipient *r, const struct blood_unit *u, struct blood_match *out, struct err *e)
{
    *out = (struct blood_match){.verdict = BLOOD_YES};
    bool cells = u->product == BLOOD_RED_CELLS || u->product == BLOOD_WHOLE;
    if (!u->group.known || (!u->group.d_known && (cells || u->product == BLOOD_PLATELETS))) {
        no(out, 0, "the group of the unit is not known");
        return err_set(e, ERR_INPUT, "unit", "the group of the unit is not known");
    }
    if (cells && !cells_fit(r, u, out))
        return true;
    if (u->product == BLOOD_PLASMA || u->product == BLOOD_WHOLE)
        (void)plasma_fits(r, u, out);
    else if (u->product == BLOOD_PLATELETS)
        platelets_fit(r, u, out);
    else if (u->product == BLOOD_CRYO && (natural_antibodies(&u->group) & own_antigens(&r->group)))
        out->condition = "other group: for an adult any group may be given (site policy)";
    bool same =
        r->group.known && r->group.abo == u->group.abo && (!cells || (r->group.d_known && r->group.d == u->group.d));
    if (out->verdict == BLOOD_YES && same)
        out->verdict = BLOOD_SAME;
    return true;
}
