/* A room that breaks the house: includes a floor above, and keeps a dose in a double. */
#include "care/give.h"

double dose;
