"""Pages of every list while records come and go: what is there from the first page to the last is listed exactly once.
The seed is printed; SEED=… repeats a run."""
import json
import os
import pathlib
import random
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from tokatsu import Server, ago, run

SEED = int(os.environ.get("SEED", random.randrange(1 << 32)))
chance = random.Random(SEED)
server = Server()
admin = server.sign_in()


def ask(method, path, body=None):
    status, _, answer = server.request(method, path, body, headers=admin.headers)
    assert status < 300, (method, path, status, answer[:300])
    return json.loads(answer) if answer else None


def pages(path, limit, between):
    """Every record of the list, page by page; `between` changes what there is."""
    listed, cursor = [], None
    while True:
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = ask("GET", f"{path}{'&' if '?' in path else '?'}{urllib.parse.urlencode(query)}")
        assert len(page["items"]) <= limit and (page["items"] or not page["next"])
        listed += page["items"]
        cursor = page["next"]
        if cursor is None:
            return listed
        between()


def hold(path, key, add, remove):
    """Adds and removes at random between the pages, in several rounds."""
    for _ in range(12):
        add()
    for _ in range(5):
        before = {record[key] for record in pages(path, 500, lambda: None)}
        gone = set()

        def between():
            for _ in range(chance.randint(0, 2)):
                add()
            left = sorted(before - gone)
            if remove and left and chance.random() < 0.5:
                out = chance.choice(left)
                gone.add(out)
                remove(out)
        listed = [record[key] for record in pages(path, chance.randint(1, 4), between)]
        assert len(listed) == len(set(listed)), f"listed twice (SEED={SEED})"
        assert before - gone <= set(listed), f"missing: {before - gone - set(listed)} (SEED={SEED})"


def accidents():
    hold("/api/v1/accidents", "id", lambda: ask("POST", "/api/v1/accidents", {
        "title": "試験", "started_at": ago(hours=chance.randint(1, 99)), "services": {"voice": 5}, "fault": "telecom-equipment"}), None)


def cases():
    hold("/api/v1/cases?kind=leak", "id", lambda: ask("POST", "/api/v1/cases?kind=leak", {
        "title": "試験", "started_at": ago(hours=chance.randint(1, 99)), "leak": "secrecy", "users": 1}), None)


def accounts():
    hold("/api/v1/accounts", "name", lambda: ask("POST", "/api/v1/accounts", {
        "name": f"a{chance.randrange(10**9)}", "role": "none", "password": "long enough for anybody"}), None)


def tokens():
    hold("/api/v1/tokens", "id", lambda: ask("POST", "/api/v1/tokens", {"label": "x", "scope": "read"}),
         lambda id: ask("DELETE", f"/api/v1/tokens/{id}"))


print(f"# SEED={SEED}", flush=True)
try:
    run(accidents, cases, accounts, tokens)
finally:
    server.stop()
