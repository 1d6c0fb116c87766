/* The report for the board of directors (経営会議): one page on a quarter or any other period, in which every
 * number says where it comes from. It decides nothing: accidents and deadlines are the law's verdicts,
 * reviews and certificates are what the registers hold, the ledger is what was signed last.
 *
 * What the person's role may not read is left null, never zero. */
#include "service/act.h"
#include "service/ledger.h"
#include "service/registers.h"

#define SERIOUS_SHOWN    5
#define PAPER_TITLE_MAX  30 /* characters; two lines of its column */
#define CERTIFICATE_DAYS 90 /* a certificate that ends within so many days is named */

typedef struct {
    TkApp *app;
    const TkActor *actor;
    TkDate from, to, today;
    json_t *figures;
} Making;

/* ---- figures ---- */

typedef enum { LEVEL_PLAIN, LEVEL_GOOD, LEVEL_WARN, LEVEL_BAD } Level;

static const char *const levels[] = {"plain", "good", "warn", "bad"};

/* `value` and `before` are taken; NULL: not known, or not this role's to know. `path`: the page that shows
 * the evidence. */
static void add(Making *m, const char *group, const char *id, TkText label, json_t *value, json_t *before,
                Level level, const char *path)
{
    json_t *none = value == NULL ? json_null() : value;
    json_array_append_new(m->figures, json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "group", group, "id",
                                                id, "label", tk_text2(label.ja, label.en), "value", none,
                                                "before", before == NULL ? json_null() : before, "level",
                                                levels[level], "evidence", path));
}

static void add_count(Making *m, const char *group, const char *id, TkText label, int64_t value,
                      Level above_zero, const char *path)
{
    add(m, group, id, label, value < 0 ? NULL : json_integer(value), NULL,
        value > 0 ? above_zero : LEVEL_PLAIN, path);
}

/* ---- accidents ---- */

static TkDate year_before(TkDate date)
{
    int year, month, day;
    tk_date_split(date, &year, &month, &day);
    return tk_date_valid(year - 1, month, day) ? tk_date_make(year - 1, month, day)
                                               : tk_date_make(year - 1, month, 28);
}

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

static json_int_t users_most(const json_t *accident)
{
    json_int_t most = 0;
    size_t i;
    const json_t *service;
    json_array_foreach(json_object_get(accident, "services"), i, service)
    {
        most = MAX(most, json_integer_value(json_object_get(service, "users")));
    }
    return most;
}

static json_t *serious_list(const json_t *accidents)
{
    json_t *out = json_array();
    size_t i;
    const json_t *accident;
    json_array_foreach(accidents, i, accident)
    {
        bool drill = json_is_true(json_object_get(accident, "drill"));
        if (drill || g_strcmp0(json_string_value(json_object_get(accident, "outcome")), "serious") != 0 ||
            json_array_size(out) >= SERIOUS_SHOWN)
            continue;
        json_array_append_new(
            out,
            json_pack("{s:O, s:O, s:O, s:O, s:O, s:I}", "id", json_object_get(accident, "id"), "title",
                      json_object_get(accident, "title"), "started_at",
                      json_object_get(accident, "started_at"), "state", json_object_get(accident, "state"),
                      "duration_s", json_object_get(accident, "duration_s"), "users", users_most(accident)));
    }
    return out;
}

static void add_accidents(Making *m, const json_t *accidents, const json_t *before)
{
    static const struct {
        const char *id, *outcome;
        TkText label;
        Level level;
    } rows[] = {
        {"serious", "serious", {"重大な事故", "Serious accidents"}, LEVEL_BAD},
        {"detailed",
         "periodic-detailed",
         {"四半期・年度報告(詳細な様式)", "Periodic report, detailed form"},
         LEVEL_PLAIN},
        {"simplified",
         "periodic-simplified",
         {"同(簡易な様式)", "Periodic report, simplified form"},
         LEVEL_PLAIN},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t now = count_outcome(accidents, rows[i].outcome),
                then = count_outcome(before, rows[i].outcome);
        add(m, "accidents", rows[i].id, rows[i].label, json_integer(now), json_integer(then),
            now > 0 ? rows[i].level : LEVEL_PLAIN, "/statistics");
    }
}

/* ---- deadlines ---- */

typedef struct {
    int64_t met, late, overdue, open;
} Kept;

static bool read_day(const json_t *holder, const char *key, TkDate *day)
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
static void take_deadline(const Making *m, const json_t *deadline, TkDate known, Kept *kept)
{
    TkDate due, done;
    bool dated = read_day(deadline, "due", &due);
    TkDate belongs = dated ? due : known;
    if (belongs < m->from || belongs > m->to)
        return;
    bool met = json_is_true(json_object_get(deadline, "done"));
    read_day(deadline, "done_at", &done);
    if (met && dated && done > due)
        kept->late++;
    else if (met)
        kept->met++;
    else if (dated && due < m->today)
        kept->overdue++;
    else
        kept->open++;
}

static void take_deadlines(const Making *m, const json_t *records, Kept *kept)
{
    size_t i, d;
    const json_t *record, *deadline;
    json_array_foreach(records, i, record)
    {
        TkDate known;
        if (json_is_true(json_object_get(record, "drill")))
            continue;
        if (!read_day(record, "known_at", &known))
            read_day(record, "started_at", &known);
        json_array_foreach(json_object_get(record, "deadlines"), d, deadline)
        {
            take_deadline(m, deadline, known, kept);
        }
    }
}

static void add_deadlines(Making *m, const Kept *kept)
{
    add_count(m, "deadlines", "met", (TkText){"期限内に提出", "Handed in on time"}, kept->met, LEVEL_GOOD,
              "/accidents");
    add_count(m, "deadlines", "late", (TkText){"期限後に提出", "Handed in late"}, kept->late, LEVEL_WARN,
              "/accidents");
    add_count(m, "deadlines", "overdue", (TkText){"期限を過ぎて未提出", "Overdue, not handed in"},
              kept->overdue, LEVEL_BAD, "/board");
    add_count(m, "deadlines", "open", (TkText){"期限前・速やかに(未提出)", "Open, not yet due"}, kept->open,
              LEVEL_PLAIN, "/board");
}

/* ---- near misses and leaks ---- */

static json_t *parsed(GBytes *bytes)
{
    gsize len = 0;
    const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    json_t *out = text == NULL ? NULL : tk_json_read("answer", text, len, 64u << 20, NULL);
    if (bytes != NULL)
        g_bytes_unref(bytes);
    return out;
}

static int64_t begun_within(const Making *m, const json_t *items)
{
    int64_t count = 0;
    size_t i;
    const json_t *item;
    json_array_foreach(items, i, item)
    {
        TkDate day;
        count += read_day(item, "started_at", &day) && day >= m->from && day <= m->to;
    }
    return count;
}

static void add_cases(Making *m, const char *kind, TkText label, Kept *kept)
{
    g_autoptr(json_t) answer =
        parsed(tk_service_cases(m->app, m->actor, kind, &(TkPage){.limit = UINT_MAX}, NULL));
    const json_t *items = json_object_get(answer, "items");
    add_count(m, "accidents", kind, label, begun_within(m, items), LEVEL_WARN, "/cases");
    take_deadlines(m, items, kept);
}

/* ---- registers ---- */

/* How many records fit; -1 where the role may not read the register or there is none. */
static int64_t count_records(const Making *m, const char *name, const TkRegisterQuery *query)
{
    TkRegisterQuery one = *query;
    one.limit = 1;
    g_autoptr(json_t) answer = parsed(tk_register_list(m->app->registers, m->actor, name, &one, NULL));
    return answer == NULL ? -1 : json_integer_value(json_object_get(answer, "total"));
}

static int64_t with_status(const Making *m, const char *status, bool due)
{
    TkRegisterQuery query = {.filters = {{"status", TK_FILTER_EQ, status}}, .filter_count = 1, .due = due};
    return count_records(m, "countermeasures", &query);
}

static int64_t both(int64_t a, int64_t b)
{
    return a < 0 || b < 0 ? -1 : a + b;
}

/* Reviews and deadlines that have come, over all registers this role may read. */
static int64_t overdue_reviews(const Making *m)
{
    g_autoptr(json_t) answer = parsed(tk_registers_schemas(m->app->registers, m->actor, NULL));
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

static void add_registers(Making *m)
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
              both(with_status(m, "open", false), with_status(m, "doing", false)), LEVEL_PLAIN,
              "/registers/countermeasures");
    add_count(m, "registers", "countermeasures-late",
              (TkText){"うち期限を過ぎたもの", "of which past their deadline"},
              both(with_status(m, "open", true), with_status(m, "doing", true)), LEVEL_BAD,
              "/registers/countermeasures?due=1");
    add_count(m, "registers", "reviews",
              (TkText){"見直し・期限が来た台帳の記録", "Records whose review has come"}, overdue_reviews(m),
              LEVEL_WARN, "/registers");
    add_count(m, "registers", "certificates-ending",
              (TkText){"90日以内に切れる認証", "Certificates that end within 90 days"}, soon, LEVEL_WARN,
              "/registers/certificates");
    add_count(m, "registers", "certificates-ended",
              (TkText){"期限の切れた認証", "Certificates that have ended"},
              count_records(m, "certificates", &ended), LEVEL_BAD, "/registers/certificates");
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

static void add_ledger(Making *m)
{
    g_autoptr(json_t) status = parsed(tk_ledger_status(m->app, m->actor, NULL));
    int64_t asked = 0, signed_by = cosigned(status, &asked);
    json_t *size = json_object_get(status, "size");
    add(m, "ledger", "entries", (TkText){"署名済みの証跡(件)", "Entries under a signed head"},
        size == NULL ? NULL : json_incref(size), NULL, LEVEL_PLAIN, "/ledger");
    add(m, "ledger", "witnesses", (TkText){"第三者の連署(得た/求めた先)", "Cosignatures, received of asked"},
        status == NULL ? NULL : json_sprintf("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, signed_by, asked),
        NULL, signed_by < asked ? LEVEL_WARN : LEVEL_PLAIN, "/ledger");
}

/* ---- put together ---- */

static void default_quarter(Making *m)
{
    int year, month, day;
    TkDate first, last;
    tk_date_split(m->today, &year, &month, &day);
    int quarter = (month + 8) / 3 % 4 + 1; /* April to June is the first */
    tk_report_period(month < 4 ? year - 1 : year, quarter, &first, &last);
    m->from = m->from == TK_DATE_NONE ? first : m->from;
    m->to = m->to == TK_DATE_NONE ? last : m->to;
}

static json_t *all_accidents(TkApp *app)
{
    return tk_accidents_between(app, tk_date_make(2000, 1, 1), tk_date_make(2200, 1, 1));
}

static json_t *make(TkApp *app, const TkActor *actor, TkDate from, TkDate to, GError **error)
{
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    int64_t now_us = tk_app_now(app);
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    Making m = {app, actor, from, to, tk_date_of_time(now_us), json_array()};
    g_autoptr(json_t) figures = m.figures;
    default_quarter(&m);
    if (m.to < m.from) {
        tk_fail(error, TK_ERROR_INPUT, "to: the last day lies before the first");
        return NULL;
    }
    Kept kept = {0};
    g_autoptr(json_t) accidents = tk_accidents_between(app, m.from, m.to);
    g_autoptr(json_t) before = tk_accidents_between(app, year_before(m.from), year_before(m.to));
    g_autoptr(json_t) all = all_accidents(app);
    add_accidents(&m, accidents, before);
    take_deadlines(&m, all, &kept);
    add_cases(&m, TK_KIND_NEAR_MISS, (TkText){"おそれ事態", "Near misses"}, &kept);
    add_cases(&m, TK_KIND_LEAK, (TkText){"漏えい", "Leaks"}, &kept);
    add_deadlines(&m, &kept);
    add_registers(&m);
    add_ledger(&m);
    return json_pack("{s:s, s:s, s:o, s:o, s:b, s:O, s:o}", "from", tk_date_text(m.from, first), "to",
                     tk_date_text(m.to, last), "at", tk_json_of_time(now_us), "carrier",
                     tk_text2(app->carrier_ja, app->carrier_en), "synthetic", app->synthetic, "figures",
                     figures, "serious", serious_list(accidents));
}

GBytes *tk_service_board_report(TkApp *app, const TkActor *actor, TkDate from, TkDate to, GError **error)
{
    g_autoptr(json_t) made = make(app, actor, from, to, error);
    return made == NULL ? NULL : tk_json_bytes(made);
}

/* ---- on paper ---- */

/* What the form's table shows of a figure, as text: numbers and “—” stand in one column. */
static void shown(json_t *figure, const char *from, const char *to)
{
    const json_t *value = json_object_get(figure, from);
    char text[32];
    g_strlcpy(text, "—", sizeof text);
    if (json_is_integer(value))
        g_snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value))
        g_strlcpy(text, json_string_value(value), sizeof text);
    json_object_set_new(figure, to, json_string(text));
}

static void add_days(TkBuf *out, TkDate from, TkDate to, TkLang lang, bool wareki)
{
    tk_buf_init(out, 200);
    tk_report_add_date(out, from, lang, wareki);
    tk_buf_add_str(out, " – ");
    tk_report_add_date(out, to, lang, wareki);
}

static void add_period(json_t *made, bool wareki)
{
    g_auto(TkBuf) ja = {0}, en = {0};
    TkDate from, to;
    read_day(made, "from", &from);
    read_day(made, "to", &to);
    add_days(&ja, from, to, TK_LANG_JA, wareki);
    add_days(&en, from, to, TK_LANG_EN, wareki);
    json_object_set_new(made, "period", tk_text2(tk_buf_str(&ja), tk_buf_str(&en)));
}

/* The sheet is one sheet whatever a title says. */
static void shorten_title(json_t *accident)
{
    const char *title = json_string_value(json_object_get(accident, "title"));
    if (title == NULL || g_utf8_strlen(title, -1) <= PAPER_TITLE_MAX)
        return;
    g_autofree char *start = g_utf8_substring(title, 0, PAPER_TITLE_MAX - 1);
    json_object_set_new(accident, "title", json_sprintf("%s…", start));
}

bool tk_service_board_report_file(TkApp *app, const TkActor *actor, TkDate from, TkDate to, bool wareki,
                                  TkServiceFile *file, GError **error)
{
    *file = (TkServiceFile){0};
    g_autoptr(json_t) made = make(app, actor, from, to, error);
    if (made == NULL)
        return false;
    add_period(made, wareki);
    size_t i;
    json_t *figure, *accident;
    json_array_foreach(json_object_get(made, "serious"), i, accident)
    {
        shorten_title(accident);
    }
    json_array_foreach(json_object_get(made, "figures"), i, figure)
    {
        shown(figure, "value", "value_text");
        shown(figure, "before", "before_text");
    }
    TkReportContext context = {.carrier = app->carrier_ja,
                               .number = 1,
                               .frozen = true, /* as it stood at the time on it; no draft of anything */
                               .synthetic = app->synthetic,
                               .wareki = wareki,
                               .at_us = tk_app_now(app),
                               .by = actor->id,
                               .law_date = tk_date_of_time(tk_app_now(app)),
                               .judged_by = "Tokatsu " TK_VERSION,
                               .due = TK_DATE_NONE};
    g_autoptr(TkReport) report = tk_report_new(app->forms, "board-report", &context, made, error);
    if (report == NULL || !tk_report_render(report, TK_REPORT_PDF, TK_LANG_JA, &file->bytes, error))
        return false;
    file->content_type = tk_report_media_type(TK_REPORT_PDF);
    file->filename = g_strdup_printf("board-report-%s.pdf", json_string_value(json_object_get(made, "to")));
    return true;
}
