/* The board report's figures of a period: accidents, deadlines, registers, the ledger.
 *
 * They decide nothing: accidents and deadlines are the law's verdicts, reviews and certificates are what the
 * registers hold, the ledger is what was signed last. */
#include "service/board_report.h"

#include "service/ledger.h"
#include "service/registers.h"

#define CERTIFICATE_DAYS 90 /* a certificate that ends within so many days is named */

/* ---- figures ---- */

const char *const tk_board_levels[] = {"plain", "good", "warn", "bad"};

/* `value` and `before` are taken; NULL: not known, or not this role's to know. `path`: the page that shows
 * the evidence. */
static void add(TkBoardMaking *m, const char *group, const char *id, TkText label, json_t *value,
                json_t *before, TkBoardLevel level, const char *path)
{
    json_t *none = value == NULL ? json_null() : value;
    json_array_append_new(m->figures, json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "group", group, "id",
                                                id, "label", tk_text2(label.ja, label.en), "value", none,
                                                "before", before == NULL ? json_null() : before, "level",
                                                tk_board_levels[level], "evidence", path));
}

static void add_count(TkBoardMaking *m, const char *group, const char *id, TkText label, int64_t value,
                      TkBoardLevel above_zero, const char *path)
{
    add(m, group, id, label, value < 0 ? NULL : json_integer(value), NULL,
        value > 0 ? above_zero : TK_BOARD_PLAIN, path);
}

/* ---- accidents ---- */

static int64_t count_outcome(const json_t *accidents, const char *outcome)
{
    int64_t count = 0;
    size_t i;
    const json_t *accident;
    json_array_foreach(accidents, i, accident)
    {
        bool drill = json_is_true(json_object_get(accident, "drill"));
        count += !drill && g_strcmp0(json_string_value(json_object_get(accident, "outcome")), outcome) == 0;
    }
    return count;
}

static void add_accidents(TkBoardMaking *m, const json_t *accidents, const json_t *before)
{
    static const struct {
        const char *id, *outcome;
        TkText label;
        TkBoardLevel level;
    } rows[] = {
        {"serious", "serious", {"重大な事故", "Serious accidents"}, TK_BOARD_BAD},
        {"detailed",
         "periodic-detailed",
         {"四半期・年度報告(詳細な様式)", "Periodic report, detailed form"},
         TK_BOARD_PLAIN},
        {"simplified",
         "periodic-simplified",
         {"同(簡易な様式)", "Periodic report, simplified form"},
         TK_BOARD_PLAIN},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t now = count_outcome(accidents, rows[i].outcome),
                then = count_outcome(before, rows[i].outcome);
        add(m, "accidents", rows[i].id, rows[i].label, json_integer(now), json_integer(then),
            now > 0 ? rows[i].level : TK_BOARD_PLAIN, "/statistics");
    }
}

/* ---- deadlines ---- */

typedef struct {
    int64_t met, late, overdue, open;
} Kept;

bool tk_board_day(const json_t *holder, const char *key, TkDate *day)
{
    int64_t at_us;
    const json_t *text = json_object_get(holder, key);
    *day = TK_DATE_NONE;
    if (!json_is_string(text))
        return false;
    if (tk_date_parse(json_string_value(text), json_string_length(text), day, NULL))
        return true;
    if (!tk_time_parse(json_string_value(text), json_string_length(text), &at_us, NULL))
        return false;
    *day = tk_date_of_time(at_us);
    return true;
}

/* A report that is due without delay has no day of its own: it belongs to the day of knowledge. */
static void take_deadline(const TkBoardMaking *m, const json_t *deadline, TkDate known, Kept *kept)
{
    TkDate due, done;
    bool dated = tk_board_day(deadline, "due", &due);
    TkDate belongs = dated ? due : known;
    if (belongs < m->from || belongs > m->to)
        return;
    bool met = json_is_true(json_object_get(deadline, "done"));
    tk_board_day(deadline, "done_at", &done);
    if (met && dated && done > due)
        kept->late++;
    else if (met)
        kept->met++;
    else if (dated && due < m->today)
        kept->overdue++;
    else
        kept->open++;
}

static void take_deadlines(const TkBoardMaking *m, const json_t *records, Kept *kept)
{
    size_t i, d;
    const json_t *record, *deadline;
    json_array_foreach(records, i, record)
    {
        TkDate known;
        if (json_is_true(json_object_get(record, "drill")))
            continue;
        if (!tk_board_day(record, "known_at", &known))
            tk_board_day(record, "started_at", &known);
        json_array_foreach(json_object_get(record, "deadlines"), d, deadline)
        {
            take_deadline(m, deadline, known, kept);
        }
    }
}

static void add_deadlines(TkBoardMaking *m, const Kept *kept)
{
    add_count(m, "deadlines", "met", (TkText){"期限内に提出", "Handed in on time"}, kept->met, TK_BOARD_GOOD,
              "/accidents");
    add_count(m, "deadlines", "late", (TkText){"期限後に提出", "Handed in late"}, kept->late, TK_BOARD_WARN,
              "/accidents");
    add_count(m, "deadlines", "overdue", (TkText){"期限を過ぎて未提出", "Overdue, not handed in"},
              kept->overdue, TK_BOARD_BAD, "/board");
    add_count(m, "deadlines", "open", (TkText){"期限前・速やかに(未提出)", "Open, not yet due"}, kept->open,
              TK_BOARD_PLAIN, "/board");
}

/* ---- near misses and leaks ---- */

json_t *tk_board_parsed(GBytes *bytes)
{
    gsize len = 0;
    const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    json_t *out = text == NULL ? NULL : tk_json_read("answer", text, len, 64u << 20, NULL);
    if (bytes != NULL)
        g_bytes_unref(bytes);
    return out;
}

static int64_t begun_within(const TkBoardMaking *m, const json_t *items)
{
    int64_t count = 0;
    size_t i;
    const json_t *item;
    json_array_foreach(items, i, item)
    {
        TkDate day;
        count += tk_board_day(item, "started_at", &day) && day >= m->from && day <= m->to;
    }
    return count;
}

static void add_cases(TkBoardMaking *m, const char *kind, TkText label, Kept *kept)
{
    g_autoptr(json_t) answer =
        tk_board_parsed(tk_service_cases(m->app, m->actor, kind, &(TkPage){.limit = UINT_MAX}, NULL));
    const json_t *items = json_object_get(answer, "items");
    add_count(m, "accidents", kind, label, begun_within(m, items), TK_BOARD_WARN, "/cases");
    take_deadlines(m, items, kept);
}

/* ---- registers ---- */

/* How many records fit; -1 where the role may not read the register or there is none. */
static int64_t count_records(const TkBoardMaking *m, const char *name, const TkRegisterQuery *query)
{
    TkRegisterQuery one = *query;
    one.limit = 1;
    g_autoptr(json_t) answer =
        tk_board_parsed(tk_register_list(m->app->registers, m->actor, name, &one, NULL));
    return answer == NULL ? -1 : json_integer_value(json_object_get(answer, "total"));
}

static int64_t with_status(const TkBoardMaking *m, const char *status, bool due)
{
    TkRegisterQuery query = {.filters = {{"status", TK_FILTER_EQ, status}}, .filter_count = 1, .due = due};
    return count_records(m, "countermeasures", &query);
}

static int64_t both(int64_t a, int64_t b)
{
    return a < 0 || b < 0 ? -1 : a + b;
}

/* Reviews and deadlines that have come, over all registers this role may read. */
static int64_t overdue_reviews(const TkBoardMaking *m)
{
    g_autoptr(json_t) answer = tk_board_parsed(tk_registers_schemas(m->app->registers, m->actor, NULL));
    int64_t count = 0;
    size_t i;
    const json_t *schema;
    TkRegisterQuery query = {.due = true};
    json_array_foreach(json_object_get(answer, "items"), i, schema)
    {
        int64_t due = count_records(m, json_string_value(json_object_get(schema, "id")), &query);
        count += MAX(due, 0);
    }
    return answer == NULL ? -1 : count;
}

static void add_registers(TkBoardMaking *m)
{
    char last[TK_TIME_TEXT_MAX], today[TK_TIME_TEXT_MAX];
    tk_date_text(m->today + CERTIFICATE_DAYS, last);
    tk_date_text(m->today, today);
    TkRegisterQuery ending = {.filters = {{"expires", TK_FILTER_LE, last}, {"expires", TK_FILTER_GE, today}},
                              .filter_count = 2};
    TkRegisterQuery ended = {.filters = {{"expires", TK_FILTER_LE, tk_date_text(m->today - 1, today)}},
                             .filter_count = 1};
    int64_t soon = count_records(m, "certificates", &ending);
    add_count(m, "registers", "countermeasures",
              (TkText){"未完了の再発防止策", "Countermeasures not finished"},
              both(with_status(m, "open", false), with_status(m, "doing", false)), TK_BOARD_PLAIN,
              "/registers/countermeasures");
    add_count(m, "registers", "countermeasures-late",
              (TkText){"うち期限を過ぎたもの", "of which past their deadline"},
              both(with_status(m, "open", true), with_status(m, "doing", true)), TK_BOARD_BAD,
              "/registers/countermeasures?due=1");
    add_count(m, "registers", "reviews",
              (TkText){"見直し・期限が来た台帳の記録", "Records whose review has come"}, overdue_reviews(m),
              TK_BOARD_WARN, "/registers");
    add_count(m, "registers", "certificates-ending",
              (TkText){"90日以内に切れる認証", "Certificates that end within 90 days"}, soon, TK_BOARD_WARN,
              "/registers/certificates");
    add_count(m, "registers", "certificates-ended",
              (TkText){"期限の切れた認証", "Certificates that have ended"},
              count_records(m, "certificates", &ended), TK_BOARD_BAD, "/registers/certificates");
}

/* ---- the ledger ---- */

static int64_t cosigned(const json_t *status, int64_t *asked)
{
    int64_t count = 0;
    size_t i;
    const json_t *witness;
    const json_t *witnesses = json_object_get(status, "witnesses");
    *asked = (int64_t)json_array_size(witnesses);
    json_array_foreach(witnesses, i, witness)
    {
        count += json_is_string(json_object_get(witness, "cosigned_at"));
    }
    return count;
}

static void add_ledger(TkBoardMaking *m)
{
    g_autoptr(json_t) status = tk_board_parsed(tk_ledger_status(m->app, m->actor, NULL));
    int64_t asked = 0, signed_by = cosigned(status, &asked);
    json_t *size = json_object_get(status, "size");
    add(m, "ledger", "entries", (TkText){"署名済みの証跡(件)", "Entries under a signed head"},
        size == NULL ? NULL : json_incref(size), NULL, TK_BOARD_PLAIN, "/ledger");
    add(m, "ledger", "witnesses", (TkText){"第三者の連署(得た/求めた先)", "Cosignatures, received of asked"},
        status == NULL ? NULL : json_sprintf("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, signed_by, asked),
        NULL, signed_by < asked ? TK_BOARD_WARN : TK_BOARD_PLAIN, "/ledger");
}

/* ---- all ---- */

void tk_board_figures(TkBoardMaking *m, const json_t *accidents, const json_t *before, const json_t *all)
{
    Kept kept = {0};
    add_accidents(m, accidents, before);
    take_deadlines(m, all, &kept);
    add_cases(m, TK_KIND_NEAR_MISS, (TkText){"おそれ事態", "Near misses"}, &kept);
    add_cases(m, TK_KIND_LEAK, (TkText){"漏えい", "Leaks"}, &kept);
    add_deadlines(m, &kept);
    add_registers(m);
    add_ledger(m);
}
