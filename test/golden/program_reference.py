"""A second opinion on `tokatsu program obligations`: the articles once more, written straight down in Python without the law
data, the conditions or the profile reader of the program. Random carriers on random days, many on the exact boundaries,
some facts unknown, must be judged alike. TAP on standard output."""
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile

DAY = dt.timedelta(days=1)


# ---- three values: True, False, None (not known) ----

def no(a):
    return None if a is None else not a


def all_of(*parts):
    return False if False in parts else None if None in parts else True


def any_of(*parts):
    return True if True in parts else None if None in parts else False


# ---- a carrier: facts by day ----

def fiscal_first(day):
    return dt.date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def half(day):
    first = fiscal_first(day)
    if day < dt.date(first.year, 10, 1):
        return first, dt.date(first.year, 9, 30)
    return dt.date(first.year, 10, 1), dt.date(first.year + 1, 3, 31)


def value(facts, fact, day, counted=False):
    """What is known of a fact on a day; a count serves for 366 days."""
    known = facts.get(fact)
    if not isinstance(known, list):
        return known
    best = None
    for change in known:
        if change["from"] <= day.isoformat():
            best = change
    if best is None or counted and (day - dt.date.fromisoformat(best["from"])).days > 366:
        return None
    return best["value"]


def reaches(facts, fact, day, number):
    count = value(facts, fact, day, counted=True)
    return None if count is None else count >= number


# ---- the articles ----

def obligations(profile, day):
    facts = profile["facts"]

    def yes(fact):
        return value(facts, fact, day)

    def since(year, month, date):
        return day >= dt.date(year, month, date)

    status = yes("status")
    carrier = None if status is None else status in ("registered", "notified")  # 法2条5号
    third = None if status is None else status == "third-item"
    lines = all_of(yes("installs_lines"), no(yes("lines_exempt")))  # 法41条1項
    technical = all_of(carrier, any_of(lines, yes("universal_service"), yes("eligible"), yes("designated_41")))  # 法42条
    business = all_of(carrier, any_of(lines, yes("universal_service"), yes("eligible"), yes("designated_41"), yes("domain_name")))  # 法44条
    year_before = fiscal_first(day) - DAY
    services = profile.get("services")

    def some_service(check):
        return None if services is None else any_of(False, *(check(one["facts"]) for one in services))

    def million(s):  # 施行規則27条の2の2第2項1号, 2号
        paid = all_of(no(value(s, "universal", day)), value(s, "paid", day), reaches(s, "users", year_before, 1_000_000))
        mobile = all_of(no(value(s, "universal", day)), value(s, "mobile_numbers", day))
        return any_of(paid, mobile) if since(2023, 2, 22) else paid

    def millions(s):  # 施行規則22条の2の20
        paid = value(s, "paid", day)
        return all_of(value(s, "reported_class", day),
                      any_of(all_of(no(paid), reaches(s, "monthly_users", year_before, 10_000_000)),
                             all_of(paid, reaches(s, "monthly_users", year_before, 5_000_000))))

    # 主任技術者規則3条の2第1項1号, 2号
    chief = all_of(business, no(all_of(yes("domain_name"), yes("only_domain_name"))),
                   no(all_of(yes("single_municipality"), no(reaches(facts, "users", day, 30_000)), yes("qualified_person"))))
    terminal = all_of(carrier, any_of(lines, yes("designated_41")))
    first, last = half(day)
    information = all_of(carrier, yes("designated_27_5")) if since(2023, 6, 16) else False
    out = {
        "registration": all_of(yes("installs_lines"), no(yes("lines_local"))),
        "notification": all_of(no(third), no(all_of(yes("installs_lines"), no(yes("lines_local"))))),
        "designated-equipment-notice": all_of(None if status is None else status == "notified", yes("designated_41")),
        "criterion-41": all_of(carrier, some_service(million)),
        "technical-standards-lines": all_of(carrier, lines),
        "technical-standards-universal": all_of(carrier, yes("universal_service")),
        "technical-standards-eligible": all_of(carrier, yes("eligible")),
        "technical-standards-designated": all_of(carrier, yes("designated_41")),
        "domain-name-standards": all_of(carrier, yes("domain_name")),
        "cloud-functions-standards": all_of(technical, yes("outsourced_functions")) if since(2024, 1, 1) else False,
        "overload-test": all_of(technical, yes("overload_equipment")) if since(2023, 9, 26) else False,
        "self-confirmation": technical,
        "terminal-standards": terminal,
        "installation-engineer": terminal,
        "management-rules": business,
        "management-rules-risk": business if since(2023, 9, 26) else False,
        "management-rules-cable": all_of(business, yes("cross_border_cable")) if since(2023, 12, 27) else False,
        "management-rules-outsourcing": all_of(business, yes("outsourced_functions")) if since(2024, 1, 1) else False,
        "general-manager": business,
        "general-manager-opinion": business,
        "chief-engineer": chief,
        "chief-engineer-training": chief,
        "chief-engineer-advice": chief,
        "safety-reliability": any_of(carrier, third),
        "accident-report": carrier,
        "accident-report-wholesale": all_of(carrier, yes("wholesale_customer")) if since(2023, 12, 7) else False,
        "near-miss-report": all_of(carrier, any_of(all_of(business, reaches(facts, "users", year_before, 30_000), yes("several_prefectures")),
                                                   yes("important_facility"))) if since(2023, 6, 16) else False,
        "periodic-report": carrier,
        "priority-call-notice": all_of(carrier, yes("priority_calls")),
        "disaster-report": all_of(business, reaches(facts, "users", fiscal_first(day), 30_000)),
        "voice-quality-report": all_of(business, yes("voice_equipment"), reaches(facts, "voice_users", fiscal_first(day), 30_000)),
        "capacity-report": all_of(business, reaches(facts, "users", first, 30_000), reaches(facts, "users", last, 30_000))
        if since(2026, 5, 27) else None,
        "criterion-27-5": all_of(carrier, some_service(millions)) if since(2023, 6, 16) else False,
        "user-count-report": (some_service(lambda s: value(s, "reported_class", day)) if since(2026, 5, 27) else None)
        if since(2023, 6, 16) else False,
        "external-transmission": all_of(any_of(carrier, third), yes("browser_services")) if since(2023, 6, 16) else False,
        "public-notice-guideline": all_of(carrier, yes("public_institution")) if since(2023, 4, 1) else False,
    }
    for id in ("rules", "policy", "assessment", "manager", "manager-opinion", "leak-report"):
        out["information-" + id] = information
    return out


# ---- random carriers ----

YES_NO = """installs_lines lines_local lines_exempt universal_service eligible designated_41 designated_27_5 domain_name
 only_domain_name outsourced_functions wholesale_customer cross_border_cable important_facility several_prefectures
 single_municipality qualified_person voice_equipment priority_calls overload_equipment browser_services public_institution""".split()
EDGE_DAYS = ["2021-04-01", "2021-05-12", "2022-03-31", "2022-04-01", "2023-02-21", "2023-02-22", "2023-06-15", "2023-06-16",
             "2023-09-25", "2023-09-26", "2023-12-06", "2023-12-07", "2023-12-26", "2023-12-27", "2023-12-31", "2024-01-01",
             "2025-09-30", "2025-10-01", "2026-03-31", "2026-04-01", "2026-05-26", "2026-05-27", "2026-11-23"]


def some_day(rng):
    if rng.random() < 0.6:
        return dt.date.fromisoformat(rng.choice(EDGE_DAYS))
    return dt.date(2021, 4, 1) + DAY * rng.randrange(2060)


def dated(rng, make):
    """A value without a day, or one for each of a few days."""
    if rng.random() < 0.5:
        return make()
    days = sorted({(some_day(rng) - DAY * rng.choice([0, 0, 1, 366, 367])).isoformat() for _ in range(rng.randint(1, 3))})
    return [{"from": day, "value": make()} for day in days]


def maybe(rng):
    return rng.choices([True, False, None], [10, 10, 1])[0]


def count(rng, *edges):
    return rng.choices([rng.choice(edges), rng.choice(edges) - 1, rng.randrange(20_000_000), None], [6, 6, 3, 1])[0]


def carrier(rng):
    facts = {fact: dated(rng, lambda: maybe(rng)) for fact in YES_NO if rng.random() < 0.95}
    facts["status"] = dated(rng, lambda: rng.choice(["registered", "notified", "third-item"]))
    for fact in ("users", "voice_users"):
        facts[fact] = dated(rng, lambda: count(rng, 30_000))
    profile = {"format": "tokatsu-profile/1", "carrier": "合成", "facts": facts}
    if rng.random() < 0.9:
        profile["services"] = [{"id": f"s{n}", "facts": {
            "paid": maybe(rng), "universal": rng.random() < 0.2, "mobile_numbers": maybe(rng), "reported_class": maybe(rng),
            "users": dated(rng, lambda: count(rng, 1_000_000)),
            "monthly_users": dated(rng, lambda: count(rng, 5_000_000, 10_000_000))}} for n in range(rng.randrange(4))]
    return profile


NAMES = {True: "yes", False: "no", None: "cannot-tell"}
rng = random.Random(20231)
CARRIERS = 150
different, seen = [], {}
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "profile.json")
    for number in range(CARRIERS):
        profile, day = carrier(rng), some_day(rng)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(profile, file)
        run = subprocess.run([os.environ["TOKATSU"], "program", "obligations", "--profile", path, "--date", day.isoformat()],
                             capture_output=True, timeout=60)
        assert run.returncode == 0, run.stderr
        told = {one["id"]: one["applies"] for one in map(json.loads, run.stdout.splitlines())}
        wanted = {id: NAMES[answer] for id, answer in obligations(profile, day).items()}
        for id in sorted(told.keys() | wanted.keys()):
            seen.setdefault(id, set()).add(told.get(id))
            if told.get(id) != wanted.get(id):
                different.append(f"carrier {number} on {day}: {id}: {told.get(id)}, by the reference {wanted.get(id)}")
one_sided = sorted(id for id, answers in seen.items() if not {"yes", "no"} <= answers and id != "safety-reliability")  # that one is for all
checks = [(f"{CARRIERS} carriers are judged alike by two readers of the law", not different, different[:5]),
          ("every obligation was answered with yes and with no", not one_sided, one_sided)]
print(f"1..{len(checks)}")
for number, (name, ok, what) in enumerate(checks, 1):
    print(f"{'ok' if ok else 'not ok'} {number} - {name}" + ("" if ok else "".join(f"\n# {line}" for line in what)))
sys.exit(0 if all(ok for _, ok, _ in checks) else 1)
