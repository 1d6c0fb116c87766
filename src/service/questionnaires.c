/* Questionnaires: those built in, and those the carrier brought. */
#include "service/campaigns_private.h"

#define FOLDER      "questionnaires"
#define LIST_MAX    500
#define BUILTIN_MAX 50

static TkQuestionnaire *built_in(const char *id)
{
    g_autofree char *path = g_strdup_printf(FOLDER "/%s.json", id);
    g_autoptr(GBytes) bytes = strchr(id, '/') == NULL ? tk_asset(path) : NULL;
    gsize len;
    const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    return text == NULL ? NULL : tk_questionnaire_read(path, text, len, NULL);
}

TkQuestionnaire *tk_questionnaire_now(TkApp *app, const char *id, int64_t *version, GError **error)
{
    TkQuestionnaire *q = built_in(id);
    if (version != NULL)
        *version = 0;
    if (q != NULL)
        return q;
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_QUESTIONNAIRE, id, TK_TIME_NONE, error);
    if (record == NULL)
        return NULL;
    if (version != NULL)
        *version = record->version;
    return tk_questionnaire_of(id, record->body, error);
}

TkQuestionnaire *tk_questionnaire_frozen(TkApp *app, const json_t *campaign, GError **error)
{
    const char *hash = tk_text_at(json_object_get(campaign, "questionnaire"), "sha256");
    g_autoptr(GBytes) bytes = tk_store_blob(app->store, hash == NULL ? "" : hash, error);
    gsize len;
    const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    return text == NULL ? NULL : tk_questionnaire_read("the frozen questionnaire", text, len, error);
}

/* ---- looking ---- */

static json_t *line_of(const TkQuestionnaire *q, int64_t version, const char *who)
{
    const json_t *document = tk_questionnaire_document(q);
    return json_pack("{s:s, s:O, s:O?, s:O?, s:O, s:I, s:I, s:I, s:b, s:s?}", "id", tk_questionnaire_id(q),
                     "title", json_object_get(document, "title"), "purpose",
                     json_object_get(document, "purpose"), "edition", json_object_get(document, "version"),
                     "wording", json_object_get(document, "wording"), "version", (json_int_t)version, "areas",
                     (json_int_t)tk_questionnaire_areas(q), "questions",
                     (json_int_t)tk_questionnaire_count(q), "built_in", version == 0, "who", who);
}

static bool take(const TkRecord *record, gpointer data)
{
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_of(record->id, record->body, NULL);
    if (q != NULL)
        json_array_append_new(data, line_of(q, record->version, record->who));
    return true;
}

GBytes *tk_service_questionnaires(TkApp *app, const TkActor *actor, GError **error)
{
    TkQuery query = {.kind = TK_KIND_QUESTIONNAIRE, .limit = LIST_MAX};
    g_autoptr(json_t) items = json_array();
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(GStrv) paths = tk_asset_list(FOLDER);
    for (int i = 0; paths[i] != NULL && i < BUILTIN_MAX; i++) {
        g_autofree char *name = g_path_get_basename(paths[i]);
        g_autofree char *id =
            g_str_has_suffix(name, ".json") ? g_strndup(name, strlen(name) - 5) : g_strdup("");
        g_autoptr(TkQuestionnaire) q = built_in(id);
        if (q != NULL)
            json_array_append_new(items, line_of(q, 0, NULL));
    }
    if (!tk_store_list(app->store, &query, take, items, NULL, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:I, s:O, s:b}", "total", (json_int_t)json_array_size(items), "items",
                                      items, "may_run", tk_service_may(actor, TK_MAY_RUN_PROGRAM, NULL));
    return tk_json_bytes(out);
}

GBytes *tk_service_questionnaire(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    int64_t version;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_now(app, id, &version, error);
    if (q == NULL)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:I, s:b, s:O}", "id", id, "version", (json_int_t)version,
                                      "built_in", version == 0, "document", tk_questionnaire_document(q));
    return tk_json_bytes(out);
}

bool tk_service_questionnaire_csv(TkApp *app, const TkActor *actor, const char *id, TkServiceFile *file,
                                  GError **error)
{
    g_auto(TkBuf) csv = {0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_now(app, id, NULL, error);
    if (q == NULL)
        return false;
    tk_buf_init(&csv, 4u << 20);
    tk_buf_add_str(&csv, "\xEF\xBB\xBF");
    tk_questionnaire_to_csv(q, &csv);
    file->bytes = g_bytes_new(csv.data, csv.len);
    file->content_type = "text/csv; charset=utf-8";
    file->filename = g_strdup_printf("questionnaire-%s.csv", id);
    return true;
}

/* ---- keeping ---- */

static GBytes *keep(TkApp *app, const TkActor *actor, const TkQuestionnaire *q, GError **error)
{
    const char *id = tk_questionnaire_id(q);
    g_autoptr(TkQuestionnaire) there = built_in(id);
    if (there != NULL) {
        tk_fail_both(error, TK_ERROR_CONFLICT, "「%s」は組込みの調査票です。別の id を付けてください。",
                     "“%s” is built in; give yours another id", id);
        return NULL;
    }
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_write_put(write, TK_KIND_QUESTIONNAIRE, id, TK_STORE_ANY, "put", tk_questionnaire_document(q));
    return tk_store_commit(app->store, write, NULL, error) ? tk_service_questionnaire(app, actor, id, error)
                                                           : NULL;
}

GBytes *tk_service_questionnaire_put(TkApp *app, const TkActor *actor, const json_t *document, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_of("questionnaire", document, error);
    return q == NULL ? NULL : keep(app, actor, q, error);
}

GBytes *tk_service_questionnaire_table(TkApp *app, const TkActor *actor, const char *id, const char *title_ja,
                                       const char *title_en, const char *csv, size_t len, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    const char *ja = title_ja != NULL && *title_ja != '\0' ? title_ja : id;
    const char *en = title_en != NULL && *title_en != '\0' ? title_en : ja;
    g_autoptr(json_t) head = json_pack("{s:s, s:s, s:{s:s, s:s}, s:s}", "format", "tokatsu-questionnaire/1",
                                       "id", id, "title", "ja", ja, "en", en, "wording", "own");
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_from_csv("table", csv, len, head, error);
    return q == NULL ? NULL : keep(app, actor, q, error);
}
