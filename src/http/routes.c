/* Every request this server knows, in one table. A route that is more special stands before a general one. */
#include "http/api.h"

#define DATE_SCHEMA "{\"type\":\"string\",\"format\":\"date\"}"
#define KIND_SCHEMA "{\"type\":\"string\",\"enum\":[\"near-miss\",\"leak\"]}"

static const TkRouteQuery accidents_query[] = {
    {"state", "{\"type\":\"string\",\"enum\":[\"suspected\",\"confirmed\",\"recovered\",\"closed\"]}",
     "only accidents in this state"},
    {"drill", "{\"type\":\"boolean\",\"default\":false}", "drills (訓練) instead of accidents"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":50}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery events_query[] = {
    {"changes", "{\"type\":\"boolean\",\"default\":false}", "a board first, then only what changed in it"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery receipt_query[] = {
    {"report", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":99,\"default\":0}",
     "the write that froze this report; 0: the last write"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery evidence_query[] = {
    {"name", "{\"type\":\"string\",\"maxLength\":200}", "the file's name; required"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery facilities_query[] = {
    {"search", "{\"type\":\"string\"}", "a part of the id or the name"},
    {"kind", "{\"type\":\"string\"}", "only this kind"},
    {"prefecture", "{\"type\":\"string\"}", "only this prefecture: its code or a name"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":50}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery down_query[] = {
    {"under", "{\"type\":\"string\"}",
     "what hangs directly on this facility; what is down by itself where absent"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":50}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery page_query[] = {
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":500}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery cases_query[] = {
    {"kind", KIND_SCHEMA, "near misses (おそれ事態) or leaks; required"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":100}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery kind_query[] = {
    {"kind", KIND_SCHEMA, "near misses (おそれ事態) or leaks; required"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery as_of_query[] = {
    {"as_of", "{\"type\":\"string\",\"format\":\"date-time\"}", "the registers as they were then"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery date_query[] = {
    {"date", DATE_SCHEMA, "the day whose law is asked for; today where absent"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery rules_edition_query[] = {
    {"date", DATE_SCHEMA, "the day whose article is asked; today, or the day it takes effect"},
    {"as_of", "{\"type\":\"string\",\"format\":\"date-time\"}", "the edition as it was then"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery rules_text_query[] = {
    {"as_of", "{\"type\":\"string\",\"format\":\"date-time\"}", "the edition as it was then"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery rules_compare_query[] = {
    {"before_as_of", "{\"type\":\"string\",\"format\":\"date-time\"}", "the first edition as it was then"},
    {"after_as_of", "{\"type\":\"string\",\"format\":\"date-time\"}", "the second as it was then"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery rules_import_query[] = {
    {"name", "{\"type\":\"string\",\"maxLength\":200}", "the file's name, which tells Markdown from text"},
    {"date", DATE_SCHEMA, "the day whose article is asked; today where absent"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery risks_query[] = {
    {"since", DATE_SCHEMA, "movement since the end of this day; of the last quarter where absent"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery picture_query[] = {
    {"lang", "{\"type\":\"string\",\"enum\":[\"ja\",\"en\"],\"default\":\"ja\"}", "the words for states"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery reliability_query[] = {
    {"network",
     "{\"type\":\"string\",\"enum\":[\"lines\",\"designated\",\"others\",\"private\",\"user\"],\"default\":"
     "\"lines\"}",
     "the kind of network whose marks count"},
    {"section", "{\"type\":\"string\",\"maxLength\":100}",
     "one chapter with what lies below it; all where absent"},
    {"lang", "{\"type\":\"string\",\"enum\":[\"ja\",\"en\"],\"default\":\"ja\"}", "of the PDF's own words"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery reliability_import_query[] = {
    {"edition", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}",
     "which edition of the notice it is; required"},
    {"dry_run", "{\"type\":\"boolean\",\"default\":false}", "1: nothing is kept"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery lang_query[] = {
    {"lang", "{\"type\":\"string\",\"enum\":[\"ja\",\"en\"],\"default\":\"ja\"}",
     "language of the words around the content"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery statistics_query[] = {
    {"from", DATE_SCHEMA, "first day; five fiscal years back where absent"},
    {"to", DATE_SCHEMA, "last day; the end of this fiscal year where absent"},
    {"by", "{\"type\":\"string\",\"enum\":[\"year\",\"reports\",\"service\",\"cause\",\"matrix\"]}",
     "one table; all of them where absent"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery board_report_query[] = {
    {"from", DATE_SCHEMA, "first day; that of this quarter where absent"},
    {"to", DATE_SCHEMA, "last day; that of this quarter where absent"},
    {"wareki", "{\"type\":\"boolean\",\"default\":false}", "1: days by era, on the PDF"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery controls_items_query[] = {
    {"framework", "{\"type\":\"string\",\"maxLength\":64}", "one framework; all where absent"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery control_oscal_query[] = {
    {"assessment", "{\"type\":\"string\",\"maxLength\":120}",
     "the record of an assessment, for its plan, results and plan of action"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery control_lang_query[] = {
    {"lang", "{\"type\":\"string\",\"enum\":[\"ja\",\"en\"],\"default\":\"ja\"}",
     "the language of the document"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery controls_import_query[] = {
    {"dry_run", "{\"type\":\"boolean\",\"default\":false}", "only look, and say what would be taken"},
    {"framework", "{\"type\":\"string\",\"maxLength\":64}",
     "the id a catalogue or list gets as a framework, or the framework the answers are about"},
    {"catalog", "{\"type\":\"string\",\"maxLength\":120}",
     "of a profile: the record of the catalogue it imports"},
    {"name", "{\"type\":\"string\",\"maxLength\":200}", "the file's name"},
    {"replace", "{\"type\":\"boolean\",\"default\":false}", "also answers that are there already"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery calendar_query[] = {
    {"from", DATE_SCHEMA, "first day; the first of this month where absent"},
    {"to", DATE_SCHEMA, "last day; a year after the first where absent, at most three years"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery periodic_query[] = {
    {"from", DATE_SCHEMA, "first day of the quarter or fiscal year; required"},
    {"to", DATE_SCHEMA, "its last day; required"},
    {"form", "{\"type\":\"string\",\"enum\":[\"detailed\",\"simplified\"],\"default\":\"detailed\"}",
     "which form"},
    {"format", "{\"type\":\"string\",\"enum\":[\"json\",\"csv\",\"xlsx\",\"pdf\"],\"default\":\"json\"}",
     "the file's format"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery periodic_versions_query[] = {
    {"from", DATE_SCHEMA, "first day of the quarter or fiscal year; required"},
    {"to", DATE_SCHEMA, "its last day; required"},
    {"form", "{\"type\":\"string\",\"enum\":[\"detailed\",\"simplified\"],\"default\":\"detailed\"}",
     "which form"},
    {NULL, NULL, NULL},
};

static const TkRouteQuery register_list_query[] = {
    {"search", "{\"type\":\"string\",\"minLength\":2,\"maxLength\":100}", "records that contain this text"},
    {"order", "{\"type\":\"string\"}", "a column to order by; by id where absent"},
    {"descending", "{\"type\":\"boolean\",\"default\":false}", "the other way round"},
    {"due", "{\"type\":\"boolean\",\"default\":false}", "only those whose review or deadline has come"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":100}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery registers_due_query[] = {
    {"from", DATE_SCHEMA, "the first day asked for; however long ago where absent"},
    {"until", DATE_SCHEMA, "the last day asked for; in 30 days where absent"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":100}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery register_get_query[] = {
    {"as_of", "{\"type\":\"string\",\"format\":\"date-time\"}", "the record as it was then"},
    {"reveal", "{\"type\":\"boolean\",\"default\":false}",
     "show sealed fields where the role may; leaves a trace"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery register_export_query[] = {
    {"reveal", "{\"type\":\"boolean\",\"default\":false}",
     "show sealed fields where the role may; leaves a trace"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery register_import_query[] = {
    {"dry_run", "{\"type\":\"boolean\",\"default\":false}", "only show what would change"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery register_table_query[] = {
    {"dry_run", "{\"type\":\"boolean\",\"default\":false}", "only show what would change"},
    {"sheet", "{\"type\":\"string\"}", "of a spreadsheet: the sheet; the first that is shown where absent"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery register_delete_query[] = {
    {"version", "{\"type\":\"integer\",\"minimum\":1}",
     "the version that was read, where If-Match does not say"},
    {NULL, NULL, NULL},
};

static const TkRouteQuery sso_query[] = {
    {"to", "{\"type\":\"string\",\"maxLength\":500}", "the path of ours to show afterwards"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery law_changes_query[] = {
    {"before", DATE_SCHEMA, "one day; required"},
    {"after", DATE_SCHEMA, "the other day; required"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery ledger_events_query[] = {
    {"who", "{\"type\":\"string\"}", "by this account only"},
    {"what", "{\"type\":\"string\"}", "this act only"},
    {"kind", "{\"type\":\"string\"}", "on records of this kind only"},
    {"id", "{\"type\":\"string\"}", "on this record only"},
    {"from", "{\"type\":\"string\",\"format\":\"date-time\"}", "from this instant on"},
    {"to", "{\"type\":\"string\",\"format\":\"date-time\"}", "before this instant"},
    {"before", "{\"type\":\"integer\",\"minimum\":0}", "what the page before gave as next"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}", "at most so many"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery proof_query[] = {
    {"index", "{\"type\":\"integer\",\"minimum\":0}", "which entry, counted from 0; required"},
    {NULL, NULL, NULL},
};

#define LANG_SCHEMA         "{\"type\":\"string\",\"enum\":[\"ja\",\"en\"],\"default\":\"ja\"}"
#define PAGE_VERSION_SCHEMA "{\"type\":\"integer\",\"minimum\":0,\"default\":0}"
static const TkRouteQuery policy_page_query[] = {
    {"lang", LANG_SCHEMA, "its language"},
    {"version", PAGE_VERSION_SCHEMA, "a frozen version; 0: as it stands"},
    {"download", "{\"type\":\"boolean\",\"default\":false}", "to be saved instead of shown"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery policy_diff_query[] = {
    {"from", PAGE_VERSION_SCHEMA, "a frozen version; 0: as it stands"},
    {"to", PAGE_VERSION_SCHEMA, "a frozen version; 0: as it stands"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery public_page_query[] = {
    {"lang", LANG_SCHEMA, "its language"},
    {"download", "{\"type\":\"boolean\",\"default\":false}", "to be saved instead of shown"},
    {NULL, NULL, NULL},
};

static const TkRouteQuery questionnaire_table_query[] = {
    {"title", "{\"type\":\"string\",\"maxLength\":300}", "its title in Japanese"},
    {"title_en", "{\"type\":\"string\",\"maxLength\":300}", "and in English"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery compare_query[] = {
    {"with", "{\"type\":\"string\"}",
     "another campaign; the last one of the same kind and questionnaire where absent"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery answer_evidence_query[] = {
    {"question", "{\"type\":\"string\"}", "the question's id; required"},
    {"name", "{\"type\":\"string\",\"maxLength\":200}", "the file's name; required"},
    {NULL, NULL, NULL},
};

#define RESPONDENT(method_, path, handler_, id_, what_, body_, schema_)                                      \
    {                                                                                                        \
        .method = method_, .pattern = path, .handler = handler_, .needs = TK_NEEDS_NOTHING,                  \
        .body = TK_BODY_JSON, .body_max = TK_API_JSON_MAX, .slow = true, .id = id_, .what = what_,           \
        .body_schema = body_, .status = 200, .answer_schema = schema_                                        \
    }

static const TkRouteQuery software_findings_query[] = {
    {"status",
     "{\"type\":\"string\",\"enum\":[\"known-affected\",\"under-investigation\",\"fixed\",\"not-affected\","
     "\"cannot-"
     "tell\"]}",
     "only findings of this status"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":100}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery software_components_query[] = {
    {"search", "{\"type\":\"string\",\"maxLength\":200}", "a part of a name, a supplier or a package URL"},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"default\":100}", "at most so many"},
    {"cursor", "{\"type\":\"string\"}", "what the page before gave as next"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery sbom_query[] = {
    {"system", "{\"type\":\"string\"}", "the record of systems that runs it; required"},
    {"facilities", "{\"type\":\"string\"}", "ids of the facilities it runs on, separated by commas"},
    {"name", "{\"type\":\"string\",\"maxLength\":200}", "the file's name"},
    {NULL, NULL, NULL},
};
static const TkRouteQuery advisory_query[] = {
    {"name", "{\"type\":\"string\",\"maxLength\":200}", "the file's name"},
    {NULL, NULL, NULL},
};

#define READS_AS(needs_, path, handler_, id_, what_, schema_, ...)                                           \
    {                                                                                                        \
        .method = TK_HTTP_GET, .pattern = path, .handler = handler_, .needs = needs_, .id = id_,             \
        .what = what_, .status = 200, .answer_schema = schema_, __VA_ARGS__                                  \
    }
#define READS(path, handler_, id_, what_, schema_, ...)                                                      \
    READS_AS(TK_MAY_READ, path, handler_, id_, what_, schema_, __VA_ARGS__)
#define WRITES(path, handler_, needs_, id_, what_, body_, status_, schema_, ...)                             \
    {                                                                                                        \
        .method = TK_HTTP_POST, .pattern = path, .handler = handler_, .needs = needs_, .body = TK_BODY_JSON, \
        .body_max = TK_API_JSON_MAX, .id = id_, .what = what_, .body_schema = body_, .status = status_,      \
        .answer_schema = schema_, __VA_ARGS__                                                                \
    }

/* What changes accounts and what is one's own; `method_` PATCH, DELETE or POST. */
#define CHANGES(method_, path, handler_, needs_, id_, what_, body_, status_, schema_)                        \
    {                                                                                                        \
        .method = method_, .pattern = path, .handler = handler_, .needs = needs_, .body = TK_BODY_JSON,      \
        .body_max = TK_API_SECRET_MAX, .id = id_, .what = what_, .body_schema = body_, .status = status_,    \
        .answer_schema = schema_                                                                             \
    }

#define PASSKEYS(path, handler_, needs_, id_, what_, body_, status_, schema_)                                \
    {                                                                                                        \
        .method = TK_HTTP_POST, .pattern = path, .handler = handler_, .needs = needs_, .body = TK_BODY_JSON, \
        .body_max = TK_API_PASSKEY_MAX, .id = id_, .what = what_, .body_schema = body_, .status = status_,   \
        .answer_schema = schema_                                                                             \
    }

/* clang-format off */
static const TkRoute routes[] = {
    {.method = TK_HTTP_GET, .pattern = "/healthz", .handler = tk_api_health, .needs = TK_NEEDS_NOTHING,
     .id = "health", .what = "Is the server well", .status = 200, .answer_schema = "Health"},
    {.method = TK_HTTP_GET, .pattern = "/api/openapi.json", .handler = tk_api_openapi, .needs = TK_NEEDS_NOTHING,
     .id = "openapi", .what = "This document", .status = 200},
    {.method = TK_HTTP_GET, .pattern = "/problems/{code}", .handler = tk_api_problem, .needs = TK_NEEDS_NOTHING,
     .id = "problem", .what = "What a kind of refusal means and what to do", .status = 200,
     .answer_type = "text/html"},

    READS("/api/v1/board", tk_api_board, "board", "The live board", "Board", .query = NULL),
    READS("/api/v1/events", tk_api_events, "events", "The live board as server-sent events", "EventStream",
          .answer_type = "text/event-stream", .query = events_query),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/alarms", .handler = tk_api_alarms, .needs = TK_MAY_SEND_ALARMS,
     .body = TK_BODY_LINES, .body_max = TK_ALARMS_BYTES_MAX, .id = "sendAlarms",
     .what = "Alarm lines; answered once they are durable", .body_schema = "Alarm", .status = 200,
     .answer_schema = "AlarmsTaken"},
    READS("/api/v1/facilities", tk_api_facilities, "facilities", "Facilities by name, kind and prefecture", "Facilities",
          .query = facilities_query),
    READS("/api/v1/down", tk_api_down, "down", "What is down, as a tree that is unfolded a level at a time", "Down",
          .query = down_query),
    WRITES("/api/v1/what-if", tk_api_what_if, TK_MAY_READ, "whatIf",
           "What would be if facilities failed; nothing is written", "WhatIfQuestion", 200, "WhatIf", .query = NULL),
    WRITES("/api/v1/drills", tk_api_drill, TK_MAY_HANDLE_ACCIDENT, "beginDrill",
           "Begins a drill (訓練) from such a question", "DrillOpening", 201, "Accident", .query = NULL),
    READS("/api/v1/facilities/{id}", tk_api_facility, "facility", "One facility and why it is up or down", NULL,
          .query = NULL),

    READS("/api/v1/accidents", tk_api_accidents, "accidents", "Accidents, newest first", "Accidents",
          .query = accidents_query),
    WRITES("/api/v1/accidents", tk_api_accident_open, TK_MAY_HANDLE_ACCIDENT, "openAccident",
           "Opens an accident by hand", "AccidentOpening", 201, "Accident", .query = NULL),
    READS("/api/v1/accidents/{id}", tk_api_accident, "accident", "One accident, whole", "Accident", .query = NULL, .versioned = true),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/accidents/{id}/files", .handler = tk_api_evidence_add,
     .needs = TK_MAY_HANDLE_ACCIDENT, .body = TK_BODY_BYTES, .body_max = TK_API_FILE_MAX, .id = "addEvidence",
     .what = "Attaches a file to an accident, by its SHA-256", .status = 201, .answer_schema = "Accident",
     .query = evidence_query},
    READS("/api/v1/accidents/{id}/files/{hash}", tk_api_evidence, "evidence", "A file of an accident", NULL,
          .answer_type = "application/octet-stream"),
    READS("/api/v1/accidents/{id}/proof", tk_api_accident_proof, "accidentProof",
          "A receipt: the record with the proof that it stands in the log", "Receipt", .query = receipt_query),
    WRITES("/api/v1/accidents/{id}/actions", tk_api_accident_act, TK_MAY_READ, "actOnAccident",
           "Confirms, recovers, closes, merges, splits, edits … an accident; each action needs its own right",
           "AccidentAction", 200, "Accident", .query = NULL, .versioned = true),

    WRITES("/api/v1/accidents/{id}/reports", tk_api_report_freeze, TK_MAY_FREEZE_REPORT, "freezeReport",
           "Freezes the next version of a report; 409 with what lint found when it refuses", "ReportFreeze", 201,
           "ReportFrozen", .query = NULL, .versioned = true),
    READS("/api/v1/accidents/{id}/reports/{kind}/draft", tk_api_report_draft, "reportDraft",
          "A report as it stands, with what lint finds", "ReportDraft", .query = NULL),
    READS("/api/v1/accidents/{id}/reports/{number}/diff/{other}", tk_api_report_diff, "reportDiff",
          "What changed between two frozen reports", "ReportDiff", .query = NULL),
    READS("/api/v1/accidents/{id}/reports/{number}.{format}", tk_api_report_file, "reportFile",
          "A frozen report: pdf, xlsx, csv or json", NULL, .answer_type = "application/octet-stream"),
    READS("/api/v1/periodic", tk_api_periodic, "periodic", "The periodic list (報告規則7条の3)", NULL,
          .answer_type = "application/octet-stream", .query = periodic_query),
    WRITES("/api/v1/periodic", tk_api_periodic_freeze, TK_MAY_FREEZE_REPORT, "freezePeriodic",
           "Freezes the next version of a periodic list; 409 with what lint found when it refuses", "PeriodicFreeze",
           201, "ReportFrozen", .query = NULL, .versioned = true),
    READS("/api/v1/periodic/versions", tk_api_periodic_versions, "periodicVersions",
          "The frozen versions of a periodic list", "PeriodicVersions", .query = periodic_versions_query, .versioned = true),
    READS("/api/v1/periodic/{id}/draft", tk_api_periodic_draft, "periodicDraft",
          "A periodic list as it stands, with what lint finds", "ReportDraft", .query = NULL),
    READS("/api/v1/periodic/{id}/reports/{number}/diff/{other}", tk_api_periodic_diff, "periodicDiff",
          "What changed between two frozen versions of a periodic list", "ReportDiff", .query = NULL),
    READS("/api/v1/periodic/{id}/reports/{number}.{format}", tk_api_periodic_file, "periodicFile",
          "A frozen periodic list: pdf, xlsx, csv or json", NULL, .answer_type = "application/octet-stream"),

    READS("/api/v1/statistics", tk_api_statistics, "statistics", "Accidents counted in tables", "Statistics",
          .query = statistics_query),
    READS("/api/v1/board-report.pdf", tk_api_board_report_pdf, "boardReportFile",
          "The report for the board of directors on one sheet", NULL, .answer_type = "application/pdf",
          .query = board_report_query),
    READS("/api/v1/board-report", tk_api_board_report, "boardReport",
          "Accidents, deadlines, registers and ledger in a period, each number with its evidence", "BoardReport",
          .query = board_report_query),

    READS("/api/v1/cases", tk_api_cases, "cases", "Near misses (施行規則58条の2) or leaks", NULL, .query = cases_query),
    WRITES("/api/v1/cases", tk_api_case_open, TK_MAY_HANDLE_ACCIDENT, "openCase", "Opens a near miss or a leak", NULL,
           201, NULL, .query = kind_query),
    WRITES("/api/v1/cases/{id}/actions", tk_api_case_act, TK_MAY_READ, "actOnCase",
           "Closes or reopens a case, or says how its report went out; each action needs its own right", "CaseAction",
           200, NULL, .query = NULL, .versioned = true),
    WRITES("/api/v1/cases/{id}/reports", tk_api_case_report_freeze, TK_MAY_FREEZE_REPORT, "freezeCaseReport",
           "Freezes the next version of a case's report; 409 with what lint found when it refuses", "ReportFreeze", 201,
           "ReportFrozen", .query = NULL, .versioned = true),
    READS("/api/v1/cases/{id}/reports/{kind}/draft", tk_api_case_report_draft, "caseReportDraft",
          "A case's report as it stands, with what lint finds", "ReportDraft", .query = NULL),
    READS("/api/v1/cases/{id}/reports/{number}/diff/{other}", tk_api_case_report_diff, "caseReportDiff",
          "What changed between two frozen reports of a case", "ReportDiff", .query = NULL),
    READS("/api/v1/cases/{id}/reports/{number}.{format}", tk_api_case_report_file, "caseReportFile",
          "A case's frozen report: pdf, xlsx, csv or json", NULL, .answer_type = "application/octet-stream"),
    READS("/api/v1/cases/{id}/report.{format}", tk_api_case_report, "caseReport", "The case's report as it stands",
          NULL, .answer_type = "application/octet-stream"),
    READS("/api/v1/cases/{id}", tk_api_case, "case", "One near miss or leak", NULL, .query = NULL, .versioned = true),
    WRITES("/api/v1/cases/{id}", tk_api_case_edit, TK_MAY_HANDLE_ACCIDENT, "editCase",
           "Changes fields and judges again", "CaseEdit", 200, NULL, .query = NULL, .versioned = true),

    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers", tk_api_registers, "registers", "The registers and their fields", "Registers",
          .query = NULL),
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/due", tk_api_registers_due, "registersDue",
          "Records of all registers whose review, expiry or deadline comes, soonest first", "RegistersDue",
          .query = registers_due_query),
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/waiting", tk_api_registers_waiting, "registersWaiting",
             "Records that wait for a decision which this person may take", "RegistersWaiting", .query = NULL),
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/counts", tk_api_registers_counts, "registersCounts",
             "How many records each register has, and how many are due", "RegistersCounts", .query = NULL),
    READS("/api/v1/topology", tk_api_topology, "topology", "The facilities register as topology lines", NULL,
          .answer_type = "application/x-ndjson"),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/topology", .handler = tk_api_topology_import, .needs = TK_MAY_READ,
     .body = TK_BODY_LINES, .body_max = TK_REGISTER_IMPORT_MAX, .id = "importTopology",
     .what = "Imports topology lines into the facilities register, or shows what they would change", .status = 200,
     .answer_schema = "RegisterImport", .query = register_import_query},
    {.method = TK_HTTP_POST, .pattern = "/api/v1/register-files", .handler = tk_api_register_file_add,
     .needs = TK_MAY_READ, .body = TK_BODY_BYTES, .body_max = TK_API_FILE_MAX, .id = "addRegisterFile",
     .what = "Keeps a file by its SHA-256, to be named by a record", .status = 201, .answer_schema = "RegisterFile"},
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/register-files/{hash}", tk_api_register_file, "registerFile", "A kept file", NULL,
          .answer_type = "application/octet-stream"),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/registers/{register}/import", .handler = tk_api_register_import,
     .needs = TK_MAY_READ, .body = TK_BODY_TABLE, .body_max = TK_REGISTER_IMPORT_MAX, .id = "importRegister",
     .what = "Imports a CSV or a sheet of a spreadsheet, or shows what it would change", .status = 200, .answer_schema = "RegisterImport",
     .query = register_table_query, .async = true},
    READS("/api/v1/jobs/{id}", tk_api_job, "job", "How far one's own long work is, and its result", "Job", .query = NULL),
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/jobs/{id}", .handler = tk_api_job_cancel, .needs = TK_MAY_READ, .id = "cancelJob",
     .what = "Stops one's own long work; what it had written stays", .status = 200, .answer_schema = "Job"},
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/{register}/export.{format}", tk_api_register_export, "exportRegister",
          "All records as csv, xlsx or json", NULL, .answer_type = "application/octet-stream",
          .query = register_export_query),
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/{register}/views", tk_api_register_views, "registerViews",
          "One's own saved views of a register and those that are shared", "RegisterViews", .query = NULL),
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/{register}/views/{name}", tk_api_register_view, "registerView", "A saved view",
          "RegisterView", .query = NULL),
    {.method = TK_HTTP_PUT, .pattern = "/api/v1/registers/{register}/views/{name}",
     .handler = tk_api_register_view_put, .needs = TK_MAY_READ, .body = TK_BODY_JSON, .body_max = TK_API_JSON_MAX,
     .id = "putRegisterView", .what = "Saves a view of one's own", .body_schema = "RegisterViewNew", .status = 200,
     .answer_schema = "RegisterView"},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/registers/{register}/views/{name}",
     .handler = tk_api_register_view_delete, .needs = TK_MAY_READ, .id = "deleteRegisterView",
     .what = "Forgets a view of one's own", .status = 200, .answer_schema = "RegisterViewDeleted"},
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/{register}", tk_api_register_list, "registerRecords",
          "Records, a page at a time; FIELD=value, FIELD.from= and FIELD.to= filter by columns and references",
          "RegisterRecords", .query = register_list_query),
    WRITES("/api/v1/registers/{register}", tk_api_register_add, TK_MAY_READ, "addRecord",
           "Adds a record; with Idempotency-Key a repeated request gives the first one's", "RegisterRecordNew", 201,
           "RegisterRecord", .query = NULL),
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/{register}/{id}/history", tk_api_register_history, "recordHistory",
          "Who changed what, oldest first", "RegisterHistory", .query = NULL),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/registers/{register}/{id}/restore",
     .handler = tk_api_register_restore, .needs = TK_MAY_READ, .id = "restoreRegisterRecord",
     .what = "Undoes the deletion of a record", .status = 200, .answer_schema = "RegisterRecord"},
    READS_AS(TK_MAY_READ_REGISTERS, "/api/v1/registers/{register}/{id}", tk_api_register_get, "record", "One record, now or as of a time",
          "RegisterRecord", .query = register_get_query, .versioned = true),
    {.method = TK_HTTP_PUT, .pattern = "/api/v1/registers/{register}/{id}", .handler = tk_api_register_put,
     .needs = TK_MAY_READ, .body = TK_BODY_JSON, .body_max = TK_API_JSON_MAX, .id = "putRecord",
     .what = "Replaces a record's values; If-Match or version says which one was read",
     .body_schema = "RegisterRecordChange", .status = 200, .answer_schema = "RegisterRecord", .versioned = true},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/registers/{register}/{id}", .handler = tk_api_register_delete,
     .needs = TK_MAY_READ, .id = "deleteRecord", .what = "Deletes a record that nothing refers to; its history stays",
     .status = 200, .answer_schema = "RegisterDeleted", .query = register_delete_query, .versioned = true},

    READS("/ledger/checkpoint", tk_api_ledger_checkpoint, "ledgerCheckpoint", "The newest signed head of the log", NULL,
          .answer_type = "text/plain", .open = TK_OPEN_PUBLISHED),
    READS("/ledger/key.pub", tk_api_ledger_keys, "ledgerKeys", "The keys that signed it", NULL,
          .answer_type = "text/plain", .open = TK_OPEN_PUBLISHED),
    READS("/ledger/tile/{name*}", tk_api_ledger_tile, "ledgerTile", "A tile of hashes or entries (C2SP tlog-tiles)", NULL,
          .answer_type = "application/octet-stream", .open = TK_OPEN_PUBLISHED),
    {.method = TK_HTTP_POST, .pattern = "/ledger/witness/add-checkpoint", .handler = tk_api_ledger_cosign,
     .needs = TK_MAY_READ, .open = TK_OPEN_WITNESS, .body = TK_BODY_ANY, .body_max = TK_WITNESS_REQUEST_MAX,
     .id = "addCheckpoint", .what = "Cosigns a trusted log's checkpoint (C2SP tlog-witness)", .status = 200,
     .answer_type = "text/plain"},
    READS("/api/v1/ledger", tk_api_ledger, "ledger", "The log, its witnesses, and the logs witnessed here", NULL,
          .query = NULL),
    READS("/api/v1/ledger/events", tk_api_ledger_events, "ledgerEvents", "Who did what, newest first", "LedgerEvents",
          .query = ledger_events_query),
    READS("/api/v1/ledger/proof", tk_api_ledger_proof, "ledgerProof", "A proof that an entry is in the log", NULL,
          .query = proof_query),
    READS("/api/v1/ledger/timestamps", tk_api_ledger_timestamps, "timestamps",
          "Time stamps (RFC 3161) on checkpoints, newest first", NULL, .query = page_query),
    WRITES("/api/v1/ledger/timestamps", tk_api_ledger_add_timestamp, TK_MAY_MANAGE_WITNESSES, "addTimestamp",
           "Asks an authority to stamp the newest checkpoint, checks and keeps its answer", "TimestampAsking", 201, NULL,
           .query = NULL),
    READS("/api/v1/ledger/timestamps/{id}", tk_api_ledger_timestamp, "timestamp", "The authority's answer (DER)", NULL,
          .answer_type = "application/timestamp-reply"),
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/ledger/witnesses/{id}", .handler = tk_api_ledger_remove_witness,
     .needs = TK_MAY_MANAGE_WITNESSES, .id = "removeWitness", .what = "Asks a witness no more", .status = 200},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/ledger/witnessed/{origin*}", .handler = tk_api_ledger_untrust_log,
     .needs = TK_MAY_MANAGE_WITNESSES, .id = "untrustLog", .what = "Cosigns a log no more", .status = 200},
    WRITES("/api/v1/ledger/witnesses", tk_api_ledger_add_witness, TK_MAY_MANAGE_WITNESSES, "addWitness",
           "Asks a witness to cosign our checkpoints from now on", NULL, 201, NULL, .query = NULL),
    WRITES("/api/v1/ledger/witnessed", tk_api_ledger_trust_log, TK_MAY_MANAGE_WITNESSES, "trustLog",
           "Cosigns the checkpoints of another log from now on", NULL, 201, NULL, .query = NULL),

    READS("/api/v1/law-changes", tk_api_law_changes, "lawChanges", "What entered, left or changed between two days",
          NULL, .query = law_changes_query),
    READS("/api/v1/law", tk_api_law, "law", "What is in force", NULL, .query = date_query),
    READS("/api/v1/law/{article}", tk_api_law_article, "lawArticle", "One entry with its text and source", NULL,
          .query = date_query),
    READS("/api/v1/program", tk_api_program, "program",
          "What the Act asks of the carrier on a day, why, and whether it is done", "Program", .query = date_query),
    READS("/api/v1/program/facts", tk_api_program_facts, "programFacts", "The facts that a carrier's profile can state",
          "ProgramFacts", .query = NULL),
    WRITES("/api/v1/program/what-if", tk_api_program_what_if, TK_MAY_READ, "programWhatIf",
           "What another fact or day would change; writes nothing", "ProgramQuestion", 200, "ProgramWhatIf", .query = NULL),
    READS("/api/v1/program/officers", tk_api_program_officers, "programOfficers",
          "Who holds each office the Act asks for, and what is missing", "Officers", .query = date_query),
    READS("/api/v1/program/officers/{id}/notice.{format}", tk_api_officer_notice, "officerNotice",
          "The notification of an appointment or dismissal", NULL, .answer_type = "application/octet-stream"),
    READS("/api/v1/calendar", tk_api_calendar, "calendar", "Everything that falls due, by day", "Calendar",
          .query = calendar_query),
    READS_AS(TK_MAY_SEE_ACCOUNTS, "/api/v1/reminders", tk_api_reminders, "reminders", "What was sent to remind whom of what falls due", "Reminders",
          .query = NULL),
    {.method = TK_HTTP_GET, .pattern = "/calendar/{token}.ics", .handler = tk_api_calendar_feed, .needs = TK_NEEDS_NOTHING,
     .id = "calendarFeed", .what = "The calendar as iCalendar (RFC 5545), for the holder of a token of the scope calendar",
     .status = 200, .answer_type = "text/calendar"},
    /* technical standards and the safety and reliability standard */
    READS("/api/v1/program/standards", tk_api_standards, "standards",
          "Technical standards: categories, confirmations with their documents, checks, what waits", "Standards",
          .query = date_query),
    READS("/api/v1/program/standards/matrix", tk_api_standards_matrix, "standardsMatrix",
          "What is asked of which category of equipment, and the carrier's assessments", "StandardsMatrix",
          .query = date_query),
    READS("/api/v1/program/standards/confirmations/{id}/package.pdf", tk_api_standards_package, "standardsPackage",
          "The documents of one confirmation with an index", NULL, .answer_type = "application/pdf", .query = lang_query),
    READS("/api/v1/program/reliability", tk_api_reliability, "reliability",
          "The safety and reliability standard: chapters, counts, progress", "Reliability", .query = reliability_query),
    READS("/api/v1/program/reliability/measures", tk_api_reliability_measures, "reliabilityMeasures",
          "Its measures as imported, with marks and assessments", "ReliabilityMeasures", .query = reliability_query),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/program/reliability/content", .handler = tk_api_reliability_import,
     .needs = TK_MAY_READ, .body = TK_BODY_TABLE, .body_max = TK_API_FILE_MAX, .id = "importReliability",
     .what = "Takes the carrier's file of the notice, or shows what it would be", .status = 200, .answer_schema = "ReliabilityImport",
     .query = reliability_import_query},
    READS("/api/v1/program/reliability/export.{format}", tk_api_reliability_export, "exportReliability",
          "All measures with their assessments: csv, xlsx or pdf", NULL, .answer_type = "application/octet-stream",
          .query = reliability_query),

    /* the management rules */
    READS("/api/v1/program/rules", tk_api_rules, "rules", "Editions of the management rules, the one in force, inspections, orders",
          "Rules", .query = date_query),
    WRITES("/api/v1/program/rules/check", tk_api_rules_check, TK_MAY_READ, "checkRules",
           "Checks a text of management rules against art. 29 on a day; writes nothing", "RulesToCheck", 200, "RulesCheck",
           .query = NULL),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/program/rules/import", .handler = tk_api_rules_import,
     .needs = TK_MAY_RUN_PROGRAM, .body = TK_BODY_BYTES, .body_max = TK_RULES_IMPORT_MAX, .slow = true, .id = "importRules",
     .what = "Takes a document (docx, Markdown, text) apart into sections; writes nothing", .status = 200,
     .answer_schema = "RulesImport", .query = rules_import_query},
    READS("/api/v1/program/rules/{id}/compare/{other}.pdf", tk_api_rules_compare_pdf, "rulesComparisonFile",
          "Two editions beside each other (新旧対照表)", NULL, .answer_type = "application/pdf", .query = rules_compare_query),
    READS("/api/v1/program/rules/{id}/compare/{other}", tk_api_rules_compare, "rulesComparison",
          "What changed from one edition to another, word by word", "RulesComparison", .query = rules_compare_query),
    READS("/api/v1/program/rules/{id}/notice.pdf", tk_api_rules_notice, "rulesNotice",
          "What is to be notified of an edition (様式第21・第22)", NULL, .answer_type = "application/pdf"),
    READS("/api/v1/program/rules/{id}/text.{format}", tk_api_rules_file, "rulesFile",
          "The text of an edition: pdf, md, txt or json", NULL, .answer_type = "application/octet-stream",
          .query = rules_text_query),
    READS("/api/v1/program/rules/{id}", tk_api_rules_edition, "rulesEdition",
          "One edition with its text and its check on a day", "RulesEdition", .query = rules_edition_query),
    {.method = TK_HTTP_PUT, .pattern = "/api/v1/program/rules/{id}", .handler = tk_api_rules_save, .needs = TK_MAY_RUN_PROGRAM,
     .body = TK_BODY_JSON, .body_max = TK_RULES_BODY_MAX, .id = "saveRules",
     .what = "Replaces the text of an edition that is not approved; If-Match or version says which one was read",
     .body_schema = "RulesText", .status = 200, .answer_schema = "RegisterRecord", .versioned = true},
    /* specified user information and external transmission */
    READS("/api/v1/user-information", tk_api_user_info, "userInformation",
          "Specified user information: designation, duties, rules, assessments, counts, gaps", "UserInformation",
          .query = date_query),
    READS("/api/v1/user-information/policy", tk_api_policy, "informationPolicy",
          "The public policy as it stands, with gaps, versions and publications", "InformationPolicy", .query = NULL),
    READS("/api/v1/user-information/policy.html", tk_api_policy_page, "informationPolicyPage",
          "The public policy as a page to publish", NULL, .answer_type = "text/html", .query = policy_page_query),
    READS("/api/v1/user-information/policy/diff", tk_api_policy_diff, "informationPolicyDiff",
          "What differs between two versions of the policy", "InformationPolicyDiff", .query = policy_diff_query),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/user-information/policy/versions", .handler = tk_api_policy_freeze,
     .needs = TK_MAY_RUN_PROGRAM, .id = "freezeInformationPolicy",
     .what = "Freezes the next version of the policy; 422 names the gaps that block it", .status = 201,
     .answer_schema = "InformationPolicyVersion"},
    READS("/api/v1/user-information/counts.csv", tk_api_user_counts, "userCounts",
          "Average monthly users by service and fiscal year, with their classes", NULL, .answer_type = "text/csv",
          .query = NULL),
    READS("/api/v1/external-transmissions", tk_api_transmissions, "externalTransmissions",
          "Sites and apps with their tags, and what is missing", "ExternalTransmissions", .query = NULL),
    READS("/api/v1/external-transmissions/{site}/table.html", tk_api_transmissions_page, "externalTransmissionsPage",
          "One site's table as a page to publish", NULL, .answer_type = "text/html", .query = public_page_query),

    /* inspections and surveys */
    READS("/api/v1/questionnaires", tk_api_questionnaires, "questionnaires", "Questionnaires: built in, and the carrier's",
          "Questionnaires", .query = NULL),
    WRITES("/api/v1/questionnaires", tk_api_questionnaire_put, TK_MAY_RUN_PROGRAM, "addQuestionnaire",
           "Keeps a questionnaire, as the next version where its id is known", "QuestionnaireDocument", 201, "Questionnaire",
           .query = NULL),
    READS("/api/v1/questionnaires/{id}", tk_api_questionnaire, "questionnaire", "One questionnaire", "Questionnaire",
          .query = NULL),
    READS("/api/v1/questionnaires/{id}/table.csv", tk_api_questionnaire_csv, "questionnaireTable",
          "A questionnaire as a table", NULL, .answer_type = "text/csv", .query = NULL),
    {.method = TK_HTTP_PUT, .pattern = "/api/v1/questionnaires/{id}/table.csv", .handler = tk_api_questionnaire_table,
     .needs = TK_MAY_RUN_PROGRAM, .body = TK_BODY_TABLE, .body_max = TK_API_JSON_MAX, .id = "putQuestionnaireTable",
     .what = "Keeps a questionnaire from a table (CSV)", .status = 200, .answer_schema = "Questionnaire",
     .query = questionnaire_table_query},
    READS("/api/v1/campaigns", tk_api_campaigns, "campaigns", "Inspections, audits and surveys with their progress",
          "Campaigns", .query = NULL),
    WRITES("/api/v1/campaigns", tk_api_campaign_add, TK_MAY_RUN_PROGRAM, "openCampaign",
           "Opens a campaign; freezes its questionnaire", "CampaignOpening", 201, "Campaign", .query = NULL),
    READS("/api/v1/campaigns/{id}", tk_api_campaign, "campaign",
          "One campaign, whole: respondents, results, findings, comparison", "Campaign", .query = NULL),
    WRITES("/api/v1/campaigns/{id}/actions", tk_api_campaign_act, TK_MAY_RUN_PROGRAM, "actOnCampaign",
           "Edits, closes or reopens a campaign", "CampaignAction", 200, "Campaign", .query = NULL),
    WRITES("/api/v1/campaigns/{id}/respondents", tk_api_campaign_invite, TK_MAY_RUN_PROGRAM, "inviteRespondents",
           "Adds respondents; tells their links this once", "Respondents", 201, "RespondentLinks", .slow = true,
           .secret_answer = true),
    WRITES("/api/v1/campaigns/{id}/respondents/{sheet}", tk_api_sheet_act, TK_MAY_RUN_PROGRAM, "actOnRespondent",
           "Renews a respondent's link, or revokes it", "RespondentAction", 200, "RespondentLinks", .slow = true),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/campaigns/{id}/reminders", .handler = tk_api_campaign_remind,
     .needs = TK_MAY_RUN_PROGRAM, .slow = true, .id = "remindRespondents",
     .what = "Mails whoever has not handed in", .status = 200},
    READS("/api/v1/campaigns/{id}/respondents/{sheet}", tk_api_sheet, "respondent", "One respondent's answers and scores",
          "SheetSeen", .query = NULL),
    READS("/api/v1/campaigns/{id}/files/{hash}", tk_api_sheet_evidence, "campaignEvidence",
          "A file that a respondent attached", NULL, .answer_type = "application/octet-stream"),
    READS("/api/v1/campaigns/{id}/comparison", tk_api_campaign_compare, "campaignComparison",
          "What changed since another campaign", "CampaignComparison", .query = compare_query),
    READS("/api/v1/campaigns/{id}/answers.csv", tk_api_campaign_file, "campaignCsv", "All answers as a table", NULL,
          .answer_type = "text/csv", .query = lang_query),
    READS("/api/v1/campaigns/{id}/answers.xlsx", tk_api_campaign_file, "campaignXlsx", "All answers as a spreadsheet", NULL,
          .answer_type = TK_XLSX_TYPE, .query = lang_query),
    READS("/api/v1/campaigns/{id}/report.pdf", tk_api_campaign_file, "campaignReport", "The campaign's report", NULL,
          .answer_type = "application/pdf", .query = lang_query),
    WRITES("/api/v1/campaigns/{id}/findings", tk_api_finding_add, TK_MAY_RUN_PROGRAM, "addFinding",
           "Records a finding", "FindingAdding", 201, "Finding", .query = NULL),
    WRITES("/api/v1/findings/{id}", tk_api_finding_act, TK_MAY_RUN_PROGRAM, "actOnFinding",
           "Plans a countermeasure, verifies it, or leaves the finding at that", "FindingAction", 200, "Finding",
           .query = NULL),
    {.method = TK_HTTP_GET, .pattern = "/api/v1/answer-sheet", .handler = tk_api_answer_sheet, .needs = TK_NEEDS_NOTHING,
     .slow = true, .id = "answerSheet", .what = "A respondent's sheet, for the holder of its link", .status = 200,
     .answer_schema = "AnswerSheet"},
    RESPONDENT(TK_HTTP_PUT, "/api/v1/answer-sheet", tk_api_answer_save, "saveAnswers", "Keeps a draft of the answers",
               "AnswersSaving", "AnswersSaved"),
    RESPONDENT(TK_HTTP_POST, "/api/v1/answer-sheet/handover", tk_api_answer_delegate, "delegateSheet",
               "Hands the sheet over to another person; the link ends", "SheetDelegation", "SheetDelegated"),
    RESPONDENT(TK_HTTP_POST, "/api/v1/answer-sheet/submission", tk_api_answer_submit, "submitAnswers",
               "Hands the answers in; the link ends", "AnswersSaving", "AnswersSubmitted"),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/answer-sheet/files", .handler = tk_api_answer_evidence,
     .needs = TK_NEEDS_NOTHING, .body = TK_BODY_BYTES, .body_max = TK_SHEET_FILE_BYTES_MAX, .slow = true,
     .id = "attachToSheet", .what = "Attaches a file to an answer", .status = 200, .query = answer_evidence_query},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/answer-sheet/files/{hash}", .handler = tk_api_answer_evidence_remove,
     .needs = TK_NEEDS_NOTHING, .slow = true, .id = "detachFromSheet", .what = "Takes a file away again", .status = 200},

    /* the risk register */
    READS("/api/v1/risks", tk_api_risks, "risks", "Every risk by the criteria of its day, and what needs attention", "Risks",
          .query = risks_query),
    READS("/api/v1/risks/process", tk_api_risks_process, "riskProcess",
          "The steps of ISO 31000, clause 6, as the registers show them", "RiskProcess", .query = NULL),
    WRITES("/api/v1/risks/matrix-trial", tk_api_risks_trial, TK_MAY_READ, "tryRiskMatrix",
           "What a matrix would say of every risk; writes nothing", "RiskMatrixQuestion", 200, "RiskMatrixTrial", .query = NULL),
    READS("/api/v1/risks/report.pdf", tk_api_risks_report, "riskReport", "The risk report on paper", NULL,
          .answer_type = "application/pdf", .query = risks_query),
    READS("/api/v1/risks/export.{format}", tk_api_risks_export, "exportRisks", "The evaluated register: csv, xlsx or json",
          NULL, .answer_type = "application/octet-stream"),
    READS("/api/v1/risks/assurance", tk_api_assurance, "assurance",
          "Functional assurance (機能保証), walked from the consequence down, with what is missing", "Assurance", .query = NULL),
    WRITES("/api/v1/risks/assurance/risks", tk_api_assurance_risks, TK_MAY_READ, "makeAssuranceRisks",
           "Makes risks of the leaves that have none, or shows which", "AssuranceRisksRequest", 200, "AssuranceRisks", .query = NULL),
    READS("/api/v1/risks/bow-ties", tk_api_bow_ties, "bowTies", "Bow ties with the state of every barrier", "BowTies",
          .query = NULL),
    READS("/api/v1/risks/bow-ties/{id}/picture.svg", tk_api_bow_tie_picture, "bowTiePicture", "A bow tie drawn", NULL,
          .answer_type = "image/svg+xml", .query = picture_query),
    READS("/api/v1/risks/bow-ties/{id}", tk_api_bow_tie, "bowTie", "One bow tie", "BowTie", .query = NULL),
    READS("/api/v1/risks/sources", tk_api_risk_sources, "riskSources", "Sources of risk as dated surveys rank them, with the trend",
          "RiskSources", .query = NULL),
    READS("/api/v1/risks/{id}", tk_api_risk, "risk", "One risk, whole", "RiskWhole", .query = NULL),
    READS("/api/v1/references", tk_api_references, "references",
          "Standards, frameworks and certifications compared, with the certificates held", "References", .query = NULL),

    READS("/api/v1/simulations/basis", tk_api_simulation_basis, "simulationBasis",
          "What a simulation would start from: rates from the recorded accidents, shared attributes, assumptions",
          "SimulationBasis", .query = NULL),
    READS("/api/v1/simulations", tk_api_simulations, "simulations", "Simulations that were kept, newest first",
          "Simulations", .query = page_query),
    WRITES("/api/v1/simulations", tk_api_simulation_begin, TK_MAY_READ, "beginSimulation",
           "Begins a simulation of years of operation as a job; one runs at a time", "SimulationRequest", 202, "Job",
           .query = NULL),
    READS("/api/v1/simulations/{id}/result.{format}", tk_api_simulation_file, "simulationFile",
          "A simulation's result: json or csv", NULL, .answer_type = "application/octet-stream"),
    READS("/api/v1/simulations/{id}/compare/{other}", tk_api_simulations_compare, "compareSimulations",
          "Two simulations side by side", "SimulationsCompared", .query = NULL),
    READS("/api/v1/simulations/{id}", tk_api_simulation, "simulation", "One simulation with its result", "Simulation",
          .query = NULL),
    READS("/api/v1/single-points", tk_api_single_points, "singlePoints",
          "Facilities whose loss alone would be a serious accident, and the time until it is", "SinglePoints",
          .query = date_query),

    /* controls, assessments, statements of applicability */
    READS("/api/v1/controls", tk_api_controls, "controls", "The control frameworks with what is answered of each", "Controls",
          .query = NULL),
    READS("/api/v1/controls/items", tk_api_controls_items, "controlItems",
          "Every item of one framework or of all, with its state and what that rests on", "ControlItems",
          .query = controls_items_query),
    READS("/api/v1/controls/frameworks/{framework}/{item}", tk_api_control, "control",
          "One control: its answer, what it rests on hop by hop, what it reaches, results", "Control", .query = NULL),
    WRITES("/api/v1/controls/frameworks/{framework}/{item}/effect", tk_api_control_effect, TK_MAY_READ, "controlEffect",
           "What an answer would change everywhere; writes nothing", "ControlAnswer", 200, "ControlEffect", .query = NULL),
    READS("/api/v1/controls/frameworks/{framework}/oscal/{kind}", tk_api_control_oscal, "exportOscal",
          "An OSCAL document of a framework's answers, or of one assessment", NULL, .answer_type = "application/json",
          .query = control_oscal_query),
    READS("/api/v1/controls/frameworks/{framework}/applicability/{format}", tk_api_applicability, "applicability",
          "The statement of applicability as pdf, xlsx or json", NULL, .answer_type = "application/octet-stream",
          .query = control_lang_query),
    READS("/api/v1/controls/assessments", tk_api_assessments, "assessments",
          "Assessments with their scope, results and measures", "Assessments", .query = NULL),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/controls/documents", .handler = tk_api_controls_import, .needs = TK_MAY_READ,
     .body = TK_BODY_BYTES, .body_max = TK_CONTROLS_IMPORT_MAX, .slow = true, .id = "importControls",
     .what = "Imports an OSCAL document, a framework file or a list of controls, or shows what it would do", .status = 200,
     .answer_schema = "ControlsImport", .query = controls_import_query},
    READS("/api/v1/controls/documents/{id}", tk_api_control_document, "controlsDocument",
          "An imported document with the answers from it as they are now", NULL, .answer_type = "application/json"),
    READS("/api/v1/controls/checks", tk_api_checks, "controlChecks",
          "Automatic checks: last result, value, threshold, facts, and the controls they feed", "ControlChecks", .query = NULL),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/controls/checks", .handler = tk_api_checks_run,
     .needs = TK_MAY_FREEZE_REPORT, .id = "runControlChecks", .what = "Runs the automatic checks now", .status = 200,
     .answer_schema = "ControlChecks"},
    READS("/api/v1/controls/checks/{id}", tk_api_check_history, "controlCheck", "When a check's result changed", "ControlCheckHistory",
          .query = NULL),

    /* contractors and foreign law */
    READS("/api/v1/contractors", tk_api_contractors, "contractors",
          "Contractors with what is known and missing, and the countries behind them", "Contractors", .query = as_of_query),
    READS("/api/v1/contractors/concentration", tk_api_contractors_concentration, "contractorConcentration",
          "Shares by contractor, owner, country, region and software", "ContractorConcentration", .query = as_of_query),
    WRITES("/api/v1/contractors/vanish", tk_api_contractors_vanish, TK_MAY_READ, "contractorVanish",
           "What would follow if a contractor, owner, country, region or software were gone; writes nothing",
           "ContractorVanishing", 200, "ContractorVanished", .query = NULL),
    WRITES("/api/v1/contractors/countries/what-if", tk_api_country_what_if, TK_MAY_READ, "countryWhatIf",
           "What a change of a country's legal environment reaches; writes nothing", "CountryQuestion", 200,
           "CountryReplay", .query = NULL),
    WRITES("/api/v1/contractors/countries/change", tk_api_country_change, TK_MAY_READ, "countryChange",
           "Records the change, keeps what it reaches as an event, and gives owners their tasks", "CountryChange", 200,
           "CountryReplay", .query = NULL),
    READS("/api/v1/contractors/countries/{country}/scores", tk_api_country_scores, "countryScores",
          "A country's score from version to version", "CountryScores", .query = NULL),
    READS("/api/v1/contractors/weights", tk_api_contractor_weights, "contractorWeights",
          "The weights by which answers become scores", "ContractorWeights", .query = NULL),
    {.method = TK_HTTP_PUT, .pattern = "/api/v1/contractors/weights", .handler = tk_api_contractor_weights_put,
     .needs = TK_MAY_READ, .body = TK_BODY_JSON, .body_max = TK_API_JSON_MAX, .id = "putContractorWeights",
     .what = "Sets the carrier's own weights", .body_schema = "ContractorWeights", .status = 200,
     .answer_schema = "ContractorWeights"},
    READS("/api/v1/contractors/abroad", tk_api_contractors_abroad, "contractorsAbroad",
          "What users are told about contractors abroad", "ContractorsAbroad", .query = as_of_query),
    READS("/api/v1/contractors/abroad.html", tk_api_contractors_abroad_page, "contractorsAbroadPage",
          "The same as a page that stands alone", NULL, .answer_type = "text/html", .query = as_of_query),
    READS("/api/v1/contractors/{id}", tk_api_contractor, "contractor",
          "One contractor with everything on it, and what it reaches", "Contractor", .query = as_of_query),

    READS("/api/v1/software", tk_api_software, "software",
          "Systems with their components, advisories, what is open, data kept too long and training that is due", "Software",
          .query = NULL),
    READS("/api/v1/software/findings", tk_api_software_findings, "softwareFindings",
          "What advisories say about components that run here, worst first", "SoftwareFindings", .query = software_findings_query),
    READS("/api/v1/software/components", tk_api_software_components, "softwareComponents", "Components of all systems by name",
          "SoftwareComponents", .query = software_components_query),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/software/sboms", .handler = tk_api_software_add_sbom, .needs = TK_MAY_READ,
     .body = TK_BODY_BYTES, .body_max = TK_SOFTWARE_DOCUMENT_MAX, .id = "addSbom",
     .what = "Imports an SBOM (CycloneDX 1.4-1.6 or SPDX 2.3, JSON) of a system", .status = 201,
     .answer_schema = "RegisterRecord", .query = sbom_query},
    {.method = TK_HTTP_POST, .pattern = "/api/v1/software/advisories", .handler = tk_api_software_add_advisory,
     .needs = TK_MAY_READ, .body = TK_BODY_BYTES, .body_max = TK_SOFTWARE_DOCUMENT_MAX, .id = "addAdvisory",
     .what = "Imports an advisory (CSAF 2.0 or CycloneDX VEX, JSON)", .status = 201, .answer_schema = "RegisterRecord",
     .query = advisory_query},

    WRITES("/api/v1/judge", tk_api_judge, TK_MAY_READ, "judge", "Judges one accident's facts", "JudgeFacts", 200,
           "Verdict", .query = NULL),

    {.method = TK_HTTP_POST, .pattern = "/api/v1/session", .handler = tk_api_sign_in, .needs = TK_NEEDS_NOTHING,
     .body = TK_BODY_JSON, .body_max = TK_API_SECRET_MAX, .slow = true, .id = "signIn",
     .what = "Signs in; the session's cookie comes with the answer", .body_schema = "SignIn", .status = 200,
     .answer_schema = "Session"},
    {.method = TK_HTTP_GET, .pattern = "/api/v1/session/methods", .handler = tk_api_sign_in_methods,
     .needs = TK_NEEDS_NOTHING, .id = "signInMethods", .what = "How one can sign in here", .status = 200,
     .answer_schema = "SignInMethods"},
    {.method = TK_HTTP_GET, .pattern = "/sso/start", .handler = tk_api_sso_start, .needs = TK_NEEDS_NOTHING,
     .slow = true, .id = "ssoStart", .what = "To the single sign-on's provider", .status = 303, .query = sso_query},
    {.method = TK_HTTP_GET, .pattern = "/sso/callback", .handler = tk_api_sso_callback, .needs = TK_NEEDS_NOTHING,
     .slow = true, .id = "ssoCallback", .what = "Back from the provider: begins the session", .status = 200,
     .answer_type = "text/html"},
    {.method = TK_HTTP_GET, .pattern = "/sso/farewell", .handler = tk_api_sso_farewell, .needs = TK_NEEDS_NOTHING,
     .id = "ssoFarewell", .what = "To the provider's own sign-out, where it has one", .status = 303},
    {.method = TK_HTTP_GET, .pattern = "/api/v1/session", .handler = tk_api_session, .needs = TK_NEEDS_PERSON,
     .id = "session", .what = "Who is signed in, what they may, and the token that writes carry", .status = 200,
     .answer_schema = "Session"},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/session", .handler = tk_api_sign_out, .needs = TK_NEEDS_PERSON,
     .id = "signOut", .what = "Ends the session", .status = 204},
    CHANGES(TK_HTTP_POST, "/api/v1/session/password", tk_api_password_change, TK_NEEDS_PERSON, "changePassword",
            "Changes one's own password; ends all sessions of the account", "PasswordChange", 200, NULL),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/session/totp", .handler = tk_api_totp_begin,
     .needs = TK_NEEDS_SESSION, .id = "beginTotp", .what = "Begins one-time codes (TOTP); they count once confirmed",
     .status = 200},
    CHANGES(TK_HTTP_POST, "/api/v1/session/totp/confirm", tk_api_totp_confirm, TK_NEEDS_SESSION, "confirmTotp",
            "Shows the first code", "Code", 200, NULL),
    CHANGES(TK_HTTP_POST, "/api/v1/session/totp/remove", tk_api_totp_remove, TK_NEEDS_SESSION, "removeTotp",
            "Takes one's own one-time codes away; ends all sessions of the account", "Password", 200, NULL),
    PASSKEYS("/api/v1/session/passkeys/sign-in/options", tk_api_passkey_ask, TK_NEEDS_NOTHING, "askPasskey",
             "What the browser needs to sign in with a passkey", "PasskeyAsking", 200, "PasskeyAttempt"),
    PASSKEYS("/api/v1/session/passkeys/sign-in/answer", tk_api_passkey_sign_in, TK_NEEDS_NOTHING, "signInWithPasskey",
             "Signs in with a passkey; the session's cookie comes with the answer", "PasskeySignIn", 200, "Session"),
    {.method = TK_HTTP_POST, .pattern = "/api/v1/session/passkeys/registration/options", .handler = tk_api_passkey_begin,
     .needs = TK_NEEDS_SESSION, .id = "beginPasskey", .what = "What the browser needs to make a passkey", .status = 200,
     .answer_schema = "PasskeyOptions"},
    PASSKEYS("/api/v1/session/passkeys", tk_api_passkey_add, TK_NEEDS_SESSION, "addPasskey",
             "Keeps the passkey that the browser made", "PasskeyAdding", 201, "Passkey"),
    {.method = TK_HTTP_GET, .pattern = "/api/v1/session/passkeys", .handler = tk_api_passkeys,
     .needs = TK_NEEDS_SESSION, .id = "passkeys", .what = "One's own passkeys", .status = 200,
     .answer_schema = "Passkeys"},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/session/passkeys/{id}", .handler = tk_api_passkey_remove,
     .needs = TK_NEEDS_SESSION, .id = "removePasskey", .what = "Removes one of one's own passkeys", .status = 200},
    {.method = TK_HTTP_GET, .pattern = "/api/v1/tokens", .handler = tk_api_tokens, .needs = TK_NEEDS_SESSION,
     .id = "tokens", .what = "One's own API tokens", .status = 200, .query = page_query},
    {.method = TK_HTTP_POST, .pattern = "/api/v1/tokens", .handler = tk_api_token_add, .needs = TK_NEEDS_SESSION,
     .body = TK_BODY_JSON, .body_max = TK_API_SECRET_MAX, .id = "addToken",
     .what = "Makes an API token, shown this once", .body_schema = "TokenAdding", .status = 201,
     .secret_answer = true},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/tokens/{id}", .handler = tk_api_token_revoke,
     .needs = TK_NEEDS_SESSION, .id = "revokeToken", .what = "Revokes one of one's own API tokens", .status = 200},

    {.method = TK_HTTP_GET, .pattern = "/api/v1/system", .handler = tk_api_system, .needs = TK_MAY_SEE_ACCOUNTS,
     .id = "system", .what = "What runs here: store, law and register files with hashes, settings", .status = 200},
    {.method = TK_HTTP_GET, .pattern = "/api/v1/accounts", .handler = tk_api_accounts, .needs = TK_MAY_SEE_ACCOUNTS,
     .id = "accounts", .what = "All accounts", .status = 200, .answer_schema = "Accounts", .query = page_query},
    CHANGES(TK_HTTP_POST, "/api/v1/accounts", tk_api_account_add, TK_MAY_MANAGE_ACCOUNTS, "addAccount",
            "Adds an account", "AccountAdding", 201, "Account"),
    {.method = TK_HTTP_GET, .pattern = "/api/v1/accounts/{name}", .handler = tk_api_account, .needs = TK_MAY_SEE_ACCOUNTS,
     .id = "account", .what = "One account", .status = 200, .answer_schema = "Account", .versioned = true},
    {.method = TK_HTTP_PATCH, .pattern = "/api/v1/accounts/{name}", .handler = tk_api_account_edit,
     .needs = TK_MAY_MANAGE_ACCOUNTS, .body = TK_BODY_JSON, .body_max = TK_API_SECRET_MAX, .id = "editAccount",
     .what = "Changes role or name shown, shuts or opens the account", .body_schema = "AccountEdit", .status = 200,
     .answer_schema = "Account", .versioned = true},
    CHANGES(TK_HTTP_POST, "/api/v1/accounts/{name}/password", tk_api_password_reset, TK_MAY_MANAGE_ACCOUNTS,
            "resetPassword", "Sets somebody's password; ends the account's sessions", "PasswordReset", 200, "Account"),
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/accounts/{name}/totp", .handler = tk_api_totp_reset,
     .needs = TK_MAY_MANAGE_ACCOUNTS, .id = "resetTotp", .what = "Takes somebody's one-time codes away",
     .status = 200, .answer_schema = "Account"},
    {.method = TK_HTTP_GET, .pattern = "/api/v1/accounts/{name}/passkeys", .handler = tk_api_passkeys_of,
     .needs = TK_MAY_SEE_ACCOUNTS, .id = "accountPasskeys", .what = "Somebody's passkeys", .status = 200,
     .answer_schema = "Passkeys"},
    {.method = TK_HTTP_DELETE, .pattern = "/api/v1/accounts/{name}/passkeys/{id}", .handler = tk_api_passkey_remove_of,
     .needs = TK_MAY_MANAGE_ACCOUNTS, .id = "removeAccountPasskey",
     .what = "Removes a passkey that somebody lost; ends the account's sessions", .status = 200},
};
/* clang-format on */

const TkRoute *tk_routes(size_t *count)
{
    *count = G_N_ELEMENTS(routes);
    return routes;
}
