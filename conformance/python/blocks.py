"""Tasks, groups and timeouts as blocks of scopes. See the rules in `differences.json`."""

import asyncio

from scopes import Host, Scope, loop, refuse, stems_from


class InvalidState(RuntimeError):
    pass


def here():
    return asyncio.current_task().host.inner


class Inside:
    """Makes `scope` the one that the code of its host is in."""

    def __init__(self, scope):
        self.scope = scope

    def __enter__(self):
        self.before = self.scope.host.inner
        self.scope.host.inner = self.scope

    def __exit__(self, *_error):
        self.scope.host.inner = self.before


async def hop():
    """An `await` in JavaScript lets others run."""
    await loop.hop(1)


class Task(Host):
    def __init__(self, parent, rules, fn, owner=None):
        super().__init__(parent, rules)
        self.owner = owner
        self.phase = "running"
        self.observers = []
        self.driver = loop.create_task(self._drive(fn))
        self.driver.host = self

    async def _drive(self, fn):
        if self.cause is not None:
            return self._end("cancelled", self.cause)
        self.step()
        try:
            value = await fn()
            self.over = True
            await hop()
        except BaseException as error:
            self.over = True
            if self.owner is not None and not isinstance(error, asyncio.CancelledError):
                self.owner.failing = True
            await hop()
            if stems_from(error, self.cause):
                return self._end("cancelled", self.cause)
            if isinstance(error, asyncio.CancelledError):
                self.rules.add("spontaneous-cancel")
            return self._end("failed", error)
        self._end("done", value)

    def _end(self, phase, outcome):
        self.step()
        if phase != "cancelled" and self.cause not in (None, self.told):
            self.rules.add("ready-values-stay")
        self.phase = phase
        self.result = outcome
        if self.owner is not None:
            self.owner.task_ended(self)
        self.close()
        observers, self.observers = self.observers, []
        for observer in observers:
            observer()

    def done(self):
        return self.phase != "running"

    def when_over(self, observer):
        if self.done():
            observer()
        else:
            self.observers.append(observer)

    def deliver(self, wait):
        def over():
            if self.phase == "done":
                wait.resolve(self.result)
            else:
                wait.reject(self.result)
                wait.scope.host.ready = wait.scope

        self.when_over(over)


class Handle:
    """What programs get of a task."""

    def __init__(self, task):
        self.task = task

    def cancel(self):
        if self.task.done():
            return False
        self.task.cancel()
        return True


class Group(Scope):
    def __init__(self, parent, rules):
        super().__init__(parent, rules, parent.host)
        self.phase = "open"
        self.errors = []
        self.reacting = False
        self.interrupted = False
        self.wake = None
        self.cancelled_at = None

    def create(self, fn):
        if self.phase == "over":
            raise InvalidState
        if self.cause is not None:
            self.rules.add("born-cancelled")
        return Handle(Task(self, self.rules, fn, self))

    def task_ended(self, child):
        if child.phase == "failed":
            self.fail(child.result)
        if child.phase == "cancelled" and child.cause is self.cause:
            self.interrupted = True

    def add(self, error):
        if any(error is each for each in self.errors):
            self.rules.add("same-error-once")
        else:
            self.errors.append(error)

    def fail(self, error):
        self.add(error)
        self.react()

    def react(self):
        if not self.reacting:
            self.reacting = self.failing = True
            loop.next_turn(self.cancel)

    def on_child_closed(self):
        if not self.children and self.wake is not None:
            self.wake.set_result(None)
            self.wake = None

    def on_cancel(self):
        self.cancelled_at = loop.time()
        if self.phase == "joining" and self.children:
            self.interrupted = True

    async def run(self, body):
        stale = self.cause is not None
        own = None
        value = None
        try:
            with Inside(self):
                value = await body(self)
            await hop()
            returned = True
        except BaseException as error:
            self.failing = not isinstance(error, asyncio.CancelledError)
            await hop()
            returned = False
            if not stems_from(error, self.cause):
                own = error
                if isinstance(error, asyncio.CancelledError):
                    self.rules.add("spontaneous-cancel")
                self.react()
        self._compare_end_of_body(returned)
        await self._join()
        if own is not None:
            self.add(own)
        return await self._result(returned, value, stale)

    def _compare_end_of_body(self, returned):
        self.step()
        if self.cancelled_at is None or not self.children:
            return
        if returned or loop.time() > self.cancelled_at:
            self.rules.add("scopes")

    async def _join(self):
        self.phase = "joining"
        if self.children and self.cause is not None:
            self.interrupted = True
        while self.children:
            self.wake = loop.create_future()
            await self.wake
        self.phase = "over"
        self.close()

    async def _result(self, returned, value, stale):
        outer = self.outer()
        if self.errors:
            if outer is not None or self.host.cause is not None:
                self.rules.add("scopes")
            raise BaseExceptionGroup("unhandled errors in a TaskGroup", self.errors)
        if outer is not None and (not returned or self.interrupted):
            if stale:
                await refuse(self.host, outer)
            raise outer
        return value


class Deadline(Scope):
    def __init__(self, parent, rules, shielded=False):
        super().__init__(parent, rules, parent.host, shielded)
        self.passed = False
        self.forget = lambda: None

    def set(self, when):
        self.forget()
        self.forget = lambda: None
        self.failing = False
        if when is None:
            return
        if when > loop.time():
            self.forget = loop.at(when, self.fire)
        else:
            self.failing = True
            current = [True]
            self.forget = lambda: current.clear()
            loop.next_turn(lambda: current and self.fire())

    def fire(self):
        if not self.closed:
            self.passed = True
            self.cancel()

    def close(self):
        self.forget()
        super().close()

    async def run(self, body, ms=None):
        if ms is not None:
            self.set(loop.time() + ms)
        stale = self.cause is not None
        try:
            with Inside(self):
                value = await body(self)
            await hop()
            if self.cause is not None:
                self.rules.add("level" if self.host.told is self.cause else "ready-values-stay")
            return value
        except BaseException as error:
            await hop()
            if not stems_from(error, self.cause):
                if self.passed and isinstance(error, asyncio.CancelledError):
                    self.rules.add("spontaneous-cancel")
                raise
            cause = self.cause
        finally:
            self.step()
            self.close()
        outer = self.outer()
        if outer is None:
            raise TimeoutError from cause
        if stale:
            await refuse(self.host, outer)
        raise outer
