"""asyncio as it is."""

import asyncio
import sys

from loop import VirtualLoop

loop = VirtualLoop()


class Stock:
    rules = ()

    def __init__(self, random=None):
        self.loop = loop
        loop.restart(random)

    def run(self, main):
        loop.run_until_complete(main())
        while left := asyncio.all_tasks(loop):
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left))

    def at(self, when, callback):
        loop.call_at(when, callback)

    async def hop(self):
        """In another order, as if there were more of `await`."""
        await loop.hop(0)

    def merged(self, group, _original):
        return group

    def create(self, fn):
        return loop.create_task(fn())

    def state(self, handle):
        if not handle.done():
            return "running"
        if handle.cancelled():
            return "cancelled"
        return "failed" if handle.exception() else "done"

    def outcome(self, handle):
        """The error of a task that is over, or `None` and its value."""
        if handle.cancelled():
            return asyncio.CancelledError(), None
        error = handle.exception()
        return error, None if error else handle.result()

    async def join(self, handle):
        return await handle

    async def sleep(self, ms):
        await asyncio.sleep(ms)

    async def group(self, body):
        async with asyncio.TaskGroup() as group:
            return await body(StockGroup(group))

    async def gather(self, items, return_exceptions, twice):
        awaitables = [item() if callable(item) else item for item in items]
        if twice:
            awaitables.append(awaitables[0])
        return await asyncio.gather(*awaitables, return_exceptions=return_exceptions)

    async def wait(self, handles, timeout, return_when):
        done, _pending = await asyncio.wait(handles, timeout=timeout, return_when=return_when)
        return [handle in done for handle in handles]

    async def as_completed(self, handles, step):
        if sys.version_info >= (3, 13):
            async for handle in asyncio.as_completed(handles):
                step(*self.outcome(handle))
            return
        for awaitable in asyncio.as_completed(handles):
            try:
                step(None, await awaitable)
            except Exception as error:
                step(error, None)

    async def wait_for(self, fn, ms):
        async def work():
            await self.hop()
            return await fn()

        return await asyncio.wait_for(work(), ms)

    async def timeout(self, ms, body):
        async with asyncio.timeout(ms) as scope:
            return await body(scope)

    def reschedule(self, scope, delay):
        scope.reschedule(None if delay is None else loop.time() + delay)

    def expired(self, scope):
        return scope.expired()

    async def shield(self, fn):
        return await asyncio.shield(loop.create_task(fn()))

    async def cleanup(self, fn, shielded):
        """asyncio knows one way to clean up."""
        await fn()


class StockGroup:
    def __init__(self, group):
        self.group = group

    def create(self, fn):
        return self.group.create_task(fn())
