/* What the law says about a record. Each service of an accident is judged by itself (規58条: 役務ごと), over
 * the time during which that service was affected, with the count that was chosen for it; the accident is
 * what its worst service is. */
#include "service/app.h"

TkText tk_app_service_name(const TkApp *app, const char *service)
{
    int found = tk_law_service_find(app->law, service, strlen(service));
    return found < 0 ? (TkText){service, service} : tk_law_service_name(app->law, found);
}

TkText tk_outcome_words(TkOutcome outcome)
{
    switch (outcome) {
    case TK_OUTCOME_SERIOUS:
        return (TkText){"重大な事故", "serious accident"};
    case TK_OUTCOME_PERIODIC_DETAILED:
        return (TkText){"定期報告(詳細)の対象", "reported periodically, in detail"};
    case TK_OUTCOME_PERIODIC_SIMPLIFIED:
        return (TkText){"定期報告(簡易)の対象", "reported periodically, simplified"};
    case TK_OUTCOME_NOT_REPORTABLE:
        return (TkText){"報告対象外", "not reportable"};
    case TK_OUTCOME_NEAR_MISS:
        return (TkText){"重大な事故が生ずるおそれ", "near miss"};
    case TK_OUTCOME_LEAK:
        return (TkText){"漏えい", "leak"};
    case TK_OUTCOME_UNDETERMINED:
        break;
    }
    return (TkText){"判定できない", "undetermined"};
}

TkText tk_chosen_words(TkChosen chosen)
{
    static const TkText words[] = {
        [TK_CHOSEN_EVER] = {"延べ", "ever affected"},
        [TK_CHOSEN_PEAK] = {"同時最大", "concurrent peak"},
        [TK_CHOSEN_AT_LEAST] = {"一定時間以上停止", "down for at least a given time"},
        [TK_CHOSEN_UNDER_FAILED] = {"故障設備配下の全利用者", "everyone under the failed facility"},
        [TK_CHOSEN_ESTIMATE] = {"実測に基づく推計", "measured estimate"},
    };
    return words[MIN((unsigned)chosen, G_N_ELEMENTS(words) - 1)];
}

int tk_outcome_rank(TkOutcome outcome)
{
    switch (outcome) {
    case TK_OUTCOME_SERIOUS:
        return 6;
    case TK_OUTCOME_LEAK:
    case TK_OUTCOME_NEAR_MISS:
        return 5;
    case TK_OUTCOME_UNDETERMINED:
        return 4;
    case TK_OUTCOME_PERIODIC_DETAILED:
        return 3;
    case TK_OUTCOME_PERIODIC_SIMPLIFIED:
        return 2;
    case TK_OUTCOME_NOT_REPORTABLE:
        break;
    }
    return 1;
}

void tk_service_verdict_clear(TkServiceVerdict *verdict)
{
    g_clear_pointer(&verdict->why, g_free);
}

static void facts_of(const TkIncident *incident, const TkIncidentService *service, int law_service,
                     TkAccidentFacts *facts)
{
    *facts = tk_law_facts(law_service, service->started_at);
    facts->ended_us = service->recovered_at;
    facts->users = tk_incident_users(service);
    const char *fault = incident->texts[TK_INCIDENT_FAULT];
    const char *equipment = incident->texts[TK_INCIDENT_EQUIPMENT];
    if (fault != NULL)
        tk_law_fault_find(fault, strlen(fault), &facts->fault);
    if (equipment != NULL)
        tk_law_equipment_find(equipment, strlen(equipment), &facts->equipment);
}

/* The network's own picture where the record is fed by exactly one accident and the chosen count is one
 * that the network can tell step by step; it knows when the count reached the number, not only that. */
static const TkServiceImpact *impact_of(const TkApp *app, const TkIncident *incident,
                                        const TkIncidentService *service, TkLiveMap *map)
{
    if (map == NULL || !incident->live || json_array_size(incident->sources) != 1 || service->base != 0 ||
        (service->chosen != TK_CHOSEN_EVER && service->chosen != TK_CHOSEN_UNDER_FAILED))
        return NULL;
    const TkAccident *accident =
        g_hash_table_lookup(map->by_key, json_string_value(json_array_get(incident->sources, 0)));
    int index = tk_topology_service_find(app->topology, service->service);
    for (unsigned i = 0; accident != NULL && i < accident->n_services; i++)
        if ((int)accident->services[i].service == index)
            return &accident->services[i];
    return NULL;
}

static void refine(TkServiceVerdict *out, const TkServiceImpact *impact, TkChosen chosen)
{
    TkCountRule rule = chosen == TK_CHOSEN_UNDER_FAILED ? TK_COUNT_UNDER_FAILED : TK_COUNT_EVER;
    out->forecast.serious_at_us = TK_TIME_NONE;
    for (size_t i = 0; i < out->forecast.count; i++) {
        TkForecastBranch *branch = &out->forecast.branches[i];
        branch->serious_at_us = tk_impact_first_met(
            impact, rule, (int64_t)branch->branch.hours * 3600 * TK_US_PER_S, branch->branch.users);
        if (branch->serious_at_us != TK_TIME_NONE && (out->forecast.serious_at_us == TK_TIME_NONE ||
                                                      branch->serious_at_us < out->forecast.serious_at_us))
            out->forecast.serious_at_us = branch->serious_at_us;
    }
}

/* After recovery nothing becomes anything any more: a branch whose time had not come is not coming. */
static void settle(TkServiceVerdict *out, int64_t recovered_at)
{
    out->forecast.serious_at_us = TK_TIME_NONE;
    for (size_t i = 0; i < out->forecast.count; i++) {
        TkForecastBranch *branch = &out->forecast.branches[i];
        if (branch->serious_at_us > recovered_at)
            branch->serious_at_us = TK_TIME_NONE;
        if (branch->serious_at_us != TK_TIME_NONE && (out->forecast.serious_at_us == TK_TIME_NONE ||
                                                      branch->serious_at_us < out->forecast.serious_at_us))
            out->forecast.serious_at_us = branch->serious_at_us;
    }
}

void tk_incident_judge(const TkApp *app, const TkIncident *incident, const TkIncidentService *service,
                       TkLiveMap *map, int64_t now_us, TkServiceVerdict *out)
{
    memset(out, 0, sizeof *out);
    out->serious_at_us = TK_TIME_NONE;
    out->forecast.serious_at_us = TK_TIME_NONE;
    out->verdict.outcome = TK_OUTCOME_UNDETERMINED;
    out->users = tk_incident_users(service);
    int law_service = tk_law_service_find(app->law, service->service, strlen(service->service));
    if (law_service < 0) {
        out->why = g_strdup_printf("the law data have no service “%s”", service->service);
        return;
    }
    TkAccidentFacts facts;
    facts_of(incident, service, law_service, &facts);
    int64_t as_of = MAX(now_us, service->started_at);
    GError *error = NULL;
    if (!tk_law_judge(app->law, &facts, TK_DATE_NONE, as_of, &out->verdict, &error)) {
        out->verdict.outcome = TK_OUTCOME_UNDETERMINED;
        out->why = g_strdup(error->message);
        g_error_free(error);
        return;
    }
    out->known = true;
    int64_t until = service->recovered_at == TK_TIME_NONE ? as_of : service->recovered_at;
    if (facts.fault == TK_FAULT_OTHER_EQUIPMENT ||
        !tk_law_forecast(app->law, TK_DATE_NONE, law_service, service->started_at, out->users, -1, until,
                         &out->forecast, NULL)) {
        out->forecast.count = 0;
        return;
    }
    const TkServiceImpact *impact = impact_of(app, incident, service, map);
    if (impact != NULL)
        refine(out, impact, service->chosen);
    if (service->recovered_at != TK_TIME_NONE)
        settle(out, service->recovered_at);
    bool frozen =
        !incident->live && service->serious_at != TK_TIME_NONE && out->verdict.outcome == TK_OUTCOME_SERIOUS;
    out->serious_at_us = frozen ? service->serious_at : out->forecast.serious_at_us;
}

TkIncidentVerdict *tk_incident_verdict(TkApp *app, const TkIncident *incident, TkLiveMap *map, int64_t now_us)
{
    TkIncidentVerdict *all = g_new0(TkIncidentVerdict, 1);
    all->worst = -1;
    all->serious_at_us = TK_TIME_NONE;
    for (unsigned i = 0; i < incident->services->len && i < TK_INCIDENT_SERVICES_MAX; i++) {
        const TkIncidentService *service = &g_array_index(incident->services, TkIncidentService, i);
        TkServiceVerdict *one = &all->services[all->count++];
        tk_incident_judge(app, incident, service, map, now_us, one);
        if (all->worst < 0 || tk_outcome_rank(one->verdict.outcome) >
                                  tk_outcome_rank(all->services[all->worst].verdict.outcome))
            all->worst = (int)i;
        if (one->serious_at_us != TK_TIME_NONE &&
            (all->serious_at_us == TK_TIME_NONE || one->serious_at_us < all->serious_at_us))
            all->serious_at_us = one->serious_at_us;
    }
    return all;
}

void tk_incident_verdict_free(TkIncidentVerdict *verdict)
{
    for (size_t i = 0; verdict != NULL && i < verdict->count; i++)
        tk_service_verdict_clear(&verdict->services[i]);
    g_free(verdict);
}

TkOutcome tk_incident_outcome(const TkIncidentVerdict *verdict)
{
    return verdict->worst < 0 ? TK_OUTCOME_UNDETERMINED : verdict->services[verdict->worst].verdict.outcome;
}
