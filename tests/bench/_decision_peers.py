"""The peers of the benchmark `decision`: the same grants as Cedar policies (parsed beforehand) and as Casbin ABAC policies.

Runs in an environment of its own and knows nothing of Relais: one JSON request a line on standard input, one answer a line.
"""

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import casbin
import cedarpy

logging.disable(logging.CRITICAL)

MODEL = """[request_definition]
r = channel, kind, ctx
[policy_definition]
p = channel, kind, sensitivity, start, end, weekdays, cap, until, eft
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.channel == p.channel && r.kind == p.kind && r.ctx.sensitivity == p.sensitivity && r.ctx.mandate == "active" && \
r.ctx.acknowledged && r.ctx.channel_open && !r.ctx.held && num(p.start) <= r.ctx.minute && r.ctx.minute < num(p.end) && \
has(p.weekdays, r.ctx.weekday) && r.ctx.sent_today < num(p.cap) && r.ctx.day <= num(p.until)
"""


def cedar_policy(grant: dict[str, Any]) -> str:
    """One grant that sends at once, as a permit."""
    return f"""permit(principal, action == Action::"{grant["kind"]}", resource == Channel::"{grant["channel"]}") when {{
        context.sensitivity == "{grant["sensitivity"]}" && context.mandate == "active" && context.acknowledged &&
        context.channel_open && !context.held && context.minute >= {grant["start"]} && context.minute < {grant["end"]} &&
        {grant["weekdays"]}.contains(context.weekday) && context.sent_today < {grant["cap"]} &&
        context.day <= {grant["until"]} }};"""


def cedar(grants: list[dict[str, Any]], asked: list[dict[str, Any]]) -> Callable[[int], bool]:
    """Policies and entities parsed once, requests built beforehand."""
    policies = cedarpy.PolicySet.from_str("\n".join(map(cedar_policy, grants)))
    entities = cedarpy.Entities.from_json_str("[]")
    requests = [
        {
            "principal": 'Agent::"p"',
            "action": f'Action::"{q["kind"]}"',
            "resource": f'Channel::"{q["channel"]}"',
            "context": {name: value for name, value in q.items() if name not in ("channel", "kind")},
        }
        for q in asked
    ]
    return lambda n: cedarpy.is_authorized(requests[n], policies, entities).allowed


def pycasbin(grants: list[dict[str, Any]], asked: list[dict[str, Any]]) -> Callable[[int], bool]:
    """Policies loaded once, requests built beforehand."""
    with tempfile.TemporaryDirectory() as folder:
        model, policy = Path(folder, "model.conf"), Path(folder, "policy.csv")
        model.write_text(MODEL)
        policy.write_text("\n".join(map(casbin_policy, grants)))
        enforcer = casbin.Enforcer(str(model), str(policy))
    enforcer.add_function("num", int)
    enforcer.add_function("has", lambda days, day: str(day) in days)
    requests = [(q["channel"], q["kind"], SimpleNamespace(**q)) for q in asked]
    return lambda n: enforcer.enforce(*requests[n])


def casbin_policy(grant: dict[str, Any]) -> str:
    """One line of its policy file."""
    days = "".join(map(str, grant["weekdays"]))
    names = ("channel", "kind", "sensitivity", "start", "end")
    return ", ".join(["p", *(str(grant[n]) for n in names), days, str(grant["cap"]), str(grant["until"]), "allow"])


def main() -> None:
    """First request: grants and questions. Then `answers` of an engine, or the processor seconds of `count` decisions."""
    first = json.loads(sys.stdin.readline())
    engines = {build.__name__: build(first["grants"], first["questions"]) for build in (cedar, pycasbin)}
    size = len(first["questions"])
    say({"cedarpy": version("cedarpy"), "pycasbin": version("pycasbin")})
    for line in sys.stdin:
        request = json.loads(line)
        decide = engines[request["engine"]]
        if request["what"] == "answers":
            say([bool(decide(n)) for n in range(size)])
        else:
            began = time.process_time()
            for n in range(request["count"]):
                decide(n % size)
            say(time.process_time() - began)


def say(answer: Any) -> None:
    """One line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
