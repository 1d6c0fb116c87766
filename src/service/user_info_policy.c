/* The public policy (情報取扱方針) out of the registers, one small maker for each item of
 * 施行規則22条の2の23:
 *
 *     1号・2号  handled-information          3号イ  policy-texts
 *     3号ロ     data-assets × systems        3号ハ  contractors        3号ニ  systems in clouds × contractors
 *     4号       policy-texts                 5号    leaks of ten years
 *
 * Foreign systems come from the register of the foreign legal environment (countries), which the carrier
 * fills: the program holds no fact about any country. What an item needs and no register says is a gap. */
#include "service/user_info_private.h"

#include "service/cases.h"

typedef struct {
    TkApp *app;
    TkDate today, designated; /* designated TK_DATE_NONE: not known since when */
    json_t *sections, *gaps;
    json_t *assets, *systems, *contractors, *countries, *texts, *information; /* owned */
    json_t *section;                                                          /* under work; borrowed */
} Policy;

/* ---- sections ---- */

static json_t *text(const char *ja, const char *en)
{
    return json_pack("{s:s, s:s}", "ja", ja, "en", en);
}

static void section(Policy *p, const char *id, const char *item, const char *ja, const char *en)
{
    p->section = json_pack("{s:s, s:s, s:o, s:[], s:[]}", "id", id, "article", item, "title", text(ja, en),
                           "paragraphs", "tables");
    json_array_append_new(p->sections, p->section);
}

static void paragraph(Policy *p, json_t *words)
{
    json_array_append_new(json_object_get(p->section, "paragraphs"), words);
}

/* The rows of a new table of the section; borrowed. Takes `columns`. */
static json_t *table(Policy *p, const char *ja, const char *en, json_t *columns)
{
    json_t *one = json_pack("{s:o, s:o, s:[]}", "caption", text(ja, en), "columns", columns, "rows");
    json_array_append_new(json_object_get(p->section, "tables"), one);
    return json_object_get(one, "rows");
}

static void gap(Policy *p, bool blocking, const char *name, const char *record, const char *ja,
                const char *en)
{
    tk_info_gap(p->gaps, json_string_value(json_object_get(p->section, "id")), blocking, name, record, ja,
                en);
}

/* ---- 1号, 2号: what is taken, and for what ---- */

static void note_english(Policy *p, const json_t *record, const char *name)
{
    static const char *const fields[] = {"name_en", "content_en", "how_en", "purpose_en", "use_en"};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (tk_info_text(record, fields[i]) == NULL) {
            gap(p, false, "handled-information", name, "英語の文がありません。英語の頁には日本語を載せます。",
                "has no English text; the English page shows the Japanese");
            return;
        }
}

static void make_information(Policy *p)
{
    size_t i, found = 0;
    json_t *one;
    section(p, "information", "1号・2号", "取得する情報と利用目的", "What we take and for what");
    json_t *rows = table(p, "取得する情報、取得の方法、利用の目的と方法",
                         "What is taken, how, for what and how it is used",
                         json_pack("[o, o, o, o, o]", text("情報", "Information"), text("内容", "Content"),
                                   text("取得の方法", "How it is taken"), text("利用の目的", "Purpose"),
                                   text("利用の方法", "Use")));
    json_array_foreach(p->information, i, one)
    {
        if (!tk_info_true(one, "active"))
            continue;
        json_array_append_new(rows, json_pack("[o, o, o, o, o]", tk_info_pair(one, "name"),
                                              tk_info_pair(one, "content"), tk_info_pair(one, "how"),
                                              tk_info_pair(one, "purpose"), tk_info_pair(one, "use")));
        note_english(p, one, json_string_value(json_object_get(one, "id")));
        found++;
    }
    if (found == 0)
        gap(p, true, "handled-information", NULL, "取得する情報が一件も記録されていません。",
            "nothing that is taken from users is on record");
}

/* ---- 3号イ, 4号 and the opening: words of the carrier ---- */

static bool in_use(const Policy *p, const json_t *record)
{
    const char *from = tk_info_text(record, "from"), *to = tk_info_text(record, "to");
    TkDate day;
    if (from != NULL && tk_date_parse(from, strlen(from), &day, NULL) && day > p->today)
        return false;
    return to == NULL || !tk_date_parse(to, strlen(to), &day, NULL) || day >= p->today;
}

/* Adds all texts of this part; false where there is none. */
static bool add_texts(Policy *p, const char *part, bool headed)
{
    bool found = false;
    size_t i;
    json_t *one;
    json_array_foreach(p->texts, i, one)
    {
        if (g_strcmp0(tk_info_text(one, "part"), part) != 0 || !in_use(p, one))
            continue;
        const char *ja = tk_info_text(one, "ja"), *en = tk_info_text(one, "en"),
                   *name = tk_info_text(one, "name");
        g_autofree char *words_ja =
            headed && name != NULL ? g_strdup_printf("%s\n%s", name, ja) : g_strdup(ja);
        paragraph(p, text(words_ja, en != NULL ? en : words_ja));
        if (en == NULL)
            gap(p, false, "policy-texts", json_string_value(json_object_get(one, "id")),
                "英語の文がありません。英語の頁には日本語を載せます。",
                "has no English text; the English page shows the Japanese");
        found = true;
    }
    return found;
}

static void make_safeguards(Policy *p)
{
    static const struct {
        const char *part, *ja, *en;
    } parts[] = {
        {"organisational", "組織的安全管理措置の概要がありません。",
         "the outline of organisational safeguards is missing"},
        {"personnel", "人的安全管理措置の概要がありません。",
         "the outline of safeguards concerning people is missing"},
        {"physical", "物理的安全管理措置の概要がありません。",
         "the outline of physical safeguards is missing"},
        {"technical", "技術的安全管理措置の概要がありません。",
         "the outline of technical safeguards is missing"},
    };
    section(p, "safeguards", "3号イ", "安全管理措置の概要", "Outline of safeguards");
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (!add_texts(p, parts[i].part, true))
            gap(p, true, "policy-texts", NULL, parts[i].ja, parts[i].en);
}

static void make_contact(Policy *p)
{
    section(p, "contact", "4号", "苦情・相談の窓口", "Whom to turn to");
    if (!add_texts(p, "contact", true))
        gap(p, true, "policy-texts", NULL, "苦情・相談の窓口の連絡先がありません。",
            "whom to turn to with complaints and questions is missing");
}

/* ---- countries ---- */

static bool is_foreign(const char *country)
{
    return country != NULL && strcmp(country, "JP") != 0;
}

/* One answer of the register: a power that exists, does not, or is not known. */
static TkTri power(const json_t *record, const char *field)
{
    const char *value = tk_info_text(record, field);
    if (value == NULL || strcmp(value, "unknown") == 0)
        return TK_UNKNOWN;
    return strcmp(value, "none") == 0 || strcmp(value, "no") == 0 ? TK_NO : TK_YES;
}

TkTri tk_country_affects(const json_t *countries, const char *code, const json_t **record)
{
    size_t i;
    json_t *one;
    *record = NULL;
    json_array_foreach(countries, i, one)
    {
        const char *state = tk_info_text(one, "state");
        if (g_strcmp0(tk_info_text(one, "country"), code) != 0 || g_strcmp0(state, "draft") == 0)
            continue;
        *record = one;
        TkTri access = power(one, "authority_access"), assist = power(one, "intervention");
        if (access == TK_YES || assist == TK_YES)
            return TK_YES;
        return access == TK_NO && assist == TK_NO ? TK_NO : TK_UNKNOWN;
    }
    return TK_UNKNOWN;
}

static void unknown_country(Policy *p, const char *code, const json_t *record)
{
    TkText name = tk_country_name(code);
    g_autofree char *ja = g_strdup_printf(
        "%s: 適正な取扱いに影響を及ぼすおそれのある制度の有無が「外国の法的環境」に%s。", name.ja,
        record == NULL ? "記録されていません" : "書かれていません(当局による開示、介入・協力の義務)");
    g_autofree char *en =
        g_strdup_printf("%s: whether its system may affect the handling is not in the register of the "
                        "foreign legal environment",
                        name.en);
    gap(p, true, "countries", json_string_value(json_object_get(record, "id")), ja, en);
}

static void add_country(Policy *p, json_t *rows, const char *code)
{
    const json_t *record;
    TkTri affects = tk_country_affects(p->countries, code, &record);
    TkText name = tk_country_name(code);
    const char *label = record == NULL ? NULL : tk_info_text(record, "label");
    const char *summary = record == NULL ? NULL : tk_info_text(record, "summary");
    if (affects == TK_UNKNOWN)
        unknown_country(p, code, record);
    json_array_append_new(rows,
                          json_pack("[o, o, o]", text(label != NULL ? label : name.ja, name.en),
                                    affects == TK_YES  ? text("あり", "Yes")
                                    : affects == TK_NO ? text("なし", "No")
                                                       : text("未確認", "Not known yet"),
                                    text(summary == NULL ? "" : summary, summary == NULL ? "" : summary)));
}

/* A table of the countries in `codes` (a set), by code; `none` where there are none. */
static void countries_table(Policy *p, GHashTable *codes, const char *ja, const char *en, json_t *none)
{
    if (g_hash_table_size(codes) == 0) {
        paragraph(p, none);
        return;
    }
    json_decref(none);
    json_t *rows =
        table(p, ja, en,
              json_pack("[o, o, o]", text("国", "Country"),
                        text("影響を及ぼすおそれのある制度", "A system that may affect the handling"),
                        text("制度の概要", "Outline of the system")));
    g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(codes), (GCompareFunc)(void (*)(void))strcmp);
    for (GList *at = sorted; at != NULL; at = at->next)
        add_country(p, rows, at->data);
}

/* ---- 3号ロ, ハ, ニ: abroad ---- */

static bool is_user_info(const json_t *asset)
{
    const char *category = tk_info_text(asset, "category");
    return g_strcmp0(category, "specified-user-info") == 0 || g_strcmp0(category, "secrecy") == 0;
}

/* The country of whoever supplies the system; NULL where that is not known. */
static const char *vendor_country(const Policy *p, const json_t *system)
{
    const json_t *vendor = tk_info_find(p->contractors, tk_info_text(system, "vendor"));
    return vendor == NULL ? NULL : tk_info_text(vendor, "country");
}

static void add_unknowable(Policy *p, const json_t *system, json_t **rows)
{
    const json_t *vendor = tk_info_find(p->contractors, tk_info_text(system, "vendor"));
    const char *name = vendor == NULL ? NULL : tk_info_text(vendor, "name");
    if (name == NULL) {
        gap(p, true, "systems", json_string_value(json_object_get(system, "id")),
            "設置国を知ることが困難なシステムの設置者(提供者)が記録されていません。",
            "its country cannot be known, and who runs it is not on record");
        return;
    }
    if (*rows == NULL)
        *rows = table(p, "設置された国を知ることが困難な設備の設置者",
                      "Who runs equipment whose country cannot be known",
                      json_pack("[o]", text("設置者", "Run by")));
    json_array_append_new(*rows, json_pack("[o]", text(name, name)));
}

static void make_storage(Policy *p)
{
    g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) unknowable = g_hash_table_new(NULL, NULL);
    json_t *rows = NULL, *asset;
    size_t i;
    section(p, "storage", "3号ロ", "外国での保存", "Storage abroad");
    json_array_foreach(p->assets, i, asset)
    {
        const json_t *system = tk_info_find(p->systems, tk_info_text(asset, "system"));
        const char *lies = tk_info_text(asset, "country"), *stands = tk_info_text(system, "country");
        if (!is_user_info(asset))
            continue;
        if (tk_info_true(system, "country_unknown")) {
            g_hash_table_add(unknowable, (gpointer)system);
            continue;
        }
        if (is_foreign(lies))
            g_hash_table_add(codes, (gpointer)lies);
        if (is_foreign(stands))
            g_hash_table_add(codes, (gpointer)stands);
    }
    if (json_array_size(p->assets) == 0)
        gap(p, true, "data-assets", NULL, "情報資産が記録されていないため、保存する国を書けません。",
            "no data assets are on record, so that countries of storage cannot be told");
    if (g_hash_table_size(codes) > 0 || g_hash_table_size(unknowable) == 0)
        countries_table(
            p, codes, "特定利用者情報を保存する外国", "Foreign countries where the information is kept",
            text("外国に設置された設備には保存していません。", "Nothing is kept on equipment abroad."));
    json_array_foreach(p->systems, i, asset)
    {
        if (g_hash_table_contains(unknowable, asset))
            add_unknowable(p, asset, &rows);
    }
}

static void make_contractors(Policy *p)
{
    g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i, k;
    json_t *one, *id;
    section(p, "contractors", "3号ハ", "外国にある委託先", "Contractors abroad");
    json_array_foreach(p->contractors, i, one)
    {
        const char *country = tk_info_text(one, "country");
        if (tk_info_true(one, "handles_user_info") && is_foreign(country))
            g_hash_table_add(codes, (gpointer)country);
    }
    json_array_foreach(p->assets, i, one) json_array_foreach(
        is_user_info(one) ? json_object_get(json_object_get(one, "values"), "contractors") : NULL, k, id)
    {
        const char *country = tk_info_text(tk_info_find(p->contractors, json_string_value(id)), "country");
        if (is_foreign(country))
            g_hash_table_add(codes, (gpointer)country);
    }
    countries_table(
        p, codes, "取扱いを委託する先がある外国", "Foreign countries of contractors",
        text("外国にある第三者に取扱いを委託していません。", "No handling is entrusted to anybody abroad."));
}

static void make_cloud(Policy *p)
{
    g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    json_t *asset;
    section(p, "cloud", "3号ニ", "外国の事業者の保存サービス", "Storage services of foreign providers");
    json_array_foreach(p->assets, i, asset)
    {
        const json_t *system = tk_info_find(p->systems, tk_info_text(asset, "system"));
        if (!is_user_info(asset) || g_strcmp0(tk_info_text(system, "hosting"), "cloud") != 0)
            continue;
        const char *country = vendor_country(p, system);
        if (country == NULL)
            gap(p, true, "systems", json_string_value(json_object_get(system, "id")),
                "クラウドの提供者と、その所在国が記録されていません。",
                "who provides this cloud, and in which country, is not on record");
        else if (is_foreign(country))
            g_hash_table_add(codes, (gpointer)country);
    }
    countries_table(p, codes, "保存を目的とする役務を提供する者がある外国",
                    "Countries of providers of storage services",
                    text("外国にある第三者の保存サービスを使っていません。",
                         "No storage service of a provider abroad is used."));
}

/* ---- 5号: leaks ---- */

typedef struct {
    Policy *policy;
    json_t *rows;
    TkDate from;
} Leaks;

static const char *what_happened(const json_t *leak)
{
    const char *words = json_string_value(json_object_get(leak, "summary"));
    return words != NULL && *words != '\0' ? words : json_string_value(json_object_get(leak, "content"));
}

static bool take_leak(const TkRecord *record, void *data)
{
    Leaks *leaks = data;
    Policy *p = leaks->policy;
    int64_t occurred = TK_TIME_NONE, known = TK_TIME_NONE;
    TkVerdict verdict;
    if (!tk_case_times(record->body, &occurred, &known, NULL) ||
        !tk_case_judge(p->app, TK_KIND_LEAK, record->body, &verdict, NULL) ||
        verdict.outcome != TK_OUTCOME_LEAK || tk_date_of_time(occurred) < leaks->from)
        return true;
    int year, month, day;
    tk_date_split(tk_date_of_time(occurred), &year, &month, &day);
    g_autofree char *ja = g_strdup_printf("%d年%d月", year, month);
    g_autofree char *en = g_strdup_printf("%d-%02d", year, month);
    const char *what = what_happened(record->body),
               *kind = json_string_value(json_object_get(record->body, "leak"));
    bool secrecy = g_strcmp0(kind, "secrecy") == 0;
    if (what == NULL)
        gap(p, true, "leaks", record->id, "漏えいの内容が書かれていません。",
            "what the leak was is not written");
    json_array_append_new(leaks->rows,
                          json_pack("[o, o, o]", text(ja, en),
                                    secrecy ? text("通信の秘密", "Secrecy of communications")
                                            : text("特定利用者情報", "Specified user information"),
                                    text(what == NULL ? "" : what, what == NULL ? "" : what)));
    return true;
}

static bool make_incidents(Policy *p, GError **error)
{
    Leaks leaks = {.policy = p, .from = tk_date_add_months(p->today, -120)};
    TkQuery query = {.kind = TK_KIND_LEAK, .limit = TK_STORE_LIMIT_MAX, .descending = true};
    if (p->designated != TK_DATE_NONE)
        leaks.from = MAX(leaks.from, p->designated);
    section(p, "incidents", "5号", "過去10年間の漏えい", "Leaks of the past ten years");
    leaks.rows = table(p, "漏えいの時期と内容", "Leaks: when and what",
                       json_pack("[o, o, o]", text("時期", "When"), text("情報", "Information"),
                                 text("内容", "What happened")));
    if (!tk_store_list(p->app->store, &query, take_leak, &leaks, NULL, error))
        return false;
    if (json_array_size(leaks.rows) == 0) {
        json_array_clear(json_object_get(p->section, "tables"));
        paragraph(
            p, text("公表の対象となる漏えいはありません。", "There was no leak that has to be published."));
    }
    return true;
}

/* ---- all ---- */

/* Since when the carrier is designated (法27条の5); TK_DATE_NONE where it is not, or since always. */
static TkDate designated_on(TkApp *app, TkDate today)
{
    g_autoptr(json_t) document = tk_program_document(app, NULL, NULL);
    const json_t *facts = json_object_get(document, "facts"),
                 *fact = json_object_get(facts, "designated_27_5");
    TkDate on = TK_DATE_NONE, from;
    size_t i;
    json_t *change;
    json_array_foreach(fact, i, change)
    {
        const char *day = json_string_value(json_object_get(change, "from"));
        if (day == NULL || !tk_date_parse(day, strlen(day), &from, NULL) || from > today)
            continue;
        bool yes = json_is_true(json_object_get(change, "value"));
        on = !yes ? TK_DATE_NONE : on == TK_DATE_NONE ? from : on;
    }
    return on;
}

static void release(Policy *p)
{
    json_decref(p->assets);
    json_decref(p->systems);
    json_decref(p->contractors);
    json_decref(p->countries);
    json_decref(p->texts);
    json_decref(p->information);
}

static bool gather(Policy *p, GError **error)
{
    return (p->assets = tk_info_records(p->app, "data-assets", error)) != NULL &&
           (p->systems = tk_info_records(p->app, "systems", error)) != NULL &&
           (p->contractors = tk_info_records(p->app, "contractors", error)) != NULL &&
           (p->countries = tk_info_records(p->app, "countries", error)) != NULL &&
           (p->texts = tk_info_records(p->app, "policy-texts", error)) != NULL &&
           (p->information = tk_info_records(p->app, "handled-information", error)) != NULL;
}

json_t *tk_policy_sections(TkApp *app, TkDate today, json_t *gaps, GError **error)
{
    g_autoptr(json_t) sections = json_array();
    Policy p = {.app = app,
                .today = today,
                .designated = designated_on(app, today),
                .sections = sections,
                .gaps = gaps};
    bool done = gather(&p, error);
    if (done) {
        section(&p, "intro", "柱書", "はじめに", "About this policy");
        if (!add_texts(&p, "intro", false))
            json_array_remove(sections, 0);
        make_information(&p);
        make_safeguards(&p);
        make_storage(&p);
        make_contractors(&p);
        make_cloud(&p);
        make_contact(&p);
        done = make_incidents(&p, error);
    }
    release(&p);
    return done ? g_steal_pointer(&sections) : NULL;
}
