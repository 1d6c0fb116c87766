"""Software over HTTP: documents imported and refused, findings with the users they reach, patch state with approval,
data kept too long, training that is due."""
import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, run

NETWORK = [
    {"id": "core-1", "kind": "core", "prefecture": "13"},
    {"id": "core-2", "kind": "core", "prefecture": "27"},
    {"id": "leaf", "kind": "leaf", "prefecture": "13", "needs": [{"of": ["core-1"], "at_least": 1}], "users": {"voice": 80000, "internet-access": 5}},
]
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date()


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


def sbom(version="7.88.1-10+deb12u5", serial="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", **more):
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": serial, "version": 1,
            "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "交換機管理(架空)", "version": "9.1"}},
            "components": [{"type": "library", "bom-ref": "curl", "name": "curl", "version": version,
                            "purl": f"pkg:deb/debian/curl@{version.replace('+', '%2B')}?arch=amd64"},
                           {"type": "library", "bom-ref": "lib", "name": "lib", "version": "1.0"}]} | more


def advisory(id="ADV-2026-1", status="known_affected", name="curl", purl="pkg:deb/debian/curl", range="vers:deb/<7.88.1-10+deb12u12"):
    product = {"product_id": "p", "name": name} | ({"product_identification_helper": {"purl": purl}} if purl else {})
    return {"document": {"csaf_version": "2.0", "category": "csaf_vex", "title": "合成の脆弱性情報", "publisher": {"name": "架空CERT"},
                         "tracking": {"id": id, "version": "1", "current_release_date": "2026-11-01T00:00:00Z"}},
            "product_tree": {"branches": [{"category": "vendor", "name": "Debian", "branches": [{"category": "product_version_range", "name": range, "product": product}]}]},
            "vulnerabilities": [{"cve": "CVE-2026-0001", "title": "合成", "product_status": {status: ["p"]},
                                 "scores": [{"products": ["p"], "cvss_v3": {"baseScore": 9.8, "vectorString": "CVSS:3.1/AV:N/AC:L"}}],
                                 "remediations": [{"category": "vendor_fix", "details": "更新する", "product_ids": ["p"]}]}]}


server = Server(topology=NETWORK)


def add(register, values, expect=201):
    return server.post(f"/api/v1/registers/{register}", {"values": values}, expect)


def send(path, document, expect=201):
    body = document if isinstance(document, str) else json.dumps(document)
    status, _, answer = server.request("POST", path, body, "application/octet-stream")
    assert status == expect, (status, answer[:400])
    return json.loads(answer)


def findings(query=""):
    return server.get(f"/api/v1/software/findings{query}")["items"]


system = None


def an_sbom_is_a_record_with_its_document():
    global system
    system = add("systems", {"name": "交換機管理(架空)", "kind": "telecom", "purpose": "管理", "hosting": "own", "internet": False})["id"]
    for facility in ("core-1", "core-2"):
        server.post("/api/v1/registers/facilities", {"id": facility, "values": {"name": facility, "kind": "core", "status": "active"}}, 201)
    record = send(f"/api/v1/software/sboms?system={system}&facilities=core-1&name=bom.json", sbom())
    values = record["values"]
    assert values["components"] == 3 and values["format"] == "CycloneDX 1.6" and values["facilities"] == ["core-1"], values
    overview = server.get("/api/v1/software")
    assert overview["systems"][0]["components"] == 3 and overview["systems"][0]["users"] == {"voice": 80000, "internet-access": 5}
    assert [c["name"] for c in server.get("/api/v1/software/components?search=CURL")["items"]] == ["curl"]


def a_newer_one_replaces_the_one_before():
    send(f"/api/v1/software/sboms?system={system}&facilities=core-1,core-2", sbom())
    states = sorted(r["values"]["status"] for r in server.get("/api/v1/registers/sboms")["items"])
    assert states == ["current", "replaced"] and len(server.get("/api/v1/software")["systems"]) == 1


def who_may_not_write_the_register_does_not_import():
    server.post("/api/v1/accounts", {"name": "noc", "role": "noc-operator", "password": "a longer sentence"}, 201)
    noc = server.sign_in("noc", "a longer sentence")
    for path in (f"/api/v1/software/sboms?system={system}", "/api/v1/software/advisories"):
        assert server.request("POST", path, json.dumps(sbom()), "application/octet-stream", noc.headers)[0] == 403
    assert server.request("GET", "/api/v1/software", headers=noc.headers)[0] == 200


def what_is_not_sound_is_refused_at_its_place_and_nothing_is_kept():
    kept = server.get("/api/v1/registers/sboms")["total"]
    path = f"/api/v1/software/sboms?system={system}"
    twice = sbom()
    twice["components"].append(twice["components"][0])
    for body, word, status in [(twice, "/components/2/bom-ref", 400), (sbom(dependencies=[{"ref": "ghost"}]), "/dependencies/0/ref", 400),
                               ("{", "document.json", 400), ('{"a":1,"a":2}', "duplicate", 400), ("[" * 100 + "]" * 100, "deeper", 413),
                               (sbom(specVersion="2.0"), "/specVersion", 400)]:
        assert word in send(path, body, status)["detail"], (body, word)
    assert send("/api/v1/software/sboms?system=SYS-9999", sbom(), 422)["fields"][0]["field"] == "system"
    send("/api/v1/software/sboms", sbom(), 400)
    broken = advisory()
    broken["vulnerabilities"][0]["product_status"]["fixed"] = ["ghost"]
    assert "/vulnerabilities/0/product_status/fixed/0" in send("/api/v1/software/advisories", broken, 400)["detail"]
    assert server.get("/api/v1/registers/sboms")["total"] == kept and server.get("/api/v1/registers/advisories")["total"] == 0


def a_finding_says_what_it_reaches_and_why():
    record = send("/api/v1/software/advisories?name=a.json", advisory())
    assert record["values"]["score"] == 9.8 and record["values"]["tracking_id"] == "ADV-2026-1"
    found = findings()
    assert len(found) == 1, found
    one = found[0]
    assert one["status"] == "known-affected" and one["by"] == "purl" and one["score"] == 9.8 and one["why"]["ja"]
    assert one["facilities"] == 2 and one["users"]["voice"] == 80000 and one["work"] == "open" and one["remedy"] == "更新する"
    send("/api/v1/software/advisories", advisory("ADV-2026-2", name="lib", purl=None, range="<2.0"))
    assert [f["component"]["name"] for f in findings("?status=cannot-tell")] == ["lib"]
    assert server.get("/api/v1/software")["counts"]["cannot-tell"] == 1
    assert server.request("GET", "/api/v1/software/findings?status=colour")[0] == 400


def a_vex_that_follows_says_it_is_not_affected():
    send("/api/v1/software/advisories", advisory(status="known_not_affected"))
    assert {f["status"] for f in findings() if f["component"]["name"] == "curl"} == {"not-affected"}
    send("/api/v1/software/advisories", advisory())
    assert {f["status"] for f in findings() if f["component"]["name"] == "curl"} == {"known-affected"}


def an_acceptance_is_approved_by_somebody_else_and_runs_out():
    patch = add("patches", {"vulnerability": "CVE-2026-0001", "system": system, "state": "open", "deadline": day(-1)})
    assert next(f for f in findings() if f["component"]["name"] == "curl")["overdue"]
    values = patch["values"] | {"state": "accepted"}
    path = f"/api/v1/registers/patches/{patch['id']}"
    status, _, answer = server.request("PUT", path, {"version": patch["version"], "values": values})
    assert status == 422 and "承認" in answer.decode(), (status, answer)
    asked = add("patch-acceptances", {"patch": patch["id"], "reason": "隔離済み", "expires": day(30), "state": "asked"})
    own = f"/api/v1/registers/patch-acceptances/{asked['id']}"
    decided = {"version": asked["version"], "values": asked["values"] | {"state": "accepted"}}
    assert server.request("PUT", own, decided)[0] == 422, "who asked does not decide"
    server.post("/api/v1/accounts", {"name": "gm", "role": "general-manager", "password": "a longer sentence"}, 201)
    manager = server.sign_in("gm", "a longer sentence")
    status, _, answer = server.request("PUT", own, decided, headers=manager.headers)
    assert status == 200, answer
    assert server.request("PUT", path, {"version": patch["version"], "values": values})[0] == 200
    one = next(f for f in findings() if f["component"]["name"] == "curl")
    assert one["work"] == "accepted" and one["patch"]["accepted_until"] == day(30) and not one["overdue"]
    assert server.get("/api/v1/software")["counts"]["accepted"] == 2, "of both components that this CVE is said of"


def data_kept_too_long_and_training_that_is_due_are_told():
    person = add("persons", {"name": "試験 太郎", "department": "運用", "active": True})["id"]
    add("data-assets", {"name": "古い記録", "category": "personal", "description": "x", "system": system, "country": "JP",
                        "owner": person, "retention_months": 12, "oldest_on": day(-400)})
    add("data-assets", {"name": "新しい記録", "category": "personal", "description": "x", "system": system, "country": "JP",
                        "owner": person, "retention_months": 12, "oldest_on": day(-100)})
    course = add("courses", {"name": "通信の秘密", "audience": "everyone", "valid_months": 12, "active": True})["id"]
    other = add("courses", {"name": "統括管理者研修", "audience": "general-manager", "valid_months": 36, "active": True})["id"]
    view = server.get("/api/v1/software")
    assert [r["name"] for r in view["retention_overdue"]] == ["古い記録"] and view["retention_overdue"][0]["overdue_days"] > 30
    assert [(t["person_name"], t["state"]) for t in view["training_due"]] == [("試験 太郎", "missing")]
    add("trainings", {"person": person, "course": course, "taken_on": day(-380), "result": "passed"})
    assert server.get("/api/v1/software")["training_due"][0]["state"] == "expired"
    add("trainings", {"person": person, "course": course, "taken_on": day(-5), "result": "passed", "valid_until": day(360)})
    assert server.get("/api/v1/software")["training_due"] == []
    add("appointments", {"role": "general-manager", "person": person, "appointed": day(-30), "deputy": False})
    assert [t["course"] for t in server.get("/api/v1/software")["training_due"]] == [other]


with server:
    run(an_sbom_is_a_record_with_its_document, a_newer_one_replaces_the_one_before, who_may_not_write_the_register_does_not_import,
        what_is_not_sound_is_refused_at_its_place_and_nothing_is_kept, a_finding_says_what_it_reaches_and_why,
        a_vex_that_follows_says_it_is_not_affected, an_acceptance_is_approved_by_somebody_else_and_runs_out,
        data_kept_too_long_and_training_that_is_due_are_told)
