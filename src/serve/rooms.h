/* rooms: the rooms whose tables serve dispatches over, in the order of the path. A new room is one line here.
 */
#ifndef SERVE_ROOMS_H
#define SERVE_ROOMS_H

#include "account/charge.h"
#include "care/care.h"

#define COMMAND_ROOMS(R) \
    R(house)             \
    R(plan)              \
    R(query)             \
    R(book)              \
    R(ready)             \
    R(visit)             \
    R(prepare)           \
    R(give)              \
    R(queue)             \
    R(watch)             \
    R(correct)           \
    R(teach)             \
    R(charge)

#define VIEW_ROOMS(R) \
    R(house)          \
    R(plan)           \
    R(query)          \
    R(book)           \
    R(ready)          \
    R(prepare)        \
    R(queue)          \
    R(watch)          \
    R(correct)        \
    R(teach)          \
    R(charge)

#endif
