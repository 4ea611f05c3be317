"""
asyncio with the rules of `differences.json`, each of which says in `rules` that it was applied.

Where no rule applies it has to do what asyncio does, and that is checked as well.
"""

from blocks import Deadline, Group, Handle, InvalidState, Task, here, hop
from scopes import Host, Wait, cancelled_by, loop, refuse_if_cancelled


def shape(error):
    """A tree with the identities of its single errors."""
    if not isinstance(error, BaseExceptionGroup):
        return id(error)
    return (error.message, *(shape(member) for member in error.exceptions))


class Gathering:
    def __init__(self, tasks, return_exceptions, wait):
        self.tasks = tasks
        self.return_exceptions = return_exceptions
        self.wait = wait
        self.cause = None
        self.left = len(tasks)
        self.settled = False

    def begin(self):
        for task in self.tasks:
            task.when_over(lambda task=task: self.ended(task))

    def on_cancel(self, cause):
        self.cause = cause
        for task in self.tasks:
            task.cancel(cancelled_by(cause))
        return False

    def ended(self, task):
        if self.settled:
            return
        if self.return_exceptions or task.phase == "done":
            self.left -= 1
            if self.left == 0:
                self.settle()
            return
        self.settled = True
        own = task.phase == "cancelled" and self.cause is not None
        self.wait.reject(self.cause if own else task.result)

    def settle(self):
        self.settled = True
        if self.cause is not None:
            self.wait.reject(self.cause)
        else:
            self.wait.resolve([task.result for task in self.tasks])


class Model:
    """The same calls as `Stock`."""

    def __init__(self, random=None):
        self.loop = loop
        self.rules = set()
        loop.restart(random)
        self.root = Host(None, self.rules)

    def run(self, main):
        loop.run_until_complete(self._run(main))

    async def _run(self, main):
        await self._over(Task(self.root, self.rules, main))
        while self.root.children:
            for child in list(self.root.children):
                child.cancel()
            for child in list(self.root.children):
                await self._over(child)

    async def _over(self, task):
        future = loop.create_future()
        task.when_over(lambda: future.set_result(None))
        await future

    def at(self, when, callback):
        loop.at(when, callback)

    async def hop(self):
        await hop()

    def merged(self, group, original):
        """What `except*` has merged."""
        if group is original:
            return group
        if shape(group) == shape(original):
            self.rules.add("whole-groups-stay")
            return original
        distinct = list({id(error): error for error in group.exceptions}.values())
        if len(distinct) == len(group.exceptions):
            return group
        self.rules.add("same-error-once")
        return distinct[0] if len(distinct) == 1 else group.derive(distinct)

    def create(self, fn):
        return Handle(Task(self.root, self.rules, fn))

    def state(self, handle):
        return handle.task.phase

    async def join(self, handle):
        await hop()  # a handle is a thenable: it is asked in a microtask
        scope, task = here(), handle.task
        if task is scope.host:
            raise InvalidState
        if scope.cause is not None:
            self.rules.add("awaiting-is-not-owning")
        await refuse_if_cancelled(scope, not task.done())

        def on_cancel(_cause):
            self.rules.add("awaiting-is-not-owning")

        wait = Wait(scope, on_cancel)
        task.deliver(wait)
        return await wait.parked()

    async def sleep(self, ms):
        scope = here()
        await refuse_if_cancelled(scope)
        wait = Wait(scope)
        if ms > 0:
            forget = loop.after(ms, wait.resolve)
            try:
                await wait.parked()
            finally:
                forget()
        else:
            loop.next_turn(wait.resolve)
            await wait.parked()

    async def group(self, body):
        return await Group(here(), self.rules).run(body)

    async def gather(self, items, return_exceptions, twice):
        scope = here()
        await refuse_if_cancelled(scope, stock_would_suspend=callable(items[0]))
        if twice:
            items = [*items, items[0]]
            if callable(items[0]):
                self.rules.add("functions")
        tasks = [(self.create(item) if callable(item) else item).task for item in items]
        distinct = list(dict.fromkeys(tasks))
        for task in distinct:
            task.gathered_in = scope
        wait = Wait(scope)
        gathering = Gathering(distinct, return_exceptions, wait)
        wait.on_cancel = gathering.on_cancel
        gathering.begin()
        await wait.parked()
        return [task.result for task in tasks]

    async def wait(self, handles, timeout, return_when):
        tasks = [handle.task for handle in handles]

        async def enough(_scope=None):
            await refuse_if_cancelled(here())
            wait = Wait(here())
            left = [len(tasks)]

            def count(task):
                left[0] -= 1
                failed = return_when == "FIRST_EXCEPTION" and task.phase == "failed"
                if left[0] == 0 or failed or return_when == "FIRST_COMPLETED":
                    wait.resolve()

            for task in tasks:
                task.when_over(lambda task=task: count(task))
            await wait.parked()

        if timeout is None:
            await enough()
            await loop.hop(3)  # the way out of `wait` takes a few of `await`
        else:
            try:
                await Deadline(here(), self.rules).run(enough, timeout)
            except TimeoutError:
                pass
        await loop.hop(3)  # what ends meanwhile counts
        return [task.done() for task in tasks]

    async def as_completed(self, handles, step):
        over, waiting = [], []

        def ended(task):
            if waiting:
                waiting.pop().resolve(task)
            else:
                over.append(task)

        for handle in handles:
            handle.task.when_over(lambda task=handle.task: ended(task))
        for _ in handles:
            await refuse_if_cancelled(here(), not over)
            if over:
                task = over.pop(0)
            else:
                waiting.append(Wait(here()))
                task = await waiting[0].parked()
            failed = task.phase != "done"
            step(task.result if failed else None, None if failed else task.result)

    async def wait_for(self, fn, ms):
        if ms <= 0 and here().cause is None:
            raise TimeoutError

        async def take_over(scope):
            task = Task(scope, self.rules, fn)
            await refuse_if_cancelled(scope, stock_would_suspend=False)

            def on_cancel(cause):
                task.cancel(cancelled_by(cause))
                return False

            wait = Wait(scope, on_cancel)
            task.deliver(wait)
            return await wait.parked()

        return await Deadline(here(), self.rules).run(take_over, ms)

    async def timeout(self, ms, body):
        scope = Deadline(here(), self.rules)
        return await scope.run(body, ms)

    def reschedule(self, scope, delay):
        if scope.closed or scope.passed:
            raise InvalidState
        scope.set(None if delay is None else loop.time() + delay)

    def expired(self, scope):
        return scope.passed

    async def shield(self, fn):
        if here().cause is not None:
            self.rules.add("shield-is-a-block")
        return await Deadline(here(), self.rules, shielded=True).run(lambda _scope: fn())

    async def cleanup(self, fn, shielded):
        await (self.shield(fn) if shielded else fn())
