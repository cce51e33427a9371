/* builtin: the DEMO content built into the program (content/, tools/embed.c). Constant; any thread.
 * Rule: what is read from it is the same release as what is read from the folder: same hash.
 */
#ifndef FORMULARY_BUILTIN_H
#define FORMULARY_BUILTIN_H

#include "base/embed.h"

extern const struct embed_set content_builtin;

#endif
