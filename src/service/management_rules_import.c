/* An existing document as a text of ours: shown first, kept by nobody until it is saved. */
#include "service/convert.h"
#include "service/management_rules_private.h"

/* What it is, by its first bytes and its name. */
static const char *source_of(const char *name, const char *data, size_t len)
{
    g_autofree char *lower = name == NULL ? g_strdup("") : g_ascii_strdown(name, -1);
    if (len >= 4 && memcmp(data, "PK\003\004", 4) == 0)
        return "docx";
    if (g_str_has_suffix(lower, ".docx"))
        return "docx";
    if (len >= 8 && memcmp(data, "\xD0\xCF\x11\xE0", 4) == 0)
        return "doc";
    if (len >= 5 && memcmp(data, "%PDF-", 5) == 0)
        return "pdf";
    if (len >= 2 && *data == '{' && g_strstr_len(data, (gssize)MIN(len, 400), "tokatsu-rules/1") != NULL)
        return "json";
    return g_str_has_suffix(lower, ".md") || g_str_has_suffix(lower, ".markdown") ? "markdown" : "text";
}

static TkRules *from_docx(GBytes *bytes, GError **error)
{
    g_autofree char *markdown = tk_convert_docx(bytes, NULL, error);
    return markdown == NULL ? NULL : tk_rules_split(markdown, strlen(markdown), TK_RULES_MARKDOWN, error);
}

/* Text of Japanese Windows programs is often Shift_JIS (CP932). */
static TkRules *from_text(const char *data, size_t len, bool *converted, GError **error)
{
    *converted = false;
    if (g_utf8_validate_len(data, len, NULL))
        return tk_rules_split(data, len, TK_RULES_PLAIN, error);
    gsize out_len = 0;
    g_autofree char *utf8 =
        len > TK_RULES_MAX ? NULL : g_convert(data, (gssize)len, "UTF-8", "CP932", NULL, &out_len, NULL);
    *converted = utf8 != NULL;
    return utf8 == NULL ? tk_rules_split(data, len, TK_RULES_PLAIN, error)
                        : tk_rules_split(utf8, out_len, TK_RULES_PLAIN, error);
}

static void note(json_t *notes, const char *ja, const char *en)
{
    json_array_append_new(notes, json_pack("{s:s, s:s}", "ja", ja, "en", en));
}

static TkRules *read_document(const char *source, GBytes *bytes, json_t *notes, GError **error)
{
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    if (strcmp(source, "doc") == 0 || strcmp(source, "pdf") == 0) {
        tk_fail_both(
            error, TK_ERROR_INPUT,
            "この形式(%s)は読めません。Wordで .docx として保存するか、テキストにして取り込んでください。",
            "this kind of file (%s) is not read; save it as .docx, or as text, and import that", source);
        return NULL;
    }
    if (strcmp(source, "docx") == 0)
        return from_docx(bytes, error);
    if (strcmp(source, "json") == 0)
        return tk_rules_read("the file", data, len, error);
    if (strcmp(source, "markdown") == 0)
        return tk_rules_split(data, len, TK_RULES_MARKDOWN, error);
    bool converted;
    TkRules *rules = from_text(data, len, &converted, error);
    if (rules != NULL && converted)
        note(notes, "文字コードはShift_JIS(CP932)として読みました。",
             "The text was read as Shift_JIS (CP932).");
    return rules;
}

json_t *tk_rules_read_file(const char *name, GBytes *bytes, json_t *notes, GError **error)
{
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    if (len > TK_RULES_IMPORT_MAX) {
        tk_fail_both(error, TK_ERROR_LIMIT, "文書が大きすぎます(上限8 MiB)。", "the document is over 8 MiB");
        return NULL;
    }
    g_autoptr(TkRules) rules = read_document(source_of(name, data, len), bytes, notes, error);
    return rules == NULL ? NULL : tk_rules_json(rules);
}

static void tell(const TkRules *rules, json_t *notes)
{
    bool guessed = false;
    for (guint i = 0; i < rules->sections->len; i++)
        guessed |= tk_rules_section(rules, i)->suggested;
    if (guessed)
        note(notes, "29条の事項は見出しから推定しました。一つずつ確かめてください。",
             "Items of art. 29 were guessed from the headings: confirm each.");
    if (rules->sections->len == 1)
        note(notes, "見出しや「第1条」の形の行が見つからず、全体が一つの条項になりました。",
             "No headings, and no lines like 第1条, were found: the whole is one section.");
}

GBytes *tk_service_rules_import(TkApp *app, const TkActor *actor, const char *name, GBytes *bytes,
                                TkDate date, GError **error)
{
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    if (!tk_rules_open(app, actor, TK_REGISTER_WRITES, error))
        return NULL;
    if (len > TK_RULES_IMPORT_MAX) {
        tk_fail_both(error, TK_ERROR_LIMIT, "文書が大きすぎます(上限8 MiB)。", "the document is over 8 MiB");
        return NULL;
    }
    const char *source = source_of(name, data, len);
    g_autoptr(json_t) notes = json_array();
    g_autoptr(TkRules) rules = read_document(source, bytes, notes, error);
    if (rules == NULL)
        return NULL;
    TkDate day = date == TK_DATE_NONE ? tk_rules_today(app) : date;
    g_autoptr(TkProfile) profile = NULL;
    g_autoptr(TkRulesItems) items = tk_rules_items_on(app, day, &profile, error);
    if (items == NULL)
        return NULL;
    tk_rules_suggest(rules, items);
    tell(rules, notes);
    g_autoptr(json_t) check = tk_rules_checked(app, rules, day, TK_DATE_NONE, error);
    if (check == NULL)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:o, s:O, s:O}", "source", source, "rules", tk_rules_json(rules),
                                      "check", check, "notes", notes);
    return tk_json_bytes(out);
}
