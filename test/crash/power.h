/* power: a disk whose power can be cut, below SQLite.
 *
 * An SQLite VFS over the machine's own, made the default by power_begin. It knows what of every file has been flushed
 * and keeps each write, shortening and deletion since apart. power_cut_after arms it: at the N-th such call from then
 * on the power goes; that call and all later ones fail. power_land then writes what a disk might hold: all that was
 * flushed, and of the rest, by seed, each sector kept, lost or torn. Any thread. Rule: what was flushed is never
 * touched; the bytes around a write are never touched (SQLite is told so too: SQLITE_IOCAP_POWERSAFE_OVERWRITE).
 */
#ifndef TEST_CRASH_POWER_H
#define TEST_CRASH_POWER_H

#include "base/err.h"

#include <stdint.h>

void power_begin(void);             /* once, before the first store is opened */
void power_on(uint64_t seed);       /* all is forgotten; files are as they are on the machine's disk, and flushed */
void power_cut_after(int64_t calls);/* -1: never */
bool power_is_off(void);
/* Every file known, as the disk holds it now, into the directory `to` under its own name. A file whose making was
 * never flushed may be missing. */
MUST_CHECK bool power_land(const char *to, struct err *e);
struct power_sum {
    int64_t kept, lost, torn; /* sectors not flushed when the power went */
    int64_t flushes;
};
struct power_sum power_counts(void); /* since power_begin */

#endif
