"""Simulated years over HTTP: known answers, the same bytes for the same question, one at a time, cancelling, comparing,
and what is refused."""
import csv
import hashlib
import io
import json
import math
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, alarm, run

NETWORK = [
    {"id": "core-1", "kind": "core", "prefecture": "13"},
    {"id": "core-2", "kind": "core", "prefecture": "27"},
    {"id": "hub", "kind": "hub", "prefecture": "13", "needs": [{"of": ["core-1", "core-2"], "at_least": 1}]},
    {"id": "spare", "kind": "hub", "prefecture": "13", "needs": [{"of": ["core-1", "core-2"], "at_least": 1}]},
    {"id": "big", "kind": "leaf", "prefecture": "13", "needs": [{"of": ["hub"], "at_least": 1}], "users": {"voice": 80000}},
    {"id": "safe", "kind": "leaf", "prefecture": "27", "needs": [{"of": ["hub", "spare"], "at_least": 1}], "users": {"voice": 70000}},
]
RATES = {"core": {"failures_per_year": 1, "repair_hours": 4}, "hub": {"failures_per_year": 2, "repair_hours": 5},
         "leaf": {"failures_per_year": 0, "repair_hours": 1}}
LOSS = {"user_hour": 10, "fixed": {"min": 1e6, "likely": 2e6, "max": 9e6}}
# One hub fails twice a year for five hours on average; voice is serious at 30,000 users for two hours.
EXACT = 2 * math.exp(-2 / 5)

server = Server(topology=NETWORK)


def begin(body, expect=202):
    status, _, answer = server.request("POST", "/api/v1/simulations", body)
    assert status == expect, (status, answer[:400])
    return json.loads(answer)


def follow(job):
    for _ in range(1200):
        now = server.get(f"/api/v1/jobs/{job['id']}")
        if now["state"] in ("done", "failed", "cancelled"):
            return now
        time.sleep(0.05)
    raise AssertionError(f"it does not end: {now}")


def simulated(**more):
    done = follow(begin({"rates": RATES, "years": 2000, "seed": 5, "top": 1} | more))
    assert done["state"] == "done", done
    return done["result"]["id"]


def years_give_the_exact_answer_within_their_interval():
    id = simulated(loss=LOSS, second_routes=["hub"], name="はじめの試算")
    kept = server.get(f"/api/v1/simulations/{id}")
    result = kept["result"]
    serious = result["serious_per_year"]
    assert serious["low"] < EXACT < serious["high"], (EXACT, serious)
    assert result["years"] == 2000 and result["law"] and result["date"] and len(result["assumptions"]) >= 5
    assert kept["name"] == "はじめの試算" and kept["parameters"]["rates"] == RATES
    top = result["ranking"][0]
    assert top["id"] == "hub" and top["prefecture"] == "13" and result["best"]["id"] == "hub"
    removes = top["second_route"]["removes_serious"]
    assert removes["low"] < EXACT < removes["high"] and result["plan"]["removes_serious"] == removes
    hours = result["user_hours"]["expected"]
    assert hours["low"] < 2 * 5 * 80000 < hours["high"], hours
    expected = result["loss"]["expected"]
    assert expected["low"] < 10 * 800000 + EXACT * 3e6 < expected["high"], expected
    saves = result["plan"]["saves"]
    assert saves["low"] <= expected["mean"] <= saves["high"]
    values = [point["value"] for point in result["loss"]["curve"]]
    assert values == sorted(values) and result["loss"]["var95"] <= result["loss"]["var99"]
    assert [p["id"] for p in result["single_points"]["items"]] == ["hub", "big", "safe"] or \
        {p["id"] for p in result["single_points"]["items"]} == {"hub", "big", "safe"}, result["single_points"]


def the_same_question_has_the_same_bytes():
    first, second = simulated(loss=LOSS), simulated(loss=LOSS)
    a, b = (server.request("GET", f"/api/v1/simulations/{id}/result.json")[2] for id in (first, second))
    assert a == b and first != second
    assert hashlib.sha256(a).hexdigest() == server.get(f"/api/v1/simulations/{first}")["result_sha256"]
    before = server.get("/api/v1/simulations")["total"]
    again = follow(begin({"again": first}))
    assert again["result"]["same_bytes"] is True and again["result"]["id"] == first
    assert server.get("/api/v1/simulations")["total"] == before
    other = simulated(loss=LOSS, seed=6)
    assert server.request("GET", f"/api/v1/simulations/{other}/result.json")[2] != a


def two_are_compared_with_the_interval_of_the_difference():
    a = simulated()
    b = simulated(rates=RATES | {"hub": {"failures_per_year": 1, "repair_hours": 5}})
    both = server.get(f"/api/v1/simulations/{a}/compare/{b}")
    difference = both["serious_per_year"]["difference"]
    assert difference["low"] < -EXACT / 2 < difference["high"] and difference["high"] < 0, difference
    assert [p["field"] for p in both["parameters"]] == ["rates"]
    assert both["same_network"] and both["same_law"] and not both["same_bytes"] and both["loss"] is None
    assert both["services"][0]["service"] == "voice"


def a_common_cause_comes_from_what_facilities_share():
    id = simulated(shared={"region": {"per_year": 0.5, "probability": 1, "repair_hours": 10, "repair": "fixed"}})
    result = server.get(f"/api/v1/simulations/{id}")["result"]
    assert [c["id"] for c in result["common_causes"]] == ["region:13"] and result["common_causes"][0]["members"] == 3
    assert result["common_causes"][0]["name"] == "東京都"
    row = next(r for r in result["ranking"] if r["type"] == "common-cause")
    assert 0.4 < row["among_causes_per_year"] < 0.6, row
    for facility in ("core-1", "core-2"):
        server.post("/api/v1/registers/facilities", {"id": facility, "values": {
            "name": facility, "kind": "core", "status": "active", "software": "架空OS 9.1"}}, 201)
    assert server.get("/api/v1/simulations/basis")["shared"]["software"] == {"groups": 1, "facilities": 2}
    id = simulated(shared={"software": {"per_year": 1, "probability": 1, "repair_hours": 3, "repair": "fixed"}})
    causes = server.get(f"/api/v1/simulations/{id}")["result"]["common_causes"]
    assert [(c["id"], c["members"]) for c in causes] == [("software:架空OS 9.1", 2)]


def the_basis_tells_what_is_known_and_what_is_not():
    basis = server.get("/api/v1/simulations/basis")
    assert {k["kind"]: k["facilities"] for k in basis["kinds"]} == {"core": 2, "hub": 2, "leaf": 2}
    assert not basis["observed"]["enough"] and all(k["derived"] is None for k in basis["kinds"])
    assert basis["observed"]["text"]["ja"] and basis["last"]["years"] == 2000


def a_result_can_be_taken_away_as_a_table():
    status, headers, body = server.request("GET", f"/api/v1/simulations/{simulated(loss=LOSS)}/result.csv")
    assert status == 200 and headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert {"service", "facility", "single-point", "loss", "all"} <= {row["part"] for row in rows}
    one = next(r for r in rows if r["part"] == "service" and r["figure"] == "serious_per_year")
    assert float(one["low"]) < EXACT < float(one["high"])


def one_runs_at_a_time_and_can_be_stopped():
    long = {"rates": RATES, "years": 20000, "top": 20, "seed": 9}
    first, second = begin(long), begin(long)
    while (now := server.get(f"/api/v1/jobs/{first['id']}"))["done"] == 0 and now["state"] != "done":
        time.sleep(0.02)
    waiting = server.get(f"/api/v1/jobs/{second['id']}")
    assert now["state"] == "done" or waiting["state"] == "waiting", (now, waiting)
    accepted = server.alarms([alarm("safe")])
    assert accepted["accepted"] == 1
    kept = server.get("/api/v1/simulations")["total"]
    for job in (second, first):
        server.request("DELETE", f"/api/v1/jobs/{job['id']}")
    states = [follow(job)["state"] for job in (first, second)]
    assert states[1] == "cancelled" and states[0] in ("cancelled", "done"), states
    assert server.get("/api/v1/simulations")["total"] == kept + (states[0] == "done")


def what_cannot_be_computed_is_refused_by_its_field():
    for body, word in [({}, "rates"), ({"rates": RATES, "years": 5}, "years"), ({"rates": RATES, "colour": 1}, "colour"),
                       ({"rates": RATES, "second_routes": ["nothing"]}, "nothing"), ({"rates": RATES, "loss": {"fixed": -1}}, "loss.fixed"),
                       ({"rates": RATES, "date": "1999-01-01"}, "2008-04-01"), ({"rates": RATES, "date": 5}, "date")]:
        status, _, answer = server.request("POST", "/api/v1/simulations", body)
        assert status == 400 and word in answer.decode(), (body, status, answer[:300])
    for body, word in [({"rates": {"core": RATES["core"]}}, "hub"), ({"rates": RATES, "shared": {"colour": {}}}, "colour"),
                       ({"rates": RATES | {"hub": {"failures_per_year": "x"}}}, "kinds.hub")]:
        failed = follow(begin(body))
        assert failed["state"] == "failed" and word in failed["error"]["en"], failed
    assert server.request("GET", "/api/v1/simulations/S2026-99999")[0] == 404
    assert begin({"again": "S2026-99999"}, 404)


def single_points_are_told_without_a_simulation():
    points = server.get("/api/v1/single-points")
    assert {p["id"] for p in points["items"]} == {"hub", "big", "safe"} and points["law"]
    hub = next(p for p in points["items"] if p["id"] == "hub")
    assert hub["users"] == 80000 and hub["serious_in_s"] == 7200
    assert server.get("/api/v1/single-points?date=2009-01-01")["law"] < points["law"]


with server:
    run(years_give_the_exact_answer_within_their_interval, the_same_question_has_the_same_bytes,
        two_are_compared_with_the_interval_of_the_difference, a_common_cause_comes_from_what_facilities_share,
        the_basis_tells_what_is_known_and_what_is_not, a_result_can_be_taken_away_as_a_table,
        one_runs_at_a_time_and_can_be_stopped, what_cannot_be_computed_is_refused_by_its_field, single_points_are_told_without_a_simulation)
