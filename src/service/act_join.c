/* Merging, splitting and undoing: what belongs together is a person's judgement, and both sides keep the
 * trace of it. */
#include "service/act.h"

/* ---- merge ---- */

static void unite(json_t **into, const json_t *from)
{
    size_t i;
    json_t *value;
    json_t *all = json_copy(*into);
    json_array_foreach(from, i, value)
    {
        bool known = false;
        for (size_t k = 0; k < json_array_size(all) && !known; k++)
            known = json_equal(json_array_get(all, k), value);
        if (!known)
            json_array_append(all, value);
    }
    json_decref(*into);
    *into = all;
}

/* Users of a record that nothing live feeds are a fixed amount on top of what the network counts. Two
 * accidents may share users; adding them is the conservative count, as the law's figures are. */
static void take_service(TkIncident *into, const TkIncident *from, const TkIncidentService *s)
{
    TkIncidentService *mine = tk_incident_service(into, s->service);
    bool fresh = mine == NULL;
    if (fresh) {
        mine = tk_incident_service_add(into, s->service);
        mine->chosen = s->chosen;
        mine->chosen_by_hand = s->chosen_by_hand;
        mine->started_at = s->started_at;
        mine->recovered_at = s->recovered_at;
    }
    if (!fresh && into->live && mine->base <= 0) { /* the part by hand begins with this */
        mine->started_at = s->started_at;
        mine->recovered_at = s->recovered_at;
    } else if (!fresh) {
        mine->started_at = MIN(mine->started_at, s->started_at);
        if (mine->recovered_at != TK_TIME_NONE)
            mine->recovered_at =
                s->recovered_at == TK_TIME_NONE ? TK_TIME_NONE : MAX(mine->recovered_at, s->recovered_at);
    }
    mine->base += from->live ? s->base : s->ever;
    if (!into->live) {
        mine->concurrent += s->concurrent;
        mine->peak += s->peak;
        mine->ever += s->ever;
        mine->at_least += s->at_least;
        mine->under_failed += s->under_failed;
    }
}

bool tk_act_merge(TkAct *act, GError **error)
{
    TkApp *app = act->change.app;
    const char *id = tk_request_text(act->request, "other", TK_INCIDENT_ID_MAX, error);
    g_autoptr(TkIncident) found = id == NULL ? NULL : tk_incidents_get(app, id, error);
    if (found == NULL)
        return false;
    if (strcmp(found->id, act->incident->id) == 0)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "同じ事故どうしは統合できません。別の事故を選んでください。",
                            "other: an accident is not merged with itself");
    if (found->drill != act->incident->drill)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "訓練と事故は統合できません。",
                            "other: a drill and an accident are never merged");
    if (found->state == TK_INCIDENT_CLOSED)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "%s は終了しています。先に再開してください。",
                            "other: %s is closed; reopen it first", found->id);
    TkIncident *into = act->incident, *from = tk_change_of(&act->change, found);
    g_autoptr(json_t) others = json_pack("[s]", from->id), mine = json_pack("[s]", into->id);
    tk_act_remember(into, "merge", "統合", "merging", others);
    tk_act_remember(from, "merge", "統合", "merging", mine);
    bool both_frozen = !into->live && !from->live;
    if (!both_frozen && !into->live) { /* the frozen side becomes a fixed amount below the live one */
        for (unsigned i = 0; i < into->services->len; i++) {
            TkIncidentService *s = &g_array_index(into->services, TkIncidentService, i);
            s->base = s->ever;
        }
        json_decref(into->sources);
        into->sources = json_array();
        into->live = true;
    }
    for (unsigned i = 0; i < from->services->len; i++)
        take_service(into, from, &g_array_index(from->services, TkIncidentService, i));
    if (from->live || both_frozen)
        unite(&into->sources, from->sources);
    unite(&into->causes, from->causes);
    unite(&into->prefectures, from->prefectures);
    into->started_at = MIN(into->started_at, from->started_at);
    into->detected_at = MIN(into->detected_at, from->detected_at);
    into->known_at = MIN(into->known_at, from->known_at);
    if (from->recovered_at == TK_TIME_NONE || into->recovered_at == TK_TIME_NONE) {
        into->recovered_at = TK_TIME_NONE;
        into->state = into->state == TK_INCIDENT_RECOVERED ? TK_INCIDENT_CONFIRMED : into->state;
    } else {
        into->recovered_at = MAX(into->recovered_at, from->recovered_at);
    }
    from->state = TK_INCIDENT_CLOSED;
    from->closed_at = act->change.now_us;
    from->live = false;
    g_free(from->merged_into);
    from->merged_into = g_strdup(into->id);
    g_autofree char *ja = g_strdup_printf("%s を統合", from->id),
                    *en = g_strdup_printf("took in %s", from->id);
    tk_change_note(&act->change, into, "merge", ja, en);
    g_autofree char *ja2 = g_strdup_printf("%s に統合", into->id);
    g_autofree char *en2 = g_strdup_printf("merged into %s", into->id);
    tk_change_note(&act->change, from, "merge", ja2, en2);
    tk_follow_classify(&act->change, into, into->recovered_at != TK_TIME_NONE);
    return true;
}

/* ---- split ---- */

static bool wants(const json_t *ids, const char *id)
{
    size_t i;
    const json_t *one;
    json_array_foreach(ids, i, one)
    {
        if (g_strcmp0(json_string_value(one), id) == 0)
            return true;
    }
    return false;
}

/* Divides the causes into those named (*out) and the rest; false unless both are something. */
static bool divide(const json_t *causes, const json_t *ids, json_t **out, json_t **rest)
{
    *out = json_array();
    *rest = json_array();
    size_t i;
    json_t *cause;
    json_array_foreach(causes, i, cause)
    {
        json_array_append(wants(ids, json_string_value(json_object_get(cause, "id"))) ? *out : *rest, cause);
    }
    return json_array_size(*out) == json_array_size(ids) && json_array_size(*out) > 0 &&
           json_array_size(*rest) > 0;
}

/* Users under the causes by the topology. The network counts an accident as a whole, so what goes out with
 * a cause is what hangs below it; a person corrects it with an estimate where that is not what happened. */
static int64_t users_under(TkApp *app, const json_t *causes, unsigned service)
{
    int64_t users = 0;
    size_t i;
    const json_t *cause;
    json_array_foreach(causes, i, cause)
    {
        const json_t *id = json_object_get(cause, "id");
        TkFacilityIx facility =
            tk_topology_find(app->topology, json_string_value(id), json_string_length(id));
        if (facility != TK_NO_FACILITY)
            users += tk_engine_facility(app->engine, facility).under[service];
    }
    return users;
}

static void move_users(TkAct *act, TkIncident *from, TkIncident *into)
{
    TkApp *app = act->change.app;
    g_autoptr(TkIncident) joined = tk_incident_joined(app, from, act->change.map);
    for (unsigned i = 0; i < joined->services->len; i++) {
        const TkIncidentService *s = &g_array_index(joined->services, TkIncidentService, i);
        int index = tk_topology_service_find(app->topology, s->service);
        int64_t users = index < 0 ? 0 : MIN(users_under(app, into->causes, (unsigned)index), s->ever);
        if (users == 0)
            continue;
        TkIncidentService *out = tk_incident_service_add(into, s->service);
        out->chosen = s->chosen;
        out->started_at = s->started_at;
        out->recovered_at = s->recovered_at;
        out->base = out->ever = out->peak = out->under_failed = out->at_least = users;
        out->concurrent = s->recovered_at == TK_TIME_NONE ? users : 0;
        TkIncidentService *stay = tk_incident_service_add(from, s->service);
        stay->base -= users;
        if (!from->live) {
            stay->ever = MAX(stay->ever - users, 0);
            stay->peak = MAX(stay->peak - users, 0);
            stay->at_least = MAX(stay->at_least - users, 0);
            stay->under_failed = MAX(stay->under_failed - users, 0);
        }
    }
}

static bool all_named(const TkApp *app, const TkAccident *accident, const json_t *ids)
{
    for (unsigned i = 0; i < accident->n_causes; i++)
        if (!wants(ids, tk_topology_id(app->topology, accident->causes[i])))
            return false;
    return true;
}

/* Accidents of the network that hang on the named causes alone go over whole, and stay live. True when that
 * is all that was named: then no number has to be guessed. */
static bool move_sources(TkAct *act, TkIncident *from, TkIncident *into, const json_t *ids)
{
    json_t *stay = json_array();
    size_t i, moved = 0;
    json_t *source;
    json_array_foreach(from->sources, i, source)
    {
        const TkAccident *accident =
            act->change.map == NULL ? NULL
                                    : g_hash_table_lookup(act->change.map->by_key, json_string_value(source));
        bool goes = from->live && accident != NULL && all_named(act->change.app, accident, ids);
        json_array_append(goes ? into->sources : stay, source);
        moved += goes ? accident->n_causes : 0;
    }
    bool whole = moved == json_array_size(ids) && json_array_size(stay) > 0;
    if (whole) {
        json_decref(from->sources);
        from->sources = json_incref(stay);
        into->live = into->from_engine = true;
    } else {
        json_array_clear(into->sources);
    }
    json_decref(stay);
    return whole;
}

/* Services of a record whose sources went over: only what has a part of its own is still written down. */
static void copy_choices(const TkIncident *from, TkIncident *into)
{
    for (unsigned i = 0; i < from->services->len; i++) {
        const TkIncidentService *s = &g_array_index(from->services, TkIncidentService, i);
        TkIncidentService *mine = tk_incident_service_add(into, s->service);
        mine->chosen = s->chosen;
        mine->chosen_by_hand = s->chosen_by_hand;
        mine->started_at = s->started_at;
    }
}

bool tk_act_split(TkAct *act, GError **error)
{
    TkIncident *from = act->incident;
    const json_t *ids = json_object_get(act->request, "causes");
    g_autoptr(TkIncident) joined = tk_incident_joined(act->change.app, from, act->change.map);
    g_autoptr(json_t) out = NULL, rest = NULL;
    if (!json_is_array(ids) || !divide(joined->causes, ids, &out, &rest))
        return tk_fail_both(
            error, TK_ERROR_INPUT, "分割する原因を一つ以上、すべてではない範囲で選んでください。",
            "causes: a list of ids of the accident's causes, at least one and not all of them");
    TkIncident *into = tk_change_new(&act->change, from->started_at, from->drill);
    g_autoptr(json_t) others = json_pack("[s]", into->id);
    tk_act_remember(from, "split", "分割", "splitting", others);
    into->state = from->state == TK_INCIDENT_SUSPECTED ? TK_INCIDENT_CONFIRMED : from->state;
    into->detected_at = from->detected_at;
    into->recovered_at = from->recovered_at;
    into->split_from = g_strdup(from->id);
    json_decref(into->causes);
    into->causes = json_incref(out);
    json_decref(from->causes);
    from->causes = json_incref(rest);
    json_decref(into->prefectures);
    into->prefectures = json_incref(from->prefectures);
    bool whole = move_sources(act, from, into, ids);
    if (whole)
        copy_choices(from, into);
    else
        move_users(act, from, into);
    tk_incident_propose(act->change.app, into);
    tk_incident_note_timeline(into, into->started_at, "occurred", "利用者への影響が始まった",
                              "users began to be affected");
    g_autofree char *ja =
        g_strdup_printf("%s から分割%s", from->id, whole ? "" : "(利用者数は設備構成による)");
    g_autofree char *en =
        g_strdup_printf("split from %s%s", from->id, whole ? "" : " (users by the topology)");
    tk_change_note(&act->change, into, "split", ja, en);
    g_autofree char *ja2 = g_strdup_printf("%zu 設備を %s に分割", json_array_size(out), into->id);
    g_autofree char *en2 = g_strdup_printf("%zu causes split into %s", json_array_size(out), into->id);
    tk_change_note(&act->change, from, "split", ja2, en2);
    return true;
}

/* ---- undo ---- */

/* The record as it was, with what may not be undone: history, frozen reports and met deadlines. */
static TkIncident *restored(const TkIncident *now, const json_t *before, GError **error)
{
    g_autoptr(json_t) whole = json_copy((json_t *)before);
    json_object_set(whole, "history", now->history);
    json_object_set(whole, "reports", now->reports);
    json_object_set(whole, "done", now->done);
    json_object_set(whole, "files", now->files);
    TkIncident *back = tk_incident_of_json(whole, error);
    if (back != NULL)
        back->version = now->version;
    return back;
}

/* Puts the contents of `from` into the working copy, which keeps its place in the change. */
static void become(TkIncident *working, TkIncident *from)
{
    TkIncident swap = *working;
    gatomicrefcount mine = working->refs, theirs = from->refs;
    *working = *from;
    *from = swap;
    working->refs = mine;
    from->refs = theirs;
}

static bool undo_one(TkAct *act, TkIncident *working, const char *action, GError **error)
{
    const json_t *before = working->undo == NULL ? NULL : json_object_get(working->undo, "before");
    if (before == NULL)
        return false;
    json_t *text = json_object_get(working->undo, "text");
    const char *what = json_string_value(json_object_get(text, "ja"));
    g_autofree char *ja = g_strdup_printf("直前の操作(%s)を取り消し", what == NULL ? action : what);
    g_autoptr(TkIncident) back = restored(working, before, error);
    if (back == NULL)
        return false;
    become(working, back);
    g_autofree char *en = g_strdup_printf("undid “%s”", action);
    tk_change_note(&act->change, working, "undo", ja, en);
    return true;
}

/* A record that came from a split which is undone: nothing is deleted, so it is closed and says so. */
static void undo_split_off(TkAct *act, TkIncident *working)
{
    working->state = TK_INCIDENT_CLOSED;
    working->closed_at = act->change.now_us;
    working->live = false;
    g_free(working->merged_into);
    working->merged_into = g_strdup(act->incident->id);
    g_clear_pointer(&working->undo, json_decref);
    tk_change_note(&act->change, working, "undo", "分割の取り消しにより元の事故へ戻した",
                   "the split was undone; it is part of the first accident again");
}

bool tk_act_undo(TkAct *act, GError **error)
{
    if (act->incident->undo == NULL)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "%s には取り消せる操作がありません。",
                            "%s: there is nothing to undo", act->incident->id);
    g_autoptr(json_t) undo = json_incref(act->incident->undo);
    const char *action = json_string_value(json_object_get(undo, "action"));
    if (act->incident->merged_into != NULL)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "統合先の %s で統合を取り消してください。",
                            "undo the merge at %s", act->incident->merged_into);
    size_t i;
    const json_t *other;
    json_array_foreach(json_object_get(undo, "others"), i, other)
    {
        g_autoptr(TkIncident) found = tk_incidents_get(act->change.app, json_string_value(other), error);
        if (found == NULL)
            return false;
        TkIncident *working = tk_change_of(&act->change, found);
        bool split_off = g_strcmp0(action, "split") == 0;
        const char *theirs =
            working->undo == NULL ? NULL : json_string_value(json_object_get(working->undo, "action"));
        if (split_off ? json_array_size(working->reports) > 0 : g_strcmp0(theirs, action) != 0)
            return tk_fail_both(
                error, TK_ERROR_CONFLICT, "%s はその後変更されたため、「%s」を取り消せません。",
                "%s has changed since; the “%s” can no longer be undone", working->id, action);
        if (split_off)
            undo_split_off(act, working);
        else if (!undo_one(act, working, action, error))
            return false;
    }
    return undo_one(act, act->incident, action, error);
}
