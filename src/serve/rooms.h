/* rooms: the rooms of care whose tables serve dispatches over, in the order of the path. A new room is one line here. */
#ifndef SERVE_ROOMS_H
#define SERVE_ROOMS_H

#include "care/care.h"

#define ROOMS(R) \
    R(house)

#endif
