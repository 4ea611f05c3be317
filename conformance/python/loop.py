"""Event loops whose time stands still while anything happens, and jumps when nothing does."""

import asyncio
import collections


class Deadlock(Exception):
    """Nothing is ready, and no timer is set."""


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's own loop; only its idea of time is another."""

    def __init__(self):
        super().__init__()
        self._now = 0.0
        self._selector = self
        self.set_exception_handler(lambda _loop, _context: None)

    def restart(self, random=None):
        """With `random` set, what is ready at one time runs in an order of its choice."""
        self.random = random
        self.restless = random.choice((0.05, 0.2, 0.5)) if random else 0
        self.priorities = {} if random and random.random() < 0.5 else None
        self._now = 0.0
        self._ready.clear()
        self._scheduled.clear()
        self._timer_cancelled_count = 0

    def time(self):
        return self._now

    def _run_once(self):
        held = self._hold_back()
        super()._run_once()
        self._ready.extendleft(reversed(held))

    def _hold_back(self):
        """In another order, all but one wait, for as long as it comes."""
        if self.random is None:
            return []
        self._reorder()
        first, *held = self._ready or [None]
        if held:
            self._ready = collections.deque([first])
        return held

    def _reorder(self):
        """Some task gets ahead, now and then or always."""
        ready = self._ready
        if len(ready) < 2 or self.random is None:
            return
        if self.priorities is not None:
            self._ready = collections.deque(sorted(ready, key=self._priority))
        elif self.chance():
            ready.rotate(-self.random.randrange(len(ready)))

    def _priority(self, handle):
        task = getattr(handle._callback, "__self__", None)
        return self.priorities.setdefault(task, self.random.random())

    def chance(self):
        return self.random is not None and self.random.random() < self.restless

    async def hop(self, usual):
        """Lets others run; how often is nobody's promise."""
        for _ in range(self.random.randrange(4) if self.chance() else usual):
            await asyncio.sleep(0)

    def select(self, timeout):
        if timeout is None:
            raise Deadlock
        self._now += timeout
        return []

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


class TurnLoop(VirtualLoop):
    """
    The loop of JavaScript: microtasks first, then what waits for the next turn, and so on; timers when
    nothing else is left, those that are due together in one go.
    """

    def restart(self, random=None):
        super().restart(random)
        self._turn = []
        self._timers = []
        self._buckets = {}
        self._count = 0

    def next_turn(self, callback):
        """Those of one turn are called in one go in the next."""
        self._turn.append(callback)

    def after(self, delay, callback):
        """Timers of one length and one turn fire together."""
        bucket = self._buckets.get(delay)
        if bucket is None or not bucket[2]:
            if not self._buckets:
                self.next_turn(self._buckets.clear)
            bucket = self._buckets[delay] = self._bucket(self._now + delay)
        return self._add(bucket, callback)

    def at(self, when, callback):
        return self._add(self._bucket(when), callback)

    def _bucket(self, when):
        """A time, the order among those of that time, and what is called then."""
        self._count += 1
        bucket = [when, self._count, []]
        self._timers.append(bucket)
        return bucket

    def _add(self, bucket, callback):
        bucket[2].append(callback)
        return lambda: callback in bucket[2] and bucket[2].remove(callback)

    def _run_once(self):
        if self._ready:
            self._run_handle()
        elif self._turn:
            turn, self._turn = self._turn, []
            for callback in turn:
                callback()
        else:
            self._jump()

    def _run_handle(self):
        self._reorder()
        handle = self._ready.popleft()
        if not handle._cancelled:
            handle._run()

    def _jump(self):
        self._timers = [bucket for bucket in self._timers if bucket[2]]
        if not self._timers:
            raise Deadlock
        self._now = max(self._now, min(self._timers)[0])
        due = sorted(bucket for bucket in self._timers if bucket[0] <= self._now)
        for bucket in due:
            while bucket[2]:
                bucket[2].pop(0)()
