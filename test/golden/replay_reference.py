"""A second opinion on `tokatsu replay`: the contract's sentences as plain recursion over small random networks.

Nothing here is incremental: at each instant the whole state is computed anew from the alarms in event-time order.
Both must tell the same facilities down, the same users, the same accidents. TAP on standard output."""
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile

JST = dt.timezone(dt.timedelta(hours=9))
START = dt.datetime(2026, 10, 1, 0, 0, 0, tzinfo=JST)
BRANCHES = {"voice-emergency": [(1, 30_000)], "voice": [(2, 30_000), (1, 100_000)],
            "internet-access": [(2, 30_000), (1, 100_000)], "other": [(2, 30_000), (1, 1_000_000)]}


def network(rng):
    """Facilities in an order in which each needs only earlier ones, then shuffled."""
    count = rng.randrange(3, 25)
    facilities = []
    for i in range(count):
        needs = []
        for _ in range(rng.choice([0, 1, 1, 2]) if i else 0):
            members = rng.sample(range(i), rng.randrange(1, min(i, 4) + 1))
            needs.append({"of": [f"n{m}" for m in members], "at_least": rng.randrange(1, len(members) + 1)})
        line = {"id": f"n{i}", "kind": "node", "needs": needs}
        if rng.random() < 0.5:
            line["users"] = {s: rng.choice([10, 15_000, 30_000, 60_000, 1_000_000])
                             for s in rng.sample(sorted(BRANCHES), rng.randrange(1, 4))}
        facilities.append(line)
    lines = facilities[:]
    rng.shuffle(lines)
    return facilities, lines


def alarms(rng, facilities):
    lines = []
    for _ in range(rng.randrange(1, 60)):
        at = START + dt.timedelta(seconds=rng.choice([60, 600, 3600]) * rng.randrange(0, 50))
        lines.append({"at": at.astimezone(rng.choice([JST, dt.timezone.utc])).isoformat(), "source": rng.choice("AB"),
                      "key": f"k{rng.randrange(8)}", "object": rng.choice(facilities)["id"],
                      "severity": rng.choice(["critical", "major", "minor", "warning", "indeterminate", "cleared", "cleared", "cleared"]),
                      "service_affecting": rng.random() < 0.85})
    lines += rng.choices(lines, k=rng.randrange(0, 5))
    return lines


def down_set(facilities, active):
    alarmed = {line["object"] for line in active.values() if line["service_affecting"]}
    down = set()
    for f in facilities:  # members come first
        if f["id"] in alarmed or any(sum(m not in down for m in n["of"]) < n["at_least"] for n in f["needs"]):
            down.add(f["id"])
    return down, alarmed


def roots(f, by_id, down, alarmed):
    unmet = [n for n in f["needs"] if sum(m not in down for m in n["of"]) < n["at_least"]]
    if not unmet:
        return {f["id"]} & alarmed
    found = set()
    for need in unmet:
        for member in need["of"]:
            if member in down:
                found |= roots(by_id[member], by_id, down, alarmed)
    return found


def fold(facilities, lines, until=None):
    """Walks the alarms in event-time order, equal times in file order; yields (time, down, alarmed) behind each."""
    active = {}
    for line in sorted(lines, key=lambda l: dt.datetime.fromisoformat(l["at"])):
        at = dt.datetime.fromisoformat(line["at"])
        if until is not None and at > until:
            return
        if line["severity"] == "cleared":
            active.pop((line["source"], line["key"]), None)
        else:
            active[line["source"], line["key"]] = line
        yield (at, *down_set(facilities, active))


def affected(facilities, down):
    sums = {}
    for f in facilities:
        if f["id"] in down:
            for service, n in f.get("users", {}).items():
                sums[service] = sums.get(service, 0) + n
    return {s: n for s, n in sums.items() if n}


def accidents(facilities, lines):
    by_id = {f["id"]: f for f in facilities}
    done, running, before, clock = [], [], set(), START
    for at, down, alarmed in fold(facilities, lines):
        minutes = (at - clock).total_seconds() / 60
        for a in running:
            for s, n in affected(facilities, a["down"]).items():
                a["services"][s]["user_minutes"] += n * minutes
        fresh = {f["id"] for f in facilities if f.get("users") and f["id"] in down - before}
        for a in running:
            a["down"] &= down
        if fresh:
            why = set().union(*(roots(by_id[i], by_id, down, alarmed) for i in fresh))
            sharing = [a for a in running if a["causes"] & why]
            home = sharing[0] if sharing else {"start": at, "end": None, "causes": set(), "down": set(), "ever": set(), "services": {}}
            for other in sharing[1:]:
                home["causes"] |= other["causes"]
                home["down"] |= other["down"]
                home["ever"] |= other["ever"]
                home["start"] = min(home["start"], other["start"])
                for s, v in other["services"].items():
                    mine = home["services"].setdefault(s, {"since": v["since"], "peak": 0, "user_minutes": 0, "steps": []})
                    mine["since"] = min(mine["since"], v["since"])
                    mine["user_minutes"] += v["user_minutes"]
                running.remove(other)
            if not sharing:
                running.append(home)
            home["causes"] |= why
            home["down"] |= fresh
            home["ever"] |= fresh
            home["merged"] = home.get("merged", False) or len(sharing) > 1
        for a in running:
            ever = affected(facilities, a["ever"])
            for s, n in affected(facilities, a["down"]).items():
                v = a["services"].setdefault(s, {"since": at, "peak": 0, "user_minutes": 0})
                v["peak"] = max(v["peak"], n)
            for s, v in a["services"].items():
                v["ever"] = ever[s]
                v.setdefault("steps", []).append((at, ever[s]))
                spans = v.setdefault("spans", [[v["since"], None]])
                if s in affected(facilities, a["down"]):
                    if spans[-1][1] is not None:
                        spans.append([at, None])
                elif spans[-1][1] is None:
                    spans[-1][1] = at
            if not a["down"]:
                a["end"] = at
        done += [a for a in running if a["end"]]
        running = [a for a in running if not a["end"]]
        before, clock = down, at
    return sorted(done + running, key=lambda a: a["start"])


def run(program, folder, facilities, lines, *times):
    topology, file = os.path.join(folder, "t.jsonl"), os.path.join(folder, "a.jsonl")
    for path, rows in ((topology, facilities), (file, lines)):
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    command = [program, "replay", "--topology", topology, "--alarms", file]
    for time in times:
        command += ["--at", time]
    done = subprocess.run(command, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done


def when(text):
    return None if text is None else dt.datetime.fromisoformat(text)


def summary(start, end, causes, services):
    """What both must agree on, in one comparable shape; the minutes of an open accident have no common end."""
    seconds = (start.timestamp(), end.timestamp() if end else -1)
    return (*seconds, sorted(causes), sorted((s, v["ever"], round(v["user_minutes"]) if end else 0) for s, v in services.items()))


def while_affected(point, spans):
    """The first instant from `point` on at which the service is affected; a pause does not start the clock anew."""
    for begin, end in spans:
        if end is None or end >= point:
            return max(begin, point)
    return None


def main():
    program = os.environ.get("TOKATSU", "build/tokatsu")
    rng = random.Random(58)
    states = cases = rows = 0
    wrong_states, wrong_accidents = [], []
    with tempfile.TemporaryDirectory() as folder:
        for case in range(250):
            facilities, shuffled = network(rng)
            lines = alarms(rng, facilities)
            times = [(START + dt.timedelta(minutes=rng.randrange(-10, 3100))).isoformat() for _ in range(6)]
            got, done = run(program, folder, shuffled, lines, *times)
            for time, have in zip(times, got):
                state = [(d, affected(facilities, d)) for _, d, _ in fold(facilities, lines, when(time))]
                down, users = state[-1] if state else (set(), {})
                states += 1
                if (have["down"], have["affected"]) != (len(down), users):
                    wrong_states.append((case, time, len(down), users, have))
            if len(got) != len(times) or done.returncode != 0:
                wrong_states.append((case, done.returncode, done.stderr[:300]))
            got, done = run(program, folder, shuffled, lines)
            want = accidents(facilities, lines)
            cases += 1
            rows += len(want)
            have = sorted(summary(when(a["started_at"]), when(a["ended_at"]), a["causes"], a["services"]) for a in got)
            expect = sorted(summary(a["start"], a["end"], a["causes"], a["services"]) for a in want)
            if have != expect:
                wrong_accidents.append((case, expect, have))
                continue
            for a, b in zip(want, sorted(got, key=lambda g: when(g["started_at"]))):
                if a.get("merged") or [x["start"] for x in want].count(a["start"]) > 1:
                    continue
                for s, v in a["services"].items():
                    if v["peak"] != b["services"][s]["peak"]:
                        wrong_accidents.append((case, s, "peak", v["peak"], b))
                    points = [max(v["since"] + dt.timedelta(hours=h), next(t for t, n in v["steps"] if n >= u))
                              for h, u in BRANCHES[s] if any(n >= u for _, n in v["steps"])]
                    serious = min((m for m in (while_affected(p, v["spans"]) for p in points) if m), default=None)
                    if when(b["services"][s]["serious_at"]) != serious:
                        wrong_accidents.append((case, s, "serious_at", serious, b["services"][s], v))
    print("1..2")
    for number, (name, wrong, total) in enumerate((("states", wrong_states, states), ("accidents", wrong_accidents, rows)), 1):
        print(f"{'not ok' if wrong or not total else 'ok'} {number} - both tell the same {name} ({len(wrong)} of {total} differ)")
        for item in wrong[:4]:
            print(f"# {item}")
    sys.exit(1 if wrong_states or wrong_accidents else 0)


main()
