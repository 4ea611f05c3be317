"""Who is next: each task of a program waits here before each of its steps."""

import heapq
from asyncio import TimerHandle

from loop import VirtualLoop


class Conductor:
    def __init__(self, loop):
        self.loop = loop
        self.waiting = {}
        self.last = 0
        self.turns = 0

    async def turn(self, who):
        self.waiting[who] = self.loop.create_future()
        try:
            await self.waiting[who]
        finally:
            del self.waiting[who]

    def proceed(self):
        """Lets the next task go on, by their numbers, and begins again after the last."""
        if not self.waiting:
            return False
        self.last = min(self.waiting, key=lambda who: (who <= self.last, who))
        self.turns += 1
        self.waiting[self.last].set_result(None)
        return True


class Timer(TimerHandle):
    """Of two for the same time, the one that was set first fires first."""

    __slots__ = ("order",)

    def __lt__(self, other):
        return (self._when, self.order) < (other._when, other.order)


class ConductedLoop(VirtualLoop):
    """Nothing happens: somebody may go on, or time jumps."""

    def begin(self):
        self.restart()
        self.timers = 0
        self.conductor = Conductor(self)
        return self.conductor

    def call_at(self, when, callback, *args, context=None):
        timer = Timer(when, callback, args, self, context)
        self.timers += 1
        timer.order = self.timers
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def select(self, timeout):
        if timeout == 0 or self.conductor.proceed():
            return []
        return super().select(timeout)
