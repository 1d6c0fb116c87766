/* Who may do what. One table, so that a reader sees the whole policy at a glance and a test can walk it. */
#include "service/service.h"

static const char *const role_names[] = {
    [TK_ROLE_NONE] = "none",
    [TK_ROLE_ADMINISTRATOR] = "administrator",
    [TK_ROLE_GENERAL_MANAGER] = "general-manager",
    [TK_ROLE_CHIEF_ENGINEER] = "chief-engineer",
    [TK_ROLE_COMPLIANCE] = "compliance",
    [TK_ROLE_NOC_OPERATOR] = "noc-operator",
    [TK_ROLE_ENGINEER] = "engineer",
    [TK_ROLE_AUDITOR] = "auditor",
    [TK_ROLE_CONTRACTOR] = "contractor",
    [TK_ROLE_ALARM_SOURCE] = "alarm-source",
};

static const char *const act_names[] = {
    [TK_MAY_READ] = "read",
    [TK_MAY_SEND_ALARMS] = "send alarms",
    [TK_MAY_HANDLE_ACCIDENT] = "change an accident",
    [TK_MAY_CLOSE_ACCIDENT] = "close or reopen an accident",
    [TK_MAY_FREEZE_REPORT] = "freeze a report",
    [TK_MAY_SEE_ACCOUNTS] = "see the accounts",
    [TK_MAY_MANAGE_ACCOUNTS] = "manage accounts",
    [TK_MAY_MANAGE_WITNESSES] = "manage witnesses",
    [TK_MAY_READ_REGISTERS] = "read the registers",
    [TK_MAY_RUN_PROGRAM] = "run the governance programme",
};

static const char *const may_names[] = {
    [TK_MAY_READ] = "read",
    [TK_MAY_SEND_ALARMS] = "send-alarms",
    [TK_MAY_HANDLE_ACCIDENT] = "handle-accident",
    [TK_MAY_CLOSE_ACCIDENT] = "close-accident",
    [TK_MAY_FREEZE_REPORT] = "freeze-report",
    [TK_MAY_SEE_ACCOUNTS] = "see-accounts",
    [TK_MAY_MANAGE_ACCOUNTS] = "manage-accounts",
    [TK_MAY_MANAGE_WITNESSES] = "manage-witnesses",
    [TK_MAY_READ_REGISTERS] = "read-registers",
    [TK_MAY_RUN_PROGRAM] = "run-program",
};

#define BIT(act) (1u << (act))
#define READS    (BIT(TK_MAY_READ) | BIT(TK_MAY_READ_REGISTERS))
#define OPERATE  (READS | BIT(TK_MAY_SEND_ALARMS) | BIT(TK_MAY_HANDLE_ACCIDENT))

static const unsigned allowed[] = {
    [TK_ROLE_NONE] = 0,
    [TK_ROLE_ADMINISTRATOR] = OPERATE | BIT(TK_MAY_CLOSE_ACCIDENT) | BIT(TK_MAY_FREEZE_REPORT) |
                              BIT(TK_MAY_SEE_ACCOUNTS) | BIT(TK_MAY_MANAGE_ACCOUNTS) |
                              BIT(TK_MAY_MANAGE_WITNESSES) | BIT(TK_MAY_RUN_PROGRAM),
    [TK_ROLE_GENERAL_MANAGER] =
        OPERATE | BIT(TK_MAY_CLOSE_ACCIDENT) | BIT(TK_MAY_FREEZE_REPORT) | BIT(TK_MAY_RUN_PROGRAM),
    [TK_ROLE_CHIEF_ENGINEER] =
        OPERATE | BIT(TK_MAY_CLOSE_ACCIDENT) | BIT(TK_MAY_FREEZE_REPORT) | BIT(TK_MAY_RUN_PROGRAM),
    [TK_ROLE_COMPLIANCE] = READS | BIT(TK_MAY_HANDLE_ACCIDENT) | BIT(TK_MAY_CLOSE_ACCIDENT) |
                           BIT(TK_MAY_FREEZE_REPORT) | BIT(TK_MAY_RUN_PROGRAM),
    [TK_ROLE_NOC_OPERATOR] = OPERATE | BIT(TK_MAY_FREEZE_REPORT),
    [TK_ROLE_ENGINEER] = READS | BIT(TK_MAY_SEND_ALARMS),
    [TK_ROLE_AUDITOR] = READS | BIT(TK_MAY_SEE_ACCOUNTS),
    [TK_ROLE_CONTRACTOR] = BIT(TK_MAY_READ_REGISTERS), /* there it sees what is assigned to it */
    [TK_ROLE_ALARM_SOURCE] = BIT(TK_MAY_SEND_ALARMS),
};

bool tk_service_may(const TkActor *actor, TkMay act, GError **error)
{
    if (actor == NULL || actor->id == NULL || actor->id[0] == '\0')
        return tk_fail_both(error, TK_ERROR_FORBIDDEN, "サインインしてください（操作: %s）。",
                            "nobody is signed in; sign in to %s", act_names[act]);
    unsigned role = (unsigned)actor->role;
    if (role < G_N_ELEMENTS(allowed) && (allowed[role] & BIT(act)) != 0)
        return true;
    return tk_fail_both(
        error, TK_ERROR_FORBIDDEN,
        "%s の役割「%s」ではこの操作（%s）はできません。必要な場合は管理者に役割の変更を依頼してください。",
        "%s has the role “%s”, which may not %s", actor->id, tk_role_name(actor->role), act_names[act]);
}

const char *tk_role_name(TkRole role)
{
    return (unsigned)role < G_N_ELEMENTS(role_names) ? role_names[role] : role_names[TK_ROLE_NONE];
}

const char *tk_may_name(TkMay act)
{
    return may_names[act];
}

TkRole tk_role_of_name(const char *name)
{
    for (unsigned i = 0; name != NULL && i < G_N_ELEMENTS(role_names); i++)
        if (strcmp(role_names[i], name) == 0)
            return (TkRole)i;
    return TK_ROLE_NONE;
}
