/* The handlers behind the routes. Each parses, calls one use case of the service and writes its answer. */
#ifndef TK_HTTP_API_H
#define TK_HTTP_API_H

#include "http/app.h"

#define TK_API_JSON_MAX    ((size_t)1024 * 1024)      /* bytes of a JSON body */
#define TK_API_FILE_MAX    ((size_t)32 * 1024 * 1024) /* bytes of a file for a register */
#define TK_RULES_BODY_MAX  ((size_t)1536 * 1024)      /* bytes of a text of rules as JSON */
#define TK_API_SECRET_MAX  ((size_t)4096)             /* bytes of a body about accounts */
#define TK_API_PASSKEY_MAX ((size_t)32 * 1024)        /* bytes of what a browser says about a passkey */

/* api_live.c */
void tk_api_problem(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_health(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_openapi(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_board(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_events(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_alarms(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_facilities(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_down(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_what_if(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_drill(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_facility(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_accidents.c */
void tk_api_accidents(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_accident_open(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_accident(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_evidence_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_evidence(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_accident_proof(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_accident_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_cases(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_open(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_edit(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_reports.c */
void tk_api_report_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_report_draft(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_report_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_report_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_report_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_report_draft(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_report_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_report_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_case_report(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_periodic(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_periodic_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_periodic_versions(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_periodic_draft(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_periodic_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_periodic_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_ledger.c */
void tk_api_ledger_checkpoint(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_keys(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_tile(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_cosign(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_proof(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_events(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_remove_witness(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_add_witness(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_timestamps(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_add_timestamp(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_timestamp(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_untrust_log(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_ledger_trust_log(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_law.c */
void tk_api_law(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_law_article(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_law_changes(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_judge(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_office.c */
void tk_api_system(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_statistics(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_board_report(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_board_report_pdf(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_risks.c */
void tk_api_risks(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_risk(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_risks_process(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_risks_trial(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_risks_export(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_risks_report(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_assurance(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_assurance_risks(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_bow_ties(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_bow_tie(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_bow_tie_picture(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_risk_sources(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_references(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_management_rules.c */
void tk_api_rules(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_edition(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_save(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_check(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_compare(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_compare_pdf(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_notice(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_rules_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_program.c */
/* A day of the query; TK_DATE_NONE where it is absent or empty. INPUT naming it otherwise. */
bool tk_api_query_date(const TkHttpRequest *request, const char *name, TkDate *date, GError **error);
void tk_api_reliability(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_reliability_measures(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_reliability_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_reliability_export(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_standards(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_standards_matrix(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_standards_package(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_program(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_program_facts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_calendar(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_reminders(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_calendar_feed(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_program_officers(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_officer_notice(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_program_what_if(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_contractors.c */
void tk_api_contractors(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_contractor(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_contractors_concentration(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_contractors_vanish(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_country_what_if(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_country_change(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_country_scores(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_contractor_weights(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_contractor_weights_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_contractors_abroad(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_contractors_abroad_page(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_controls.c */
void tk_api_controls(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_controls_items(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_control(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_control_effect(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_assessments(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_control_oscal(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_applicability(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_control_document(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_controls_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_checks(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_checks_run(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_check_history(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_campaigns.c */
void tk_api_questionnaires(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_questionnaire(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_questionnaire_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_questionnaire_csv(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_questionnaire_table(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaigns(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaign(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaign_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaign_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaign_invite(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_sheet_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaign_remind(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_sheet(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_sheet_evidence(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaign_compare(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_campaign_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_finding_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_finding_act(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_answers.c */
void tk_api_answer_sheet(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_answer_save(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_answer_submit(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_answer_delegate(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_answer_evidence(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_answer_evidence_remove(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_user_info.c */
void tk_api_user_info(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_policy(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_policy_page(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_policy_freeze(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_policy_diff(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_user_counts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_transmissions(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_transmissions_page(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_registers.c */
void tk_api_registers(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_list(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_get(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_delete(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_restore(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_history(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_job(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_job_cancel(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_export(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_registers_waiting(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_registers_counts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_registers_due(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_views(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_view(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_view_put(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_view_delete(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_topology(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_topology_import(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_file_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_register_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_simulation.c */
void tk_api_simulation_basis(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_simulations(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_simulation_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_simulation_file(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_simulations_compare(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_simulation(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_single_points(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_software.c */
void tk_api_software(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_software_findings(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_software_components(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_software_add_sbom(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_software_add_advisory(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_sso.c */
void tk_api_sso_start(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_sso_callback(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_sso_farewell(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_sign_in_methods(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
/* api_people.c */
void tk_api_sign_in(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_session(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_sign_out(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_account(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_accounts(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_account_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_account_edit(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_password_reset(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_totp_reset(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_password_change(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_totp_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_totp_confirm(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_totp_remove(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_tokens(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_token_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_token_revoke(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* How each way of signing in ends: with the session and its cookie, or (token NULL) with the reason. Takes
 * `error`. */
void tk_api_signed_in(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response, const char *token,
                      bool needs_code, GError *error);
/* True where the client's address has failed to sign in too often; the response is then set. */
bool tk_api_must_wait(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* api_passkeys.c */
void tk_api_passkey_begin(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_passkey_add(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_passkeys(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_passkey_remove(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_passkeys_of(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_passkey_remove_of(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_passkey_ask(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);
void tk_api_passkey_sign_in(TkHttpApp *app, TkHttpRequest *request, TkHttpResponse *response);

/* Answers with what a use case gave: its bytes as JSON, or its error. Takes both. */
void tk_api_answer(TkHttpResponse *response, unsigned status, GBytes *bytes, GError *error);
/* Sends the file under its name; takes its bytes. JSON is shown, everything else is saved. (api_reports.c) */
void tk_api_answer_file(TkHttpRequest *request, TkHttpResponse *response, TkServiceFile *file);

#endif
