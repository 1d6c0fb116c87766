"""Specified user information and external transmissions over HTTP: gaps block, the page says what the registers say, versions
and publications are compared by content, and the pages are sound HTML without scripts."""
import hashlib
import html.parser
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, run

server = Server()
VOID = {"meta", "br", "link"}


class Sound(html.parser.HTMLParser):
    """Nesting, unique ids, headings in order, no script and nothing loaded."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.level, self.words = [], set(), 0, []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        assert tag not in ("script", "img", "iframe", "link", "object"), tag
        assert not any(name.startswith("on") or name == "src" for name in attrs), attrs
        if "id" in attrs:
            assert attrs["id"] not in self.ids, attrs["id"]
            self.ids.add(attrs["id"])
        if re.fullmatch("h[1-6]", tag):
            assert int(tag[1]) <= self.level + 1, f"{tag} after h{self.level}"
            self.level = int(tag[1])
        if tag == "th":
            assert attrs.get("scope") in ("row", "col"), attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        self.words.append(data)


def sound(page):
    text = page.decode()
    assert text.startswith("<!DOCTYPE html>\n<html lang=")
    parser = Sound()
    parser.feed(text)
    assert parser.open == [], parser.open
    return text, "".join(parser.words)


def record(register, values, id=None):
    return server.post(f"/api/v1/registers/{register}", {"values": values} | ({"id": id} if id else {}), 201)


def change(register, id, **values):
    before = server.get(f"/api/v1/registers/{register}/{id}")
    body = {"values": before["values"] | values, "version": before["version"]}
    status, _, answer = server.request("PUT", f"/api/v1/registers/{register}/{id}", body)
    assert status == 200, answer


def policy():
    return server.get("/api/v1/user-information/policy")


def page(query=""):
    status, headers, body = server.request("GET", "/api/v1/user-information/policy.html" + query)
    assert status == 200, body
    return headers, body


def an_empty_house_is_not_ready_and_says_what_is_missing():
    found = policy()
    assert found["state"] == "not-ready" and not found["ready"]
    assert {"information", "safeguards", "storage", "contact"} <= {g["section"] for g in found["gaps"] if g["blocking"]}
    status, _, body = server.request("POST", "/api/v1/user-information/policy/versions")
    assert status == 422 and any(f["field"] == "contact" for f in json.loads(body)["fields"]), body
    assert "下書き" in sound(page()[1])[1]


def what_the_registers_say_fills_the_page():
    who = record("persons", {"name": "試験 太郎", "department": "設備", "active": True})["id"]
    vendor = record("contractors", {"name": "架空クラウド社", "country": "US", "work": "保存", "critical": False, "handles_user_info": True, "safeguards": "架空"})["id"]
    system = record("systems", {"name": "顧客管理", "kind": "internal", "purpose": "顧客", "hosting": "cloud", "country": "SG", "vendor": vendor, "internet": False})["id"]
    record("data-assets", {"name": "契約者情報", "category": "specified-user-info", "description": "契約", "system": system, "country": "SG", "owner": who})
    record("handled-information", {"name": "氏名 <b>と住所", "kind": "identifying", "content": "氏名・住所", "acquired": "contract", "how": "申込書", "purpose": "請求", "use": "請求書の送付", "active": True})
    for part in ("organisational", "personnel", "physical", "technical", "contact"):
        record("policy-texts", {"part": part, "ja": f"{part}の文", "en": f"words on {part}"})
    gaps = [g for g in policy()["gaps"] if g["blocking"]]
    assert {g["register"] for g in gaps} == {"countries"} and len(gaps) == 3, gaps  # SG stores; US is entrusted and has the cloud
    text, words = sound(page()[1])
    assert "氏名 <b>と住所" in words and "<b>" not in text and "未確認" in words
    for id, access in (("SG", "none"), ("US", "court")):
        if "countries" in {r["id"] for r in server.get("/api/v1/registers")["items"]}:
            record("countries", {"country": id, "authority_access": access, "intervention": "none", "source": "https://example.invalid/",
                                 "reviewed": "2026-04-01", "reviewer": "試験", "next_review": "2027-04-01", "state": "current", "summary": "架空の概要"})


def versions_are_frozen_published_and_compared():
    if not policy()["ready"]:  # no register of the foreign legal environment here: everything comes home
        for register, id in (("contractors", "CON-0001"), ("systems", "SYS-0001"), ("data-assets", "DAT-0001")):
            change(register, id, country="JP")
    abroad = "シンガポール" in sound(page()[1])[1]
    before = policy()
    assert before["state"] == "unpublished", before["gaps"]
    status, _, body = server.request("POST", "/api/v1/user-information/policy/versions")
    first = json.loads(body)
    assert status == 201 and first["number"] == 1 and first["sha256"] == before["sha256"], body
    assert server.request("POST", "/api/v1/user-information/policy/versions")[0] == 409
    frozen = page("?version=1")[1]
    text, words = sound(frozen)
    assert first["sha256"]["ja"] in words and "下書き" not in words and ("シンガポール" in words) == abroad
    assert hashlib.sha256(text.split("<main>\n")[1].split("</main>")[0].encode()).hexdigest() == first["sha256"]["ja"]
    record("publications", {"title": "方針", "kind": "information-policy", "edition": 1, "sha256": first["sha256"]["ja"],
                            "url": "https://carrier.example/policy.html", "published": "2026-10-01"})
    assert policy()["state"] == "current"
    change("policy-texts", "POT-0005", ja="窓口を移しました")
    assert policy()["state"] == "differs"
    diff = server.get("/api/v1/user-information/policy/diff?from=1&to=0")
    assert [s["id"] for s in diff["sections"]] == ["contact"] and "移しました" in diff["sections"][0]["to"]["ja"], diff
    assert page("?version=1")[1] == frozen  # a version stays as it was
    assert server.request("GET", "/api/v1/user-information/policy.html?version=9")[0] == 404


def the_page_is_shown_without_any_right():
    headers, body = page("?lang=en")
    assert "sandbox" in headers["Content-Security-Policy"] and "script" not in headers["Content-Security-Policy"], headers
    assert '<html lang="en">' in body.decode() and "words on contact" in sound(body)[1]
    assert "attachment" in page("?download=1")[0]["Content-Disposition"]


def leaks_of_ten_years_stand_on_the_page():
    leak = {"leak": "secrecy", "started_at": "2024-02-03T10:00:00+09:00", "known_at": "2024-02-03T11:00:00+09:00", "summary": "架空の誤送信", "title": "内部の件名"}
    old = leak | {"started_at": "2010-02-03T10:00:00+09:00", "known_at": "2010-02-03T11:00:00+09:00", "summary": "昔の件"}
    for body in (leak, old):
        server.post("/api/v1/cases?kind=leak", body, 201)
    words = sound(page()[1])[1]
    assert "2024年2月" in words and "架空の誤送信" in words and "昔の件" not in words and "内部の件名" not in words


def rules_assessments_and_duties_are_seen_together():
    found = server.get("/api/v1/user-information")
    assert len(found["rules"]["items"]) == 12 and found["rules"]["current"] is None
    assert any(g["section"] == "rules" for g in found["gaps"])
    values = {"title": "第1版", "state": "draft", "in_force": "2024-01-01"} | {f"covers_{i['id']}": "第1条" for i in found["rules"]["items"] if i["id"] != "staff"}
    record("handling-rules", values)
    found = server.get("/api/v1/user-information")
    assert [i["id"] for i in found["rules"]["items"] if i["clause"] is None] == ["staff"]
    assert any("承認" in g["ja"] for g in found["gaps"])
    record("handling-assessments", {"title": "2025年度", "from": "2025-04-01", "to": "2026-03-31", "state": "done", "done_on": "2026-05-01", "result": "良好",
                                    "change_needed": "policy", "compliance": "遵守"})
    gaps = [g for g in server.get("/api/v1/user-information")["gaps"] if g["section"] == "assessment"]
    assert len(gaps) == 6, gaps  # four changes, leaks, and the change that is open
    assert {d["id"] for d in found["duties"]} >= {"information-rules", "information-policy", "external-transmission", "user-count-report"}


def averages_fall_into_classes_at_their_boundary():
    record("services", {"name": "接続", "law_service": "internet-access", "status": "active", "started": "2020-04-01", "paid": True}, "SVC-PAY")
    record("services", {"name": "検索", "law_service": "internet-access", "status": "active", "started": "2020-04-01", "paid": False}, "SVC-FREE")
    for service, steady, last in (("SVC-PAY", 4_999_999, 5_000_000), ("SVC-FREE", 8_999_999, 9_000_000)):
        record("profile", {"fact": "reported_class", "value": "yes", "service": service})
        for year, count in ((2023, steady), (2024, last), (2025, last)):
            record("profile", {"fact": "monthly_users", "value": str(count), "from": f"{year + 1}-03-31", "service": service})
    rows = {(r["service"], r["fiscal_year"]): r for r in server.get("/api/v1/user-information?date=2026-06-01")["counts"]}
    classes = {key: (r["class"]["id"], r["report"]) for key, r in rows.items()}
    assert classes == {("SVC-PAY", 2023): ("near", True), ("SVC-PAY", 2024): ("over", True), ("SVC-PAY", 2025): ("over", False),
                       ("SVC-FREE", 2023): ("below", False), ("SVC-FREE", 2024): ("near", True), ("SVC-FREE", 2025): ("near", False)}, classes
    assert rows["SVC-PAY", 2025]["due"] == "2026-04-30"
    status, _, csv = server.request("GET", "/api/v1/user-information/counts.csv")
    assert status == 200 and csv.count(b"\r\n") == 7, csv


def tags_without_what_must_be_told_are_gaps():
    site = record("public-sites", {"name": "架空ニュース", "kind": "web", "service": "viewing"})["id"]
    tag = record("external-transmissions", {"name": "計測", "site": site, "sent": "閲覧した頁", "recipient": "架空計測社", "country": "US", "ground": "opt-out",
                                            "opt_out": "https://example.invalid/out"})["id"]
    record("external-transmissions", {"name": "負荷分散", "site": site, "sent": "識別子", "recipient": "自社", "ground": "necessary"})
    found = server.get("/api/v1/external-transmissions")["items"][0]
    assert found["state"] == "not-ready" and {g["section"] for g in found["gaps"] if g["blocking"]} == {"purpose", "opt-out", "exception", "method"}, found["gaps"]
    change("external-transmissions", tag, purpose="利用の傾向を知るため", opt_out_what="sending", checked="2026-11-01")
    change("external-transmissions", "TAG-0002", reason="表示に必要", checked="2026-11-01")
    change("public-sites", site, method="page", notice_url="https://carrier.example/out.html", checked="2026-11-01")
    found = server.get("/api/v1/external-transmissions")["items"][0]
    assert found["ready"] and found["state"] == "unpublished", found["gaps"]
    status, _, body = server.request("GET", f"/api/v1/external-transmissions/{site}/table.html")
    words = sound(body)[1]
    assert status == 200 and "架空計測社(アメリカ合衆国)" in words and "負荷分散" not in words and "送信を止められます" in words, words
    record("publications", {"title": "表", "kind": "external-transmission", "site": site, "sha256": found["sha256"], "url": "https://carrier.example/out.html", "published": "2026-11-02"})
    assert server.get("/api/v1/external-transmissions")["items"][0]["state"] == "current"
    assert server.request("GET", "/api/v1/external-transmissions/WEB-9999/table.html")[0] == 404


run(an_empty_house_is_not_ready_and_says_what_is_missing, what_the_registers_say_fills_the_page,
    versions_are_frozen_published_and_compared, the_page_is_shown_without_any_right, leaks_of_ten_years_stand_on_the_page,
    rules_assessments_and_duties_are_seen_together, averages_fall_into_classes_at_their_boundary,
    tags_without_what_must_be_told_are_gaps)
