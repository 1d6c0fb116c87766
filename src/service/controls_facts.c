/* What the automatic checks measure, out of Tokatsu's own facts. Each measure says what it counted; where the
 * fact is not there (nobody has an account, no witness is asked, the register does not exist) the answer is
 * that it cannot be told, and why. */
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "service/controls_private.h"

#define IDLE_DAYS   90
#define SCAN_CHUNK  5000u
#define SCAN_MAX    500000u /* events that are looked through for sign-ins */
#define PROOFS      32u     /* entries of the ledger that are proved at each run */
#define TLS_PEM_MAX (1 << 20)

static const TkActor checker = {"checks", TK_ROLE_ADMINISTRATOR};

static void unknown(TkMeasure *out, const char *ja, const char *en)
{
    out->known = false;
    out->why_ja = ja;
    out->why_en = en;
}

static void known(TkMeasure *out, double value)
{
    out->known = true;
    out->value = value;
}

static void fact(TkMeasure *out, const char *name, int64_t number)
{
    json_object_set_new(out->facts, name, json_integer((json_int_t)number));
}

static void fact_text(TkMeasure *out, const char *name, const char *text)
{
    json_object_set_new(out->facts, name, json_string(text));
}

/* Whole days and hours tell enough, and a history of changes stays short. */
static double days_since(TkApp *app, int64_t at_us)
{
    return (double)((tk_app_now(app) - at_us) / TK_US_PER_DAY);
}

static double hours_since(TkApp *app, int64_t at_us)
{
    return (double)((tk_app_now(app) - at_us) / (3600 * TK_US_PER_S));
}

static bool time_of(const json_t *value, int64_t *at_us)
{
    return json_is_string(value) &&
           tk_time_parse(json_string_value(value), json_string_length(value), at_us, NULL);
}

/* An answer of the service as a tree; NULL where there was none. */
static json_t *tree(GBytes *bytes)
{
    g_autoptr(GBytes) owned = bytes;
    return owned == NULL ? NULL
                         : tk_json_read("answer", g_bytes_get_data(owned, NULL), g_bytes_get_size(owned),
                                        64u << 20, NULL);
}

/* ---- people ---- */

static bool is_person(const json_t *account)
{
    const char *role = json_string_value(json_object_get(account, "role"));
    return !json_is_true(json_object_get(account, "disabled")) && g_strcmp0(role, "alarm-source") != 0 &&
           g_strcmp0(role, "none") != 0;
}

static bool is_local(const json_t *account)
{
    return g_strcmp0(json_string_value(json_object_get(account, "source")), "local") == 0;
}

/* The accounts of people; NULL and the reason where there are none. */
static json_t *people(TkApp *app, TkMeasure *out)
{
    json_t *all = tk_auth_accounts(app->auth, NULL), *list = json_array();
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one) if (is_person(one)) json_array_append(list, one);
    json_decref(all);
    fact(out, "accounts", (int64_t)json_array_size(list));
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    unknown(out, "利用者がいません(サインインを使っていません)。",
            "there are no accounts: nobody signs in here");
    return NULL;
}

static void mfa_share(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    g_autoptr(json_t) list = people(app, out);
    int64_t local = 0, with = 0;
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        if (!is_local(one))
            continue;
        g_autoptr(json_t) passkeys =
            tk_auth_passkeys(app->auth, json_string_value(json_object_get(one, "name")), NULL);
        local++;
        with += json_is_true(json_object_get(one, "totp")) || json_array_size(passkeys) > 0;
    }
    if (list == NULL)
        return;
    fact(out, "signing_in_here", local);
    fact(out, "with_second_factor", with);
    if (local == 0)
        unknown(out, "全員がシングルサインオンを使い、その先の認証はここからは分かりません。",
                "all sign in elsewhere, and how they do cannot be seen from here");
    else
        known(out, (double)(with * 100 / local));
}

static void one_time(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    g_autoptr(json_t) list = people(app, out);
    int64_t left = 0;
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) left += json_is_true(json_object_get(one, "one_time"));
    if (list != NULL)
        known(out, (double)left);
}

typedef struct {
    GHashTable *seen; /* names, owned */
    int64_t from_us;
    bool reached; /* an event before from_us was met */
} SignIns;

static bool look_for_sign_in(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    SignIns *s = data;
    int64_t at_us;
    (void)leaf;
    bool signs_in = g_strstr_len(event, (gssize)len, "\"what\":\"sign-in\"") != NULL;
    if (s->reached && !signs_in)
        return true;
    g_autoptr(json_t) parsed = tk_json_read("event", event, len, TK_LEAF_BYTES_MAX, NULL);
    if (!time_of(json_object_get(parsed, "at"), &at_us))
        return true;
    s->reached |= at_us < s->from_us;
    const char *who = json_string_value(json_object_get(parsed, "who"));
    if (signs_in && at_us >= s->from_us && who != NULL)
        g_hash_table_add(s->seen, g_strdup(who));
    return true;
}

/* Who has signed in since; false where the log is too long to be looked through. */
static bool signed_in(TkApp *app, SignIns *s)
{
    uint64_t at = tk_store_ledger_size(app->store), scanned = 0;
    while (at > 0 && !s->reached && scanned < SCAN_MAX) {
        uint64_t count = MIN(at, SCAN_CHUNK);
        if (!tk_store_events(app->store, at - count, count, look_for_sign_in, s, NULL))
            return false;
        at -= count;
        scanned += count;
    }
    return at == 0 || s->reached;
}

static bool changed_lately(TkApp *app, const char *name, int64_t from_us)
{
    g_autoptr(TkRecord) account = tk_store_get(app->store, "account", name, TK_TIME_NONE, NULL);
    return account != NULL && account->at_us >= from_us;
}

static void idle_accounts(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    g_autoptr(json_t) list = people(app, out);
    if (list == NULL)
        return;
    SignIns s = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                 tk_app_now(app) - IDLE_DAYS * TK_US_PER_DAY, false};
    int64_t idle = 0;
    bool all = signed_in(app, &s);
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));
        idle += !g_hash_table_contains(s.seen, name) && !changed_lately(app, name, s.from_us);
    }
    fact(out, "signed_in", (int64_t)g_hash_table_size(s.seen));
    g_hash_table_unref(s.seen);
    if (all)
        known(out, (double)idle);
    else
        unknown(out, "台帳が長く、90日分のサインインを数え切れません。",
                "the ledger is too long to look through 90 days of sign-ins");
}

/* ---- the ledger ---- */

static bool keep_time(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    g_autoptr(json_t) parsed = tk_json_read("event", event, len, TK_LEAF_BYTES_MAX, NULL);
    (void)leaf;
    time_of(json_object_get(parsed, "at"), data);
    return true;
}

static void log_retention(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    int64_t oldest = TK_TIME_NONE;
    char text[TK_TIME_TEXT_MAX];
    fact(out, "entries", (int64_t)tk_store_ledger_size(app->store));
    if (!tk_store_events(app->store, 0, 1, keep_time, &oldest, NULL) || oldest == TK_TIME_NONE) {
        unknown(out, "台帳にまだ記録がありません。", "the ledger has no entry yet");
        return;
    }
    fact_text(out, "oldest", tk_time_text(oldest, text));
    double days = days_since(app, oldest);
    fact(out, "days", (int64_t)days);
    if (days >= 365)
        known(out, days);
    else
        unknown(out, "台帳は始まってから365日たっていません。最初の記録から残っています。",
                "the ledger is not 365 days old yet; it is there from its first entry on");
}

static void ledger_faults(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    g_autoptr(json_t) status = tree(tk_ledger_status(app, &checker, NULL));
    uint64_t size = (uint64_t)json_integer_value(json_object_get(status, "size"));
    if (size == 0) {
        unknown(out, "署名した先頭がまだありません。", "there is no signed head yet");
        return;
    }
    uint64_t tried = MIN(size, PROOFS);
    int64_t faults = 0;
    for (uint64_t i = 0; i < tried; i++) {
        g_autoptr(GError) why = NULL;
        g_autoptr(GBytes) proof =
            tk_ledger_proof(app, &checker, tried == 1 ? 0 : i * (size - 1) / (tried - 1), &why);
        faults += proof == NULL;
    }
    fact(out, "entries", (int64_t)size);
    fact(out, "proved", (int64_t)tried);
    known(out, (double)faults);
}

static void witness_age(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    g_autoptr(json_t) status = tree(tk_ledger_status(app, &checker, NULL));
    const json_t *list = json_object_get(status, "witnesses");
    int64_t newest = TK_TIME_NONE, at_us;
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) if (time_of(json_object_get(one, "cosigned_at"), &at_us)) newest =
        MAX(newest, at_us);
    fact(out, "witnesses", (int64_t)json_array_size(list));
    if (status == NULL)
        unknown(out, "署名した先頭がまだありません。", "there is no signed head yet");
    else if (json_array_size(list) == 0)
        unknown(out, "立会人を頼んでいません。", "no witness is asked");
    else if (newest == TK_TIME_NONE)
        unknown(out, "起動してからまだ副署がありません。", "none has cosigned since the start");
    else
        known(out, hours_since(app, newest));
}

static bool keep_stamp(const TkRecord *record, gpointer data)
{
    int64_t at_us, *newest = data;
    if (time_of(json_object_get(record->body, "at"), &at_us))
        *newest = MAX(*newest, at_us);
    return true;
}

static void timestamp_age(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    int64_t newest = TK_TIME_NONE;
    TkQuery query = {.kind = TK_KIND_TIMESTAMP, .limit = TK_STORE_LIMIT_MAX};
    if (!tk_store_list(app->store, &query, keep_stamp, &newest, NULL, NULL) || newest == TK_TIME_NONE)
        unknown(out, "タイムスタンプを受けたことがありません。", "no time stamp was ever asked for");
    else
        known(out, days_since(app, newest));
}

static void backup_age(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    TkBackupNote note;
    char text[TK_TIME_TEXT_MAX];
    if (!tk_backup_note_read(app->database_url == NULL ? app->data_dir : NULL, app->database_url, &note,
                             NULL)) {
        unknown(out, "tokatsu backup の記録がありません。ほかの方法のバックアップは分かりません。",
                "no backup by `tokatsu backup` is noted; other backups cannot be seen from here");
        return;
    }
    fact_text(out, "at", tk_time_text(note.at_us, text));
    fact(out, "entries", (int64_t)note.head.size);
    known(out, hours_since(app, note.at_us));
}

/* ---- the programme and the registers ---- */

static void appointment_gaps(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    g_autoptr(json_t) officers = tree(tk_service_program_officers(app, &checker, TK_DATE_NONE, NULL));
    int64_t gaps = 0, told = 0;
    size_t i, n;
    json_t *office, *gap;
    json_array_foreach(json_object_get(officers, "offices"), i, office)
    {
        told += g_strcmp0(json_string_value(json_object_get(office, "applies")), "cannot-tell") != 0;
        json_array_foreach(json_object_get(office, "gaps"), n, gap)
        {
            const char *level = json_string_value(json_object_get(gap, "level"));
            gaps += g_strcmp0(level, "missing") == 0 || g_strcmp0(level, "not-met") == 0;
        }
    }
    fact(out, "offices_told", told);
    if (told == 0)
        unknown(out, "事業者の事実が足りず、どの選任が必要か分かりません。",
                "which offices are asked for cannot be told from the profile");
    else
        known(out, (double)gaps);
}

static void overdue_reviews(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    g_autoptr(json_t) due =
        tree(tk_registers_due(app->registers, &checker, TK_DATE_NONE, book->date - 1, 1, NULL, NULL));
    const json_t *total = json_object_get(due, "total");
    if (json_is_integer(total))
        known(out, (double)json_integer_value(total));
    else
        unknown(out, "台帳の期限を読めません。", "the registers' dates cannot be read");
}

static void evidence_expired(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)app;
    int64_t expired = 0, answered = 0;
    for (size_t i = 0; i < tk_control_answers_count(book->read); i++) {
        const TkControlAnswer *answer = tk_control_answers_at(book->read, i);
        answered += answer->state == TK_CONTROL_IMPLEMENTED;
        expired += answer->state == TK_CONTROL_IMPLEMENTED &&
                   tk_control_evidence_on(answer, book->date) == TK_EVIDENCE_EXPIRED;
    }
    fact(out, "implemented", answered);
    if (answered == 0)
        unknown(out, "「実施済み」の回答がありません。", "no control is answered “implemented”");
    else
        known(out, (double)expired);
}

/* ---- the server's certificate ---- */

static void tls_days(TkApp *app, const TkControlBook *book, TkMeasure *out)
{
    (void)book;
    g_autofree char *pem = NULL;
    gsize len = 0;
    struct tm ends = {0};
    if (app->tls_cert == NULL) {
        unknown(out, "TLSはこのプログラムの外で終端しています。", "TLS ends outside this program");
        return;
    }
    if (!g_file_get_contents(app->tls_cert, &pem, &len, NULL) || len > TLS_PEM_MAX) {
        unknown(out, "証明書のファイルを読めません。", "the certificate's file cannot be read");
        return;
    }
    BIO *bio = BIO_new_mem_buf(pem, (int)len);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    bool read = certificate != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &ends) == 1;
    X509_free(certificate);
    BIO_free(bio);
    if (!read) {
        unknown(out, "証明書を読めません。", "the certificate cannot be read");
        return;
    }
    int64_t ends_us = (int64_t)timegm(&ends) * TK_US_PER_S;
    char text[TK_TIME_TEXT_MAX];
    fact_text(out, "ends", tk_time_text(ends_us, text));
    known(out, -days_since(app, ends_us));
}

/* ---- a number of records ---- */

typedef struct {
    const TkCheckCount *count;
    TkDate before;
    int64_t n, of;
} Counting;

static bool fits(const TkRecord *record, const char *field, const json_t *values)
{
    const char *text = tk_program_text(record, field);
    size_t i;
    json_t *one;
    json_array_foreach(values, i,
                       one) if (text != NULL && g_strcmp0(text, json_string_value(one)) == 0) return true;
    return false;
}

static bool count_record(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Counting *c = data;
    const char *field;
    json_t *values;
    json_object_foreach((json_t *)c->count->where, field,
                        values) if (!fits(record, field, values)) return true;
    TkDate day = c->count->past == NULL ? TK_DATE_NONE : tk_program_date_of(record, c->count->past);
    c->of++;
    c->n += c->count->past == NULL || (day != TK_DATE_NONE && day < c->before);
    return true;
}

static void count_records(TkApp *app, const TkControlBook *book, const TkCheckCount *count, TkMeasure *out)
{
    Counting c = {count, book->date + count->days, 0, 0};
    fact_text(out, "register", count->reg);
    if (tk_registers_schema(app->registers, count->reg) == NULL)
        unknown(out, "この台帳がありません。", "there is no such register");
    else if (!tk_program_each(app, count->reg, count_record, &c, NULL))
        unknown(out, "台帳を読めません。", "the register cannot be read");
    else
        known(out, (double)c.n);
    fact(out, "of", c.of);
}

/* ---- by name ---- */

typedef void (*MeasureFn)(TkApp *app, const TkControlBook *book, TkMeasure *out);

static const struct {
    const char *name;
    MeasureFn measure;
} measures[] = {
    {"mfa-share", mfa_share},
    {"idle-accounts", idle_accounts},
    {"one-time-passwords", one_time},
    {"log-retention", log_retention},
    {"ledger-faults", ledger_faults},
    {"witness-age", witness_age},
    {"timestamp-age", timestamp_age},
    {"backup-age", backup_age},
    {"appointment-gaps", appointment_gaps},
    {"overdue-reviews", overdue_reviews},
    {"evidence-expired", evidence_expired},
    {"tls-days", tls_days},
};

void tk_control_measure(TkApp *app, const TkControlBook *book, const TkCheck *check, TkMeasure *out)
{
    *out = (TkMeasure){.facts = json_object()};
    if (check->measure == NULL) {
        count_records(app, book, &check->count, out);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        if (strcmp(measures[i].name, check->measure) == 0) {
            measures[i].measure(app, book, out);
            return;
        }
    unknown(out, "この版では測れません。", "this version cannot measure it");
}
