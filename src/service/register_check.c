/* The rules of the field types. Each finding names its field and says, in both languages, what would be
 * right; all findings of a record are told at once, because a form is corrected as a whole. */
#include "service/register_check.h"

#include <math.h>

typedef struct {
    const TkRegisterField *field;
    TkRegisterExistsFn exists;
    void *data;
    json_t *findings;
} Check;

void tk_register_finding(json_t *findings, const char *field, const char *ja, const char *en)
{
    json_array_append_new(findings, json_pack("{s:s, s:s, s:s}", "field", field, "ja", ja, "en", en));
}

G_GNUC_PRINTF(3, 4)
static void find(const Check *check, const char *ja, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    g_autofree char *text = g_strdup_vprintf(en, args);
    va_end(args);
    tk_register_finding(check->findings, check->field->id, ja, text);
}

bool tk_register_is_sealed(const json_t *value)
{
    return json_object_size(value) == 1 && json_is_true(json_object_get(value, "sealed"));
}

bool tk_register_id_ok(const char *id, GError **error)
{
    static const char *const taken[] = {"import",  "export.csv", "export.json", "export.jsonl", "export.xlsx",
                                        "history", "views",      ".",           "..",           NULL};
    size_t len = id == NULL ? 0 : strlen(id);
    if (len == 0 || len > TK_REGISTER_ID_MAX || !g_utf8_validate(id, -1, NULL))
        return tk_fail(error, TK_ERROR_INPUT, "id: must be 1 to %d bytes of UTF-8", TK_REGISTER_ID_MAX);
    for (const char *p = id; *p != '\0'; p++)
        if ((unsigned char)*p <= 0x20 || *p == 0x7f || strchr("/\\?#%;\"'", *p) != NULL)
            return tk_fail(error, TK_ERROR_INPUT,
                           "id: no spaces and none of / \\ ? # %% ; \" ' may stand in it");
    if (strchr("=+-@", id[0]) != NULL || g_strv_contains(taken, id))
        return tk_fail(error, TK_ERROR_INPUT, "id: “%s” is taken by the program, or begins with = + - @", id);
    return true;
}

/* ---- texts ---- */

static bool has_controls(const char *text)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < 0x20 && *text != '\n' && *text != '\t') || *text == 0x7f)
            return true;
    return false;
}

static void check_text(const Check *check, const json_t *value)
{
    const TkRegisterField *field = check->field;
    const char *text = json_string_value(value);
    if (text == NULL || strlen(text) != json_string_length(value) || has_controls(text)) {
        find(check, "文字列で入力してください(制御文字は使えません)。",
             "must be a text without control characters");
        return;
    }
    glong length = g_utf8_strlen(text, -1);
    double max = field->has_max ? MIN(field->max, TK_REGISTER_TEXT_MAX) : TK_REGISTER_TEXT_MAX;
    if ((double)length > max)
        find(check, "文字数が上限を超えています。", "is longer than the %.0f characters allowed", max);
    else if (field->has_min && (double)length < field->min)
        find(check, "文字数が足りません。", "is shorter than the %.0f characters needed", field->min);
}

static void check_url(const Check *check, const json_t *value)
{
    const char *text = json_string_value(value);
    g_autoptr(GUri) uri = text == NULL ? NULL : g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri == NULL ? "" : g_uri_get_scheme(uri);
    bool web = strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0;
    if (!web || g_uri_get_host(uri) == NULL || g_uri_get_host(uri)[0] == '\0' || strlen(text) > 2000)
        find(check, "https:// で始まるURLを入力してください。",
             "must be a URL that begins with https:// or http://");
}

static void check_email(const Check *check, const json_t *value)
{
    const char *text = json_string_value(value);
    const char *sign = text == NULL ? NULL : strchr(text, '@');
    bool ok = sign != NULL && sign > text && strchr(sign + 1, '@') == NULL && strlen(text) <= 254 &&
              strpbrk(text, " \t\r\n,;<>\"") == NULL && strchr(sign + 1, '.') != NULL && sign[1] != '.' &&
              text[strlen(text) - 1] != '.';
    if (!ok)
        find(check, "メールアドレスの形で入力してください。",
             "must be an e-mail address such as name@example.jp");
}

/* ISO 3166-1 alpha-2. */
static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
    "BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ "
    "FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML "
    "MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
    "PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ "
    "TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/* A country, or one of XA to XZ, which ISO 3166-1 leaves to its users: for what is no country. */
static bool is_country(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL || strlen(text) != 2 || !g_ascii_isupper(text[0]) || !g_ascii_isupper(text[1]))
        return false;
    return text[0] == 'X' || strstr(countries, text) != NULL;
}

static void check_country(const Check *check, const json_t *value)
{
    if (!is_country(value))
        find(check, "国コード(ISO 3166-1の2文字)を入力してください。",
             "must be a country by ISO 3166-1, such as JP");
}

/* ---- numbers, days, choices ---- */

static void check_number(const Check *check, const json_t *value)
{
    const TkRegisterField *field = check->field;
    bool whole = field->type == TK_REGISTER_INTEGER;
    if (whole ? !json_is_integer(value) : !json_is_number(value)) {
        find(check, whole ? "整数で入力してください。" : "数値で入力してください。", "must be a %s",
             whole ? "whole number" : "number");
        return;
    }
    double number = json_number_value(value);
    if (field->has_min && number < field->min)
        find(check, "下限より小さい値です。", "must be %g or more", field->min);
    else if (field->has_max && number > field->max)
        find(check, "上限より大きい値です。", "must be %g or less", field->max);
}

static void check_date(const Check *check, const json_t *value)
{
    TkDate date;
    const char *text = json_string_value(value);
    if (text == NULL || !tk_date_parse(text, strlen(text), &date, NULL))
        find(check, "日付は2026-04-01のように入力してください。", "must be a date such as 2026-04-01");
}

static void check_time(const Check *check, const json_t *value)
{
    int64_t at_us;
    const char *text = json_string_value(value);
    if (text == NULL || !tk_time_parse(text, strlen(text), &at_us, NULL))
        find(check, "日時は2026-04-01T09:00:00+09:00のように入力してください。",
             "must be a time such as 2026-04-01T09:00:00+09:00");
}

static bool is_option(const TkRegisterField *field, const char *text)
{
    size_t i;
    const json_t *option;
    json_array_foreach(field->options, i, option)
    {
        if (g_strcmp0(json_string_value(json_object_get(option, "id")), text) == 0)
            return true;
    }
    return false;
}

static void find_no_option(const Check *check)
{
    g_autoptr(GString) known = g_string_new(NULL);
    size_t i;
    const json_t *option;
    json_array_foreach(check->field->options, i, option)
    {
        const char *id = json_string_value(json_object_get(option, "id"));
        if (known->len < 200)
            g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", id);
    }
    find(check, "選択肢から選んでください。", "must be one of %s", known->str);
}

static void check_enum(const Check *check, const json_t *value)
{
    if (!is_option(check->field, json_string_value(value)))
        find_no_option(check);
}

/* A list of options or countries, each once. */
static void check_choices(const Check *check, const json_t *value)
{
    bool enums = check->field->type == TK_REGISTER_LIST_OF_ENUM;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    const json_t *one;
    if (!json_is_array(value) || json_array_size(value) > TK_REGISTER_OPTIONS_MAX) {
        find(check, "一覧で入力してください。", "must be a list of at most %d", TK_REGISTER_OPTIONS_MAX);
        return;
    }
    json_array_foreach(value, i, one)
    {
        bool known = enums ? is_option(check->field, json_string_value(one)) : is_country(one);
        if (!known && enums)
            find_no_option(check);
        else if (!known)
            find(check, "国コード(ISO 3166-1の2文字)の一覧で入力してください。",
                 "must be countries by ISO 3166-1, such as JP");
        if (!known)
            return;
        if (g_hash_table_add(seen, (char *)json_string_value(one)))
            continue;
        find(check, "同じものが二度あります。", "names “%.60s” twice", json_string_value(one));
        return;
    }
}

/* ---- references ---- */

static bool check_one_ref(const Check *check, const json_t *value)
{
    const char *id = json_string_value(value);
    if (id != NULL && tk_register_id_ok(id, NULL) && check->exists(check->field->ref, id, check->data))
        return true;
    find(check, "参照先の記録がありません。", "“%.60s” is no record of the register %s", id == NULL ? "" : id,
         check->field->ref);
    return false;
}

static void check_refs(const Check *check, const json_t *value)
{
    size_t i;
    const json_t *one;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    if (!json_is_array(value) || json_array_size(value) > TK_REGISTER_LIST_MAX) {
        find(check, "記録の番号の一覧で入力してください。", "must be a list of at most %d ids",
             TK_REGISTER_LIST_MAX);
        return;
    }
    json_array_foreach(value, i, one)
    {
        if (!check_one_ref(check, one))
            return;
        if (g_hash_table_add(seen, (char *)json_string_value(one)))
            continue;
        find(check, "同じ記録が二度あります。", "names “%.60s” twice", json_string_value(one));
        return;
    }
}

static void check_file(const Check *check, const json_t *value)
{
    const char *hash = json_string_value(json_object_get(value, "sha256"));
    const char *name = json_string_value(json_object_get(value, "name"));
    bool shaped = json_object_size(value) == 2 && hash != NULL && name != NULL && name[0] != '\0' &&
                  strlen(name) <= 255 && !has_controls(name) && strpbrk(name, "/\\") == NULL;
    bool hex = shaped && strlen(hash) == 64 && strspn(hash, "0123456789abcdef") == 64;
    if (!hex)
        find(check, "ファイルを添付してください。",
             "must be {\"sha256\",\"name\"} of a file that was sent before");
    else if (!check->exists(NULL, hash, check->data))
        find(check, "ファイルの中身が保存されていません。",
             "no file with this SHA-256 is kept; send the file first");
}

/* ---- the record ---- */

static void check_value(const Check *check, const json_t *value)
{
    switch (check->field->type) {
    case TK_REGISTER_TEXT:
        check_text(check, value);
        break;
    case TK_REGISTER_INTEGER:
    case TK_REGISTER_NUMBER:
        check_number(check, value);
        break;
    case TK_REGISTER_DATE:
        check_date(check, value);
        break;
    case TK_REGISTER_TIME:
        check_time(check, value);
        break;
    case TK_REGISTER_BOOLEAN:
        if (!json_is_boolean(value))
            find(check, "はい・いいえで入力してください。", "must be true or false");
        break;
    case TK_REGISTER_ENUM:
        check_enum(check, value);
        break;
    case TK_REGISTER_REF:
        check_one_ref(check, value);
        break;
    case TK_REGISTER_LIST_OF_REF:
        check_refs(check, value);
        break;
    case TK_REGISTER_FILE:
        check_file(check, value);
        break;
    case TK_REGISTER_URL:
        check_url(check, value);
        break;
    case TK_REGISTER_EMAIL:
        check_email(check, value);
        break;
    case TK_REGISTER_COUNTRY:
        check_country(check, value);
        break;
    case TK_REGISTER_LIST_OF_ENUM:
    case TK_REGISTER_LIST_OF_COUNTRY:
        check_choices(check, value);
        break;
    }
}

static bool blank(const json_t *value)
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        return text[strspn(text, " \t\n")] == '\0';
    }
    return value == NULL || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

static bool needed(const TkRegisterField *field, const json_t *values)
{
    return field->required && (field->when_field == NULL ||
                               json_equal(json_object_get(values, field->when_field), field->when_value));
}

static void check_field(const Check *check, const json_t *values)
{
    const TkRegisterField *field = check->field;
    const json_t *value = json_object_get(values, field->id);
    if (field->classified && tk_register_is_sealed(value))
        return;
    if (!blank(value))
        check_value(check, value);
    else if (needed(field, values) && field->when_field == NULL)
        find(check, "必須項目です。", "is missing");
    else if (needed(field, values)) {
        g_autofree char *why = json_dumps(field->when_value, JSON_ENCODE_ANY);
        find(check, "この場合は必須項目です。", "is missing; it is needed when %s is %s", field->when_field,
             why);
    }
}

json_t *tk_register_check(const TkRegisterSchema *schema, const json_t *values, TkRegisterExistsFn exists,
                          void *data)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < schema->count; i++) {
        Check check = {&schema->fields[i], exists, data, findings};
        check_field(&check, values);
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)values, key, value)
    {
        if (tk_register_field(schema, key) == NULL)
            tk_register_finding(findings, key, "この台帳にない項目です。", "is no field of this register");
    }
    if (schema->judge != NULL)
        schema->judge(values, findings);
    return findings;
}
