"""Runs programs of tasks. `conformance/tasks/interpret.ts` is the same in TypeScript."""

import asyncio
import gc
import random

from loop import Deadlock
from model import Model
from record import ERRORS, Record, text
from stock import Stock

gc.set_threshold(50_000)


def run_program(request):
    """
    `request` is a program, for asyncio as it is; or `{program, rules, order}`: `rules` says whether
    those of `model.py` apply, `order` is null or the seed of another order of what happens at one time.
    """
    if "program" not in request:
        return Interpreter(Stock(), request).run()
    order = None if request["order"] is None else random.Random(request["order"])
    api = Model(order) if request["rules"] else Stock(order)
    outcome = Interpreter(api, request["program"]).run()
    return {"outcome": outcome, "rules": sorted(api.rules)}


class Place:
    """Where a step stands: the group that it adds tasks to, the timeout that it moves."""

    __slots__ = ("group", "timeout")

    def __init__(self, group=None, timeout=None):
        self.group = group
        self.timeout = timeout


class Interpreter:
    def __init__(self, api, program):
        self.api = api
        self.program = program
        self.record = Record(api.loop.time)
        self.log = self.record.log
        self.handles = {}
        self.live = []

    def run(self):
        api = self.api
        for cancel in self.program["cancels"]:
            api.at(cancel["at"], lambda target=cancel["task"]: self.ask_to_stop("outside", target))
        try:
            api.run(self.main)
        except Deadlock:
            return {"hangs": True}
        return {
            "events": self.record.sorted(),
            "states": {str(id): api.state(task) for id, task in sorted(self.handles.items())},
            "live": self.live,
        }

    async def main(self):
        """What is left 1 ms after the main task, when nothing else happens, is ended by the run."""
        main = self.created(self.program["main"], self.api.create, Place())
        await self.api.wait([main], None, "ALL_COMPLETED")
        await self.api.sleep(1)
        state = self.api.state
        self.live = sorted(id for id, task in self.handles.items() if state(task) == "running")

    def work(self, task, place):
        who = task["id"]

        async def work():
            self.log(who, "starts")
            try:
                value = await self.block(task["steps"], place)
            except BaseException as error:
                self.log(who, f"throws {text(error)}")
                raise
            else:
                self.log(who, f"returns {value}")
                return value

        return work

    async def block(self, steps, place):
        value = None
        for step in steps:
            try:
                value = await getattr(self, step["op"])(step, place)
            finally:
                await self.api.hop()
            if value is not None:
                break
        await self.api.hop()
        return value or "nothing"

    def created(self, task, create, place):
        handle = create(self.work(task, place))
        self.handles[task["id"]] = handle
        return handle

    def ask_to_stop(self, who, target):
        handle = self.handles.get(target)
        answer = "is unknown" if handle is None else str(bool(handle.cancel())).lower()
        self.log(who, f"cancels {target}: {answer}")

    # The steps, each named as in the program.

    async def sleep(self, step, _place):
        await self.api.sleep(step["ms"])
        self.log(step["id"], "slept")

    async def raise_(self, step, _place):
        error = step["error"]
        raise asyncio.CancelledError if error == "CancelledError" else ERRORS[error](f"e{step['id']}")

    async def return_(self, step, _place):
        return f"v{step['id']}"

    async def group(self, step, place):
        async def body(group):
            inside = Place(group, place.timeout)
            for child in step["children"]:
                self.created(child, group.create, inside)
            value = await self.block(step["body"], inside)
            self.log(step["id"], "body over")
            return value

        value = await self.api.group(body)
        self.log(step["id"], f"group gives {value}")

    async def spawn(self, step, place):
        if place.group is None:
            return
        self.created(step["task"], place.group.create, place)
        self.log(step["id"], "spawned")

    async def create(self, step, place):
        self.created(step["task"], self.api.create, place)

    def all(self, tasks, place):
        return [self.created(task, self.api.create, place) for task in tasks]

    async def gather(self, step, place):
        if step["handles"]:
            items = self.all(step["items"], place)
        else:
            items = [self.work(task, place) for task in step["items"]]
        values = await self.api.gather(items, step["returnExceptions"], step["twice"])
        said = [text(v) if isinstance(v, BaseException) else v for v in values]
        self.log(step["id"], f"gathered {', '.join(said)}")

    async def wait(self, step, place):
        handles = self.all(step["items"], place)
        done = await self.api.wait(handles, step["timeout"], step["returnWhen"])
        self.log(step["id"], f"waited {', '.join('done' if d else 'pending' for d in done)}")

    async def asCompleted(self, step, place):
        def completed(error, value):
            self.log(step["id"], f"completed {text(error) if error else value}")

        await self.api.as_completed(self.all(step["items"], place), completed)
        self.log(step["id"], "all completed")

    async def waitFor(self, step, place):
        value = await self.api.wait_for(lambda: self.block(step["body"], place), step["ms"])
        self.log(step["id"], f"in time {value}")

    async def timeout(self, step, place):
        inside = None

        async def body(scope):
            nonlocal inside
            inside = scope
            return await self.block(step["body"], Place(place.group, scope))

        try:
            value = await self.api.timeout(step["ms"], body)
            self.log(step["id"], f"in time {value}")
        finally:
            self.log(step["id"], f"expired {str(self.api.expired(inside)).lower()}")

    async def reschedule(self, step, place):
        if place.timeout is not None:
            self.api.reschedule(place.timeout, step["ms"])

    async def shield(self, step, place):
        value = await self.api.shield(lambda: self.block(step["body"], place))
        self.log(step["id"], f"shielded {value}")

    async def finally_(self, step, place):
        async def cleanup():
            await self.block(step["cleanup"], place)

        try:
            return_value = await self.block(step["body"], place)
            self.log(step["id"], f"tried {return_value}")
        finally:
            self.log(step["id"], "cleans up")
            await self.api.cleanup(cleanup, step["shielded"])
            self.log(step["id"], "cleaned up")

    async def except_(self, step, place):
        try:
            await self.block(step["body"], place)
        except tuple(ERRORS[name] for name in step["errors"]) as error:
            self.log(step["id"], f"caught {text(error)}")
            await self.block(step["handler"], place)

    async def exceptStar(self, step, place):
        original = None

        async def body():
            nonlocal original
            try:
                await self.block(step["body"], place)
            except BaseException as error:
                original = error
                raise

        try:
            await self.clauses(step, place, body)
        except BaseExceptionGroup as group:
            raise self.api.merged(group, original)

    async def clauses(self, step, place, body):
        one, two = step["clauses"]
        try:
            await body()
        except* tuple(ERRORS[name] for name in one["errors"]) as group:
            self.log(step["id"], f"first takes {text(group)}")
            await self.block(one["handler"], place)
        except* tuple(ERRORS[name] for name in two["errors"]) as group:
            self.log(step["id"], f"second takes {text(group)}")
            await self.block(two["handler"], place)

    async def swallow(self, step, place):
        try:
            await self.block(step["body"], place)
        except asyncio.CancelledError:
            self.log(step["id"], "swallowed")

    async def cancel(self, step, _place):
        self.ask_to_stop(step["id"], step["task"])

    async def await_(self, step, _place):
        handle = self.handles.get(step["task"])
        if handle is None:
            return
        value = await self.api.join(handle)
        self.log(step["id"], f"awaited {value}")


# Words of Python's own, as they stand in programs.
for _name in ("raise", "return", "finally", "except", "await"):
    setattr(Interpreter, _name, getattr(Interpreter, _name + "_"))
