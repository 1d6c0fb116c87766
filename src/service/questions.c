/* Questions that change nothing: what the law says, how it judges facts that are given, what a facility is
 * doing and why. */
#include "service/act.h"

#define ANSWER_MAX (8u << 20)

static GBytes *take(TkBuf *buf, GError **error)
{
    if (buf->overflow) {
        tk_buf_clear(buf);
        tk_fail(error, TK_ERROR_LIMIT, "the answer is larger than %u bytes; ask for less", ANSWER_MAX);
        return NULL;
    }
    return g_bytes_new_with_free_func(buf->data, buf->len, g_free, buf->data);
}

/* ---- law ---- */

static void add_text2(TkJson *w, const char *key, TkText text)
{
    tk_json_member2(w, key, text.ja, text.en);
}

static void add_entry(TkJson *w, const TkLawEntry *entry, bool whole)
{
    tk_json_begin_object(w);
    tk_json_member(w, "id", entry->id);
    tk_json_member(w, "article", entry->article);
    tk_json_member(w, "type", entry->type);
    tk_json_key(w, "from");
    tk_json_date(w, entry->from);
    tk_json_key(w, "to");
    tk_json_date(w, entry->to);
    add_text2(w, "text", entry->text);
    tk_json_member(w, "source", entry->source);
    tk_json_key(w, "verified");
    tk_json_bool(w, entry->verified);
    if (entry->note.ja != NULL)
        add_text2(w, "note", entry->note);
    if (whole) {
        tk_json_key(w, "data");
        tk_json_value(w, entry->data);
    }
    tk_json_end_object(w);
}

static GBytes *law_answer(TkApp *app, const char *article, TkDate date, GError **error)
{
    if (date == TK_DATE_NONE)
        date = tk_date_of_time(tk_app_now(app));
    g_autoptr(GPtrArray) entries = tk_law_entries(app->law, article, date);
    if (article != NULL && entries->len == 0) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "nothing about “%.80s” was in force on that day", article);
        return NULL;
    }
    TkBuf buf;
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_json_key(&w, "date");
    tk_json_date(&w, date);
    tk_json_key(&w, "law");
    tk_json_date(&w, tk_law_version(app->law, date));
    tk_json_key(&w, "entries");
    tk_json_begin_array(&w);
    for (unsigned i = 0; i < entries->len; i++)
        add_entry(&w, g_ptr_array_index(entries, i), article != NULL);
    tk_json_end_array(&w);
    tk_json_end_object(&w);
    return take(&buf, error);
}

GBytes *tk_service_law(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    return tk_service_may(actor, TK_MAY_READ, error) ? law_answer(app, NULL, date, error) : NULL;
}

GBytes *tk_service_law_article(TkApp *app, const TkActor *actor, const char *article, TkDate date,
                               GError **error)
{
    return tk_service_may(actor, TK_MAY_READ, error) ? law_answer(app, article, date, error) : NULL;
}

/* ---- judge ---- */

static bool read_count(const json_t *request, const char *field, int64_t *value, GError **error)
{
    const json_t *in = json_object_get(request, field);
    return in == NULL || json_is_null(in) || tk_request_count(request, field, TK_LAW_COUNT_MAX, value, error);
}

static bool read_tri(const json_t *request, const char *field, TkTri *value, GError **error)
{
    const json_t *in = json_object_get(request, field);
    const char *text = json_string_value(in);
    if (in == NULL || json_is_null(in) || g_strcmp0(text, "") == 0)
        return true;
    if (json_is_boolean(in) || g_strcmp0(text, "yes") == 0 || g_strcmp0(text, "no") == 0) {
        *value = json_is_true(in) || g_strcmp0(text, "yes") == 0 ? TK_YES : TK_NO;
        return true;
    }
    return tk_fail(error, TK_ERROR_INPUT, "%s: yes or no", field);
}

static bool read_facts(TkApp *app, const json_t *request, TkAccidentFacts *facts, GError **error)
{
    const char *service = tk_request_text(request, "service", 64, error);
    if (service == NULL)
        return false;
    int found = tk_law_service_find(app->law, service, strlen(service));
    if (found < 0)
        return tk_fail(error, TK_ERROR_INPUT, "service: the law data have no service “%s”", service);
    int64_t started;
    if (!tk_request_time(request, "started_at", TK_TIME_NONE, &started, error))
        return false;
    if (started == TK_TIME_NONE)
        return tk_fail(error, TK_ERROR_INPUT, "started_at: missing");
    *facts = tk_law_facts(found, started);
    const char *fault = json_string_value(json_object_get(request, "fault"));
    const char *equipment = json_string_value(json_object_get(request, "equipment"));
    if (fault != NULL && fault[0] != '\0' && !tk_law_fault_find(fault, strlen(fault), &facts->fault))
        return tk_fail(error, TK_ERROR_INPUT, "fault: “%.40s” is not known", fault);
    if (equipment != NULL && equipment[0] != '\0' &&
        !tk_law_equipment_find(equipment, strlen(equipment), &facts->equipment))
        return tk_fail(error, TK_ERROR_INPUT, "equipment: “%.40s” is not known", equipment);
    return tk_request_time(request, "ended_at", TK_TIME_NONE, &facts->ended_us, error) &&
           read_count(request, "affected_users", &facts->users, error) &&
           read_count(request, "link_kbps", &facts->link_kbps, error) &&
           read_count(request, "monthly_users", &facts->monthly_users, error) &&
           read_tri(request, "all_traffic_lost", &facts->all_traffic_lost, error) &&
           read_tri(request, "additional_function_only", &facts->additional_function_only, error);
}

GBytes *tk_service_judge(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    TkAccidentFacts facts;
    TkVerdict verdict;
    TkDate law_date = TK_DATE_NONE;
    if (!tk_service_may(actor, TK_MAY_READ, error) || !read_facts(app, request, &facts, error))
        return NULL;
    const json_t *date = json_object_get(request, "law_date");
    if (json_is_string(date) &&
        !tk_date_parse(json_string_value(date), json_string_length(date), &law_date, error))
        return NULL;
    if (!tk_law_judge(app->law, &facts, law_date, tk_app_now(app), &verdict, error))
        return NULL;
    TkBuf buf;
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_json_member(&w, "id", json_string_value(json_object_get(request, "id")));
    tk_law_verdict_json(&verdict, TK_LANG_JA, &w);
    tk_json_key(&w, "why_en");
    tk_law_why_json(&verdict, TK_LANG_EN, &w);
    tk_json_end_object(&w);
    return take(&buf, error);
}

/* ---- facilities ---- */

static json_t *needs_json(TkApp *app, TkFacilityIx facility, const TkFacility *f)
{
    json_t *needs = json_array();
    for (uint32_t n = 0; n < f->needs; n++) {
        TkNeed need = tk_topology_need(app->topology, facility, n);
        json_t *members = json_array();
        uint32_t up = 0;
        for (uint32_t m = 0; m < need.n; m++) {
            bool down = tk_engine_is_down(app->engine, need.members[m]);
            up += !down;
            if (m < 100)
                json_array_append_new(members, json_pack("{s:s, s:b}", "id",
                                                         tk_topology_id(app->topology, need.members[m]),
                                                         "down", down));
        }
        json_array_append_new(needs, json_pack("{s:i, s:i, s:i, s:b, s:o}", "at_least", (int)need.at_least,
                                               "of", (int)need.n, "up", (int)up, "met", up >= need.at_least,
                                               "members", members));
    }
    return needs;
}

static json_t *under_json(TkApp *app, const TkFacilityState *state)
{
    json_t *under = json_object();
    for (unsigned s = 0; s < tk_topology_services(app->topology); s++)
        json_object_set_new(under, tk_topology_service(app->topology, s),
                            json_integer((json_int_t)state->under[s]));
    return under;
}

GBytes *tk_service_facility(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    TkFacilityIx facility = tk_topology_find(app->topology, id, strlen(id));
    if (facility == TK_NO_FACILITY) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no facility “%.80s” in the topology", id);
        return NULL;
    }
    TkFacility f = tk_topology_facility(app->topology, facility);
    const TkPrefecture *prefecture = tk_prefecture(f.prefecture);
    g_rec_mutex_lock(&app->step_lock); /* the engine belongs to the live step */
    TkFacilityState state = tk_engine_facility(app->engine, facility);
    json_t *needs = needs_json(app, facility, &f);
    g_rec_mutex_unlock(&app->step_lock);
    g_autoptr(json_t) out =
        json_pack("{s:s, s:s, s:s, s:s*, s:s, s:{s:i, s:i}, s:o, s:o, s:b}", "id", f.id, "name",
                  f.name[0] != '\0' ? f.name : f.id, "kind", f.kind, "prefecture",
                  prefecture == NULL ? NULL : prefecture->code, "state",
                  state.down      ? "down"
                  : state.unknown ? "unknown"
                                  : "up",
                  "why", "alarms", (int)state.alarms, "unmet_needs", (int)state.unmet_needs, "needs", needs,
                  "under", under_json(app, &state), "synthetic", app->synthetic);
    return tk_json_bytes(out);
}
