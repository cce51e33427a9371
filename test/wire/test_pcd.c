#include "wire_test.h"

static void periodic(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pcd_message p;
    decode_ok(a, golden(a, "pcd01_periodic.hl7"), &p);
    assert_int_equal(p.kind, PCD_01_OBSERVATION);
    assert_string_equal(p.control_id, "Q1001");
    assert_string_equal(p.sender, "BEDGATE^0A11C2FFFE330001^EUI-64");
    assert_string_equal(p.facility, "NORTHFIELD");
    assert_string_equal(p.serial, "VP-2207");
    assert_string_equal(p.model, "M5");
    assert_string_equal(p.patient_id, "NF-30881");
    assert_string_equal(p.patient_family, "Brandt");
    assert_string_equal(p.location, "SUITE^CHAIR04^1");
    assert_string_equal(p.order_id, "ORD4471");
    assert_string_equal(p.order_drug, "immune globulin");
    assert_int_equal(p.channel_count, 1);
    struct pcd_channel *c = &p.channel[0];
    assert_string_equal(c->path, "1.1.2");
    assert_string_equal(c->serial, "VP-2207");
    assert_string_equal(c->label, "A");
    same_time(c->observed, "2026-06-04T18:15:00.000000Z");
    assert_true(c->offset_known && c->active && c->source == PCD_PRIMARY && c->active_source == PCD_PRIMARY);
    assert_int_equal(c->infusing, PCD_INFUSING);
    assert_int_equal(c->delivery, PCD_DELIVERING);
    assert_int_equal(c->reason, PCD_REASON_NONE);
    assert_int_equal(c->mode, PCD_CONTINUOUS);
    same_dec(c->flow_ml_h, "84.0");
    same_dec(c->programmed_ml_h, "84.0");
    same_dec(c->vtbi_ml, "350.0");
    same_dec(c->vtbi_remain_ml, "288.7");
    same_dec(c->total_ml, "61.30"); /* precision as sent */
    same_dec(c->segment_ml, "12.10");
    assert_int_equal(c->remaining_s, 206 * 60);
    assert_string_equal(c->drug, "Immune globulin 10 & flush");
    char q[QTY_TEXT_MAX];
    assert_string_equal(qty_text(c->concentration, q), "100.0 mg/mL");
    assert_false(qty_is(c->dose_rate));
    assert_int_equal(p.repeated, 0);
    arena_free(a);
}

/* Units by OBX-6, names that vary, code 0, UCUM alone, two pumps in one message, no patient, older model, -0000. */
static void what_pumps_really_send(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pcd_message p;
    decode_ok(a, golden(a, "pcd01_two_pumps.hl7"), &p);
    assert_int_equal(p.channel_count, 3);
    struct pcd_channel *first = &p.channel[0], *second = &p.channel[1], *flat = &p.channel[2];
    assert_int_equal(first->source, PCD_PRIMARY);
    assert_int_equal(first->reason, PCD_SWITCHING_SOURCE);
    assert_int_equal(first->delivery, PCD_NOT_DELIVERING);
    assert_false(first->active);
    assert_false(dec_is(first->flow_ml_h)); /* the flow belongs to the secondary */
    assert_true(dec_eq(first->total_ml, dec_lit("10.4")));
    same_time(first->observed, "2026-06-04T18:14:30.000000Z");  /* OBX-14 of the channel's row */
    same_time(first->volume_at, "2026-06-04T18:14:31.000000Z"); /* OBX-14 of the metric itself */
    assert_int_equal(second->source, PCD_SECONDARY);
    assert_true(second->active);
    assert_true(dec_eq(second->flow_ml_h, dec_lit("150")));
    assert_true(dec_eq(second->programmed_ml_h, dec_lit("150")));
    assert_int_equal(second->remaining_s, 5400);
    assert_string_equal(second->drug, "Fer ^ s\xc3\xbc\xc3\x9f");
    same_time(second->observed, "2026-06-04T18:15:00.000000Z");
    char q[QTY_TEXT_MAX];
    assert_string_equal(qty_text(second->dose_rate, q), "3.50 ug/kg/min");
    assert_string_equal(second->serial, "VP-1");
    assert_string_equal(second->patient_id, "NF-30881");
    assert_string_equal(flat->path, "2.0.0");
    assert_string_equal(flat->serial, "0A11C2FFFE44AA77"); /* no serial: the EUI-64 */
    assert_null(flat->patient_id);
    assert_null(flat->order_id);
    assert_false(flat->offset_known);
    same_dec(flat->total_ml, "7.25");
    assert_int_equal(flat->delivery, PCD_KVO);
    assert_int_equal(flat->infusing, PCD_INFUSING);
    same_dec(p.battery_percent, "83");
    assert_null(p.order_drug); /* OBR-4 held the kind of pump */
    arena_free(a);
}

static void event(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pcd_message p;
    char *g = golden(a, "pcd10_stop.hl7");
    decode_ok(a, g, &p);
    assert_int_equal(p.kind, PCD_10_EVENT);
    assert_int_equal(p.event.code, 197290);
    assert_int_equal(p.event.what, PCD_DELIV_STOP);
    assert_string_equal(p.event.path, "1.1.2");
    same_time(p.event.at, "2026-06-04T18:31:08.000000Z");
    assert_string_equal(p.channel[0].path, p.event.path);
    assert_int_equal(p.channel[0].reason, PCD_BY_CLINICIAN);
    assert_int_equal(p.channel[0].infusing, PCD_NOT_INFUSING);
    same_dec(p.channel[0].flow_ml_h, "0");
    same_dec(p.channel[0].total_ml, "83.9");
    decode_ok(a, changed(a, g, "197290^MDC_EVT_PUMP_DELIV_STOP", "197288^MDC_EVT_PUMP_DELIV_STOP"), &p);
    assert_int_equal(p.event.what, PCD_DELIV_START); /* the number decides, not the name */
    decode_ok(a, changed(a, g, "197290^MDC_EVT_PUMP_DELIV_STOP", "0^MDC_EVT_PUMP_DELIV_COMP"), &p);
    assert_int_equal(p.event.what, PCD_DELIV_COMP);
    decode_ok(a, changed(a, g, "197290^MDC_EVT_PUMP_DELIV_STOP", "197999^MDC_EVT_PUMP_PROG_CLEARED"), &p);
    assert_int_equal(p.event.what, PCD_EVENT_OTHER);
    assert_string_equal(p.event.name, "MDC_EVT_PUMP_PROG_CLEARED");
    decode_ok(a, changed(a, g, "pump-stopped-by-clinician", "pump-stopped-by-user"), &p);
    assert_int_equal(p.channel[0].reason, PCD_BY_CLINICIAN);
    arena_free(a);
}

static void alarm(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pcd_message p;
    char *g = golden(a, "pcd04_start.hl7");
    decode_ok(a, g, &p);
    assert_int_equal(p.kind, PCD_04_ALARM);
    assert_int_equal(p.alarm.code, 196940);
    assert_string_equal(p.alarm.name, "MDC_EVT_FLUID_LINE_OCCL");
    assert_string_equal(p.alarm.text, "Line blocked below the pump");
    assert_string_equal(p.alarm.phase, "start");
    assert_string_equal(p.alarm.state, "active");
    assert_string_equal(p.alarm.inactivation, "enabled");
    assert_string_equal(p.alarm.priority, "PH");
    assert_string_equal(p.alarm.type, "ST");
    assert_string_equal(p.alarm.source, "MDC_DEV_PUMP_INFUS_LVP_VMD");
    assert_string_equal(p.alarm.id, "ALM55");
    assert_null(p.alarm.parent);
    assert_string_equal(p.serial, "VP-2207");
    same_time(p.alarm.at, "2026-06-04T18:59:58.000000Z");
    decode_ok(a, golden(a, "pcd04_end.hl7"), &p);
    assert_string_equal(p.alarm.phase, "end");
    assert_string_equal(p.alarm.id, "ALM56");
    assert_string_equal(p.alarm.parent, "ALM55");
    /* The deprecated form of priority and type, alone and beside the new one. */
    char *old = changed(a, g, "blocked below the pump||||||F", "blocked below the pump|||PM~SA|||F");
    decode_ok(a, old, &p);
    assert_string_equal(p.alarm.priority, "PH");
    assert_string_equal(p.alarm.type, "ST");
    decode_ok(a, changed(a, changed(a, old, "|PH|", "||"), "|ST||||||F\r", "|||||||F\r"), &p);
    assert_string_equal(p.alarm.priority, "PM");
    assert_string_equal(p.alarm.type, "SA");
    /* The misprinted number, with and without its facet; the sender's words win. */
    decode_ok(a, changed(a, g, "68485^MDC_ATTR_ALERT_TYPE", "8485^MDC_ATTR_ALERT_TYPE"), &p);
    assert_string_equal(p.alarm.type, "ST");
    decode_ok(a, changed(a, changed(a, g, "68485^MDC", "8485^MDC"), "1.1.0.0.7", "1.1.0.7"), &p);
    assert_string_equal(p.alarm.type, "ST");
    char *text = arena_printf(a, "%sOBX|10|ST|68546^MDC_ATTR_ALERT_TEXT^MDC|1.1.0.0.8|Druck hoch||||||F\r", g);
    decode_ok(a, text, &p);
    assert_string_equal(p.alarm.text, "Druck hoch");
    arena_free(a);
}

static void tolerated(void **state)
{
    (void)state;
    static const struct { const char *from, *to; } rows[] = {
        {"1.3.6.1.4.1.19376.1.6.1.1.1^ISO", "1.3.6.1.4.1.19376.1.6.4.1^ISO"}, /* the other family of OIDs */
        {"||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO", ""},
        {"ORU^R01^ORU_R01", "ORU^R01"},
        {"|2.6|", "|2.5|"},
        {"|AL|NE||ASCII", "||||"},
        {"||70049^MDC", "||70053^MDC"},
        {"PV1||O|SUITE^CHAIR04^1\r", ""},
        {"184519^MDC_PUMP_INFUSING_STATUS^MDC", "X1^local^99ACME^184519^MDC_PUMP_INFUSING_STATUS^MDC"},
        {"157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC", "157993^Gesamtvolumen^MDC"},
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "|61.30|mL"},
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "|61.30|^MDC_DIM_MILLI_L^MDC"},
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "|61.30|0^^MDC^mL^mL^UCUM"},
        {"|61.30|263762", "|061.30|263762"},
        {"|61.30|263762", "|+61.30|263762"},
        {"NM|157993", "SN|157993"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = arena_new();
        struct pcd_message p;
        decode_ok(a, changed(a, golden(a, "pcd01_periodic.hl7"), rows[i].from, rows[i].to), &p);
        assert_int_equal(p.channel_count, 1);
        same_dec(p.channel[0].total_ml, "61.30");
        assert_int_equal(p.channel[0].infusing, PCD_INFUSING);
        assert_string_equal(p.channel[0].serial, "VP-2207");
        arena_free(a);
    }
}

static void nobody_known(void **state)
{
    (void)state;
    static const char *const pids[] = {"PID|||Unknown Patient^\r", "PID|||||Unknown Patient^\r", "PID|||\"\"||\"\"\r", "PID|1\r", ""};
    for (size_t i = 0; i < sizeof pids / sizeof pids[0]; i++) {
        struct arena *a = arena_new();
        struct pcd_message p;
        char *g = changed(a, golden(a, "pcd01_periodic.hl7"),
                          "PID|||NF-30881^^^NORTHFIELD^MR||Brandt^Ilse^^^^^L||19570822|F\r", pids[i]);
        decode_ok(a, g, &p);
        assert_null(p.patient_id);
        assert_null(p.channel[0].patient_id);
        arena_free(a);
    }
    struct arena *a = arena_new();
    struct pcd_message p;
    decode_ok(a, changed(a, golden(a, "pcd01_periodic.hl7"), "NF-30881^^^NORTHFIELD^MR", "X9^^^G^PI~NF-30881^^^N^MR"), &p);
    assert_string_equal(p.patient_id, "NF-30881");
    arena_free(a);
}

/* No value is better than a wrong one. */
static void values_that_are_none(void **state)
{
    (void)state;
    static const struct { const char *from, *to; } rows[] = {
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||R", "||263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM||NAV|||R"},
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||R", "|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM||N~INV|||R"},
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||R", "|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM||TEST|||R"},
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||R", "|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||D"},
        {"|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||R", "|\"\"|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM|||||R"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = arena_new();
        struct pcd_message p;
        decode_ok(a, changed(a, golden(a, "pcd01_periodic.hl7"), rows[i].from, rows[i].to), &p);
        assert_false(dec_is(p.channel[0].total_ml));
        same_dec(p.channel[0].segment_ml, "12.10");
        arena_free(a);
    }
}

static void repeated_metric(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pcd_message p;
    char *g = arena_printf(a, "%sOBX|19|NM|157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC|1.1.2.30|99|263762^^MDC|||||R\r",
                           golden(a, "pcd01_periodic.hl7"));
    decode_ok(a, g, &p);
    same_dec(p.channel[0].total_ml, "61.30");
    assert_int_equal(p.repeated, 1);
    arena_free(a);
}

static void refused(void **state)
{
    (void)state;
    static const struct { const char *file, *from, *to; enum hl7_code code; const char *segment; int nth, field, comp; } rows[] = {
        {"pcd01_periodic.hl7", "ORU^R01^ORU_R01", "ADT^A01^ADT_A01", 200, "MSH", 1, 9, 1},
        {"pcd01_periodic.hl7", "ORU^R01^ORU_R01", "ORU^R99^ORU_R01", 201, "MSH", 1, 9, 2},
        {"pcd01_periodic.hl7", "ORU^R01^ORU_R01", "", 101, "MSH", 1, 9, 0},
        {"pcd01_periodic.hl7", "|Q1001|", "||", 101, "MSH", 1, 10, 0},
        {"pcd01_periodic.hl7", "|P|2.6|", "||2.6|", 101, "MSH", 1, 11, 0},
        {"pcd01_periodic.hl7", "|P|2.6|", "|T|2.6|", 202, "MSH", 1, 11, 1},
        {"pcd01_periodic.hl7", "|P|2.6|", "|P||", 101, "MSH", 1, 12, 0},
        {"pcd01_periodic.hl7", "|P|2.6|", "|P|2.3|", 203, "MSH", 1, 12, 1},
        {"pcd01_periodic.hl7", "|20260604141500-0400||ORU", "|yesterday||ORU", 102, "MSH", 1, 7, 1},
        {"pcd01_periodic.hl7", "RxNorm|||20260604141500-0400", "RxNorm|||", 101, "OBR", 1, 7, 0},
        {"pcd01_periodic.hl7", "RxNorm|||20260604141500-0400", "RxNorm|||20260604141500", 102, "OBR", 1, 7, 1},
        {"pcd01_periodic.hl7", "RxNorm|||20260604141500-0400", "RxNorm|||20261304141500-0400", 102, "OBR", 1, 7, 1},
        {"pcd01_periodic.hl7", "|61.30|", "|much|", 102, "OBX", 13, 5, 1},
        {"pcd01_periodic.hl7", "|61.30|", "|-1|", 102, "OBX", 13, 5, 1},
        {"pcd01_periodic.hl7", "|61.30|", "|6130000000000000000000|", 102, "OBX", 13, 5, 1},
        {"pcd01_periodic.hl7", "|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "|61.30|", 101, "OBX", 13, 6, 0},
        {"pcd01_periodic.hl7", "|61.30|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "|61.30|drams", 103, "OBX", 13, 6, 1},
        {"pcd01_periodic.hl7", "|61.30|263762^MDC_DIM_MILLI_L", "|61.30|263890^MDC_DIM_MILLI_G", 102, "OBX", 13, 6, 1},
        {"pcd01_periodic.hl7", "1.1.2.7", "", 101, "OBX", 13, 4, 0},
        {"pcd01_periodic.hl7", "1.1.2.7", "1.1.x.7", 102, "OBX", 13, 4, 1},
        {"pcd01_periodic.hl7", "1.1.2.7", "1.1", 102, "OBX", 13, 4, 1},
        {"pcd01_periodic.hl7", "1.1.2.7", "1.1.2.7.1.1", 102, "OBX", 13, 4, 1},
        {"pcd01_periodic.hl7", "157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC", "", 101, "OBX", 13, 3, 0},
        {"pcd01_periodic.hl7", "OBR|1|ORD4471", "NTE|1|ORD4471", 100, "OBX", 1, 0, 0},
        {"pcd10_stop.hl7", "68487^MDC_ATTR_EVT_COND", "68486^MDC_ATTR_OTHER", 101, "OBR", 1, 0, 0},
        {"pcd10_stop.hl7", "197290^MDC_EVT_PUMP_DELIV_STOP^MDC", "^^MDC", 101, "OBX", 2, 5, 1},
        {"pcd04_start.hl7", "OBX|3|CWE|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|", "OBX|3|CWE|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1||", 101, "OBR", 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = arena_new();
        struct hl7_message m;
        struct pcd_message p;
        struct hl7_fault f;
        parse_ok(a, changed(a, golden(a, rows[i].file), rows[i].from, rows[i].to), &m);
        if (pcd_decode(a, &m, NULL, &p, &f))
            fail_msg("row %zu was accepted", i);
        if (f.code != rows[i].code || strcmp(f.segment, rows[i].segment) != 0 || f.nth != rows[i].nth ||
            f.field != rows[i].field || f.component != rows[i].comp || !f.text[0])
            fail_msg("row %zu: %d %s[%d]-%d.%d %s", i, f.code, f.segment, f.nth, f.field, f.component, f.text);
        arena_free(a);
    }
}

static void test_messages_on_request(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct hl7_message m;
    struct pcd_message p;
    struct hl7_fault f;
    parse_ok(a, changed(a, golden(a, "pcd01_periodic.hl7"), "|P|2.6|", "|T|2.6|"), &m);
    assert_true(pcd_decode(a, &m, &(struct pcd_options){.accept_test = true}, &p, &f));
    arena_free(a);
}

static void only_a_pump(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pcd_message p;
    char *g = golden(a, "pcd01_periodic.hl7");
    *strstr(g, "OBX|7|") = 0; /* nothing programmed: the delivery values alone */
    decode_ok(a, g, &p);
    assert_int_equal(p.channel_count, 1);
    assert_string_equal(p.channel[0].path, "1.1.0");
    same_dec(p.channel[0].flow_ml_h, "84.0");
    assert_int_equal(p.channel[0].delivery, PCD_DELIVERY_UNKNOWN);
    assert_string_equal(p.channel[0].serial, "VP-2207");
    arena_free(a);
}

static void the_shared_key(void **state)
{
    (void)state;
    FILE *f = fopen(WIRE_GOLDEN "/../../../shared/keys/pcd01.hl7", "rb");
    if (!f)
        f = fopen(WIRE_GOLDEN "/../../../../shared/keys/pcd01.hl7", "rb");
    if (!f)
        skip();
    struct arena *a = arena_new();
    char *s = arena_alloc(a, GOLDEN_MAX);
    assert_true(fread(s, 1, GOLDEN_MAX - 1, f) > 1000);
    fclose(f);
    struct pcd_message p;
    decode_ok(a, s, &p);
    assert_string_equal(p.control_id, "CTRL");
    assert_int_equal(p.channel_count, 1);
    same_dec(p.channel[0].programmed_ml_h, "101.5");
    assert_int_equal(p.repeated, 22);
    struct hl7_fault fault;
    assert_false(pcd_fault_unknown_pump(&p, &fault)); /* it names no pump */
    assert_int_equal(fault.code, HL7_FIELD_MISSING);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periodic), cmocka_unit_test(what_pumps_really_send), cmocka_unit_test(event),
        cmocka_unit_test(alarm), cmocka_unit_test(tolerated), cmocka_unit_test(nobody_known),
        cmocka_unit_test(values_that_are_none), cmocka_unit_test(repeated_metric), cmocka_unit_test(refused),
        cmocka_unit_test(test_messages_on_request), cmocka_unit_test(only_a_pump), cmocka_unit_test(the_shared_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
