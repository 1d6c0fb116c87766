#include "unit.h"

#include "service/service.h"

static void an_auditor_reads_everything_and_writes_nothing(void **state)
{
    (void)state;
    TkActor auditor = {"監査 花子", TK_ROLE_AUDITOR};
    assert_true(tk_service_may(&auditor, TK_MAY_READ, NULL));
    assert_true(tk_service_may(&auditor, TK_MAY_SEE_ACCOUNTS, NULL));
    for (int act = TK_MAY_SEND_ALARMS; act <= TK_MAY_LAST; act++) {
        if (act == TK_MAY_SEE_ACCOUNTS || act == TK_MAY_READ_REGISTERS)
            continue;
        GError *error = NULL;
        assert_false(tk_service_may(&auditor, (TkMay)act, &error));
        assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
        assert_error_says(error, "auditor");
    }
}

static void an_operator_handles_an_accident_but_does_not_close_it(void **state)
{
    (void)state;
    TkActor operator= {"noc-1", TK_ROLE_NOC_OPERATOR};
    assert_true(tk_service_may(&operator, TK_MAY_HANDLE_ACCIDENT, NULL));
    assert_true(tk_service_may(&operator, TK_MAY_FREEZE_REPORT, NULL));
    GError *error = NULL;
    assert_false(tk_service_may(&operator, TK_MAY_CLOSE_ACCIDENT, &error));
    assert_error_says(error, "may not close or reopen an accident");
}

static void a_machine_that_sends_alarms_may_not_even_read(void **state)
{
    (void)state;
    TkActor machine = {"ems-7", TK_ROLE_ALARM_SOURCE};
    assert_true(tk_service_may(&machine, TK_MAY_SEND_ALARMS, NULL));
    assert_false(tk_service_may(&machine, TK_MAY_READ, NULL));
}

static void nobody_and_the_roleless_may_nothing(void **state)
{
    (void)state;
    TkActor nameless = {"", TK_ROLE_ADMINISTRATOR}, roleless = {"x", TK_ROLE_NONE}, wild = {"x", (TkRole)77};
    for (int act = TK_MAY_READ; act <= TK_MAY_LAST; act++) {
        assert_false(tk_service_may(NULL, (TkMay)act, NULL));
        assert_false(tk_service_may(&nameless, (TkMay)act, NULL));
        assert_false(tk_service_may(&roleless, (TkMay)act, NULL));
        assert_false(tk_service_may(&wild, (TkMay)act, NULL));
    }
}

static void role_names_are_read_back(void **state)
{
    (void)state;
    for (int role = TK_ROLE_NONE; role <= TK_ROLE_ALARM_SOURCE; role++)
        assert_int_equal(tk_role_of_name(tk_role_name((TkRole)role)), role);
    assert_int_equal(tk_role_of_name("root"), TK_ROLE_NONE);
    assert_int_equal(tk_role_of_name(NULL), TK_ROLE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_auditor_reads_everything_and_writes_nothing),
        cmocka_unit_test(an_operator_handles_an_accident_but_does_not_close_it),
        cmocka_unit_test(a_machine_that_sends_alarms_may_not_even_read),
        cmocka_unit_test(nobody_and_the_roleless_may_nothing),
        cmocka_unit_test(role_names_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
