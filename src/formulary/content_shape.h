/* content_shape: how the child lists of a content record are found, so that one reader reads every file.
 *
 * Private to formulary. Constant data. Rule: a member of a file is either a field of the record's table or a part of
 * its shape; anything else is refused.
 */
#ifndef FORMULARY_CONTENT_SHAPE_H
#define FORMULARY_CONTENT_SHAPE_H

#include "formulary/content.h"

enum part_kind {
    PART_ONE,   /* a map: pointer to a struct */
    PART_MANY,  /* a list of maps: pointer to an array, and its count */
    PART_WORDS  /* a list of texts */
};

struct shape;

struct part {
    const char *key;
    enum part_kind kind;
    enum field_need need;
    size_t offset, count_offset;
    const struct shape *shape; /* NULL for words */
};

struct shape {
    const struct record *record;
    const struct part *parts;
    int count;
};

/* What a file of a kind holds besides its head, and where in struct content it goes. */
struct body {
    const char *kind; /* of content_head */
    struct part part; /* key in the file; offsets in struct content */
    bool per_file;    /* one entry a file, gathered (drugs, regimens); else the one file of the kind */
};

extern const struct shape shape_content_head;
extern const struct body content_bodies[];
extern const int content_body_count;

/* Finds the file and the place of an entry: used by checks to name line and column. */
const struct node *shape_locate(const struct content_file *f, const char *path);

#endif
