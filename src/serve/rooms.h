/* rooms: the rooms of care whose tables serve dispatches over, in the order of the path. A room is a word here once it
 * has commands, and one once it has views.
 */
#ifndef SERVE_ROOMS_H
#define SERVE_ROOMS_H

#include "care/care.h"

#define COMMAND_ROOMS(R) \
    R(house)             \
    R(plan)              \
    R(book)              \
    R(prepare)           \
    R(give)

#define VIEW_ROOMS(R) \
    R(house)

#endif
