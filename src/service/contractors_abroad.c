/* What users are told about contractors abroad (外国の委託先等): which, for what purpose, where, and what is
 * done to keep it safe. The list asks for no right, since it is for everybody: only contractors that the
 * register marks as disclosed come into it, and only the fields named here leave the registers. */
#include "service/contractors.h"
#include "service/contractors_private.h"

/* ---- the list ---- */

static void add_codes(json_t *codes, const json_t *list)
{
    size_t i;
    const json_t *one;
    if (json_is_string(list) && !tk_value_has(codes, json_string_value(list)))
        json_array_append_new(codes, json_string(json_string_value(list)));
    json_array_foreach(list, i, one)
    {
        add_codes(codes, one);
    }
}

static json_t *list_of(const json_t *values, const char *field)
{
    json_t *list = json_object_get(values, field);
    return list == NULL ? json_array() : json_deep_copy(list);
}

static json_t *accesses_of(const TkContractorBook *book, const char *id, json_t *codes)
{
    json_t *out = json_array(), *access;
    const char *key;
    json_object_foreach(tk_book_with(book, "contractor-access", id), key, access)
    {
        if (!tk_access_active(book, access))
            continue;
        json_array_append_new(out, json_pack("{s:o, s:o, s:o, s:o, s:o}", "how", list_of(access, "how"),
                                             "data", list_of(access, "data_kinds"), "storage",
                                             list_of(access, "storage_countries"), "processing",
                                             list_of(access, "processing_countries"), "remote",
                                             list_of(access, "remote_countries")));
        add_codes(codes, json_object_get(access, "storage_countries"));
        add_codes(codes, json_object_get(access, "processing_countries"));
        add_codes(codes, json_object_get(access, "remote_countries"));
    }
    return out;
}

static json_t *law_of(const TkContractorBook *book, const json_t *codes)
{
    json_t *out = json_array();
    size_t i;
    const json_t *one;
    json_array_foreach(codes, i, one)
    {
        const char *code = json_string_value(one);
        if (!tk_is_abroad(code))
            continue;
        const json_t *known = json_object_get(book->countries, code);
        const json_t *values = json_object_get(known, "values");
        json_t *law = tk_country_rating(book, code);
        json_object_set_new(law, "country", json_string(code));
        json_object_set_new(law, "synthetic",
                            json_boolean(json_is_true(json_object_get(values, "synthetic"))));
        static const char *const told[] = {"label", "summary", "reviewed"};
        for (size_t f = 0; f < G_N_ELEMENTS(told); f++) {
            json_t *value = json_object_get(values, told[f]);
            json_object_set_new(law, told[f], value == NULL ? json_null() : json_incref(value));
        }
        json_array_append_new(out, law);
    }
    return out;
}

static void add_contractor(const TkContractorBook *book, const char *id, const json_t *values, json_t *out)
{
    const char *name = tk_value(values, "public_name"), *purpose = tk_value(values, "public_purpose");
    g_autoptr(json_t) codes = json_array();
    add_codes(codes, json_object_get(values, "country"));
    g_autoptr(json_t) access = accesses_of(book, id, codes);
    g_autoptr(json_t) law = law_of(book, codes);
    if (!json_is_true(json_object_get(values, "disclose")) || json_array_size(law) == 0)
        return;
    json_array_append_new(out, json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:O, s:O, s:s?}", "id", id,
                                         "contractor", name != NULL ? name : tk_value(values, "name"),
                                         "country", tk_value(values, "country"), "purpose", purpose, "kinds",
                                         list_of(values, "kinds"), "access", access, "law", law, "safeguards",
                                         tk_value(values, "public_measures")));
}

static int by_name(const void *a, const void *b)
{
    const json_t *const *x = a, *const *y = b;
    return g_strcmp0(tk_value(*x, "contractor"), tk_value(*y, "contractor"));
}

static json_t *sorted(const json_t *list)
{
    size_t n = json_array_size(list), i;
    g_autofree json_t **items = g_new(json_t *, n + 1);
    json_t *one, *out = json_array();
    json_array_foreach(list, i, one) items[i] = one;
    qsort(items, n, sizeof *items, by_name);
    for (i = 0; i < n; i++)
        json_array_append(out, items[i]);
    return out;
}

static json_t *abroad(const TkContractorBook *book)
{
    g_autoptr(json_t) list = json_array();
    const char *id;
    json_t *values;
    json_object_foreach(tk_book_of(book, "contractors"), id, values) add_contractor(book, id, values, list);
    return sorted(list);
}

json_t *tk_contractors_abroad(TkApp *app, int64_t as_of_us, GError **error)
{
    g_auto(TkContractorBook) book = {0};
    return tk_contractor_book(app, NULL, as_of_us, &book, error) ? abroad(&book) : NULL;
}

/* ---- the page ---- */

static void add_text(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text == NULL ? "" : text, -1);
    g_string_append(out, escaped);
}

static const char *word_of(const TkContractorBook *book, const char *name, const char *field, const char *id)
{
    const TkRegisterSchema *schema = tk_registers_schema(book->app->registers, name);
    const TkRegisterField *known = schema == NULL ? NULL : tk_register_field(schema, field);
    size_t i;
    const json_t *option;
    json_array_foreach(known == NULL ? NULL : known->options, i, option)
    {
        if (g_strcmp0(tk_value(option, "id"), id) == 0)
            return tk_value(json_object_get(option, "label"), "ja");
    }
    return id;
}

/* The country as the carrier's own record calls it, beside its code. */
static void add_country(GString *out, const TkContractorBook *book, const char *code)
{
    const json_t *known = json_object_get(json_object_get(book->countries, code), "values");
    const char *label = tk_value(known, "label");
    add_text(out, label != NULL ? label : strcmp(code, "JP") == 0 ? "日本" : code);
    if (label != NULL)
        g_string_append_printf(out, "(%s)", code);
}

static void add_countries(GString *out, const TkContractorBook *book, const char *word, const json_t *codes)
{
    size_t i;
    const json_t *one;
    if (json_array_size(codes) == 0)
        return;
    g_string_append_printf(out, "<br>%s: ", word);
    json_array_foreach(codes, i, one)
    {
        g_string_append(out, i > 0 ? "、" : "");
        add_country(out, book, json_string_value(one));
    }
}

static void add_words(GString *out, const TkContractorBook *book, const char *name, const char *field,
                      const json_t *ids)
{
    size_t i;
    const json_t *one;
    json_array_foreach(ids, i, one)
    {
        g_string_append(out, i > 0 ? "、" : "");
        add_text(out, word_of(book, name, field, json_string_value(one)));
    }
}

static void add_access(GString *out, const TkContractorBook *book, const json_t *accesses)
{
    size_t i;
    const json_t *access;
    json_array_foreach(accesses, i, access)
    {
        g_string_append(out, "<p>");
        add_words(out, book, "contractor-access", "how", json_object_get(access, "how"));
        g_string_append(out, ": ");
        add_words(out, book, "contractor-access", "data_kinds", json_object_get(access, "data"));
        add_countries(out, book, "保管", json_object_get(access, "storage"));
        add_countries(out, book, "処理", json_object_get(access, "processing"));
        add_countries(out, book, "遠隔アクセス元", json_object_get(access, "remote"));
        g_string_append(out, "</p>");
    }
}

static void add_law(GString *out, const TkContractorBook *book, const json_t *laws)
{
    size_t i;
    const json_t *law;
    json_array_foreach(laws, i, law)
    {
        const char *summary = tk_value(law, "summary"), *reviewed = tk_value(law, "reviewed");
        g_string_append(out, "<p><b>");
        add_country(out, book, tk_value(law, "country"));
        g_string_append(out, "</b>: ");
        add_text(out, summary != NULL ? summary : "制度を確認中です。");
        if (reviewed != NULL)
            g_string_append_printf(out, " <small>%s 確認</small>", reviewed);
        if (json_is_true(json_object_get(law, "synthetic")))
            g_string_append(out, " <small>(架空の評価)</small>");
        g_string_append(out, "</p>");
    }
}

static void add_row(GString *out, const TkContractorBook *book, const json_t *one)
{
    g_string_append(out, "<tr><th scope=\"row\">");
    add_text(out, tk_value(one, "contractor"));
    g_string_append(out, "<br><small>");
    add_country(out, book, tk_value(one, "country"));
    g_string_append(out, "</small></th><td>");
    add_text(out, tk_value(one, "purpose"));
    g_string_append(out, "<br><small>");
    add_words(out, book, "contractors", "kinds", json_object_get(one, "kinds"));
    g_string_append(out, "</small></td><td>");
    add_access(out, book, json_object_get(one, "access"));
    g_string_append(out, "</td><td>");
    add_law(out, book, json_object_get(one, "law"));
    g_string_append(out, "</td><td>");
    add_text(out, tk_value(one, "safeguards"));
    g_string_append(out, "</td></tr>\n");
}

static const char style[] =
    "body{font:16px/1.7 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1a1a1c;"
    "background:#fff}table{border-collapse:collapse;width:100%}th,td{border:1px solid #949497;padding:.5rem;"
    "text-align:left;vertical-align:top}thead th{background:#f1f1f4}p{margin:.2rem 0}small{color:#505052}"
    ".wide{overflow-x:auto}@media(prefers-color-scheme:dark){body{background:#1a1a1c;color:#f1f1f4}"
    "thead th{background:#333}small{color:#ccc}}";

static GBytes *page_of(const TkContractorBook *book, const json_t *list)
{
    GString *out = g_string_new("<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">"
                                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                                "<title>外国にある委託先等</title><style>");
    size_t i;
    const json_t *one;
    g_string_append_printf(out, "%s</style></head><body><h1>外国にある委託先等について</h1>\n<p>", style);
    add_text(out, book->app->carrier_ja);
    g_string_append_printf(out, " · %s 現在</p>\n", book->day);
    if (book->app->synthetic)
        g_string_append(out, "<p><strong>架空の事業者による合成データです。</strong></p>\n");
    g_string_append(out,
                    "<p>利用者の情報などを取り扱う、外国にある、又は外国から取り扱う委託先等と、その目的、"
                    "国、安全管理のための措置は次のとおりです。</p>\n");
    if (json_array_size(list) == 0)
        g_string_append(out, "<p>該当する委託先等はありません。</p>\n");
    else
        g_string_append(out, "<div class=\"wide\"><table><thead><tr><th scope=\"col\">委託先等</th>"
                             "<th scope=\"col\">目的</th><th scope=\"col\">取扱いと国</th>"
                             "<th scope=\"col\">その国の制度</th><th scope=\"col\">安全管理措置</th>"
                             "</tr></thead><tbody>\n");
    json_array_foreach(list, i, one) add_row(out, book, one);
    g_string_append(out, json_array_size(list) == 0 ? "</body></html>\n"
                                                    : "</tbody></table></div></body></html>\n");
    return g_string_free_to_bytes(out);
}

GBytes *tk_contractors_abroad_page(TkApp *app, int64_t as_of_us, GError **error)
{
    g_auto(TkContractorBook) book = {0};
    if (!tk_contractor_book(app, NULL, as_of_us, &book, error))
        return NULL;
    g_autoptr(json_t) list = abroad(&book);
    return page_of(&book, list);
}

GBytes *tk_service_contractors_abroad(TkApp *app, const TkActor *actor, int64_t as_of_us, bool page,
                                      GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    if (page)
        return tk_contractors_abroad_page(app, as_of_us, error);
    g_autoptr(json_t) items = tk_contractors_abroad(app, as_of_us, error);
    if (items == NULL)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:b, s:O}", "synthetic", app->synthetic, "items", items);
    return tk_json_bytes(out);
}
