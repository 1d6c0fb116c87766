/* An incident is an accident as this system records it (TkAccident is the network's picture of one): what is
 * known, who said so, and how it came to be known. Numbers that follow from it (verdict, countdown,
 * deadlines) are computed when it is read and are not here.
 *
 * A published TkIncident is never changed. A change makes a copy (tk_incident_copy), changes the copy and
 * publishes it, so a reader that holds a reference reads one consistent state without a lock. The JSON
 * parts (causes, timeline …) follow the same rule: they are replaced by a changed copy, never edited. */
#ifndef TK_SERVICE_INCIDENT_H
#define TK_SERVICE_INCIDENT_H

#include "base/base.h"

#define TK_INCIDENT_SERVICES_MAX 64
#define TK_INCIDENT_CAUSES_MAX   500 /* shown and kept by name; further ones are only counted in `down` */
#define TK_INCIDENT_FILES_MAX    200
#define TK_INCIDENT_HISTORY_MAX  2000
#define TK_INCIDENT_TEXT_MAX     20000 /* bytes of one editable text */
#define TK_INCIDENT_ID_MAX       32

/* suspected (the network shows it, nobody has looked) → confirmed → recovered → closed; a closed one may
 * be reopened, and a recovered one goes back to confirmed when it fails again. */
typedef enum {
    TK_INCIDENT_SUSPECTED,
    TK_INCIDENT_CONFIRMED,
    TK_INCIDENT_RECOVERED,
    TK_INCIDENT_CLOSED,
} TkIncidentState;

/* Which count is put before the law. */
typedef enum {
    TK_CHOSEN_EVER,         /* everybody affected at any time: conservative, the default */
    TK_CHOSEN_PEAK,         /* most at one time */
    TK_CHOSEN_AT_LEAST,     /* those down for at least the service's shortest threshold */
    TK_CHOSEN_UNDER_FAILED, /* everybody under what failed, users or not: emergency voice */
    TK_CHOSEN_ESTIMATE,     /* measured by the operator, with method and author */
    TK_CHOSEN_KINDS,
} TkChosen;

typedef struct {
    char *service;                    /* id as in the law data */
    int64_t started_at, recovered_at; /* of this service; TK_TIME_NONE while it lasts */
    int64_t serious_at;               /* frozen with the numbers; TK_TIME_NONE: never */
    int64_t base;                     /* users of records merged in that no live accident feeds */
    int64_t concurrent, peak, ever, at_least, under_failed;
    int32_t at_least_minutes;
    TkChosen chosen;
    bool chosen_by_hand;    /* a person chose: the default of the counting rule no longer applies */
    int64_t estimate_users; /* < 0: none */
    char *estimate_method, *estimate_author;
    int64_t estimate_at;
} TkIncidentService;

/* Texts a person edits, for the reports. */
typedef enum {
    TK_INCIDENT_PLACE,
    TK_INCIDENT_SUMMARY,
    TK_INCIDENT_CAUSE,
    TK_INCIDENT_MEASURES,
    TK_INCIDENT_PREVENTION,
    TK_INCIDENT_USER_NOTICE,
    TK_INCIDENT_CONTACT,
    TK_INCIDENT_REMARKS,
    TK_INCIDENT_EMERGENCY_EFFECT,
    TK_INCIDENT_WHOLESALE,
    TK_INCIDENT_REDUNDANCY,
    TK_INCIDENT_RULES,
    TK_INCIDENT_GENERAL_MANAGER,
    TK_INCIDENT_PROVIDER,
    TK_INCIDENT_CAUSE_CLASS, /* equipment, human, external, other (設備・人為・外的・その他) */
    TK_INCIDENT_FAULT,       /* as the column of `tokatsu judge` */
    TK_INCIDENT_EQUIPMENT,   /* the same */
    TK_TEXTS,
} TkIncidentText;

typedef struct {
    gatomicrefcount refs;
    char id[TK_INCIDENT_ID_MAX];
    uint32_t version; /* grows with each change */
    char *title;
    TkIncidentState state;
    bool from_engine;
    bool drill;          /* a drill (訓練): its id begins with D; said wherever it is shown, in no list that
                            is reported and in no statistics */
    int64_t drill_until; /* a scripted drill recovers by itself then; TK_TIME_NONE: a person says so */
    bool live;           /* the engine's numbers are joined when it is read; false: frozen in here */
    bool recovered_by_hand; /* a person said so: the engine's end no longer moves it */
    char *classified;       /* the outcome last written into the history; NULL: none yet */
    bool texts_by_hand;     /* a person has edited: the engine no longer writes the texts it proposed */
    int64_t started_at;     /* occurred: event time of the first effect on a user */
    int64_t detected_at;    /* first alarm arrived */
    int64_t known_at;       /* opened in this system */
    int64_t recovered_at;   /* TK_TIME_NONE while it lasts, like the next */
    int64_t closed_at;
    uint32_t down;                  /* facilities down at most */
    GArray *services;               /* of TkIncidentService */
    char *texts[TK_TEXTS];          /* NULL: empty */
    json_t *sources;                /* [text…] keys of the engine's accidents that feed this one */
    json_t *causes;                 /* [{"id","name","kind","prefecture"}…] */
    json_t *prefectures;            /* [code…] */
    json_t *timeline;               /* as in docs/api.md, by time */
    json_t *history;                /* as in docs/api.md, by version */
    json_t *reports;                /* as in docs/api.md, with the blobs' hashes by format */
    json_t *files;                  /* evidence: [{"sha256","name","size","at","who"}…] */
    json_t *done;                   /* {deadline kind: time it was met} */
    char *merged_into, *split_from; /* NULL: neither */
    json_t *undo;                   /* NULL or {"action","text","others":[id…],"before":{record}} */
} TkIncident;

TkIncident *tk_incident_new(const char *id);
TkIncident *tk_incident_ref(TkIncident *incident);
void tk_incident_unref(TkIncident *incident);
/* A copy that may be changed; version is the same. */
TkIncident *tk_incident_copy(const TkIncident *incident);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkIncident, tk_incident_unref)

/* The record as it is stored. New reference. */
json_t *tk_incident_to_json(const TkIncident *incident);
/* NULL and a sentence with the field's name where the stored text is not a record. */
TkIncident *tk_incident_of_json(const json_t *record, GError **error);

const char *tk_incident_state_name(TkIncidentState state);
bool tk_incident_state_of_name(const char *name, TkIncidentState *state);
const char *tk_chosen_name(TkChosen kind);
bool tk_chosen_of_name(const char *name, TkChosen *kind);
const char *tk_incident_text_name(TkIncidentText text);

/* Borrowed, valid until the next tk_incident_service_add; NULL when the accident does not touch it. */
TkIncidentService *tk_incident_service(const TkIncident *incident, const char *service);
TkIncidentService *tk_incident_service_add(TkIncident *incident, const char *service);
/* The users put before the law for this service. */
int64_t tk_incident_users(const TkIncidentService *service);

/* Appends to a copied list; takes ownership of `entry`. */
void tk_incident_append(json_t **list, json_t *entry);
/* {"ja":…,"en":…}; new reference. */
json_t *tk_text2(const char *ja, const char *en);
/* A history entry of the version being made, by `who`. Consumes nothing. */
void tk_incident_note_history(TkIncident *incident, int64_t at_us, const char *who, const char *action,
                              const char *ja, const char *en);
/* A timeline entry, put where its time belongs. */
void tk_incident_note_timeline(TkIncident *incident, int64_t at_us, const char *kind, const char *ja,
                               const char *en);
/* Drops the timeline entries of a kind (to set them anew after a correction). */
void tk_incident_drop_timeline(TkIncident *incident, const char *kind);

/* "2026-04-01T09:00:00+09:00" or null as a json value; and back (TK_TIME_NONE for null or none). */
json_t *tk_json_of_time(int64_t at_us);
bool tk_time_of_json(const json_t *value, const char *field, int64_t *at_us, GError **error);

#endif
