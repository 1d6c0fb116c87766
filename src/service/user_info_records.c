/* Records of registers as plain trees, gaps, and names of countries. */
#include "service/user_info_private.h"

static bool take(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    json_array_append_new(data, json_pack("{s:s, s:I, s:O?}", "id", record->id, "version",
                                          (json_int_t)record->version, "values",
                                          json_object_get(record->body, "values")));
    return true;
}

json_t *tk_info_records(TkApp *app, const char *name, GError **error)
{
    g_autoptr(json_t) list = json_array();
    return tk_program_each(app, name, take, list, error) ? g_steal_pointer(&list) : NULL;
}

const json_t *tk_info_find(const json_t *records, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach(records, i, one)
    {
        if (id != NULL && g_strcmp0(json_string_value(json_object_get(one, "id")), id) == 0)
            return one;
    }
    return NULL;
}

const char *tk_info_text(const json_t *record, const char *field)
{
    return json_string_value(json_object_get(json_object_get(record, "values"), field));
}

bool tk_info_true(const json_t *record, const char *field)
{
    return json_is_true(json_object_get(json_object_get(record, "values"), field));
}

json_t *tk_info_pair(const json_t *record, const char *field)
{
    g_autofree char *english = g_strdup_printf("%s_en", field);
    const char *ja = tk_info_text(record, field), *en = tk_info_text(record, english);
    return json_pack("{s:s, s:s}", "ja", ja == NULL ? "" : ja, "en", en != NULL ? en : ja == NULL ? "" : ja);
}

json_t *tk_info_law(TkApp *app, const char *family, TkDate date)
{
    g_autoptr(GPtrArray) entries = tk_law_entries(app->law, NULL, date);
    for (guint i = 0; i < entries->len; i++) {
        const TkLawEntry *entry = entries->pdata[i];
        if (strcmp(entry->family, family) == 0)
            return json_deep_copy(entry->data);
    }
    return NULL;
}

void tk_info_gap(json_t *gaps, const char *section, bool blocking, const char *name, const char *record,
                 const char *ja, const char *en)
{
    json_array_append_new(gaps, json_pack("{s:s, s:b, s:s?, s:s?, s:s, s:s}", "section", section, "blocking",
                                          blocking, "register", name, "record", record, "ja", ja, "en", en));
}

size_t tk_info_blocking(const json_t *gaps)
{
    size_t i, count = 0;
    json_t *gap;
    json_array_foreach(gaps, i, gap) count += json_is_true(json_object_get(gap, "blocking"));
    return count;
}

TkText tk_country_name(const char *code)
{
    static const struct {
        const char *code;
        TkText name;
    } names[] = {
        {"JP", {"日本", "Japan"}},
        {"US", {"アメリカ合衆国", "United States"}},
        {"CN", {"中国", "China"}},
        {"KR", {"韓国", "South Korea"}},
        {"TW", {"台湾", "Taiwan"}},
        {"HK", {"香港", "Hong Kong"}},
        {"SG", {"シンガポール", "Singapore"}},
        {"IN", {"インド", "India"}},
        {"VN", {"ベトナム", "Viet Nam"}},
        {"TH", {"タイ", "Thailand"}},
        {"MY", {"マレーシア", "Malaysia"}},
        {"ID", {"インドネシア", "Indonesia"}},
        {"PH", {"フィリピン", "Philippines"}},
        {"AU", {"オーストラリア", "Australia"}},
        {"NZ", {"ニュージーランド", "New Zealand"}},
        {"GB", {"イギリス", "United Kingdom"}},
        {"IE", {"アイルランド", "Ireland"}},
        {"DE", {"ドイツ", "Germany"}},
        {"FR", {"フランス", "France"}},
        {"NL", {"オランダ", "Netherlands"}},
        {"BE", {"ベルギー", "Belgium"}},
        {"CH", {"スイス", "Switzerland"}},
        {"AT", {"オーストリア", "Austria"}},
        {"IT", {"イタリア", "Italy"}},
        {"ES", {"スペイン", "Spain"}},
        {"PT", {"ポルトガル", "Portugal"}},
        {"SE", {"スウェーデン", "Sweden"}},
        {"FI", {"フィンランド", "Finland"}},
        {"NO", {"ノルウェー", "Norway"}},
        {"DK", {"デンマーク", "Denmark"}},
        {"PL", {"ポーランド", "Poland"}},
        {"CZ", {"チェコ", "Czechia"}},
        {"EE", {"エストニア", "Estonia"}},
        {"IL", {"イスラエル", "Israel"}},
        {"AE", {"アラブ首長国連邦", "United Arab Emirates"}},
        {"TR", {"トルコ", "Türkiye"}},
        {"CA", {"カナダ", "Canada"}},
        {"MX", {"メキシコ", "Mexico"}},
        {"BR", {"ブラジル", "Brazil"}},
        {"CL", {"チリ", "Chile"}},
        {"ZA", {"南アフリカ", "South Africa"}},
        {"RU", {"ロシア", "Russia"}},
        {"UA", {"ウクライナ", "Ukraine"}},
        {"BD", {"バングラデシュ", "Bangladesh"}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_strcmp0(names[i].code, code) == 0)
            return names[i].name;
    return (TkText){code == NULL ? "" : code, code == NULL ? "" : code};
}
