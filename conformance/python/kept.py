"""
The primitives of asyncio, in tasks with three rules of `differences.json`, each of which says in `rules` that
it was applied. Everything else is asyncio's.

`level`: a cancel is a state. It is noticed also where one needs not wait, and a second one changes nothing.

`ready-values-stay`: who was woken keeps what it was woken for, and is cancelled when it waits again. So only
who got a notification can lose it, and nobody else hands one on.

`scopes`: a cancel of the task with the group reaches the tasks in it at once, before one of them goes on that
is about to, and might wake another one.
"""

import asyncio
from asyncio import tasks

# From 3.14 on, only tasks in C tell groups and timeouts which task is the current one.
tasks._py_enter_task = tasks._c_enter_task
tasks._py_leave_task = tasks._c_leave_task


class KeepingTask(tasks._PyTask):
    """`rules` is set by the factory."""

    late = False  # cancelled when it was ready to go on
    told = False  # waits although it has been cancelled

    def cancel(self, msg=None):
        if self.told:
            self.rules.add("level")
        elif self._is_ready():
            self.rules.add("ready-values-stay")
            self.late = True
        else:
            return super().cancel(msg)
        self._num_cancels_requested += 1
        return True

    def _is_ready(self):
        return self.goes_on() and not self._fut_waiter.cancelled()

    def goes_on(self):
        return self._fut_waiter is not None and self._fut_waiter.done()

    def refuse(self):
        """Before each wait."""
        if self._must_cancel:
            self.rules.add("level")
        if self._must_cancel or self.late:
            self._must_cancel = self.late = False
            raise asyncio.CancelledError


def keeping(rules):
    """A factory of tasks."""

    def factory(loop, coro, **options):
        task = KeepingTask(coro, loop=loop, **options)
        task.rules = rules
        return task

    return factory


def cancel_all(tasks):
    """Before the task with their group is cancelled."""
    for task in tasks:
        if task.goes_on():
            task.rules.add("scopes")
    for task in tasks:
        if not task.done():
            task.cancel()


class KeepingCondition(asyncio.Condition):
    async def wait(self):
        task = asyncio.current_task()
        waiter = self._get_loop().create_future()
        self.release()
        self._waiters.append(waiter)
        error = await caught(waiter)
        self._waiters.remove(waiter)
        notified = error is None
        while True:
            task.told = error is not None
            failure = await caught(self.acquire())
            task.told = False
            if failure is None:
                break
            error = failure
        if error is not None:
            self._hand_on(notified, task.rules)
            raise error
        return True

    def _hand_on(self, notified, rules):
        if notified:
            self._notify(1)
        elif any(not waiter.done() for waiter in self._waiters):
            rules.add("ready-values-stay")


async def caught(awaitable):
    try:
        await awaitable
    except asyncio.CancelledError as error:
        return error
