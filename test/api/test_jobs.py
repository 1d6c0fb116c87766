"""Long work as jobs: an import that says how far it is, that can be stopped, and that nobody else sees."""
import json
import pathlib
import sys
import time
from urllib.parse import quote

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, run

server = Server()
IMPORT = "/api/v1/registers/contractors/import"
HEAD = "id,name,country,work,critical,handles_user_info\n"


def table(first, n):
    return HEAD + "".join(f"J-{i:05},合成委託先{i},JP,保守,false,false\n" for i in range(first, first + n))


def begin(text, query=""):
    status, _, answer = server.request("POST", IMPORT + query, text, "text/csv", headers={"Prefer": "respond-async"})
    assert status == 202, (status, answer[:300])
    job = json.loads(answer)
    assert job["kind"] == "import" and job["state"] in ("waiting", "running", "done"), job
    return job["id"]


def follow(job):
    """Every state it was seen in, the last one at its end."""
    seen = []
    for _ in range(2400):
        seen.append(server.get(f"/api/v1/jobs/{job}"))
        if seen[-1]["state"] in ("done", "failed", "cancelled"):
            return seen
        time.sleep(0.05)
    raise AssertionError(f"it does not end: {seen[-1]}")


def an_import_is_a_job_where_that_is_preferred():
    dry = follow(begin(table(0, 500), "?dry_run=1"))[-1]
    assert dry["state"] == "done" and dry["result"]["dry_run"] and dry["result"]["add"] == 500
    assert server.get("/api/v1/registers/contractors")["total"] == 0
    done = follow(begin(table(0, 500)))[-1]
    assert done["result"]["applied"] == 500 and server.get("/api/v1/registers/contractors")["total"] == 500


def it_tells_how_far_it_is():
    seen = follow(begin(table(10_000, 6000)))
    done = [step["done"] for step in seen]
    assert done == sorted(done) and seen[-1]["total"] == 12_000, (done, seen[-1]["total"])
    assert seen[-1]["result"]["add"] == 6000


def a_refused_row_is_in_the_result():
    bad = follow(begin(HEAD + "J-1,名前,Japan,保守,false,false\n"))[-1]
    assert bad["state"] == "done" and bad["result"]["error"] == 1 and bad["result"]["applied"] == 0
    broken = follow(begin("colour\nred\n"))[-1]
    assert broken["state"] == "failed" and broken["error"]["ja"] and broken["error"]["en"], broken


def a_stopped_import_keeps_what_it_wrote_and_can_go_on():
    before = server.get("/api/v1/registers/contractors")["total"]
    job = begin(table(50_000, 20_000))
    status, _, _ = server.request("DELETE", f"/api/v1/jobs/{job}")
    assert status == 200
    ended = follow(job)[-1]
    assert ended["state"] == "cancelled" and "result" not in ended, ended["state"]
    kept = server.get("/api/v1/registers/contractors")["total"] - before
    assert kept < 20_000
    again = follow(begin(table(50_000, 2_000)))[-1]["result"]
    assert again["add"] + again["same"] == 2_000


def nobody_else_sees_it():
    job = begin(table(0, 1))
    status, _, answer = server.request("POST", "/api/v1/accounts", json.dumps({"name": "hoka", "role": "engineer",
                                                                              "password": "a longer sentence"}), "application/json")
    assert status == 201, answer
    headers = server.sign_in("hoka", "a longer sentence").headers
    assert server.request("GET", f"/api/v1/jobs/{job}", headers=headers)[0] == 404
    assert server.request("DELETE", f"/api/v1/jobs/{job}", headers=headers)[0] == 404
    assert server.request("GET", f"/api/v1/jobs/{quote('../x', safe='')}")[0] in (400, 404)


with server:
    run(an_import_is_a_job_where_that_is_preferred, it_tells_how_far_it_is, a_refused_row_is_in_the_result,
        a_stopped_import_keeps_what_it_wrote_and_can_go_on, nobody_else_sees_it)
