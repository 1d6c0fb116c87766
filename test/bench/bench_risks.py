"""The evaluated register of 1,000 risks, over HTTP: each the best of five."""
import csv
import io
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "api/support"))

RISKS = 1000
CRITERIA = {"name": "基準", "family": "全社", "state": "adopted", "from": "2020-01-01",
            "likelihood": "まれ | Rare\n時々 | Sometimes\n頻繁 | Often", "consequence": "小 | Small\n中 | Medium\n大 | Large",
            "levels": "low | 低 | Low | #2e7d32 | ○ | take\nhigh | 高 | High | #c62828 | ▲ | treat\ntop | 極 | Top | #7b1fa2 | × | never",
            "cells": "low low high\nlow high high\nhigh high top"}
COLUMNS = ("id", "title", "status", "category", "source", "event", "consequence", "matrix", "assessed", "owner", "review",
           "current_likelihood", "current_consequence")


def table():
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for i in range(RISKS):
        rows.writerow([f"R{i}", f"risk {i}", "analysed", "cyber", "s", "e", "c", "M1", "2025-01-01", "P1", "2199-01-01", i % 3 + 1, i // 3 % 3 + 1])
    return out.getvalue()


def run(build):
    os.environ["TOKATSU"] = str(build / "tokatsu")
    from tokatsu import Server
    figures = []
    with Server() as server:
        server.post("/api/v1/registers/persons", {"id": "P1", "values": {"name": "所有 者", "department": "設備", "active": True}}, 201)
        server.post("/api/v1/registers/risk-matrices", {"id": "M1", "values": CRITERIA}, 201)
        status, _, body = server.request("POST", "/api/v1/registers/risks/import", table(), "text/csv")
        assert status == 200, body[:500]
        for path in ("", "/process", "/R5", "/export.xlsx", "/report.pdf"):
            best = float("inf")
            for _ in range(5):
                begun = time.perf_counter()
                status, _, body = server.request("GET", f"/api/v1/risks{path}")
                best = min(best, time.perf_counter() - begun)
                assert status == 200, (path, status)
            figures.append((f"GET /api/v1/risks{path} of {RISKS:,} risks, {len(body) / 1000:,.0f} kB", f"{best * 1000:,.0f} ms"))
    return figures
