"""Runs programs of primitives. `conformance/primitives/interpret.ts` is the same in TypeScript."""

import asyncio

from conductor import ConductedLoop
from kept import KeepingCondition, cancel_all, keeping
from loop import Deadlock
from record import ERRORS, Record, text
from subjects import said, subject_of

THE_END = 1000

loop = ConductedLoop()


def run_program(request):
    """`request` is a program, for asyncio as it is; or `{program, rules}`: `rules` says whether those of `kept.py` apply."""
    if "program" not in request:
        return Interpreter(request).run()
    rules = set() if request["rules"] else None
    outcome = Interpreter(request["program"], rules).run()
    return {"outcome": outcome, "rules": sorted(rules or ())}


class Interpreter:
    def __init__(self, program, rules=None):
        self.program = program
        self.conductor = loop.begin()
        self.record = Record(loop.time, lambda: self.conductor.turns)
        self.log = self.record.log
        self.rules = rules
        loop.set_task_factory(None if rules is None else keeping(rules))
        condition = asyncio.Condition if rules is None else KeepingCondition
        self.subjects = [subject_of(node, condition) for node in program["primitives"]]
        self.handles = []
        self.seen = None
        self.live = []

    def run(self):
        for cancel in self.program["cancels"]:
            loop.call_at(cancel["at"], self.cancel, "outside", cancel["task"])
        loop.call_at(THE_END, self.end)
        self.handles.append(loop.create_task(self.main()))
        try:
            loop.run_until_complete(asyncio.wait(self.handles[:1]))
        except Deadlock:
            return {"hangs": True}
        return {
            "events": self.record.sorted(),
            "states": {str(id): state(task) for id, task in enumerate(self.handles)},
            "live": self.live,
            "primitives": self.seen or self.states(),
            "left": [subject.drain() for subject in self.subjects if hasattr(subject, "drain")],
        }

    async def main(self):
        try:
            async with asyncio.TaskGroup() as group:
                for number, steps in enumerate(self.program["tasks"], 1):
                    self.handles.append(group.create_task(self.task(number, steps)))
            self.log(0, "returns")
        except BaseException as error:
            self.log(0, f"throws {text(error)}")
            raise

    def end(self):
        """Nothing happens any more. Whoever still waits does so in vain, and is cancelled."""
        self.seen = self.states()
        self.live = [id for id, task in enumerate(self.handles) if not task.done()]
        self.cancel("the end", 0)

    def states(self):
        return [subject.state() for subject in self.subjects]

    def cancel(self, who, target):
        if target == 0 and self.rules is not None:
            cancel_all(self.handles[1:])
        answer = str(self.handles[target].cancel()).lower()
        self.log(who, f"cancels {target}: {answer}")

    async def task(self, who, steps):
        held = {}
        try:
            await self.block(steps, who, held)
            await self.turn(who)
            self.log(who, "returns")
        except BaseException as error:
            self.log(who, f"throws {text(error)}")
            raise
        finally:
            for lock in reversed(held.values()):
                lock.release()

    async def block(self, steps, who, held):
        for step in steps:
            await self.turn(who)
            await getattr(self, f"{step['op']}_step")(step, who, held)

    async def turn(self, who):
        self.refuse()
        await self.conductor.turn(who)

    def refuse(self):
        if self.rules is not None:
            asyncio.current_task().refuse()

    async def raise_step(self, step, _who, _held):
        raise ERRORS["A"](f"e{step['id']}")

    async def sleep_step(self, step, _who, _held):
        await asyncio.sleep(step["ms"])
        self.log(step["id"], "slept")

    async def with_step(self, step, who, held):
        use = {"on": step["on"], "item": step["id"]}
        release = {**use, "verb": "release"}
        await self.perform(step["id"], {**use, "verb": "acquire"}, held)
        try:
            await self.block(step["body"], who, held)
            await self.turn(who)
        except BaseException:
            await self.result(release, held)
            raise
        await self.perform(step["id"], release, held)

    async def do_step(self, step, _who, held):
        for act in step["acts"]:
            if "on" in act:
                await self.perform(step["id"], act, held)
            else:
                self.cancel(step["id"], act["task"])
        if step["wait"] is not None:
            self.refuse()
            await self.perform(step["id"], step["wait"], held, step["within"])

    async def perform(self, id, use, held, within=None):
        result = await self.result(use, held, within)
        self.log(id, f"{use['on']}.{use['verb']}: {result}")

    async def result(self, use, held, within=None):
        act = getattr(self.subjects[use["on"]], use["verb"])
        try:
            async with asyncio.timeout(within):
                return await act(use["item"], held)
        except Exception as error:
            return said(error)


def state(task):
    if not task.done():
        return "running"
    if task.cancelled():
        return "cancelled"
    return "failed" if task.exception() else "done"
