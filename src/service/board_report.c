/* The report for the board of directors (経営会議): one page on a quarter or any other period, in which every
 * number says where it comes from: what happened in the period (board_report_figures.c), the state of the
 * whole programme quarter by quarter (board_report_programme.c), and the serious accidents.
 *
 * What the person's role may not read is left null, never zero. */
#include "service/board_report.h"

#define SERIOUS_SHOWN   5
#define SERIOUS_PRINTED 3  /* the sheet is one sheet */
#define PAPER_TITLE_MAX 18 /* characters; one line of its column */

/* ---- accidents ---- */

static TkDate year_before(TkDate date)
{
    int year, month, day;
    tk_date_split(date, &year, &month, &day);
    return tk_date_valid(year - 1, month, day) ? tk_date_make(year - 1, month, day)
                                               : tk_date_make(year - 1, month, 28);
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

/* ---- put together ---- */

static void default_quarter(TkBoardMaking *m)
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
    TkBoardMaking m = {app, actor, from, to, tk_date_of_time(now_us), json_array()};
    g_autoptr(json_t) figures = m.figures;
    default_quarter(&m);
    if (m.to < m.from) {
        tk_fail(error, TK_ERROR_INPUT, "to: the last day lies before the first");
        return NULL;
    }
    g_autoptr(json_t) accidents = tk_accidents_between(app, m.from, m.to);
    g_autoptr(json_t) before = tk_accidents_between(app, year_before(m.from), year_before(m.to));
    g_autoptr(json_t) all = all_accidents(app);
    tk_board_figures(&m, accidents, before, all);
    g_autoptr(json_t) programme = tk_board_programme(&m, error);
    if (programme == NULL)
        return NULL;
    return json_pack("{s:s, s:s, s:o, s:o, s:b, s:O, s:O, s:o}", "from", tk_date_text(m.from, first), "to",
                     tk_date_text(m.to, last), "at", tk_json_of_time(now_us), "carrier",
                     tk_text2(app->carrier_ja, app->carrier_en), "synthetic", app->synthetic, "figures",
                     figures, "programme", programme, "serious", serious_list(accidents));
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
    tk_board_day(made, "from", &from);
    tk_board_day(made, "to", &to);
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

/* Puts a value behind what stands there; several unknown ones are one “—”. */
static void join(json_t *target, const char *key, const json_t *value, const char *between)
{
    const char *before = json_string_value(json_object_get(target, key));
    char text[64];
    g_strlcpy(text, "—", sizeof text);
    if (json_is_integer(value))
        g_snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value)) {
        g_auto(GStrv) parts = g_strsplit(json_string_value(value), " / ", 2); /* a narrow column */
        g_autofree char *narrow = g_strjoinv("/", parts);
        g_strlcpy(text, narrow, sizeof text);
    }
    bool unknown = before != NULL && strcmp(before, "—") == 0 && strcmp(text, "—") == 0;
    json_object_set_new(target, key,
                        before == NULL || unknown ? json_string(text)
                                                  : json_sprintf("%s%s%s", before, between, text));
}

/* One line for each area on paper: what is counted stands once, the numbers behind one another. */
static void programme_lines(json_t *made)
{
    static const char *const cells[TK_BOARD_QUARTERS] = {"q1", "q2", "q3", "q4"};
    json_t *lines = json_array(), *line = NULL;
    const char *area = "";
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(json_object_get(made, "programme"), "rows"), i, row)
    {
        const char *of = json_string_value(json_object_get(row, "area"));
        if (strcmp(of, area) != 0)
            json_array_append_new(lines,
                                  line = json_pack("{s:O}", "area", json_object_get(row, "area_name")));
        area = of;
        join(line, "counted", json_object_get(json_object_get(row, "label"), "ja"), "・");
        for (size_t p = 0; p < TK_BOARD_QUARTERS; p++)
            join(line, cells[p], json_array_get(json_object_get(row, "values"), p), ", ");
    }
    json_object_set_new(made, "programme_lines", lines);
}

/* Figures that stand in one line on paper: the second is put behind the first. */
static void together(json_t *figures, const char *first, const char *second, const char *ja, const char *en)
{
    json_t *into = NULL, *figure;
    size_t i;
    json_array_foreach(figures, i, figure)
    {
        const char *id = json_string_value(json_object_get(figure, "id"));
        if (strcmp(id, first) == 0)
            into = figure;
        if (strcmp(id, second) != 0 || into == NULL)
            continue;
        join(into, "value_text", json_object_get(figure, "value_text"), ", ");
        join(into, "before_text", json_object_get(figure, "before_text"), ", ");
        json_object_set_new(into, "label", tk_text2(ja, en));
        json_array_remove(figures, i);
        return;
    }
}

static void figure_lines(json_t *figures)
{
    size_t i;
    json_t *figure;
    json_array_foreach(figures, i, figure)
    {
        shown(figure, "value", "value_text");
        shown(figure, "before", "before_text");
    }
    together(figures, "detailed", "simplified", "四半期・年度報告(詳細・簡易な様式)",
             "Periodic reports, detailed and simplified");
    together(figures, "entries", "witnesses", "署名済みの証跡・連署(得た/求めた)",
             "Entries under a signed head, cosignatures");
    together(figures, "near-miss", "leak", "おそれ事態・漏えい", "Near misses, leaks");
    together(figures, "met", "late", "期限内・期限後に提出", "Handed in on time, late");
    together(figures, "overdue", "open", "期限を過ぎて未提出・期限前", "Overdue, open");
    together(figures, "countermeasures", "countermeasures-late", "未完了の再発防止策・うち期限超過",
             "Countermeasures not finished, past their deadline");
    together(figures, "certificates-ending", "certificates-ended", "90日以内に切れる認証・切れた認証",
             "Certificates ending within 90 days, ended");
}

/* The sheet holds so many; the page shows them all. */
static void serious_lines(json_t *accidents)
{
    size_t i;
    json_t *accident;
    while (json_array_size(accidents) > SERIOUS_PRINTED)
        json_array_remove(accidents, json_array_size(accidents) - 1);
    json_array_foreach(accidents, i, accident) shorten_title(accident);
}

bool tk_service_board_report_file(TkApp *app, const TkActor *actor, TkDate from, TkDate to, bool wareki,
                                  TkServiceFile *file, GError **error)
{
    *file = (TkServiceFile){0};
    g_autoptr(json_t) made = make(app, actor, from, to, error);
    if (made == NULL)
        return false;
    add_period(made, wareki);
    serious_lines(json_object_get(made, "serious"));
    figure_lines(json_object_get(made, "figures"));
    programme_lines(made);
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
