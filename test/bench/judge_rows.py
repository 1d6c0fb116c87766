"""Synthetic accidents for the judge benchmark: N rows of CSV on standard output, the same for the same N.

Every service, every version of the law, ends and counts on both sides of each limit, some of them unknown."""
import random
import sys
from datetime import datetime, timedelta

count = int(sys.argv[1])
rng = random.Random(58)
SERVICES = ["voice-emergency", "voice", "lpwa", "mail-messaging-free", "internet-free", "internet-access", "other"]
USERS = ["", "100", "29999", "30000", "45000", "99999", "100000", "250000", "999999", "1000000", "30600000"]
FAULTS = ["telecom-equipment"] * 8 + ["other-equipment", "important-facility"]
EQUIPMENT = ["other"] * 3 + ["radio-base-station", "remote-unit", "dslam"]
MONTHLY = ["", "9999999", "10000000"]
first = datetime(2008, 4, 1)
span = (datetime(2026, 11, 1) - first).total_seconds()
print("id,carrier,service,monthly_users,started_at,ended_at,affected_users,link_kbps,fault,all_traffic_lost,equipment,"
      "additional_function_only")
lines = []
for number in range(1, count + 1):
    begin = first + timedelta(seconds=int(rng.random() * span))
    end = begin + timedelta(seconds=int(rng.expovariate(1 / 9000)))
    users = rng.choice(USERS)
    link = "" if users or rng.random() < 0.5 else rng.choice(["2000000", "2000001"])
    lines.append(f"S{number:07d},synthetic,{rng.choice(SERVICES)},{rng.choice(MONTHLY)},{begin.isoformat()}+09:00,{end.isoformat()}+09:00,"
                 f"{users},{link},{rng.choice(FAULTS)},{rng.choice(['', 'yes', 'no'])},{rng.choice(EQUIPMENT)},{'yes' if rng.random() < 0.05 else 'no'}")
    if len(lines) == 10000:
        print("\n".join(lines))
        lines.clear()
if lines:
    print("\n".join(lines))
