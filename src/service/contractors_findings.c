/* What is missing, late or contradicts itself at a contractor. Each finding is a fact of the registers with
 * the record to open; none is a judgement of the contractor. */
#include "service/contractors.h"
#include "service/contractors_private.h"

typedef struct {
    const TkContractorBook *book;
    const char *id;
    const json_t *values;
    json_t *found;
} Look;

static void find(const Look *look, const char *level, const char *code, const char *name, const char *record,
                 const char *ja, const char *en)
{
    json_array_append_new(look->found,
                          json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}}", "level", level, "code", code, "ja",
                                    ja, "en", en, "record", "register", name, "id", record));
}

static bool past(const Look *look, const char *day)
{
    return day != NULL && strcmp(day, look->book->day) < 0;
}

static bool is(const json_t *values, const char *field, const char *text)
{
    return g_strcmp0(tk_value(values, field), text) == 0;
}

/* Calls `each` for the records of a register that name the contractor. */
typedef void (*EachFn)(const Look *look, const char *id, const json_t *values);
static unsigned each_of(const Look *look, const char *name, EachFn each)
{
    unsigned count = 0;
    const char *id;
    json_t *values;
    json_object_foreach(tk_book_with(look->book, name, look->id), id, values)
    {
        count++;
        if (each != NULL)
            each(look, id, values);
    }
    return count;
}

/* ---- contracts and assessments ---- */

json_t *tk_assessment_rating(const TkContractorBook *book, const json_t *assessment)
{
    return tk_supply_score(json_object_get(book->weights, "selection"), assessment);
}

static void look_at_assessment(const Look *look, const char *contract, const json_t *values)
{
    const char *id = tk_value(values, "assessment");
    const json_t *assessment = tk_book_get(look->book, "assessments-of-contractors", id);
    if (assessment == NULL || !is(assessment, "state", "approved")) {
        find(look, "high", "not-assessed", "contracts", contract, "承認された選定評価がない契約が有効です。",
             "an active contract has no approved selection assessment");
        return;
    }
    if (past(look, tk_value(assessment, "expires")))
        find(look, "high", "assessment-expired", "assessments-of-contractors", id,
             "選定評価の有効期限が過ぎています。", "the selection assessment has expired");
    g_autoptr(json_t) rating = tk_assessment_rating(look->book, assessment);
    double pass =
        json_number_value(json_object_get(json_object_get(look->book->weights, "selection"), "pass"));
    bool low = json_number_value(json_object_get(rating, "score")) < pass;
    if (low && tk_value(assessment, "conditions") == NULL)
        find(look, "medium", "assessment-low", "assessments-of-contractors", id,
             "選定評価の点が基準に届かないのに条件がありません。",
             "the assessment is below the mark and was approved without conditions");
}

static void look_at_contract(const Look *look, const char *id, const json_t *values)
{
    static const struct {
        const char *field, *none, *ja, *en;
    } wanted[] = {
        {"audit_right", "none", "監査の権利がない契約です。", "the contract gives no audit right"},
        {"notice_hours", NULL, "事故等の通知の期限を定めていません。", "no time to give notice is agreed"},
        {"data_return", "none", "終了時のデータの扱いを定めていません。",
         "what becomes of data at the end is not agreed"},
        {"sub_consent", "none", "再委託の取り決めがありません。", "sub-contracting is not agreed on"},
        {"exit", NULL, "解約・移行の取り決めがありません。", "leaving and moving away are not agreed on"},
    };
    if (tk_value(values, "status") == NULL)
        find(look, "medium", "contract-status", "contracts", id, "契約の状態が記入されていません。",
             "the contract's status is not recorded");
    if (!is(values, "status", "active"))
        return;
    look_at_assessment(look, id, values);
    if (past(look, tk_value(values, "to")) && !json_is_true(json_object_get(values, "automatic")))
        find(look, "high", "contract-over", "contracts", id, "期間の過ぎた契約が有効のままです。",
             "a contract is active past its end");
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        const json_t *value = json_object_get(values, wanted[i].field);
        bool none = wanted[i].none != NULL && g_strcmp0(json_string_value(value), wanted[i].none) == 0;
        if (value == NULL || none)
            find(look, none ? "medium" : "low", wanted[i].field, "contracts", id, wanted[i].ja, wanted[i].en);
    }
}

/* ---- what is touched ---- */

static void look_at_access(const Look *look, const char *id, const json_t *values)
{
    if (!tk_access_active(look->book, values))
        return;
    const json_t *contract = tk_book_get(look->book, "contracts", tk_value(values, "contract"));
    if (contract == NULL)
        find(look, "medium", "access-without-contract", "contractor-access", id,
             "契約の裏付けがない接触です。", "a contact without a contract behind it");
    else if (!is(contract, "status", "active"))
        find(look, "high", "access-contract-inactive", "contractor-access", id,
             "有効でない契約に基づく接触が続いています。",
             "a contact goes on under a contract that is not active");
    bool strong = is(values, "privilege", "administrate") || is(values, "privilege", "operate");
    if (strong && tk_value(values, "safeguards") == NULL)
        find(look, "medium", "access-safeguards", "contractor-access", id,
             "操作できる接触に安全管理措置の記録がありません。",
             "who can operate has no safeguards recorded");
}

/* ---- countries ---- */

static void add_code(json_t *list, const char *code)
{
    if (code != NULL && !tk_value_has(list, code))
        json_array_append_new(list, json_string(code));
}

static void add_list(json_t *list, const json_t *codes)
{
    size_t i;
    const json_t *one;
    json_array_foreach(codes, i, one) add_code(list, json_string_value(one));
}

json_t *tk_contractor_countries(const TkContractorBook *book, const char *id)
{
    const json_t *c = tk_book_get(book, "contractors", id);
    json_t *seat = json_array(), *parent = json_array(), *law = json_array(), *storage = json_array(),
           *processing = json_array(), *remote = json_array(), *values;
    const char *key;
    add_code(seat, tk_value(c, "country"));
    add_code(parent, tk_value(c, "parent_country"));
    add_code(parent, tk_value(c, "ultimate_country"));
    json_object_foreach(tk_book_with(book, "contracts", id), key, values)
    {
        if (!is(values, "status", "ended"))
            add_code(law, tk_value(values, "law"));
    }
    json_object_foreach(tk_book_with(book, "contractor-access", id), key, values)
    {
        if (!tk_access_active(book, values))
            continue;
        add_list(storage, json_object_get(values, "storage_countries"));
        add_list(processing, json_object_get(values, "processing_countries"));
        add_list(remote, json_object_get(values, "remote_countries"));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "seat", seat, "parent", parent, "law", law, "storage",
                     storage, "processing", processing, "remote", remote);
}

static void look_at_countries(const Look *look)
{
    g_autoptr(json_t) by = tk_contractor_countries(look->book, look->id), all = json_array();
    const char *key;
    json_t *list, *one;
    size_t i;
    json_object_foreach(by, key, list) add_list(all, list);
    bool abroad = false;
    json_array_foreach(all, i, one)
    {
        const char *code = json_string_value(one);
        const json_t *known = json_object_get(look->book->countries, code);
        if (!tk_is_abroad(code))
            continue;
        abroad = true;
        const json_t *values = json_object_get(known, "values");
        g_autofree char *ja = g_strdup_printf("%s の法的環境が評価されていません。", code);
        g_autofree char *en = g_strdup_printf("the legal environment of %s has not been assessed", code);
        g_autofree char *late_ja = g_strdup_printf("%s の法的環境の確認期限が過ぎています。", code);
        g_autofree char *late_en = g_strdup_printf("the review of the legal environment of %s is late", code);
        if (known == NULL)
            find(look, "high", "country-unknown", "contractors", look->id, ja, en);
        else if (past(look, tk_value(values, "next_review")))
            find(look, "medium", "country-late", "countries", tk_value(known, "record"), late_ja, late_en);
    }
    if (abroad && json_is_true(json_object_get(look->values, "handles_user_info")) &&
        !json_is_true(json_object_get(look->values, "disclose")))
        find(look, "medium", "not-disclosed", "contractors", look->id,
             "外国に関わり利用者情報を扱いますが、利用者への開示の対象になっていません。",
             "has to do with a country abroad and handles user information, but users are not told");
}

/* ---- supervision, certificates, incidents, questions ---- */

static void look_at_certificates(const Look *look)
{
    const char *id;
    json_t *values;
    json_object_foreach(tk_book_with(look->book, "certificates", look->id), id, values)
    {
        if (is(values, "holder", "contractor") && past(look, tk_value(values, "expires")))
            find(look, "high", "certificate-lapsed", "certificates", id,
                 "認証・登録の期限が過ぎています。これを根拠とした評価を見直してください。",
                 "a certificate or registration has lapsed; assessments that rest on it need another look");
    }
}

static void look_at_incident(const Look *look, const char *id, const json_t *values)
{
    int64_t known, told;
    const char *known_at = tk_value(values, "noticed_at"), *told_at = tk_value(values, "told_at");
    const json_t *contract = tk_book_get(look->book, "contracts", tk_value(values, "contract"));
    const json_t *hours = json_object_get(contract, "notice_hours");
    if (known_at != NULL && told_at != NULL && json_is_integer(hours) &&
        tk_time_parse(known_at, strlen(known_at), &known, NULL) &&
        tk_time_parse(told_at, strlen(told_at), &told, NULL) &&
        told - known > json_integer_value(hours) * 3600 * TK_US_PER_S)
        find(look, "high", "told-late", "contractor-incidents", id,
             "事故等の通知が契約の期限より遅れました。", "notice of an incident came later than agreed");
    if (is(values, "state", "open"))
        find(look, "medium", "incident-open", "contractor-incidents", id, "対応中の事故等があります。",
             "an incident is being handled");
    if (is(values, "kind", "leak") && tk_value(values, "leak") == NULL)
        find(look, "medium", "leak-not-linked", "contractor-incidents", id,
             "委託先の漏えいに、当社の漏えいの記録が結び付いていません。",
             "a leak at the contractor is tied to no leak recorded here");
}

static void look_at_question(const Look *look, const char *id, const json_t *values)
{
    if (is(values, "state", "open") && past(look, tk_value(values, "answer_by")))
        find(look, "medium", "question-late", "contractor-questions", id,
             "回答期限の過ぎた確認事項があります。", "an open point is past its answer's day");
}

static void look_at_supervision(const Look *look, const char *id, const json_t *values)
{
    if (is(values, "result", "major") && json_array_size(json_object_get(values, "countermeasures")) == 0)
        find(look, "high", "findings-without-measures", "supervisions", id,
             "重い指摘に対策が結び付いていません。", "major findings are tied to no countermeasure");
}

/* The newest supervision says when the next one is due. */
static void look_at_rhythm(const Look *look)
{
    const char *id, *newest = NULL, *next = NULL, *record = NULL;
    json_t *values;
    json_object_foreach(tk_book_with(look->book, "supervisions", look->id), id, values)
    {
        const char *held = tk_value(values, "held_on");
        if (is(values, "result", "planned") || g_strcmp0(held, newest) <= 0)
            continue;
        newest = held;
        next = tk_value(values, "next");
        record = id;
    }
    bool critical = json_is_true(json_object_get(look->values, "critical"));
    if (record == NULL && critical)
        find(look, "high", "never-supervised", "contractors", look->id,
             "重要な委託先ですが、監督の記録がありません。",
             "critical, and never looked at as far as recorded");
    if (record != NULL && past(look, next))
        find(look, "high", "supervision-late", "supervisions", record, "定期監督の期限が過ぎています。",
             "the next supervision is late");
}

/* ---- sub-contractors ---- */

/* A chain that the contract above forbids, or has not agreed on. */
static void look_above(const Look *look)
{
    const char *above = tk_value(look->values, "parent"), *id;
    json_t *values;
    if (above == NULL)
        return;
    json_object_foreach(tk_book_with(look->book, "contracts", above), id, values)
    {
        if (is(values, "status", "active") && is(values, "sub_consent", "forbidden"))
            find(look, "high", "sub-forbidden", "contracts", id,
                 "再委託を禁じた契約の相手方が再委託しています。",
                 "who entrusts it is forbidden to sub-contract by its contract");
    }
}

json_t *tk_contractor_findings(const TkContractorBook *book, const char *id)
{
    Look look = {
        .book = book, .id = id, .values = tk_book_get(book, "contractors", id), .found = json_array()};
    if (look.values == NULL)
        return look.found;
    if (json_array_size(json_object_get(look.values, "kinds")) == 0)
        find(&look, "low", "no-kinds", "contractors", id, "区分が記入されていません。",
             "its kinds are not recorded");
    each_of(&look, "contracts", look_at_contract);
    each_of(&look, "contractor-access", look_at_access);
    look_at_countries(&look);
    look_at_certificates(&look);
    each_of(&look, "supervisions", look_at_supervision);
    look_at_rhythm(&look);
    each_of(&look, "contractor-incidents", look_at_incident);
    each_of(&look, "contractor-questions", look_at_question);
    look_above(&look);
    return look.found;
}
