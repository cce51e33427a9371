#include "account/role.h"

#include <string.h>

#define BIT(role) (UINT64_C(1) << ROLE_##role)
#define UNDER_ANY_INITIAL (BIT(HYD_INIT) | BIT(TPD_INF_INIT) | BIT(TPD_PUSH_INIT) | BIT(CHEMO_PUSH_INIT) | BIT(CHEMO_INF_INIT))
#define UNDER_TPD_INF (BIT(TPD_INF_INIT) | BIT(TPD_INF_SEQ))
#define UNDER_CHEMO_INF (BIT(CHEMO_INF_INIT) | BIT(CHEMO_INF_SEQ))
#define UNDER_SC_INF BIT(SC_INF_INIT)

const struct charge_role_info charge_roles[ROLE_COUNT] = {
#define R(name, kind, under, label) {#name, label, kind, under},
    CHARGE_ROLES(R)
#undef R
};
_Static_assert(ROLE_COUNT <= 64, "parents are a 64-bit mask");

bool charge_role_find(const char *name, enum charge_role *out)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (strcmp(charge_roles[i].name, name) == 0) {
            *out = (enum charge_role)i;
            return true;
        }
    return false;
}
