/* What the Act asks of a carrier on a day.
 *
 * Each family of the obligations data gives one answer: does it apply, why, and since when. “Since when”
 * walks back over the days on which an answer may change — a version of the law, a dated fact, the turn of a
 * fiscal year — and asks again at each, until the answer is another one. That costs a few hundred questions
 * and needs no second set of rules. */
#include "law/program_internal.h"

struct TkProgram {
    const TkLaw *law;
    const TkProfile *profile;
    TkDate date;
    GArray *duties; /* TkDuty; why owned */
};

static void duty_clear(gpointer data)
{
    g_free(((TkDuty *)data)->why);
}

static bool in_force(const Obligation *one, TkDate date)
{
    return one->span.from <= date && date <= one->span.to;
}

/* ---- since when ---- */

typedef struct {
    const Programme *programme;
    const TkProfile *profile;
    guint first, last;  /* the family's versions among the obligations, both included */
    const GArray *days; /* in order */
} Past;

static TkTri applied_on(const Past *past, TkDate date)
{
    for (guint i = past->first; i <= past->last; i++) {
        const Obligation *one = past->programme->duties->pdata[i];
        Asking asking = {past->programme, past->profile, date, NULL, NULL};
        if (in_force(one, date))
            return tk_condition_ask(&asking, &one->when);
    }
    return TK_NO;
}

static void find_since(const Past *past, TkDate date, TkDuty *duty)
{
    const Obligation *oldest = past->programme->duties->pdata[past->first];
    duty->since = oldest->span.from;
    for (guint i = past->days->len; i-- > 0;) {
        TkDate day = g_array_index(past->days, TkDate, i);
        if (day > date || day <= oldest->span.from)
            continue;
        TkTri then = applied_on(past, day - 1);
        if (then == TK_YES)
            continue;
        duty->since = day;
        duty->since_open = then == TK_UNKNOWN;
        return;
    }
    duty->since_open = oldest->span.from == past->programme->begins;
}

static int by_day(gconstpointer a, gconstpointer b)
{
    TkDate x = *(const TkDate *)a, y = *(const TkDate *)b;
    return (x > y) - (x < y);
}

static GArray *days_of_change(const Programme *programme, const TkProfile *profile)
{
    GArray *days = g_array_new(FALSE, FALSE, sizeof(TkDate));
    for (guint i = 0; i < programme->duties->len; i++)
        g_array_append_val(days, ((const Obligation *)programme->duties->pdata[i])->span.from);
    for (guint i = 0; i < programme->terms->len; i++)
        g_array_append_val(days, ((const Term *)programme->terms->pdata[i])->span.from);
    tk_profile_days(programme, profile, days);
    g_array_sort(days, by_day);
    guint kept = 0;
    for (guint i = 0; i < days->len; i++)
        if (kept == 0 || g_array_index(days, TkDate, kept - 1) != g_array_index(days, TkDate, i))
            g_array_index(days, TkDate, kept++) = g_array_index(days, TkDate, i);
    g_array_set_size(days, kept);
    return days;
}

/* ---- one obligation ---- */

/* The version in force, or else the next one, or else the last. */
static const Obligation *version_for(const Past *past, TkDate date)
{
    const Obligation *found = NULL;
    for (guint i = past->first; i <= past->last; i++) {
        found = past->programme->duties->pdata[i];
        if (date <= found->span.to)
            break;
    }
    return found;
}

static void judge(const Past *past, TkDate date, TkDuty *duty)
{
    const Obligation *one = version_for(past, date);
    g_autoptr(GArray) why = g_array_new(FALSE, TRUE, sizeof(TkDutyFact));
    g_autoptr(GArray) missing = g_array_new(FALSE, FALSE, sizeof(const char *));
    Asking asking = {past->programme, past->profile, date, why, missing};
    *duty = (TkDuty){.id = one->entry->family,
                     .entry = one->entry,
                     .in_force = in_force(one, date),
                     .kind = one->kind,
                     .topic = one->topic,
                     .name = one->name,
                     .proof = one->proof,
                     .applies = TK_NO,
                     .since = TK_DATE_NONE};
    if (duty->in_force)
        duty->applies = tk_condition_ask(&asking, &one->when);
    duty->voluntary = duty->applies == TK_NO && g_hash_table_contains(past->profile->voluntary, duty->id);
    for (guint i = 0; i < missing->len && i < TK_DUTY_MISSING_MAX; i++)
        duty->missing[duty->missing_count++] = g_array_index(missing, const char *, i);
    if (duty->applies == TK_YES)
        find_since(past, date, duty);
    asking.why = asking.missing = NULL;
    for (size_t i = 0; duty->in_force && i < one->due_count; i++)
        if (tk_due_of(&asking, &one->dues[i], date, &duty->deadlines[duty->deadline_count]))
            duty->deadline_count++;
    duty->why_count = why->len;
    duty->why = (TkDutyFact *)(void *)g_array_free(g_steal_pointer(&why), FALSE);
}

/* ---- all of them ---- */

TkProgram *tk_law_obligations(const TkLaw *law, const TkProfile *profile, TkDate date, GError **error)
{
    const Programme *programme = law->programme;
    char begins[TK_TIME_TEXT_MAX];
    if (programme->duties->len == 0) {
        tk_fail(error, TK_ERROR_LAW, "the law data hold no obligations");
        return NULL;
    }
    if (date < programme->begins) {
        tk_fail(error, TK_ERROR_LAW, "the data on obligations begin on %s; give that day or a later one",
                tk_date_text(programme->begins, begins));
        return NULL;
    }
    TkProgram *program = g_new0(TkProgram, 1);
    *program = (TkProgram){law, profile, date, g_array_new(FALSE, TRUE, sizeof(TkDuty))};
    g_array_set_clear_func(program->duties, duty_clear);
    g_autoptr(GArray) days = days_of_change(programme, profile);
    Past past = {.programme = programme, .profile = profile, .days = days};
    while (past.first < programme->duties->len) {
        const char *family = ((const Obligation *)programme->duties->pdata[past.first])->entry->family;
        past.last = past.first;
        while (past.last + 1 < programme->duties->len &&
               strcmp(((const Obligation *)programme->duties->pdata[past.last + 1])->entry->family, family) ==
                   0)
            past.last++;
        TkDuty duty;
        judge(&past, date, &duty);
        g_array_append_val(program->duties, duty);
        past.first = past.last + 1;
    }
    return program;
}

void tk_program_free(TkProgram *program)
{
    if (program == NULL)
        return;
    g_array_unref(program->duties);
    g_free(program);
}

TkDate tk_program_date(const TkProgram *program)
{
    return program->date;
}

size_t tk_program_count(const TkProgram *program)
{
    return program->duties->len;
}

const TkDuty *tk_program_duty(const TkProgram *program, size_t index)
{
    return &g_array_index(program->duties, TkDuty, index);
}

const TkDuty *tk_program_find(const TkProgram *program, const char *id)
{
    for (guint i = 0; i < program->duties->len; i++)
        if (strcmp(tk_program_duty(program, i)->id, id) == 0)
            return tk_program_duty(program, i);
    return NULL;
}
