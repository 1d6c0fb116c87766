"""How long the views of contractors take: 2,000 synthetic contractors in chains, 4,000 contracts, 8,000 contacts, 500 systems."""
import json
import os
import pathlib
import sys
import time

N = 2000
COUNTRIES = "XD XE XF XG JP JP JP JP".split()
VIEWS = (("all contractors with their findings", "GET", "", None), ("one contractor and what it reaches", "GET", "/C1", None),
         ("concentration in five dimensions", "GET", "/concentration", None),
         ("what a country's change reaches", "POST", "/countries/what-if", {"country": "XD"}))


def above(i):
    return f"C{i // 3}" if i % 3 and i > 3 else ""


def where(i):
    return COUNTRIES[i % len(COUNTRIES)]


def records():
    """(register, columns, rows), what is referred to first."""
    yield ("contractors", "id,name,country,work,kinds,critical,handles_user_info,safeguards,parent,ultimate_parent",
           (f"C{i},社{i}(架空),{where(i)},保守,maintenance;cloud,false,true,契約,{above(i)},親{i % 200}(架空)" for i in range(N)))
    yield "systems", "id,name,kind,purpose,hosting,internet,vendor", (f"S{i},系{i}(架空),telecom,x,own,false,C{i % N}" for i in range(500))
    yield ("services", "id,name,law_service,status,started,systems",
           (f"V{i},役{i}(架空),voice,active,2020-01-01,S{i};S{i + 1}" for i in range(10)))
    yield ("contracts", "id,title,contractor,kind,status,from,law",
           (f"K{i},契約{i},C{i % N},maintenance,draft,2026-01-01,{where(i)}" for i in range(2 * N)))
    yield ("contractor-access", "id,name,contractor,how,systems,remote_countries,privilege,since",
           (f"A{i},接触{i},C{i % N},remote-access,S{i % 500},{where(i)},read,2026-01-01" for i in range(4 * N)))


def run(build):
    os.environ["TOKATSU"] = str(build / "tokatsu")
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "api" / "support"))
    from tokatsu import Server
    server = Server()
    try:
        for register, head, rows in records():
            text = "\n".join([head, *rows, ""]).encode()
            status, _, body = server.request("POST", f"/api/v1/registers/{register}/import?dry_run=false", text, "text/csv")
            assert status == 200 and json.loads(body)["error"] == 0, body[:400]
        found = []
        for what, method, path, body in VIEWS:
            began = time.monotonic()
            status, _, answer = server.request(method, "/api/v1/contractors" + path, body)
            assert status == 200, answer[:400]
            found.append((what, f"{time.monotonic() - began:.2f} s, {len(answer) / 1000:,.0f} kB"))
        return found
    finally:
        server.stop()
