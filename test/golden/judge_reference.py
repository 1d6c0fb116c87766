"""A second opinion on `tokatsu judge`: the contract and the articles once more, written straight down in Python,
without the law data, the calendar or the CSV reader of the program. Random accidents, many of them on the exact
boundaries, must be judged alike by both. TAP on standard output."""
import csv
import datetime as dt
import io
import json
import os
import random
import subprocess
import sys

JST = dt.timezone(dt.timedelta(hours=9))
H = 3600
# 施行規則58条: the versions' tables as (hours, users) branches, read off the articles by hand.
TABLE = {
    "2008-04-01": {"all": [(2, 30_000)]},
    "2015-04-01": {"emergency": [(1, 30_000)], "voice": [(2, 30_000), (1, 100_000)],
                   "free": [(24, 100_000), (12, 1_000_000)], "other": [(2, 30_000), (1, 1_000_000)]},
    "2019-04-01": {"emergency": [(1, 30_000)], "voice": [(2, 30_000), (1, 100_000)],
                   "lpwa": [(12, 30_000), (2, 1_000_000)],
                   "free": [(24, 100_000), (12, 1_000_000)], "other": [(2, 30_000), (1, 1_000_000)]},
    "2026-04-01": {"emergency": [(1, 30_000)], "voice": [(2, 30_000), (1, 100_000)],
                   "lpwa": [(12, 30_000), (2, 1_000_000)], "mail": [(4, 100_000), (2, 1_000_000)],
                   "free": [(24, 100_000), (12, 1_000_000)], "access": [(2, 30_000), (1, 100_000)],
                   "other": [(2, 30_000), (1, 1_000_000)]},
}


def rows_for(service, law, monthly):
    """The branches that may apply; several lists when the facts do not say which."""
    table = TABLE[law]
    if "all" in table:
        return [table["all"]]
    if service == "mail-messaging-free" and "mail" in table:
        if monthly is None:
            return [table["mail"], table["free"]]
        return [table["mail"] if monthly >= 10_000_000 else table["free"]]
    key = {"voice-emergency": "emergency", "voice": "voice", "lpwa": "lpwa", "mail-messaging-free": "free",
           "internet-free": "free", "internet-access": "access", "other": "other"}[service]
    return [table.get(key, table["other"])]


def reaches(users, link, n):
    """Does the number of users reach n? None when the facts do not say."""
    if users is not None:
        return users >= n
    if link is not None:
        return link > 2_000_000
    return None


def both(a, b):
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a, b):
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def by_table(rows, seconds, users, link):
    """(answer, branch) of the first branch met; the answer is None where it depends on what is not known."""
    answers = []
    for branches in rows:
        answer, met = False, None
        for hours, n in branches:
            one = both(seconds >= hours * H, reaches(users, link, n))
            if one and met is None:
                met = {"hours": hours, "users": n}
            answer = either(answer, one)
        answers.append((answer, met))
    if all(a == answers[0] for a in answers):
        return answers[0]
    if len({a for a, _ in answers}) == 1:
        return answers[0][0], "any"
    return None, None


def month_end(year, month):
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def periodic(day, regime, simplified):
    kind = "periodic-simplified" if simplified else "periodic-detailed"
    if regime >= dt.date(2025, 4, 1):
        year = day.year if day.month >= 4 else day.year - 1
        return {"kind": kind, "due": month_end(year + 1, 5).isoformat(), "clock": "fiscal-year"}
    last = (day.month - 1) // 3 * 3 + 3
    due = month_end(day.year, last + 2) if last + 2 <= 12 else month_end(day.year + 1, last + 2 - 12)
    return {"kind": kind, "due": due.isoformat(), "clock": "quarter"}


def judge(row, now):
    start = dt.datetime.fromisoformat(row["started_at"])
    end = dt.datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else now
    day = start.astimezone(JST).date()
    law = max(v for v in TABLE if v <= day.isoformat())
    seconds = int((end - start).total_seconds())
    users = int(row["affected_users"]) if row["affected_users"] else None
    link = int(row["link_kbps"]) if row["link_kbps"] else None
    monthly = int(row["monthly_users"]) if row["monthly_users"] else None
    lost = {"yes": True, "no": False, "": None}[row["all_traffic_lost"]]
    additional = row["additional_function_only"] == "yes"
    fault = row["fault"]

    branch, serious = None, False
    if fault != "other-equipment" and not additional:
        serious, branch = by_table(rows_for(row["service"], law, monthly), seconds, users, link)
    if fault == "important-facility":
        whole = both(seconds >= 2 * H, lost)
        if whole:
            serious, branch = True, None
        serious = either(serious, whole)
    plain = either(reaches(users, link, 30_000), seconds >= 2 * H)
    if additional and fault == "telecom-equipment":
        plain = False
    if additional and fault == "important-facility":
        plain = False
    simplified = fault == "telecom-equipment" and row["equipment"] in ("radio-base-station", "remote-unit", "dslam")

    out = {"id": row["id"], "law": law, "duration_s": seconds, "branch": None, "reports": []}
    if serious:
        out |= {"outcome": "serious", "branch": branch}
        out["reports"] = [{"kind": "serious-initial", "due": None, "clock": "occurrence"},
                          {"kind": "serious-detailed", "due": (day + dt.timedelta(days=30)).isoformat(), "clock": "occurrence"}]
        if day < dt.date(2023, 6, 16):
            out["reports"].append(periodic(day, day, False))
    elif serious is None or plain is None:
        out["outcome"] = "undetermined"
    elif plain:
        out["outcome"] = "periodic-simplified" if simplified else "periodic-detailed"
        out["reports"] = [periodic(day, day, simplified)]
    else:
        out["outcome"] = "not-reportable"
    return out


COLUMNS = ("id service monthly_users started_at ended_at affected_users link_kbps fault all_traffic_lost equipment "
           "additional_function_only").split()
EDGE_DAYS = ["2008-04-01", "2015-03-31", "2015-04-01", "2019-03-31", "2019-04-01", "2019-06-27", "2023-06-15", "2023-06-16",
             "2025-03-31", "2025-04-01", "2026-03-31", "2026-04-01", "2024-02-29", "2020-12-31", "2021-01-01"]


def make(rng, number):
    day = dt.date.fromisoformat(rng.choice(EDGE_DAYS)) if rng.random() < 0.4 else \
        dt.date(2008, 4, 1) + dt.timedelta(days=rng.randrange(6700))
    start = dt.datetime.combine(day, dt.time(rng.randrange(24), rng.randrange(60), rng.randrange(60)), JST)
    if rng.random() < 0.2:
        start = dt.datetime.combine(day, dt.time(0, 0, 0), JST)
    hours = rng.choice([1, 2, 4, 12, 24, 0, 30])
    length = max(0, hours * H + rng.choice([-1, 0, 1, rng.randrange(0, 4 * H)]))
    zone = rng.choice([JST, dt.timezone.utc])
    edge = rng.choice([30_000, 100_000, 1_000_000])
    return {
        "id": f"X{number}", "service": rng.choice("voice-emergency voice lpwa mail-messaging-free internet-free internet-access other".split()),
        "monthly_users": rng.choice(["", "9999999", "10000000", "50000000"]),
        "started_at": start.astimezone(zone).isoformat(),
        "ended_at": "" if rng.random() < 0.05 else (start + dt.timedelta(seconds=length)).astimezone(zone).isoformat(),
        "affected_users": rng.choice(["", str(edge - 1), str(edge), str(rng.randrange(0, 3_000_000)), "0"]),
        "link_kbps": rng.choice(["", "", "2000000", "2000001"]),
        "fault": rng.choice(["telecom-equipment", "telecom-equipment", "other-equipment", "important-facility"]),
        "all_traffic_lost": rng.choice(["", "yes", "no"]),
        "equipment": rng.choice("radio-base-station remote-unit dslam other".split()),
        "additional_function_only": rng.choice(["no", "no", "no", "yes"]),
    }


def main():
    program = os.environ.get("TOKATSU", "build/tokatsu")
    rng = random.Random(28)
    rows = [make(rng, n) for n in range(40_000)]
    now = dt.datetime(2026, 11, 20, 12, 0, 0, tzinfo=JST)
    text = io.StringIO()
    order = COLUMNS[:]
    rng.shuffle(order)
    writer = csv.DictWriter(text, order + ["note"], lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row | {"note": 'kept "aside", with a comma'})
    done = subprocess.run([program, "judge", "--now", now.isoformat(), "-"], input=text.getvalue().encode(), capture_output=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    print("1..2")
    ok = done.returncode == 0 and len(answers) == len(rows)
    print(f"{'ok' if ok else 'not ok'} 1 - every row is answered ({len(answers)} of {len(rows)}, status {done.returncode})")
    wrong, outcomes = 0, {}
    for row, got in zip(rows, answers):
        want = judge(row, now)
        have = {k: got.get(k) for k in ("id", "law", "duration_s", "branch", "outcome")}
        have["reports"] = [{k: r.get(k) for k in ("kind", "due", "clock")} for r in got.get("reports", [])]
        if want["branch"] == "any" and have["branch"] is not None:
            want["branch"] = have["branch"]
        outcomes[want["outcome"]] = outcomes.get(want["outcome"], 0) + 1
        if want != have:
            wrong += 1
            if wrong <= 5:
                print(f"# {json.dumps(row, ensure_ascii=False)}\n#   want {want}\n#   have {have}\n#   {got}")
    print(f"{'ok' if wrong == 0 and ok and len(outcomes) == 5 else 'not ok'} 2 - both judge alike "
          f"({wrong} of {len(rows)} differ; {outcomes})")
    sys.exit(0 if ok and wrong == 0 else 1)


main()
