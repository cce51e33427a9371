/* Units of a drug, and the form of other people's codes: what a slip of memory or typing breaks. */
#include "formulary/check.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *check_dose_unit(const struct drug *d)
{
    unit_t u = unit_find(d->show_unit);
    return u != UNIT_NONE && unit_same_dim(u, unit_find("mg")) ? "mg" : d->show_unit;
}

const char *check_per(const char *unit, const char *per)
{
    static _Thread_local char units[8][64];
    static _Thread_local int next;
    char *p = units[next++ % 8];
    snprintf(p, sizeof units[0], "%.40s/%.10s", unit, per);
    return p;
}

bool check_loinc(const char *code)
{
    const char *dash = strchr(code, '-');
    size_t n = dash ? (size_t)(dash - code) : 0;
    if (n < 1 || n > 7 || strspn(code, "0123456789") != n || strlen(dash) != 2 || !isdigit((unsigned char)dash[1]))
        return false;
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int d = code[n - 1 - i] - '0';
        d = i % 2 ? d : d * 2;
        sum += d > 9 ? d - 9 : d;
    }
    return (10 - sum % 10) % 10 == dash[1] - '0';
}

/* Verhoeff's dihedral check: catches every single wrong digit and every swap of neighbours. */
bool check_snomed(const char *code)
{
    static const unsigned char product[10][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
        {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1}, {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
        {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
    static const unsigned char turn[8][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
        {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1}, {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    size_t n = strlen(code);
    unsigned c = 0;
    if (n < 6 || n > 18 || strspn(code, "0123456789") != n)
        return false;
    for (size_t i = 0; i < n; i++)
        c = product[c][turn[i % 8][code[n - 1 - i] - '0']];
    return c == 0;
}

bool check_icd10(const char *code)
{
    size_t n = strlen(code);
    if (n < 3 || n > 8 || !isupper((unsigned char)code[0]) || !isdigit((unsigned char)code[1]) || !isalnum((unsigned char)code[2]))
        return false;
    for (size_t i = 4; i < n; i++)
        if (!isdigit((unsigned char)code[i]) && !isupper((unsigned char)code[i]))
            return false;
    return n == 3 || (code[3] == '.' && n > 4);
}

bool check_hcpcs(const char *code)
{
    return strlen(code) == 5 && code[0] >= 'A' && code[0] <= 'V' && strspn(code + 1, "0123456789") == 4;
}
