"""Who may come in, and what they may do there: sessions, lock-out, CSRF, roles by every route, API tokens, the one-time
password, and that no secret is ever told."""
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import NDJSON, PASSWORD, PROGRAM, Server, alarm, run, until

ROLES = ("administrator", "general-manager", "chief-engineer", "compliance", "noc-operator", "engineer", "auditor", "contractor",
         "alarm-source", "none")
# The policy as docs/api.md tells it; src/service/actor.c is what the server does.
MAY = {
    "read": {"administrator", "general-manager", "chief-engineer", "compliance", "noc-operator", "engineer", "auditor"},
    "send-alarms": {"administrator", "general-manager", "chief-engineer", "noc-operator", "engineer", "alarm-source"},
    "handle-accident": {"administrator", "general-manager", "chief-engineer", "compliance", "noc-operator"},
    "close-accident": {"administrator", "general-manager", "chief-engineer", "compliance"},
    "freeze-report": {"administrator", "general-manager", "chief-engineer", "compliance", "noc-operator"},
    "see-accounts": {"administrator", "auditor"},
    "manage-accounts": {"administrator"},
    "manage-witnesses": {"administrator"},
    "read-registers": {"administrator", "general-manager", "chief-engineer", "compliance", "noc-operator", "engineer", "auditor", "contractor"},
    "run-program": {"administrator", "general-manager", "chief-engineer", "compliance"},
}
NEEDS = {"sendAlarms": "send-alarms", "openAccident": "handle-accident", "beginDrill": "handle-accident", "addEvidence": "handle-accident", "freezeReport": "freeze-report",
         "freezeCaseReport": "freeze-report", "freezePeriodic": "freeze-report", "openCase": "handle-accident",
         "editCase": "handle-accident", "accounts": "see-accounts", "reminders": "see-accounts", "account": "see-accounts", "addAccount": "manage-accounts", "editAccount": "manage-accounts",
         "resetPassword": "manage-accounts", "resetTotp": "manage-accounts",
         "accountPasskeys": "see-accounts", "removeAccountPasskey": "manage-accounts",
         "addWitness": "manage-witnesses", "removeWitness": "manage-witnesses", "untrustLog": "manage-witnesses",
         "addTimestamp": "manage-witnesses", "trustLog": "manage-witnesses"}
OPEN = {"signInMethods", "ssoStart", "ssoCallback", "ssoFarewell", "health", "openapi", "problem", "signIn", "calendarFeed", "askPasskey", "signInWithPasskey"}
OWN = {"session", "signOut", "changePassword", "beginTotp", "confirmTotp", "removeTotp", "tokens", "addToken", "revokeToken",
       "passkeys", "beginPasskey", "addPasskey", "removePasskey"}

NEEDS |= {"system": "see-accounts"}
# technical standards and the safety and reliability standard

# the management rules
NEEDS |= {"importRules": "run-program", "saveRules": "run-program"}

# specified user information and external transmission
NEEDS |= {"freezeInformationPolicy": "run-program"}

# inspections and surveys
NEEDS |= dict.fromkeys(("addQuestionnaire", "putQuestionnaireTable", "openCampaign", "actOnCampaign", "inviteRespondents", "actOnRespondent",
                        "remindRespondents", "addFinding", "actOnFinding"), "run-program")
OPEN |= {"answerSheet", "saveAnswers", "delegateSheet", "submitAnswers", "attachToSheet", "detachFromSheet"}

# the risk register

# risk computed from the network

# controls, assessments, statements of applicability
NEEDS |= {"runControlChecks": "freeze-report"}

# contractors and foreign law

# software and advisories
REGISTERED = {"addSbom", "addAdvisory"}  # a register's file says who may write: test_software


server = Server()
admin = server.sign_in()
for role in ROLES:
    server.post("/api/v1/accounts", {"name": f"is-{role}", "role": role, "password": PASSWORD}, 201)


def nobody(method, path, body=None, type=None, headers=None):
    """A request without any credentials."""
    status, answer_headers, answer = server.request(method, path, body, type, {"Authorization": ""} | (headers or {}))
    return status, answer_headers, json.loads(answer) if answer.startswith(b"{") else answer


def asks(who, method, path, body=None, type=None, **more):
    status, _, answer = server.request(method, path, body, type, who.headers | more)
    return status, json.loads(answer) if answer.startswith(b"{") else answer


def change(who, name, edit):
    """Edits an account at its present version."""
    _, account = asks(who, "GET", f"/api/v1/accounts/{name}")
    return asks(who, "PATCH", f"/api/v1/accounts/{name}", {"version": account.get("version", 1), **edit})


def operations():
    """Every described request as (id, method, path with its names filled in, content type of its body)."""
    for path, methods in server.get("/api/openapi.json")["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            yield operation["operationId"], method.upper(), re.sub(r"{\w+}", "1", path), next(iter(content), None)


def without_signing_in_nothing_is_told():
    for id, method, path, type in operations():
        status, headers, body = nobody(method, path, b"{}" if type else None, type)
        if id in OPEN:
            assert status != 403 and not (status == 401 and not id.startswith("signIn")), (id, status)
        else:
            assert status == 401 and body["code"] == "sign-in", (id, status, body)
            assert headers["WWW-Authenticate"].startswith("Bearer"), id
    status, _, body = nobody("POST", "/api/v1/session", {"name": "admin"})
    assert status == 400, body


def a_session_has_a_strict_cookie_and_says_who_it_is():
    status, headers, body = nobody("POST", "/api/v1/session", {"name": "admin", "password": PASSWORD})
    assert status == 200 and body["role"] == "administrator" and len(body["csrf"]) >= 32, body
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("tokatsu=") and "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie, cookie
    assert headers["Cache-Control"] == "no-store"
    assert asks(admin, "GET", "/api/v1/session")[1]["account"] == "admin"


def a_write_of_a_session_needs_its_csrf_token():
    cookie = {"Cookie": admin.headers["Cookie"]}
    other = server.sign_in("is-auditor")
    for token in (None, "", "wrong", other.who["csrf"], admin.who["csrf"][:-1]):
        headers = cookie | ({} if token is None else {"X-CSRF-Token": token})
        status, _, body = server.request("POST", "/api/v1/judge", "{}", "application/json", headers)
        assert status == 403 and b"X-CSRF-Token" in body, (token, status, body)
    assert asks(admin, "POST", "/api/v1/judge", {})[0] == 400
    assert server.request("GET", "/api/v1/board", headers=cookie)[0] == 200


def signing_out_ends_the_session():
    who = server.sign_in()
    assert asks(who, "GET", "/api/v1/board")[0] == 200
    assert asks(who, "DELETE", "/api/v1/session")[0] == 204
    assert asks(who, "GET", "/api/v1/board")[0] == 401


def refusals_tell_nothing_about_the_account():
    answers = {json.dumps(nobody("POST", "/api/v1/session", {"name": name, "password": "wrong wrong wrong"})[2])
               for name in ("is-none", "nobody-of-this-name", "NOT A NAME", "x" * 100)}
    assert len(answers) == 1, answers


def after_failures_an_account_waits_and_even_the_right_password_is_refused():
    for _ in range(4):
        assert nobody("POST", "/api/v1/session", {"name": "is-engineer", "password": "wrong wrong wrong"})[0] == 401
    assert nobody("POST", "/api/v1/session", {"name": "is-engineer", "password": PASSWORD})[0] == 401
    until(lambda: nobody("POST", "/api/v1/session", {"name": "is-engineer", "password": PASSWORD})[0] == 200, 20, every=1)


def an_administrators_reset_lets_a_waiting_account_in():
    server.post("/api/v1/accounts", {"name": "waiter", "role": "engineer", "password": PASSWORD}, 201)
    for _ in range(7):
        assert nobody("POST", "/api/v1/session", {"name": "waiter", "password": "wrong wrong wrong"})[0] == 401
    new = "a sentence told by telephone"
    assert asks(admin, "POST", "/api/v1/accounts/waiter/password", {"password": new, "one_time": True})[0] == 200
    status, _, body = nobody("POST", "/api/v1/session", {"name": "waiter", "password": new})
    assert status == 200 and body["must_change"] is True, body


def every_route_is_for_the_roles_that_the_policy_names():
    checked = 0
    for role in ROLES:
        who = server.sign_in(f"is-{role}")
        assert who.who["may"] == [act for act, roles in MAY.items() if role in roles], (role, who.who["may"])
        for id, method, path, type in operations():
            if id in OPEN | OWN | REGISTERED or "Register" in id or "register" in path or id == "importTopology":
                continue  # a register's file says who may read and write it: test_registers
            allowed = role in MAY[NEEDS.get(id, "read")]
            if id == "events" and allowed:
                method = "HEAD"  # the stream itself has no end
            body = b"" if type == NDJSON else b"{}" if type else None
            status, answer = asks(who, method, path, body, type)
            assert status != 401 and (status != 403) == allowed, (role, id, status, answer)
            checked += 1
    assert checked >= 200, checked
    print(f"# {checked} pairs of role and route")


def a_refusal_names_role_and_act():
    status, body = asks(server.sign_in("is-contractor"), "GET", "/api/v1/accidents")
    assert status == 403 and "“contractor”, which may not read" in body["detail"], body


def make_token(scope, who=admin):
    status, body = asks(who, "POST", "/api/v1/tokens", {"label": scope, "scope": scope})
    assert status == 201, body
    return {"Authorization": f"Bearer {body['token']}"}


def a_token_stays_within_its_scope():
    line = json.dumps(alarm("nowhere")) + "\n"
    wanted = {"read": (200, 403, 403), "alarms": (403, 200, 403), "all": (200, 200, 400)}
    for scope, expected in wanted.items():
        token = make_token(scope)
        got = (server.request("GET", "/api/v1/board", headers=token)[0],
               server.request("POST", "/api/v1/alarms", line, NDJSON, token)[0],
               server.request("POST", "/api/v1/accidents", {}, headers=token)[0])
        assert got == expected, (scope, got)
    everything = make_token("all")
    for method, path, body in (("GET", "/api/v1/tokens", None), ("POST", "/api/v1/tokens", {"label": "x", "scope": "all"}),
                               ("POST", "/api/v1/session/totp", None)):
        assert server.request(method, path, body, headers=everything)[0] == 403, path


def a_token_never_reaches_further_than_its_account():
    token = make_token("all", server.sign_in("is-auditor"))
    assert server.request("GET", "/api/v1/board", headers=token)[0] == 200
    assert server.request("POST", "/api/v1/accidents", {}, headers=token)[0] == 403


def a_revoked_or_wrong_token_is_refused_and_no_cookie_helps_it():
    token = make_token("read")
    listed = asks(admin, "GET", "/api/v1/tokens")[1]["items"]
    newest = max(listed, key=lambda item: item["created_at"])
    assert asks(server.sign_in("is-auditor"), "DELETE", f"/api/v1/tokens/{newest['id']}")[0] == 404
    assert asks(admin, "DELETE", f"/api/v1/tokens/{newest['id']}")[0] == 200
    for value in (token["Authorization"], "Bearer x", "Bearer ", "Basic YWRtaW46eA==", "Bearer " + "x" * 200):
        status, _, _ = server.request("GET", "/api/v1/board", headers={"Authorization": value, "Cookie": admin.headers["Cookie"]})
        assert status == 401, value


def a_password_change_ends_all_sessions_and_needs_the_old_one():
    server.post("/api/v1/accounts", {"name": "changer", "role": "engineer", "password": PASSWORD}, 201)
    first, second = server.sign_in("changer"), server.sign_in("changer")
    new = "a new sentence for this test"
    assert asks(first, "POST", "/api/v1/session/password", {"old": "not the old one", "password": new})[0] == 403
    assert asks(first, "POST", "/api/v1/session/password", {"old": PASSWORD, "password": "short"})[0] == 400
    assert asks(first, "POST", "/api/v1/session/password", {"old": PASSWORD, "password": new})[0] == 200
    assert asks(first, "GET", "/api/v1/session")[0] == asks(second, "GET", "/api/v1/session")[0] == 401
    server.sign_in("changer", new)


def shutting_an_account_ends_its_sessions_and_tokens():
    server.post("/api/v1/accounts", {"name": "leaver", "role": "engineer", "password": PASSWORD}, 201)
    who = server.sign_in("leaver")
    token = make_token("read", who)
    assert change(admin, "leaver", {"disabled": True})[1]["disabled"] is True
    assert asks(who, "GET", "/api/v1/board")[0] == 401
    assert server.request("GET", "/api/v1/board", headers=token)[0] == 401
    assert nobody("POST", "/api/v1/session", {"name": "leaver", "password": PASSWORD})[0] == 401


def the_last_administrator_stays_one():
    assert change(admin, "is-administrator", {"role": "auditor"})[0] == 200
    for edit in ({"disabled": True}, {"role": "auditor"}):
        status, body = change(admin, "admin", edit)
        assert status == 409 and "last administrator" in body["detail"], body
    assert change(admin, "nobody", {"role": "auditor"})[0] == 404
    for bad in ({"role": "king"}, {"disabled": "yes"}):
        assert change(admin, "is-none", bad)[0] == 400, bad


def an_administrator_does_not_reset_their_own_secrets():
    for method, path, body in (("POST", "/api/v1/accounts/admin/password", {"password": PASSWORD + "!"}), ("DELETE", "/api/v1/accounts/admin/totp", None)):
        status, answer = asks(admin, method, path, body)
        assert status == 403 and "another administrator" in answer["detail"], (path, status, answer)


def what_a_person_was_refused_is_an_event_of_the_ledger():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PROGRAM, "ledger", "export", folder, "--data", server.data], check=True, capture_output=True, timeout=60)
        told = b"".join(p.read_bytes() for p in sorted(pathlib.Path(folder).rglob("*")) if p.is_file())
    for wanted in (b'"sign-in-refused"', b'"refused"', b'"sign-out"', b'"act":"addAccount"'):
        assert wanted in told, wanted
    for secret in (PASSWORD, server.token, admin.headers["Cookie"].split("=")[1], admin.who["csrf"]):
        assert secret.encode() not in told, "a secret lies in the ledger"


def nothing_secret_is_printed_and_no_password_lies_in_the_data():
    words = server.words()
    data = b"".join(p.read_bytes() for p in pathlib.Path(server.data).iterdir() if p.is_file())
    for secret in (PASSWORD, server.token, admin.headers["Cookie"].split("=")[1]):
        assert secret not in words and secret.encode() not in data, "a secret was kept"


def start(data, *options):
    """A server without a password in its environment; gives back the process and its port."""
    process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", data, *options], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return process, int(process.stdout.readline().rsplit(":", 1)[1])


def post_to(port, path, body, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"} | (headers or {}))
    answer = connection.getresponse()
    got = answer.status, answer.headers, json.loads(answer.read())
    connection.close()
    return got


def the_one_time_password_is_printed_once_and_must_be_changed():
    with tempfile.TemporaryDirectory() as data:
        process, port = start(data)
        line = process.stderr.readline()
        one_time = re.fullmatch(r"administrator admin, one-time password (\S+) .*\n", line)[1]
        status, headers, body = post_to(port, "/api/v1/session", {"name": "admin", "password": one_time})
        assert status == 200 and body["must_change"] is True, body
        own = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": body["csrf"]}
        assert post_to(port, "/api/v1/judge", {}, own)[0] == 403
        assert post_to(port, "/api/v1/session/password", {"old": one_time, "password": PASSWORD}, own)[0] == 200
        status, _, body = post_to(port, "/api/v1/session", {"name": "admin", "password": PASSWORD})
        assert status == 200 and body["must_change"] is False, body
        assert post_to(port, "/api/v1/session", {"name": "admin", "password": one_time})[0] == 401
        process.terminate()
        _, rest = process.communicate(timeout=30)
        assert rest == "", rest
        process, _ = start(data)
        process.terminate()
        assert process.communicate(timeout=30)[1] == "", "printed again"


def a_demo_is_open_on_this_machine_unless_told_otherwise():
    with tempfile.TemporaryDirectory() as folder:
        for options, expected in (((), 400), (("--sign-in",), 401)):
            process, port = start(f"{folder}/{len(options)}", "--demo", *options)
            assert post_to(port, "/api/v1/judge", {})[0] == expected, options
            process.terminate()
            process.communicate(timeout=30)


def an_address_from_which_many_fail_waits():
    with Server() as other:
        def attempt(n):
            return other.request("POST", "/api/v1/session", {"name": f"guess-{n}", "password": "x" * 12}, headers={"Authorization": ""})
        answers = [attempt(n) for n in range(23)]
        assert [status for status, _, _ in answers[:21]] == [401] * 21, [a[0] for a in answers]
        assert answers[21][0] == 429 and int(answers[21][1]["Retry-After"]) >= 1, answers[21]
        assert other.get("/api/v1/board")["network"]["facilities"] == 0  # who is in already is not touched


def with_tls_the_cookie_is_bound_to_the_host():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout",
                        f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, capture_output=True, timeout=60)
        process, port = start(f"{folder}/data", "--tls-cert", f"{folder}/cert.pem", "--tls-key", f"{folder}/key.pem")
        one_time = process.stderr.readline().split()[4]
        body = json.dumps({"name": "admin", "password": one_time})
        done = subprocess.run(["curl", "-sik", "-H", "Content-Type: application/json", "-H", f"Origin: https://127.0.0.1:{port}", "-d",
                               "@-", f"https://127.0.0.1:{port}/api/v1/session"], input=body, text=True, capture_output=True, timeout=30)
        process.terminate()
        process.communicate(timeout=30)
        assert "__Host-tokatsu=" in done.stdout and "; Secure" in done.stdout, done.stdout + done.stderr


def refused(*options):
    done = subprocess.run([PROGRAM, "serve", *options], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2, (options, done)
    return done.stderr


def elsewhere_needs_tls_and_names_are_asked_for():
    assert "--tls-cert" in refused("--listen", "0.0.0.0:0")
    assert "--sign-in" in refused("--listen", "0.0.0.0:0", "--demo", "--behind-proxy")
    assert "together" in refused("--listen", "127.0.0.1:0", "--tls-cert", "x")
    with Server("--behind-proxy", "--host", "noc.example") as behind:
        for host, expected in (("noc.example", 200), ("noc.example:8443", 200), ("evil.example", 421)):
            assert behind.request("GET", "/api/v1/board", headers={"Host": host} | behind.credentials())[0] == expected, host
        for origin, expected in (("https://noc.example", 400), ("http://noc.example", 403), ("https://evil.example", 403)):
            headers = {"Host": "noc.example", "Origin": origin} | behind.credentials()
            assert behind.request("POST", "/api/v1/judge", {}, headers=headers)[0] == expected, origin


try:
    run(without_signing_in_nothing_is_told, a_session_has_a_strict_cookie_and_says_who_it_is, a_write_of_a_session_needs_its_csrf_token,
        signing_out_ends_the_session, refusals_tell_nothing_about_the_account,
        after_failures_an_account_waits_and_even_the_right_password_is_refused,
        an_administrators_reset_lets_a_waiting_account_in, every_route_is_for_the_roles_that_the_policy_names,
        a_refusal_names_role_and_act, a_token_stays_within_its_scope, a_token_never_reaches_further_than_its_account,
        a_revoked_or_wrong_token_is_refused_and_no_cookie_helps_it, a_password_change_ends_all_sessions_and_needs_the_old_one,
        shutting_an_account_ends_its_sessions_and_tokens, the_last_administrator_stays_one, an_administrator_does_not_reset_their_own_secrets,
        what_a_person_was_refused_is_an_event_of_the_ledger, nothing_secret_is_printed_and_no_password_lies_in_the_data,
        the_one_time_password_is_printed_once_and_must_be_changed, a_demo_is_open_on_this_machine_unless_told_otherwise,
        an_address_from_which_many_fail_waits, with_tls_the_cookie_is_bound_to_the_host, elsewhere_needs_tls_and_names_are_asked_for)
finally:
    server.stop()
