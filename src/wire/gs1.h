/* gs1: GS1 element strings, as scanners send them and labels carry them.
 *
 * No state; any thread; text in the caller's arena. Rule: a code is read whole or refused with the identifier that is
 * wrong; a check digit, a date and a length are always tested. Source: GS1 General Specifications 3 (application
 * identifiers), 7.8 (element strings), 7.9 (check digit), 7.12 (century of dates).
 */
#ifndef WIRE_GS1_H
#define WIRE_GS1_H

#include "base/arena.h"
#include "base/buf.h"

enum { GS1_TEXT_MAX = 1000, GS1_ITEMS_MAX = 32, GS1_FNC1 = 0x1D };

struct gs1_item {
    char ai[5];        /* "01", "7003" */
    const char *value; /* as encoded, NUL-terminated */
};

struct gs1 {
    int count;
    struct gs1_item item[GS1_ITEMS_MAX];
    /* The ones this program asks for; NULL when absent. */
    const char *gtin;         /* 01, 14 digits */
    const char *lot;          /* 10 */
    const char *serial;       /* 21 */
    const char *expires;      /* 17 or 7003: "2027-01-31", good to the end of that day unless expires_time is set */
    const char *expires_time; /* 7003: "14:30" local time */
    const char *made;         /* 11: "2026-03-09" */
    const char *sscc;         /* 00 */
    const char *asset;        /* 8004 (an individual asset: a pump), else 8003 */
    const char *count_text;   /* 30 */
    const char *internal;     /* the first of 90 … 99: our own labels */
};

/* Reads "]d2…", "]C1…", "]Q3…", "]e0…", plain element strings with FNC1 as 0x1D, and "(01)…(17)…" as printed for
 * people. `year` is the year now, for the century of two-digit years. On error e->where is "AI 17" or "GS1". */
MUST_CHECK bool gs1_parse(struct arena *a, const char *s, size_t len, int year, struct gs1 *out, struct err *e);
/* Does the text look like one of the above (symbology prefix, parenthesis, or digits of a known AI)? */
bool gs1_looks_like(const char *s, size_t len);

/* Writes the items in the order given, FNC1 (0x1D) after each of variable length but the last; or, for people, with
 * parentheses. Each is tested as in gs1_parse. */
MUST_CHECK bool gs1_build(struct buf *b, const struct gs1_item *item, int count, bool for_people, struct err *e);

/* Mod 10, weights 3 and 1 from the right; n digits without the check digit. Returns '0' … '9'. */
char gs1_check_digit(const char *digits, size_t n);
/* The ten digits of a US NDC in a GTIN of the form x03dddddddddd; false for any other. Where its hyphens stand the
 * code does not say. */
MUST_CHECK bool gs1_ndc10(const char *gtin14, char out[11]);

#endif
