/* The external transmission rule (外部送信規律, 法27条の12): for each site or app the tags that make a user's
 * device send something out, what must be told of each (施行規則22条の2の29), and what is missing.
 *
 * The published table lists what must be told, and what rests on an opt-out (施行規則22条の2の31). Tags that
 * fall under another exception are not published, but must say why they do. */
#include "service/user_info_private.h"

#define BASIS   "電気通信事業法27条の12、電気通信事業法施行規則22条の2の28・22条の2の29"
#define STALE_D 366 /* a look at a tag or site that is older counts as none */

typedef struct {
    TkApp *app;
    TkDate today;
    json_t *sites, *tags, *publications; /* owned */
} Tables;

static void release(Tables *t)
{
    json_decref(t->sites);
    json_decref(t->tags);
    json_decref(t->publications);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tables, release)

static bool gather(Tables *t, GError **error)
{
    return (t->sites = tk_info_records(t->app, "public-sites", error)) != NULL &&
           (t->tags = tk_info_records(t->app, "external-transmissions", error)) != NULL &&
           (t->publications = tk_info_records(t->app, "publications", error)) != NULL;
}

static TkDate day_of(const json_t *record, const char *field)
{
    const char *text = tk_info_text(record, field);
    TkDate day = TK_DATE_NONE;
    return text != NULL && tk_date_parse(text, strlen(text), &day, NULL) ? day : TK_DATE_NONE;
}

static bool is_stale(const Tables *t, const json_t *record)
{
    TkDate checked = day_of(record, "checked");
    return checked == TK_DATE_NONE || checked + STALE_D < t->today;
}

static bool is_here(const Tables *t, const json_t *tag, const char *site)
{
    TkDate ended = day_of(tag, "ended");
    return g_strcmp0(tk_info_text(tag, "site"), site) == 0 && (ended == TK_DATE_NONE || ended >= t->today);
}

static bool is_ground(const json_t *tag, const char *ground)
{
    return g_strcmp0(tk_info_text(tag, "ground"), ground) == 0;
}

/* ---- gaps ---- */

static void check_tag(const Tables *t, const json_t *tag, json_t *gaps)
{
    const char *id = json_string_value(json_object_get(tag, "id"));
    bool told = is_ground(tag, "notice") || is_ground(tag, "opt-out");
    if (told && tk_info_text(tag, "purpose") == NULL)
        tk_info_gap(gaps, "purpose", true, "external-transmissions", id, "利用目的がありません(3号)。",
                    "the purpose of use is missing (item 3)");
    if (is_ground(tag, "opt-out") && tk_info_text(tag, "opt_out_what") == NULL)
        tk_info_gap(gaps, "opt-out", true, "external-transmissions", id,
                    "オプトアウトで送信と利用のどちらが止まるかがありません(22条の2の31第2号)。",
                    "whether opting out stops sending or use is missing (art. 22-2-31 item 2)");
    if (!told && tk_info_text(tag, "reason") == NULL && !is_ground(tag, "consent"))
        tk_info_gap(gaps, "exception", true, "external-transmissions", id, "例外とする理由がありません。",
                    "why it is an exception is missing");
    if (is_stale(t, tag))
        tk_info_gap(gaps, "checked", false, "external-transmissions", id, "1年以内に確かめていません。",
                    "was not looked at within a year");
}

static void check_site(const Tables *t, const json_t *site, size_t tags, json_t *gaps)
{
    const char *id = json_string_value(json_object_get(site, "id"));
    if (tk_info_text(site, "method") == NULL && tags > 0)
        tk_info_gap(gaps, "method", true, "public-sites", id, "知らせる方法(22条の2の28)が決まっていません。",
                    "how users are told (art. 22-2-28) is not decided");
    if (g_strcmp0(tk_info_text(site, "method"), "page") == 0 && tk_info_text(site, "notice_url") == NULL)
        tk_info_gap(gaps, "page", true, "public-sites", id, "表を示す頁の場所がありません。",
                    "where the table is shown is missing");
    if (is_stale(t, site))
        tk_info_gap(gaps, "checked", false, "public-sites", id, "全頁を1年以内に調べていません。",
                    "its pages were not all looked at within a year");
}

/* ---- the table to publish ---- */

static json_t *text(const char *ja, const char *en)
{
    return json_pack("{s:s, s:s}", "ja", ja, "en", en);
}

static json_t *recipient_of(const json_t *tag)
{
    const char *name = tk_info_text(tag, "recipient"), *country = tk_info_text(tag, "country");
    if (name == NULL)
        name = "";
    if (country == NULL)
        return text(name, name);
    TkText where = tk_country_name(country);
    g_autofree char *ja = g_strdup_printf("%s(%s)", name, where.ja);
    g_autofree char *en = g_strdup_printf("%s (%s)", name, where.en);
    return text(ja, en);
}

/* Ours and, where it is known, the recipient's. */
static json_t *purpose_of(const json_t *tag)
{
    const char *theirs = tk_info_text(tag, "recipient_use");
    json_t *own = tk_info_pair(tag, "purpose");
    if (theirs == NULL)
        return own;
    G_GNUC_UNUSED g_autoptr(json_t) owned = own;
    g_autofree char *ja =
        g_strdup_printf("%s\n送信先での利用: %s", json_string_value(json_object_get(own, "ja")), theirs);
    g_autofree char *en =
        g_strdup_printf("%s\nRecipient's use: %s", json_string_value(json_object_get(own, "en")), theirs);
    return text(ja, en);
}

static json_t *opt_out_of(const json_t *tag)
{
    const char *url = tk_info_text(tag, "opt_out"), *limits = tk_info_text(tag, "opt_out_limits");
    if (!is_ground(tag, "opt-out") || url == NULL)
        return text("", "");
    bool sending = g_strcmp0(tk_info_text(tag, "opt_out_what"), "sending") == 0;
    g_autofree char *ja =
        g_strdup_printf("%sを止められます。手続: %s%s%s", sending ? "送信" : "送信先での利用", url,
                        limits == NULL ? "" : "\n止めると使えないもの: ", limits == NULL ? "" : limits);
    g_autofree char *en =
        g_strdup_printf("%s can be stopped: %s%s%s", sending ? "Sending" : "Use", url,
                        limits == NULL ? "" : "\nThen not usable: ", limits == NULL ? "" : limits);
    return text(ja, en);
}

static json_t *rows_of(const Tables *t, const char *site)
{
    json_t *rows = json_array(), *tag;
    size_t i;
    json_array_foreach(t->tags, i, tag)
    {
        if (is_here(t, tag, site) && (is_ground(tag, "notice") || is_ground(tag, "opt-out")))
            json_array_append_new(rows, json_pack("[o, o, o, o]", tk_info_pair(tag, "sent"),
                                                  recipient_of(tag), purpose_of(tag), opt_out_of(tag)));
    }
    return rows;
}

/* The sections of the page (user_info_page.c draws them); new reference. */
static json_t *sections_of(const Tables *t, const json_t *site)
{
    json_t *rows = rows_of(t, json_string_value(json_object_get(site, "id"))), *paragraphs = json_array();
    const char *contact = tk_info_text(site, "contact");
    json_array_append_new(paragraphs, text("このサイト・アプリを使うと、お使いの端末から次の情報が当社以外へ"
                                           "送られます。何が、どこへ、何のために送られるかをお知らせします。",
                                           "When you use this site or app, your device sends the following "
                                           "to others. Here is what is sent, to whom and for what."));
    if (json_array_size(rows) == 0)
        json_array_append_new(paragraphs, text("お知らせが必要な送信はありません。",
                                               "There is no transmission of which we have to tell you."));
    json_t *table =
        json_pack("{s:o, s:[o, o, o, o], s:o}", "caption", text("送られる情報", "What is sent"), "columns",
                  text("送られる情報の内容", "What is sent"), text("送り先", "To whom"),
                  text("使う目的", "For what"), text("止める方法", "How to stop it"), "rows", rows);
    bool some = json_array_size(rows) > 0;
    json_t *first =
        json_pack("{s:s, s:o, s:o, s:[]}", "id", "table", "title",
                  text("端末から送られる情報", "What your device sends"), "paragraphs", paragraphs, "tables");
    if (some)
        json_array_append(json_object_get(first, "tables"), table);
    json_decref(table);
    json_t *sections = json_pack("[o]", first);
    if (contact != NULL)
        json_array_append_new(sections, json_pack("{s:s, s:o, s:[o], s:[]}", "id", "contact", "title",
                                                  text("お問合せ", "Questions"), "paragraphs",
                                                  text(contact, contact), "tables"));
    return sections;
}

static bool draw(const Tables *t, const json_t *site, bool draft, TkLang lang, GBytes **bytes, char hash[65],
                 GError **error)
{
    g_autoptr(json_t) sections = sections_of(t, site);
    g_autoptr(json_t) name = tk_info_pair(site, "name");
    const char *shown = json_string_value(json_object_get(name, lang == TK_LANG_JA ? "ja" : "en"));
    g_autofree char *title = g_strdup_printf(lang == TK_LANG_JA ? "%s: 利用者の端末から送られる情報について"
                                                                : "%s: what your device sends to others",
                                             shown);
    return tk_info_page(t->app, title, BASIS, sections, draft, lang, bytes, hash, error);
}

/* ---- use cases ---- */

static const json_t *published_of(const Tables *t, const char *site)
{
    const json_t *newest = NULL;
    size_t i;
    json_t *one;
    json_array_foreach(t->publications, i, one)
    {
        if (g_strcmp0(tk_info_text(one, "kind"), "external-transmission") != 0 ||
            g_strcmp0(tk_info_text(one, "site"), site) != 0 || tk_info_text(one, "withdrawn") != NULL)
            continue;
        if (newest == NULL ||
            g_strcmp0(tk_info_text(one, "published"), tk_info_text(newest, "published")) >= 0)
            newest = one;
    }
    return newest;
}

static json_t *site_gaps(const Tables *t, const json_t *site, json_t *tags)
{
    const char *id = json_string_value(json_object_get(site, "id"));
    json_t *gaps = json_array(), *tag;
    size_t i;
    if (g_strcmp0(tk_info_text(site, "service"), "none") == 0)
        return gaps;
    json_array_foreach(t->tags, i, tag)
    {
        if (!is_here(t, tag, id))
            continue;
        json_array_append(tags, tag);
        check_tag(t, tag, gaps);
    }
    check_site(t, site, json_array_size(tags), gaps);
    return gaps;
}

static json_t *site_view(const Tables *t, const json_t *site, GError **error)
{
    char hash[65];
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(json_t) tags = json_array();
    g_autoptr(json_t) gaps = site_gaps(t, site, tags);
    const json_t *published = published_of(t, json_string_value(json_object_get(site, "id")));
    if (!draw(t, site, false, TK_LANG_JA, &bytes, hash, error))
        return NULL;
    bool covered = g_strcmp0(tk_info_text(site, "service"), "none") != 0, ready = tk_info_blocking(gaps) == 0;
    const char *state = !covered ? "not-covered"
                        : published != NULL
                            ? g_strcmp0(tk_info_text(published, "sha256"), hash) == 0 ? "current" : "differs"
                        : ready ? "unpublished"
                                : "not-ready";
    return json_pack("{s:O, s:O, s:b, s:b, s:s, s:s, s:O?, s:O, s:O}", "id", json_object_get(site, "id"),
                     "values", json_object_get(site, "values"), "covered", covered, "ready", ready, "state",
                     state, "sha256", hash, "published", published, "tags", tags, "gaps", gaps);
}

GBytes *tk_service_transmissions(TkApp *app, const TkActor *actor, GError **error)
{
    g_auto(Tables) t = {.app = app, .today = tk_date_of_time(tk_app_now(app))};
    g_autoptr(json_t) items = json_array();
    size_t i, ready = 0, gaps = 0;
    json_t *site;
    if (!tk_service_may(actor, TK_MAY_READ, error) || !gather(&t, error))
        return NULL;
    json_array_foreach(t.sites, i, site)
    {
        json_t *view = site_view(&t, site, error);
        if (view == NULL)
            return NULL;
        ready += json_is_true(json_object_get(view, "ready"));
        gaps += json_array_size(json_object_get(view, "gaps"));
        json_array_append_new(items, view);
    }
    g_autoptr(json_t) law = tk_info_law(app, "ui-transmission", t.today);
    g_autoptr(json_t) out_law = tk_info_law(app, "ui-opt-out", t.today);
    g_autoptr(json_t) out =
        json_pack("{s:I, s:I, s:I, s:O, s:O?, s:O?, s:b}", "total", (json_int_t)json_array_size(items),
                  "ready", (json_int_t)ready, "gaps", (json_int_t)gaps, "items", items, "law", law,
                  "opt_out_law", out_law, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

bool tk_service_transmissions_page(TkApp *app, const TkActor *actor, const char *site, TkLang lang,
                                   TkServiceFile *file, GError **error)
{
    char hash[65];
    g_auto(Tables) t = {.app = app, .today = tk_date_of_time(tk_app_now(app))};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !gather(&t, error))
        return false;
    const json_t *found = tk_info_find(t.sites, site);
    if (found == NULL)
        return tk_fail_both(error, TK_ERROR_NOT_FOUND, "サイト「%.60s」は台帳にありません。",
                            "there is no site “%.60s” in the register", site);
    g_autoptr(json_t) tags = json_array();
    g_autoptr(json_t) gaps = site_gaps(&t, found, tags);
    if (!draw(&t, found, tk_info_blocking(gaps) > 0, lang, &file->bytes, hash, error))
        return false;
    file->content_type = "text/html; charset=utf-8";
    file->filename = g_strdup_printf("external-transmission-%s.html", lang == TK_LANG_JA ? "ja" : "en");
    return true;
}
