/* What another matrix would say of every risk, before anybody adopts it. */
#include "service/risks_private.h"

static const char *const fields[] = {"likelihood", "consequence", "levels", "cells", NULL};

/* The texts of a matrix out of a request, or of the record that it names; `from` is what holds them. */
static bool texts_of(TkApp *app, const json_t *request, TkRecord **from, TkRiskMatrixText *text,
                     GError **error)
{
    const char *id = json_string_value(json_object_get(request, "matrix"));
    const json_t *values = request;
    if (id != NULL) {
        *from = tk_store_get(app->store, "r-risk-matrices", id, TK_TIME_NONE, error);
        if (*from == NULL)
            return tk_error_at(error, "matrix");
        values = json_object_get((*from)->body, "values");
    }
    const char *found[4];
    for (size_t i = 0; fields[i] != NULL; i++) {
        found[i] = tk_risk_text(values, fields[i]);
        if (found[i] == NULL)
            return tk_fail_both(error, TK_ERROR_INPUT, "%s がありません。",
                                "%s: missing; a text as in a record of risk-matrices", fields[i]) ||
                   tk_error_at(error, fields[i]);
    }
    *text = (TkRiskMatrixText){found[0], found[1], found[2], found[3]};
    return true;
}

typedef struct {
    int up, down, same, cannot;
} Count;

static json_t *level_or_null(const TkRiskMatrix *matrix, int level)
{
    return level < 0 ? json_null() : tk_risk_level_json(matrix, level);
}

static void compare(TkRiskBook *book, const TkRiskRecord *risk, const TkRiskMatrix *matrix, Count *sum,
                    json_t *moves)
{
    const TkCriteria *criteria = tk_risk_criteria_of(book, risk->values);
    for (int p = 0; p < TK_RISK_POSITIONS; p++) {
        int64_t likelihood, consequence;
        tk_risk_steps(risk->values, (TkRiskPosition)p, &likelihood, &consequence);
        if (likelihood == 0)
            continue;
        int now = criteria == NULL ? -1 : tk_risk_matrix_level(criteria->matrix, likelihood, consequence);
        int then = tk_risk_matrix_level(matrix, likelihood, consequence);
        bool same =
            now >= 0 && then >= 0 && strcmp(criteria->matrix->levels[now].id, matrix->levels[then].id) == 0;
        sum->same += same;
        sum->cannot += then < 0;
        sum->up += !same && then >= 0 && then > now;
        sum->down += !same && then >= 0 && then <= now;
        if (!same)
            json_array_append_new(
                moves, json_pack("{s:s, s:s?, s:s, s:I, s:I, s:o, s:o}", "risk", risk->id, "title",
                                 tk_risk_text(risk->values, "title"), "position",
                                 tk_risk_position_id((TkRiskPosition)p), "likelihood", (json_int_t)likelihood,
                                 "consequence", (json_int_t)consequence, "from",
                                 criteria == NULL ? json_null() : level_or_null(criteria->matrix, now), "to",
                                 level_or_null(matrix, then)));
    }
}

static bool asked_for(const TkRiskBook *book, const TkRiskRecord *risk, const char *family)
{
    const char *named = tk_risk_text(risk->values, "matrix");
    return g_strcmp0(tk_risk_text(risk->values, "status"), "closed") != 0 &&
           (family == NULL ||
            (named != NULL && g_strcmp0(g_hash_table_lookup(book->families, named), family) == 0));
}

GBytes *tk_service_risks_trial(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    g_autoptr(TkRecord) record = NULL;
    TkRiskMatrixText text;
    if (!tk_service_may(actor, TK_MAY_READ, error) || !texts_of(app, request, &record, &text, error))
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    if (book == NULL)
        return NULL;
    json_t *findings = json_array(), *moves = json_array();
    g_autoptr(TkRiskMatrix) matrix = tk_risk_matrix_read(&text, findings);
    Count sum = {0};
    const char *family = json_string_value(json_object_get(request, "family"));
    for (unsigned i = 0; matrix != NULL && i < book->risks->len; i++)
        if (asked_for(book, book->risks->pdata[i], family))
            compare(book, book->risks->pdata[i], matrix, &sum, moves);
    g_autoptr(json_t) out =
        json_pack("{s:o, s:o, s:o, s:{s:i, s:i, s:i, s:i}}", "findings", findings, "matrix",
                  matrix == NULL ? json_null() : tk_risk_matrix_json(matrix), "moves", moves, "summary", "up",
                  sum.up, "down", sum.down, "same", sum.same, "cannot", sum.cannot);
    return tk_json_bytes(out);
}
