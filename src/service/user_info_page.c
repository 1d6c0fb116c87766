/* The policy as a page: drawn, frozen as versions, compared with one another and with what was published. */
#include "service/user_info_private.h"

#include "service/act.h"

#define PAGE_ID      "information-policy"
#define VERSIONS_MAX 1000
#define TITLE_JA     "特定利用者情報の取扱いに関する方針(情報取扱方針)"
#define TITLE_EN     "Policy on handling specified user information"
#define BASIS        "電気通信事業法27条の8、電気通信事業法施行規則22条の2の23"

static const char *say(const json_t *words, TkLang lang)
{
    const char *text = json_string_value(json_object_get(words, lang == TK_LANG_JA ? "ja" : "en"));
    return text == NULL ? "" : text;
}

static void draw_table(TkPublicPage *page, const json_t *table, TkLang lang)
{
    const char *cells[TK_PUBLIC_PAGE_COLUMNS_MAX] = {NULL};
    const json_t *columns = json_object_get(table, "columns");
    size_t count = MIN(json_array_size(columns), TK_PUBLIC_PAGE_COLUMNS_MAX), r;
    json_t *row;
    for (size_t i = 0; i < count; i++)
        cells[i] = say(json_array_get(columns, i), lang);
    tk_public_page_table(page, say(json_object_get(table, "caption"), lang), cells, count);
    json_array_foreach(json_object_get(table, "rows"), r, row)
    {
        for (size_t i = 0; i < count; i++)
            cells[i] = say(json_array_get(row, i), lang);
        tk_public_page_row(page, cells);
    }
}

static void draw_section(TkPublicPage *page, const json_t *section, TkLang lang)
{
    size_t i;
    json_t *one;
    tk_public_page_heading(page, 2, say(json_object_get(section, "title"), lang));
    json_array_foreach(json_object_get(section, "paragraphs"), i, one)
        tk_public_page_paragraph(page, say(one, lang));
    json_array_foreach(json_object_get(section, "links"), i, one) tk_public_page_link(
        page, say(json_object_get(one, "text"), lang), json_string_value(json_object_get(one, "url")));
    json_array_foreach(json_object_get(section, "tables"), i, one) draw_table(page, one, lang);
}

bool tk_info_page(TkApp *app, const char *title, const char *basis, const json_t *sections, bool draft,
                  TkLang lang, GBytes **bytes, char hash[65], GError **error)
{
    TkPublicPageHead head = {.title = title,
                             .carrier = lang == TK_LANG_JA ? app->carrier_ja : app->carrier_en,
                             .basis = basis,
                             .lang = lang,
                             .draft = draft,
                             .synthetic = app->synthetic};
    g_autoptr(TkPublicPage) page = tk_public_page_new(&head);
    size_t i;
    json_t *section;
    json_array_foreach(sections, i, section) draw_section(page, section, lang);
    return tk_public_page_html(page, tk_date_of_time(tk_app_now(app)), bytes, hash, error);
}

static bool draw(TkApp *app, const json_t *sections, bool draft, TkLang lang, GBytes **bytes, char hash[65],
                 GError **error)
{
    return tk_info_page(app, lang == TK_LANG_JA ? TITLE_JA : TITLE_EN, BASIS, sections, draft, lang, bytes,
                        hash, error);
}

/* ---- versions ---- */

/* The list of versions, oldest first; *at (may be NULL) is the record's version, TK_STORE_NEW where there is
 * none. New reference; NULL and *error where it cannot be read. */
static json_t *versions(TkApp *app, int64_t *at, GError **error)
{
    GError *why = NULL;
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_PUBLIC_PAGE, PAGE_ID, TK_TIME_NONE, &why);
    if (at != NULL)
        *at = record == NULL ? TK_STORE_NEW : record->version;
    if (record != NULL)
        return json_incref(json_object_get(record->body, "versions"));
    if (!g_error_matches(why, TK_ERROR, TK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, why);
        return NULL;
    }
    g_error_free(why);
    return json_array();
}

static const json_t *version_of(const json_t *list, unsigned number, GError **error)
{
    const json_t *found = number == 0 ? NULL : json_array_get(list, number - 1);
    if (found == NULL)
        tk_fail_both(error, TK_ERROR_NOT_FOUND, "第%u版はありません。", "there is no version %u", number);
    return found;
}

/* The sections of a version (0: as they stand); new reference. */
static json_t *sections_of(TkApp *app, unsigned number, GError **error)
{
    g_autoptr(json_t) gaps = json_array();
    if (number == 0)
        return tk_policy_sections(app, tk_date_of_time(tk_app_now(app)), gaps, error);
    g_autoptr(json_t) list = versions(app, NULL, error);
    const json_t *version = list == NULL ? NULL : version_of(list, number, error);
    if (version == NULL)
        return NULL;
    g_autoptr(GBytes) bytes =
        tk_store_blob(app->store, json_string_value(json_object_get(version, "sections")), error);
    gsize len;
    const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    return text == NULL ? NULL : tk_json_read("the version", text, len, TK_PUBLIC_PAGE_BYTES_MAX, error);
}

/* ---- what was published ---- */

/* [{"record","version","sha256","url","published","by","withdrawn","checked"}…]; new reference. */
static json_t *publications(TkApp *app, GError **error)
{
    g_autoptr(json_t) records = tk_info_records(app, "publications", error);
    json_t *list = records == NULL ? NULL : json_array();
    size_t i;
    json_t *one;
    json_array_foreach(records, i, one)
    {
        const json_t *values = json_object_get(one, "values");
        if (g_strcmp0(tk_info_text(one, "kind"), "information-policy") == 0)
            json_array_append_new(
                list,
                json_pack("{s:O, s:O?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?}", "record",
                          json_object_get(one, "id"), "version", json_object_get(values, "edition"), "sha256",
                          tk_info_text(one, "sha256"), "url", tk_info_text(one, "url"), "published",
                          tk_info_text(one, "published"), "by", tk_info_text(one, "by"), "withdrawn",
                          tk_info_text(one, "withdrawn"), "checked", tk_info_text(one, "checked")));
    }
    return list;
}

/* The newest that was not withdrawn; borrowed. */
static const json_t *published_now(const json_t *list)
{
    const json_t *newest = NULL;
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        const char *day = json_string_value(json_object_get(one, "published"));
        if (day == NULL || json_is_string(json_object_get(one, "withdrawn")))
            continue;
        if (newest == NULL || strcmp(day, json_string_value(json_object_get(newest, "published"))) >= 0)
            newest = one;
    }
    return newest;
}

static const char *state_of(const json_t *published, const char *hash, bool ready)
{
    if (published == NULL)
        return ready ? "unpublished" : "not-ready";
    return g_strcmp0(json_string_value(json_object_get(published, "sha256")), hash) == 0 ? "current"
                                                                                         : "differs";
}

/* ---- use cases ---- */

GBytes *tk_service_policy(TkApp *app, const TkActor *actor, GError **error)
{
    char ja[65], en[65];
    TkDate today = tk_date_of_time(tk_app_now(app));
    g_autoptr(json_t) gaps = json_array();
    g_autoptr(GBytes) page_ja = NULL;
    g_autoptr(GBytes) page_en = NULL;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) sections = tk_policy_sections(app, today, gaps, error);
    g_autoptr(json_t) list = sections == NULL ? NULL : versions(app, NULL, error);
    g_autoptr(json_t) published = list == NULL ? NULL : publications(app, error);
    if (published == NULL || !draw(app, sections, false, TK_LANG_JA, &page_ja, ja, error) ||
        !draw(app, sections, false, TK_LANG_EN, &page_en, en, error))
        return NULL;
    bool ready = tk_info_blocking(gaps) == 0;
    const json_t *now = published_now(published);
    bool may = tk_service_may(actor, TK_MAY_RUN_PROGRAM, NULL);
    g_autoptr(json_t) out =
        json_pack("{s:{s:s, s:s}, s:b, s:s, s:{s:s, s:s}, s:O, s:O, s:O, s:O, s:O?, s:b, s:b}", "title", "ja",
                  TITLE_JA, "en", TITLE_EN, "ready", ready, "state", state_of(now, ja, ready), "sha256", "ja",
                  ja, "en", en, "sections", sections, "gaps", gaps, "versions", list, "publications",
                  published, "published", now, "may_freeze", may, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

static bool stored_page(TkApp *app, unsigned number, TkLang lang, GBytes **bytes, GError **error)
{
    g_autoptr(json_t) list = versions(app, NULL, error);
    const json_t *version = list == NULL ? NULL : version_of(list, number, error);
    if (version == NULL)
        return false;
    const json_t *files = json_object_get(version, "files");
    *bytes = tk_store_blob(app->store, say(files, lang), error);
    return *bytes != NULL;
}

bool tk_service_policy_page(TkApp *app, const TkActor *actor, unsigned version, TkLang lang,
                            TkServiceFile *file, GError **error)
{
    char hash[65];
    g_autoptr(json_t) gaps = json_array();
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    if (version > 0) {
        if (!stored_page(app, version, lang, &file->bytes, error))
            return false;
    } else {
        g_autoptr(json_t) sections = tk_policy_sections(app, tk_date_of_time(tk_app_now(app)), gaps, error);
        if (sections == NULL ||
            !draw(app, sections, tk_info_blocking(gaps) > 0, lang, &file->bytes, hash, error))
            return false;
    }
    file->content_type = "text/html; charset=utf-8";
    file->filename =
        g_strdup(lang == TK_LANG_JA ? "information-policy-ja.html" : "information-policy-en.html");
    return true;
}

static bool findings_of(const json_t *gaps, GBytes **findings, GError **error)
{
    g_autoptr(json_t) fields = json_array();
    size_t i;
    json_t *gap;
    json_array_foreach(gaps, i, gap)
    {
        if (json_is_true(json_object_get(gap, "blocking")))
            json_array_append_new(fields,
                                  json_pack("{s:O, s:O, s:O}", "field", json_object_get(gap, "section"), "ja",
                                            json_object_get(gap, "ja"), "en", json_object_get(gap, "en")));
    }
    return tk_register_sound(fields, findings, error);
}

/* Under change_lock. Appends the version and commits. */
static json_t *freeze(TkApp *app, const TkActor *actor, const json_t *sections, GError **error)
{
    char ja[65], en[65], file_ja[TK_STORE_HASH_TEXT_MAX], file_en[TK_STORE_HASH_TEXT_MAX],
        kept[TK_STORE_HASH_TEXT_MAX];
    int64_t at, now_us = tk_app_now(app);
    g_autoptr(GBytes) page_ja = NULL;
    g_autoptr(GBytes) page_en = NULL;
    g_autoptr(json_t) list = versions(app, &at, error);
    if (list == NULL || !draw(app, sections, false, TK_LANG_JA, &page_ja, ja, error) ||
        !draw(app, sections, false, TK_LANG_EN, &page_en, en, error))
        return NULL;
    size_t count = json_array_size(list);
    const json_t *last = json_object_get(json_array_get(list, count - 1), "sha256");
    if (count > 0 && strcmp(say(last, TK_LANG_JA), ja) == 0 && strcmp(say(last, TK_LANG_EN), en) == 0) {
        tk_fail_both(error, TK_ERROR_CONFLICT, "第%u版から内容が変わっていません。",
                     "version %u says the same", (unsigned)count);
        return NULL;
    }
    if (count >= VERSIONS_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "there are %d versions already", VERSIONS_MAX);
        return NULL;
    }
    g_autoptr(GBytes) tree = tk_json_bytes(sections);
    TkWrite *write = tk_write_new(actor->id, now_us);
    tk_write_blob(write, page_ja, file_ja);
    tk_write_blob(write, page_en, file_en);
    tk_write_blob(write, tree, kept);
    json_t *version = json_pack("{s:i, s:o, s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:s}", "number", (int)count + 1,
                                "at", tk_json_of_time(now_us), "who", actor->id, "sha256", "ja", ja, "en", en,
                                "files", "ja", file_ja, "en", file_en, "sections", kept);
    g_autoptr(json_t) grown = json_copy(list);
    json_array_append_new(grown, version);
    g_autoptr(json_t) document = json_pack("{s:O}", "versions", grown);
    tk_write_put(write, TK_KIND_PUBLIC_PAGE, PAGE_ID, at, "freeze", document);
    return tk_store_commit(app->store, write, NULL, error) ? json_incref(version) : NULL;
}

GBytes *tk_service_policy_freeze(TkApp *app, const TkActor *actor, GBytes **findings, GError **error)
{
    g_autoptr(json_t) gaps = json_array();
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_autoptr(json_t) sections = tk_policy_sections(app, tk_date_of_time(tk_app_now(app)), gaps, error);
    if (sections == NULL || !findings_of(gaps, findings, error))
        return NULL;
    g_mutex_lock(&app->change_lock);
    g_autoptr(json_t) version = freeze(app, actor, sections, error);
    g_mutex_unlock(&app->change_lock);
    return version == NULL ? NULL : tk_json_bytes(version);
}

/* ---- comparison ---- */

/* A section as lines of text, for people to compare; new text. */
static char *plain(const json_t *section, TkLang lang)
{
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i, r, c;
    json_t *one, *row, *cell;
    json_array_foreach(json_object_get(section, "paragraphs"), i, one)
        g_string_append_printf(out, "%s\n", say(one, lang));
    json_array_foreach(json_object_get(section, "tables"), i, one)
    {
        g_string_append_printf(out, "%s\n", say(json_object_get(one, "caption"), lang));
        json_array_foreach(json_object_get(one, "rows"), r, row)
        {
            json_array_foreach(row, c, cell)
                g_string_append_printf(out, "%s%s", c > 0 ? " | " : "", say(cell, lang));
            g_string_append_c(out, '\n');
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static json_t *both(const json_t *section)
{
    if (section == NULL)
        return json_null();
    g_autofree char *ja = plain(section, TK_LANG_JA);
    g_autofree char *en = plain(section, TK_LANG_EN);
    return json_pack("{s:s, s:s}", "ja", ja, "en", en);
}

static void add_difference(json_t *out, const json_t *from, const json_t *to)
{
    const json_t *known = to == NULL ? from : to;
    if (from != NULL && to != NULL && json_equal((json_t *)from, (json_t *)to))
        return;
    json_array_append_new(out,
                          json_pack("{s:O, s:O, s:o, s:o}", "id", json_object_get(known, "id"), "title",
                                    json_object_get(known, "title"), "from", both(from), "to", both(to)));
}

GBytes *tk_service_policy_diff(TkApp *app, const TkActor *actor, unsigned from, unsigned to, GError **error)
{
    size_t i;
    json_t *one;
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) before = sections_of(app, from, error);
    g_autoptr(json_t) after = before == NULL ? NULL : sections_of(app, to, error);
    if (after == NULL)
        return NULL;
    g_autoptr(json_t) list = json_array();
    json_array_foreach(after, i, one)
        add_difference(list, tk_info_find(before, json_string_value(json_object_get(one, "id"))), one);
    json_array_foreach(before, i, one)
    {
        if (tk_info_find(after, json_string_value(json_object_get(one, "id"))) == NULL)
            add_difference(list, one, NULL);
    }
    g_autoptr(json_t) out = json_pack("{s:i, s:i, s:O}", "from", (int)from, "to", (int)to, "sections", list);
    return tk_json_bytes(out);
}
