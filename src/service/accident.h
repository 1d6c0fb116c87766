/* An accident as it is kept: what is known, who said so, and how it came to be known. Numbers that follow
 * from it (verdict, countdown, deadlines) are computed when it is read and are not here.
 *
 * A published TkAccident is never changed. A change makes a copy (tk_accident_copy), changes the copy and
 * publishes it, so a reader that holds a reference reads one consistent state without a lock. The JSON
 * parts (causes, timeline …) follow the same rule: they are replaced by a changed copy, never edited. */
#ifndef TK_SERVICE_ACCIDENT_H
#define TK_SERVICE_ACCIDENT_H

#include "base/base.h"

#define TK_ACCIDENT_SERVICES_MAX 64
#define TK_ACCIDENT_CAUSES_MAX   500 /* shown and kept by name; further ones are only counted in `down` */
#define TK_ACCIDENT_HISTORY_MAX  2000
#define TK_ACCIDENT_TEXT_MAX     20000 /* bytes of one editable text */
#define TK_ACCIDENT_ID_MAX       32

/* suspected (the network shows it, nobody has looked) → confirmed → recovered → closed; a closed one may
 * be reopened, and a recovered one goes back to confirmed when it fails again. */
typedef enum {
    TK_ACCIDENT_SUSPECTED,
    TK_ACCIDENT_CONFIRMED,
    TK_ACCIDENT_RECOVERED,
    TK_ACCIDENT_CLOSED,
} TkAccidentState;

/* Which count is put before the law. */
typedef enum {
    TK_COUNT_EVER,         /* everybody affected at any time: conservative, the default */
    TK_COUNT_PEAK,         /* most at one time */
    TK_COUNT_AT_LEAST,     /* those down for at least the service's shortest threshold */
    TK_COUNT_UNDER_FAILED, /* everybody under what failed, users or not: emergency voice */
    TK_COUNT_ESTIMATE,     /* measured by the operator, with method and author */
    TK_COUNT_KINDS,
} TkCountKind;

typedef struct {
    char *service; /* id as in the law data */
    int64_t concurrent, peak, ever, at_least, under_failed;
    int32_t at_least_minutes;
    TkCountKind chosen;
    bool chosen_by_hand;    /* a person chose: the default of the counting rule no longer applies */
    int64_t estimate_users; /* < 0: none */
    char *estimate_method, *estimate_author;
    int64_t estimate_at;
} TkAccidentService;

/* Texts a person edits, for the reports. */
typedef enum {
    TK_TEXT_PLACE,
    TK_TEXT_SUMMARY,
    TK_TEXT_CAUSE,
    TK_TEXT_MEASURES,
    TK_TEXT_PREVENTION,
    TK_TEXT_USER_NOTICE,
    TK_TEXT_CONTACT,
    TK_TEXT_FAULT,     /* as the column of `tokatsu judge` */
    TK_TEXT_EQUIPMENT, /* the same */
    TK_TEXTS,
} TkAccidentText;

typedef struct {
    gatomicrefcount refs;
    char id[TK_ACCIDENT_ID_MAX];
    uint32_t version; /* grows with each change */
    char *title;
    TkAccidentState state;
    bool from_engine;
    bool live;            /* the engine's numbers are joined when it is read; false: frozen in here */
    bool texts_by_hand;   /* a person has edited: the engine no longer writes the texts it proposed */
    int64_t started_at;   /* occurred: event time of the first effect on a user */
    int64_t detected_at;  /* first alarm arrived */
    int64_t known_at;     /* opened in this system */
    int64_t recovered_at; /* TK_TIME_NONE while it lasts, like the next */
    int64_t closed_at;
    uint32_t down;                  /* facilities down at most */
    GArray *services;               /* of TkAccidentService */
    char *texts[TK_TEXTS];          /* NULL: empty */
    json_t *sources;                /* [text…] keys of the engine's accidents that feed this one */
    json_t *causes;                 /* [{"id","name","kind","prefecture"}…] */
    json_t *prefectures;            /* [code…] */
    json_t *timeline;               /* as in docs/api.md, by time */
    json_t *history;                /* as in docs/api.md, by version */
    json_t *reports;                /* as in docs/api.md, with the blobs' hashes by format */
    json_t *done;                   /* {deadline kind: time it was met} */
    char *merged_into, *split_from; /* NULL: neither */
    json_t *undo;                   /* NULL or {"action","text","others":[id…],"before":{record}} */
} TkAccident;

TkAccident *tk_accident_new(const char *id);
TkAccident *tk_accident_ref(TkAccident *accident);
void tk_accident_unref(TkAccident *accident);
/* A copy that may be changed; version is the same. */
TkAccident *tk_accident_copy(const TkAccident *accident);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkAccident, tk_accident_unref)

/* The record as it is stored. New reference. */
json_t *tk_accident_to_json(const TkAccident *accident);
/* NULL and a sentence with the field's name where the stored text is not a record. */
TkAccident *tk_accident_of_json(const json_t *record, GError **error);

const char *tk_accident_state_name(TkAccidentState state);
bool tk_accident_state_of_name(const char *name, TkAccidentState *state);
const char *tk_count_name(TkCountKind kind);
bool tk_count_of_name(const char *name, TkCountKind *kind);
const char *tk_accident_text_name(TkAccidentText text);

/* Borrowed, valid until the next tk_accident_service_add; NULL when the accident does not touch it. */
TkAccidentService *tk_accident_service(const TkAccident *accident, const char *service);
TkAccidentService *tk_accident_service_add(TkAccident *accident, const char *service);
/* The users put before the law for this service. */
int64_t tk_accident_users(const TkAccidentService *service);

/* Appends to a copied list; takes ownership of `entry`. */
void tk_accident_append(json_t **list, json_t *entry);
/* {"ja":…,"en":…}; new reference. */
json_t *tk_text2(const char *ja, const char *en);
/* A history entry of the version being made, by `who`. Consumes nothing. */
void tk_accident_note_history(TkAccident *accident, int64_t at_us, const char *who, const char *action,
                              const char *ja, const char *en);
/* A timeline entry, put where its time belongs. */
void tk_accident_note_timeline(TkAccident *accident, int64_t at_us, const char *kind, const char *ja,
                               const char *en);
/* Drops the timeline entries of a kind (to set them anew after a correction). */
void tk_accident_drop_timeline(TkAccident *accident, const char *kind);

/* "2026-04-01T09:00:00+09:00" or null as a json value; and back (TK_TIME_NONE for null or none). */
json_t *tk_json_of_time(int64_t at_us);
bool tk_time_of_json(const json_t *value, const char *field, int64_t *at_us, GError **error);

#endif
