"""Contractors and foreign law: from the selection before a contract to what a change of a country's score reaches. All
records are synthetic; the countries are XD, XE and XF, which ISO 3166-1 leaves to its users."""
import json
import pathlib
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import PASSWORD, Server, run

BASE, HERE = "/api/v1/registers", "/api/v1/contractors"
server = Server()


def add(register, id, who=None, expect=201, **values):
    status, _, body = server.request("POST", f"{BASE}/{register}", {"id": id, "values": values}, headers=who.headers if who else None)
    assert status == expect, f"{register} {id}: {status} {body[:600]}"
    return json.loads(body)


def put(register, id, who=None, expect=200, **changes):
    record = server.get(f"{BASE}/{register}/{id}")
    status, _, body = server.request("PUT", f"{BASE}/{register}/{id}", {"version": record["version"], "values": record["values"] | changes},
                                     headers=who.headers if who else None)
    assert status == expect, f"{register} {id}: {status} {body[:600]}"
    return json.loads(body)


def ask(path, body=None, expect=200, who=None, method=None):
    status, _, answer = server.request(method or ("POST" if body is not None else "GET"), HERE + path, body, headers=who.headers if who else None)
    assert status == expect, f"{path}: {status} {answer[:600]}"
    return json.loads(answer) if answer.startswith(b"{") else answer.decode()


def account(name, role, contractor=None):
    server.post("/api/v1/accounts", {"name": name, "role": role, "password": PASSWORD}, 201)
    if contractor:
        assert server.edit_account(name, {"contractor": contractor})[0] == 200
    return server.sign_in(name)


def company(id, country, **more):
    return add("contractors", id, name=f"{id}社(架空)", country=country, work="保守", critical=False, handles_user_info=True,
               safeguards="契約による", **more)


law_office = account("law-office", "compliance")
chief = account("chief", "general-manager")
engineer = account("engineer", "engineer")
add("persons", "P1", name="甲(架空)", department="設備部", active=True)
add("persons", "P2", name="乙(架空)", department="情報部", active=True)
company("cloud", "XD", kinds=["cloud", "data-storage"], ultimate_parent="大親会社(架空)", ultimate_country="XE",
        disclose=True, public_purpose="加入者管理システムの運用 <b>", public_measures="暗号化と監査")
company("ops", "JP", kinds=["operation"])
company("night", "XF", kinds=["operation"], parent="ops")
add("systems", "crm", name="加入者管理(架空)", kind="telecom", purpose="加入者", hosting="cloud", country="XD", internet=True, vendor="cloud",
    owner="P1", product="CRM 1")
add("data-assets", "subs", name="加入者情報(架空)", category="specified-user-info", description="加入者", system="crm", country="JP", owner="P2",
    contractors=["cloud"])
add("services", "voice", name="音声(架空)", law_service="voice", status="active", started="2020-04-01", systems=["crm"])


def contracts_of(**more):
    return dict(title="運用契約(架空)", contractor="cloud", kind="cloud", law="XD", notice_hours=24, audit_right="on-site", exit="移行支援", **more) | {"from": "2026-04-01"}


def a_contract_is_active_only_by_an_approved_assessment_of_its_own_party():
    answers = {f"q_{q}": "yes" for q in "governance people access separation encryption incident audit sub foreign ownership continuity exit certificate finance".split()}
    add("contracts", "C1", status="draft", **contracts_of())
    refused = add("contracts", "C2", expect=422, status="active", **contracts_of())
    assert {f["field"] for f in refused["fields"]} >= {"assessment", "status"}, refused
    for id, party in (("A1", "cloud"), ("A2", "ops")):
        add("assessments-of-contractors", id, law_office, title=f"選定 {party}", contractor=party, kind="selection", assessed_on="2026-03-01",
            expires="2036-03-01", state="draft", **(answers if party == "cloud" else {}))
    put("contracts", "C1", expect=422, status="active", assessment="A1")
    put("assessments-of-contractors", "A1", law_office, state="submitted")
    put("assessments-of-contractors", "A1", law_office, expect=422, state="approved")  # who asks never approves
    put("assessments-of-contractors", "A1", chief, state="approved")
    put("assessments-of-contractors", "A2", law_office, state="submitted")
    put("assessments-of-contractors", "A2", chief, state="approved")
    put("contracts", "C1", expect=422, status="active", assessment="A2")  # another party's
    made = put("contracts", "C1", status="active", assessment="A1")
    assert made["values"]["status"] == "active"
    page = ask("/cloud")
    assert page["contractor"]["assessment"]["score"] == 100 and page["contractor"]["assessment"]["grade"] == "sufficient", page["contractor"]
    assert page["assessments"][0]["rating"]["missing"] == []
    assert page["assessments"][0]["values"]["approver"] == "chief"


def a_chain_that_comes_back_is_refused_with_the_circle_named():
    body = put("contractors", "ops", expect=422, parent="night")
    assert "ops → night → ops" in json.dumps(body, ensure_ascii=False), body
    rows = {row["id"]: row for row in ask("")["contractors"]}
    assert rows["night"]["above"] == ["ops"] and rows["ops"]["below"] == ["night"], rows


def what_is_missing_is_a_finding_with_the_record_to_open():
    add("contractor-access", "T1", name="加入者管理の運用", contractor="cloud", contract="C1", how=["storage", "remote-access"], systems=["crm"],
        data_assets=["subs"], data_kinds=["specified-user-info"], storage_countries=["JP"], remote_countries=["XF"], privilege="administrate",
        since="2026-04-01", region="架空東", software="CRM 1")
    add("certificates", "S1", standard="ismap", number="1", holder="contractor", contractor="cloud", body="架空", scope="架空サービス",
        issued="2020-01-01", expires="2021-01-01")
    add("contractor-incidents", "I1", title="漏えい(架空)", contractor="cloud", contract="C1", kind="leak", occurred_at="2026-05-01T00:00:00+09:00",
        noticed_at="2026-05-01T00:00:00+09:00", told_at="2026-05-03T00:00:00+09:00", state="open")
    add("contractor-questions", "Q1", question="鍵は誰が持つか", contractor="cloud", asked_on="2026-01-01", answer_by="2026-02-01", state="open")
    found = {f["code"]: f for f in ask("/cloud")["contractor"]["findings"]}
    wanted = {"country-unknown", "certificate-lapsed", "told-late", "incident-open", "leak-not-linked", "question-late", "access-safeguards"}
    assert wanted <= set(found), set(found)
    assert found["told-late"]["record"] == {"register": "contractor-incidents", "id": "I1"}
    assert "not-assessed" not in found and "audit_right" not in found and "not-disclosed" not in found, set(found)
    bare = {f["code"] for f in next(r for r in ask("")["contractors"] if r["id"] == "night")["findings"]}
    assert "not-disclosed" in bare, bare


def answers_of(**more):
    return dict(authority_access="court", reach_abroad="no", gag="none", intervention="none", localisation="none", redress="effective",
                oversight="yes", protection="comprehensive", source="https://example.jp/synthetic", reviewed="2026-06-01", reviewer="甲",
                next_review="2036-06-01", state="current", synthetic=True, label="架空国", summary="架空の概要", **more)


def a_countrys_change_is_told_before_it_is_saved_and_kept_with_tasks_after():
    add("countries", "XF", law_office, country="XF", **answers_of())
    before = {c["country"]: c for c in ask("")["countries"]}
    assert before["XF"]["score"] == 7.5 and before["XF"]["grade"] == "low" and before["XD"]["score"] is None, before
    assert before["XF"]["ties"] == {"seat": ["night"], "remote": ["cloud"]} and before["XE"]["ties"] == {"parent": ["cloud"]}
    worse = {"authority_access": "unrestricted", "gag": "general"}
    plan = ask("/countries/what-if", {"country": "XF", "values": worse})
    assert plan["before"]["score"] == 7.5 and plan["after"]["score"] == 40 and plan["changed"], plan["after"]
    ids = lambda reach, kind: {one["id"] for one in reach[kind]}
    reach = plan["reach"]
    assert ids(reach, "contractor") == {"night", "ops"} and ids(reach, "system") == {"crm"} and ids(reach, "data") == {"subs"}
    assert ids(reach, "service") == {"voice"} and ids(reach, "access") == {"T1"}
    chain = [(step["id"], step.get("by")) for step in reach["service"][0]["chain"]]
    assert chain == [("XF", None), ("T1", "remote"), ("crm", "touch"), ("voice", "runs")], chain
    assert server.get(f"{BASE}/countries/XF")["version"] == 1  # nothing was written
    ask("/countries/change", {"country": "XF", "values": worse, "version": 1}, 403, engineer)
    wrong = ask("/countries/change", {"country": "XF", "values": {"gag": "moon"}, "version": 1}, 422, law_office)
    assert wrong["fields"][0]["field"] == "gag"
    for bad in ({"deadline": "soon"}, {"deadline": "2036-12-01", "owner": "nobody"}):
        ask("/countries/change", {"country": "XF", "values": worse, "version": 1} | bad, 400, law_office)
    assert server.get(f"{BASE}/countries/XF")["version"] == 1  # nor by what was refused
    done = ask("/countries/change", {"country": "XF", "values": worse, "version": 1, "deadline": "2036-12-01"}, who=law_office)
    assert {task["owner"] for task in done["tasks"]} == {"P1", "P2"}, done["tasks"]
    task = server.get(f"{BASE}/countermeasures/{done['tasks'][0]['id']}")["values"]
    assert "加入者管理(架空)" in task["cause"] and "contractors" not in task, task
    event = next(e for e in server.get("/api/v1/ledger/events?limit=50")["items"] if "country-changed" in json.dumps(e))
    assert "law-office" in json.dumps(event), event
    scores = ask("/countries/XF/scores")["items"]
    assert [(s["score"], s["before"]) for s in scores] == [(7.5, None), (40, 7.5)], scores


def the_past_is_read_as_it_stood():
    then = server.get(f"{BASE}/countries/XF/history")["items"][0]["at"]
    old = {c["country"]: c for c in ask(f"?as_of={urllib.parse.quote(then)}")["countries"]}
    assert old["XF"]["score"] == 7.5 and {c["country"]: c for c in ask("")["countries"]}["XF"]["score"] == 40
    first = server.get(f"{BASE}/contractors/cloud/history")["items"][0]["at"]
    assert [row["id"] for row in ask(f"?as_of={urllib.parse.quote(first)}")["contractors"]] == ["cloud"]
    ask("?as_of=yesterday", expect=400)
    replay = ask("/countries/what-if", {"country": "XF", "as_of": first})
    assert replay["reach"]["counts"]["system"] == 0


def concentration_says_who_holds_how_much():
    by = {d["by"]: d for d in ask("/concentration")["dimensions"]}
    assert set(by) == {"contractor", "owner", "country", "region", "software"}
    owner = by["owner"]["measures"]["data"]
    assert owner["hhi"] == 10000 and owner["largest"]["id"] == "大親会社(架空)" and owner["holders"] == 1, owner
    countries = by["country"]["measures"]["systems"]  # XD, XE, XF, JP each reach the one system
    assert countries["holders"] == 4 and countries["hhi"] == 2500, countries
    assert [item["id"] for item in by["region"]["items"]] == ["架空東"]


def whoever_vanishes_takes_along_what_hangs_on_it():
    gone = ask("/vanish", {"kind": "owner", "id": "大親会社(架空)"})
    assert {one["id"] for one in gone["reach"]["service"]} == {"voice"} and gone["trial"] is None
    ask("/vanish", {"kind": "moon", "id": "x"}, 400)
    assert ask("/vanish", {"kind": "contractor", "id": "nobody"})["reach"]["counts"]["contractor"] == 0


def the_weights_are_the_carriers_to_change_and_keep_their_history():
    mine = ask("/weights")
    assert mine["version"] == 0
    for question in mine["weights"]["countries"]["questions"]:
        question["weight"] = 1 if question["field"] == "gag" else 0
    ask("/weights", {"version": 0, "weights": mine["weights"]}, 403, engineer, "PUT")
    broken = json.loads(json.dumps(mine["weights"]))
    broken["countries"]["grades"][1]["from"] = 0
    assert "grades[1]" in json.dumps(ask("/weights", {"version": 0, "weights": broken}, 400, law_office, "PUT"))
    assert ask("/weights", mine, 200, law_office, "PUT")["version"] == 1
    assert {c["country"]: c for c in ask("")["countries"]}["XF"]["score"] == 100
    ask("/weights", mine, 409, law_office, "PUT")


def users_are_told_of_contractors_abroad_that_are_marked_and_of_no_other_field():
    items = ask("/abroad")["items"]
    assert [item["contractor"] for item in items] == ["cloud社(架空)"], items
    one = items[0]
    assert one["access"] == [{"how": ["storage", "remote-access"], "data": ["specified-user-info"], "storage": ["JP"], "processing": [], "remote": ["XF"]}]
    assert {law["country"] for law in one["law"]} == {"XD", "XF"} and one["safeguards"] == "暗号化と監査"
    assert set(one) == {"id", "contractor", "country", "purpose", "kinds", "access", "law", "safeguards"}, set(one)
    page = ask("/abroad.html")
    assert "架空国(XF)" in page and "暗号化と監査" in page and "&lt;b&gt;" in page and "<b> " not in page and "契約による" not in page
    assert "http" not in page.split("<body>")[1] and "<script" not in page


def a_contractor_sees_only_what_is_assigned():
    own = account("guest", "contractor", "cloud")
    for path in ("", "/cloud", "/concentration", "/abroad", "/weights"):
        ask(path, expect=403, who=own)
    status, _, body = server.request("GET", f"{BASE}/contractor-questions", headers=own.headers)
    assert status == 200 and [i["id"] for i in json.loads(body)["items"]] == ["Q1"]
    for register in ("countries", "assessments-of-contractors", "supervisions"):
        assert server.request("GET", f"{BASE}/{register}", headers=own.headers)[0] == 403, register
    other = account("other", "contractor", "ops")
    status, _, body = server.request("GET", f"{BASE}/contractor-access", headers=other.headers)
    assert status == 200 and json.loads(body)["items"] == []


try:
    run(a_contract_is_active_only_by_an_approved_assessment_of_its_own_party, a_chain_that_comes_back_is_refused_with_the_circle_named,
        what_is_missing_is_a_finding_with_the_record_to_open, a_countrys_change_is_told_before_it_is_saved_and_kept_with_tasks_after,
        the_past_is_read_as_it_stood, concentration_says_who_holds_how_much, whoever_vanishes_takes_along_what_hangs_on_it,
        the_weights_are_the_carriers_to_change_and_keep_their_history,
        users_are_told_of_contractors_abroad_that_are_marked_and_of_no_other_field, a_contractor_sees_only_what_is_assigned)
finally:
    server.stop()
