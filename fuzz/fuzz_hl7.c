/* Any bytes into the HL7 parser and the pump decoder: each answers with a message or a fault with text, and what the
 * acknowledgement says of them can be read back. */
#include "wire/pcd.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct hl7_message m, back;
    struct hl7_fault f, again;
    struct pcd_message p;
    struct pcd_ack how = {PCD_ACK_ENHANCED, "A1", 0, "SITE"};
    struct buf b;
    buf_init(&b, 4 * HL7_MESSAGE_MAX);
    bool ok = hl7_parse(a, (const char *)data, size, &m, &f);
    for (int i = 0; ok && i < m.count; i++)
        for (int k = 0; k < m.segment[i].count; k++)
            (void)hl7_text(a, &m, hl7_field(&m.segment[i], k));
    ok = ok && pcd_decode(a, &m, NULL, &p, &f);
    if (ok ? f.code != HL7_OK || !p.control_id || p.kind == PCD_NONE : f.code == HL7_OK || !f.text[0])
        abort();
    if (!pcd_ack(&b, &m, &how, &f) || !hl7_parse(a, b.data, b.len, &back, &again) || back.count != (ok ? 2 : 3))
        abort();
    buf_fini(&b);
    arena_free(a);
    return 0;
}
