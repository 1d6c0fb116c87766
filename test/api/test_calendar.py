"""The calendar: what falls due from every source, as a list and as iCalendar behind a token of its own."""
import datetime as dt
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import JST, Server, run

server = Server()
TODAY = dt.datetime.now(JST).date()


def record(register, values, id=None):
    return server.post(f"/api/v1/registers/{register}", {"values": values} | ({"id": id} if id else {}), 201)


def items(query="?from=2026-01-01&to=2027-12-31"):
    return server.get("/api/v1/calendar" + query)["items"]


def find(**source):
    return [one for one in items() if source.items() <= one["source"].items()]


for fact, value in [("status", "registered"), ("installs_lines", "yes"), ("lines_local", "no"), ("lines_exempt", "no"),
                    ("universal_service", "no"), ("eligible", "no"), ("designated_41", "no"), ("domain_name", "no"), ("users", "30000")]:
    record("profile", {"fact": fact, "value": value})
person = record("persons", {"name": "試験 太郎", "department": "法務", "active": True})["id"]


def yearly_and_half_yearly_reports_stand_on_their_days():
    days = {one["source"]["id"]: [] for one in items() if one["source"]["type"] == "law"}
    for one in items():
        if one["source"]["type"] == "law":
            days[one["source"]["id"]].append(one["date"])
    assert days["disaster-report"] == ["2026-06-30", "2027-06-30"], days  # 報告規則7条の4
    assert days["capacity-report"] == ["2026-12-31", "2027-06-30", "2027-12-31"], days  # 7条の6, judged from 2026-05-27 on
    assert days["periodic-report"] == ["2026-05-31", "2027-05-31"], days  # 7条の3


def a_report_is_done_once_it_was_done_after_its_period():
    assert [one["state"] for one in find(type="law", id="disaster-report")][0] == "overdue"
    made = record("obligations", {"title": "災害対策の報告", "basis": "law", "article": "報告規則7条の4", "description": "様式第27の2",
                                  "owner": person, "law_obligation": "disaster-report", "last_done": "2026-03-31"})
    assert find(type="law", id="disaster-report")[0]["state"] == "overdue"  # on the last day of the period itself
    values = made["values"] | {"last_done": "2026-04-01"}
    assert server.request("PUT", f"/api/v1/registers/obligations/{made['id']}", {"values": values, "version": made["version"]})[0] == 200
    first, second = find(type="law", id="disaster-report")
    assert (first["state"], first["owner"]) == ("done", person) and second["state"] == "open"


def orders_with_a_deadline_and_their_kind_are_there():
    kinds = {"business-improvement", "conformity", "rules-change", "rules-compliance", "dismissal", "guidance"}
    schema = next(one for one in server.get("/api/v1/registers")["items"] if one["id"] == "orders")
    options = {option["id"] for field in schema["fields"] if field["id"] == "kind" for option in field["options"]}
    assert kinds <= options, options
    made = record("orders", {"title": "管理規程の変更命令", "kind": "rules-change", "received": "2026-10-01", "content": "変更すること",
                             "deadline": "2026-10-31", "owner": person, "status": "open"})
    found = find(type="register", id=made["id"])
    assert [one["date"] for one in found] == ["2026-10-31"] and "管理規程の変更命令" in found[0]["title"]["ja"], found


def an_open_report_on_a_case_is_there():
    case = server.post("/api/v1/cases?kind=leak", {"title": "試験", "leak": "secrecy", "started_at": f"{TODAY}T00:00:00+09:00",
                                                   "known_at": f"{TODAY}T00:00:00+09:00", "users": 1}, 201)

    def shown():
        return [one for one in server.get(f"/api/v1/calendar?from={TODAY}&to={TODAY + dt.timedelta(days=60)}")["items"]
                if one["source"] == {"type": "case", "id": case["id"], "kind": "leak-secrecy-detailed"}]
    assert [one["date"] for one in shown()] == [(TODAY + dt.timedelta(days=30)).isoformat()], shown()


def keys_are_unique_and_lasting():
    keys = [one["key"] for one in items()]
    assert len(keys) == len(set(keys)) and keys == [one["key"] for one in items()]


def ranges_that_make_no_sense_are_refused():
    for query in ("?from=2026-02-02&to=2026-02-01", "?from=2020-01-01&to=2026-01-01", "?from=soon"):
        assert server.request("GET", "/api/v1/calendar" + query)[0] == 400, query


def unfold(text):
    assert text.endswith("\r\n") and all(len(line.encode()) <= 75 for line in text.split("\r\n")), "RFC 5545 3.1"
    return re.sub(r"\r\n[ \t]", "", text).split("\r\n")


def feed(token):
    return server.request("GET", f"/calendar/{token}.ics", headers={"Cookie": ""})


def the_feed_is_icalendar_behind_a_token_that_opens_nothing_else():
    admin = server.sign_in()
    status, _, body = server.request("POST", "/api/v1/tokens", {"label": "暦", "scope": "calendar"}, headers=admin.headers)
    assert status == 201, body
    token = json.loads(body)["token"]
    status, headers, body = feed(token)
    assert status == 200 and headers["Content-Type"].startswith("text/calendar"), (status, body[:200])
    lines = unfold(body.decode())
    assert lines[0] == "BEGIN:VCALENDAR" and "VERSION:2.0" in lines and any(line.startswith("PRODID:") for line in lines)
    uids = [line for line in lines if line.startswith("UID:")]
    events = lines.count("BEGIN:VEVENT")
    assert events == len(uids) == len(set(uids)) == lines.count("END:VEVENT") > 3
    assert sum(line.startswith("DTSTAMP:") and line.endswith("Z") for line in lines) == events
    assert "DTSTART;VALUE=DATE:20261231" in lines, [line for line in lines if line.startswith("DTSTART")]
    for path in ("/api/v1/calendar", "/api/v1/board", "/api/v1/program"):
        assert server.request("GET", path, headers={"Authorization": f"Bearer {token}"})[0] == 403, path
    assert feed(server.token)[0] == 404  # a token of another scope
    assert feed("x" * 20)[0] == 404
    listed = json.loads(server.request("GET", "/api/v1/tokens", headers=admin.headers)[2])["items"]
    mine = next(one for one in listed if one["scope"] == "calendar")
    assert server.request("DELETE", f"/api/v1/tokens/{mine['id']}", headers=admin.headers)[0] in (200, 204)
    assert feed(token)[0] == 404


def an_owner_is_a_person_and_not_a_contractor_in_charge():
    firm = record("contractors", {"name": "試験保守", "country": "JP", "work": "保守", "critical": False, "handles_user_info": False})["id"]
    record("facilities", {"name": "試験局", "kind": "局舎", "status": "active", "owner": firm, "replace_by": "2027-03-31"}, "F-OWNED")
    record("orders", {"title": "試験の指導", "kind": "guidance", "received": "2026-11-01", "content": "試験", "deadline": "2027-03-31",
                      "owner": person, "status": "open"}, "O-OWNED")
    owners = {one["source"]["id"]: one.get("owner") for one in items() if one["source"]["id"] in ("F-OWNED", "O-OWNED")}
    assert owners == {"F-OWNED": None, "O-OWNED": person}, owners


try:
    run(an_owner_is_a_person_and_not_a_contractor_in_charge,
        yearly_and_half_yearly_reports_stand_on_their_days, a_report_is_done_once_it_was_done_after_its_period,
        orders_with_a_deadline_and_their_kind_are_there, an_open_report_on_a_case_is_there, keys_are_unique_and_lasting,
        ranges_that_make_no_sense_are_refused, the_feed_is_icalendar_behind_a_token_that_opens_nothing_else)
finally:
    server.stop()
