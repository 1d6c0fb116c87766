"""The numbers in law/jp against the law's own text, read from its tables at each version. TAP; skipped without the text."""
import json
import os
import pathlib
import re

root = pathlib.Path(os.environ["TOKATSU_SOURCE"])
history = pathlib.Path(os.environ.get("TOKATSU_SHARED", "/nonexistent")) / "law" / "history" / "360M50001000025.txt"
results = []
now = []  # the checks of the text at hand


def check(name, ok, what=""):
    now.append((name, bool(ok), what))


def each_day(article):
    """Walks the versions of an article. Amendments that take effect on one day are held as a text each, not in the order
    of their numbers; the day's law is the one that agrees best, and the next version of another day confirms it."""
    by_day = {}
    for date, text in versions(article):
        now.clear()
        yield date, text
        best = by_day.get(date)
        if best is None or sum(ok for _, ok, _ in now) / max(1, len(now)) > sum(ok for _, ok, _ in best) / max(1, len(best)):
            by_day[date] = list(now)
    for checks in by_day.values():
        results.extend(checks)


def number(text):
    """三万 → 30000, 二十四 → 24, 一千万 → 10000000."""
    total = part = digit = 0
    for c in text:
        if c in "一二三四五六七八九":
            digit = "一二三四五六七八九".index(c) + 1
        elif c in "十百千":
            part += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
        elif c == "万":
            total += (part + digit) * 10000
            part = digit = 0
        else:
            raise ValueError(text)
    return total + part + digit


def versions(article):
    """(date, text) of each version that the history holds of an article, in order."""
    parts = re.split(r"^######## (\S+)  (\d{4}-\d\d-\d\d) \S+$", history.read_text(encoding="utf-8"), flags=re.M)
    return [(date, text) for name, date, text in zip(parts[1::3], parts[2::3], parts[3::3]) if name == article]


def table(text):
    """Rows of the table in 58条 as {row: [(hours, users)…]}; a continued row has its first column empty or moved."""
    rows, current = {}, None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        head = re.match(r"([一二三四五六七])　", cells[0]) if cells else None
        if head:
            current = head[1]
        values = [cell for cell in cells if re.fullmatch(r"[一二三四五六七八九十百千万]+(時間)?", cell)]
        if current and len(values) == 2:
            rows.setdefault(current, []).append((number(values[0].removesuffix("時間")), number(values[1])))
    return rows


def ours(family, date, name):
    entries = json.loads((root / "law" / "jp" / name).read_text(encoding="utf-8"))["entries"]
    found = [e for e in entries if e["family"] == family and e["effective"]["from"] <= date <= (e["effective"]["to"] or "9999")]
    return found[0] if found else None


if not history.is_file():
    print("1..0 # SKIP the law's text is not here: set TOKATSU_SHARED")
    print("ok 1 - the law's text # SKIP set TOKATSU_SHARED")
    raise SystemExit(0)

for date, text in each_day("58"):
    rows = table(text)
    entry = ours("serious-accident", date, "accidents.json")
    mine = {row["row"]: [(b["hours"], b["users"]) for b in row["branches"]] for row in entry["rows"]}
    check(f"58条 of {date}: every row and branch agree ({entry['id']})", rows == mine and len(rows) >= 4, f"{rows} {mine}")
    facility = re.search(r"疎通が([一二三四五六七八九十]+)時間以上不能", text)
    check(f"58条 of {date}: the hours of an important facility agree", facility and number(facility[1]) == ours("important-facility", date, "accidents.json")["hours"])
    monthly = re.search(r"平均が([一二三四五六七八九十百千万]+)以上", text)
    check(f"58条 of {date}: the monthly users agree",
          [number(monthly[1])] * bool(monthly) == [row["monthly_users"] for row in entry["rows"] if "monthly_users" in row] if monthly
          else all("monthly_users" not in row for row in entry["rows"]))
    leak = re.search(r"利用者（.*?数が(千)を超えるもの", text)
    if leak:
        check(f"58条1項 of {date}: more than a thousand users", ours("leak-specified", date, "leaks.json")["users_over"] == number(leak[1]))

for date, text in each_day("58-2"):
    entry = ours("near-miss", date, "near-miss.json")
    if "おそれがあると認められる事態" not in text or "ホ　" not in text:
        check(f"58条の2 of {date}: the article is not there, or not given in this text", "次のいずれ" not in text)
        continue
    users = re.search(r"前年度末において([一二三四五六七八九十百千万]+)以上の利用者", text)
    check(f"58条の2 of {date}: users of the carrier", users and number(users[1]) == entry["carrier_users"])
    events = re.findall(r"^    - （[０-９]+）", text.split("ホ　", 1)[1].split("ヘ　", 1)[0], re.M)
    functions = re.findall(r"^    - （[０-９]+）", text.split("ニ　", 1)[1].split("ホ　", 1)[0], re.M)
    check(f"58条の2 of {date}: as many events", len(events) == len(entry["events"]), f"{len(events)}")
    check(f"58条の2 of {date}: as many functions", len(functions) == len(entry["functions"]), f"{len(functions)}")
    noticed = [e["id"] for e in entry["events"] if e.get("unless_noticed_promptly")]
    check(f"58条の2 of {date}: whether a noticed failure counts", ("速やかに覚知できず" in text) == (noticed == ["no-switchover"]))

FORMS = {"様式第五十": "様式第50", "様式第五十の二": "様式第50の2", "様式第五十の二の二": "様式第50の2の2", "様式第五十の三": "様式第50の3",
         "様式第五十の四": "様式第50の4"}
KINDS = [("一部の停止", "suspension-detailed"), ("通信の秘密", "leak-secrecy-detailed"), ("特定利用者情報", "leak-specified-detailed"),
         ("おそれ", "near-miss-detailed"), ("重大な事故", "serious-detailed")]
for date, text in each_day("57"):
    for reason, form, term in re.findall(r"^\| ([^|]+) \| (様式第[^|]+) \| ([^|]+) \|$", text, re.M):
        kind = next(kind for part, kind in KINDS if part in reason)
        rule = ours(kind, date, "reports.json")
        knowledge = "知つた日" in term
        check(f"57条 of {date}: {kind}", rule and rule["form"] == FORMS[form.strip()] and rule["due"] == {"days": number(re.search(r"から([三十]+)日以内", term)[1])}
              and rule["clock"] == ("knowledge" if knowledge else "occurrence"), f"{form} {term} {rule}")

print(f"1..{len(results)}")
for count, (name, ok, what) in enumerate(results, 1):
    print(f"{'ok' if ok else 'not ok'} {count} - {name}" + ("" if ok else f"\n# {what}"))
