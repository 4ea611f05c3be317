"""Answers requests for outcomes: {"kind": ..., "programs": [...]} in, [outcome, ...] out, as JSON."""

import importlib
import json
import sys


def answer(request):
    batch = json.loads(request)
    run_program = importlib.import_module(batch["kind"]).run_program
    return json.dumps([run_program(program) for program in batch["programs"]])


if __name__ == "__main__":
    for line in sys.stdin:
        print(answer(line), flush=True)
