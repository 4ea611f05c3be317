"""The primitives, each by the verbs of a program. `conformance/primitives/subjects.ts` is the same in TypeScript."""

import asyncio


def said(error):
    """An error of a primitive, by its name; all others go on."""
    if isinstance(error, (asyncio.BrokenBarrierError, asyncio.QueueShutDown)):
        return type(error).__name__
    if isinstance(error, TimeoutError):
        return "TimeoutError"
    if isinstance(error, (RuntimeError, ValueError)):
        return "InvalidStateError"
    raise error


class Locking:
    def __init__(self, lock):
        self.lock = lock

    async def acquire(self, _item, held):
        if self in held:
            return "held already"
        await self.lock.acquire()
        held[self] = self.lock
        return "done"

    async def release(self, _item, held):
        if self not in held:
            return "not held"
        held.pop(self).release()
        return "done"

    def state(self):
        return {"locked": self.lock.locked(), "waiting": len(self.lock._waiters or ())}


class Conditional(Locking):
    def __init__(self, condition):
        super().__init__(condition)
        self.notifications = 0

    async def wait(self, _item, held):
        if self not in held:
            return "not held"
        await self.lock.wait()
        return "done"

    async def waitFor(self, item, held):
        if self not in held:
            return "not held"
        return await self.lock.wait_for(lambda: self.notifications > item % 3 and self.notifications)

    async def notify(self, item, held):
        if self not in held:
            return "not held"
        self.notifications += 1
        self.lock.notify(item % 2 + 1)
        return "done"

    async def notifyAll(self, _item, held):
        if self not in held:
            return "not held"
        self.notifications += 1
        self.lock.notify_all()
        return "done"

    def state(self):
        return {**super().state(), "forLock": len(self.lock._lock._waiters or ())}


class Counting:
    def __init__(self, semaphore):
        self.semaphore = semaphore

    async def acquire(self, _item, _held):
        await self.semaphore.acquire()
        return "done"

    async def tryAcquire(self, _item, _held):
        if self.semaphore.locked():
            return "false"
        await self.semaphore.acquire()
        return "true"

    async def release(self, _item, _held):
        self.semaphore.release()
        return "done"

    def state(self):
        semaphore = self.semaphore
        waiting = len(semaphore._waiters or ())
        return {"value": semaphore._value, "waiting": waiting, "locked": semaphore.locked()}


class Signalling:
    def __init__(self):
        self.event = asyncio.Event()

    async def wait(self, _item, _held):
        await self.event.wait()
        return "done"

    async def set(self, _item, _held):
        self.event.set()
        return "done"

    async def clear(self, _item, _held):
        self.event.clear()
        return "done"

    def state(self):
        return {"set": self.event.is_set(), "waiting": len(self.event._waiters)}


class Meeting:
    def __init__(self, parties):
        self.barrier = asyncio.Barrier(parties)

    async def wait(self, _item, _held):
        await self.barrier.wait()
        return "done"

    async def abort(self, _item, _held):
        await self.barrier.abort()
        return "done"

    async def reset(self, _item, _held):
        await self.barrier.reset()
        return "done"

    def state(self):
        barrier = self.barrier
        waiting = barrier.n_waiting
        return {"parties": barrier.parties, "waiting": waiting, "broken": barrier.broken}


class Queueing:
    def __init__(self, queue):
        self.queue = queue

    async def get(self, _item, _held):
        return await self.queue.get()

    async def put(self, item, _held):
        await self.queue.put(item)
        return "done"

    async def join(self, _item, _held):
        await self.queue.join()
        return "done"

    async def putNowait(self, item, _held):
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            return "false"
        return "true"

    async def getNowait(self, _item, _held):
        try:
            return self.queue.get_nowait()
        except asyncio.QueueEmpty:
            return "nothing"

    async def taskDone(self, _item, _held):
        self.queue.task_done()
        return "done"

    async def shutdown(self, _item, _held):
        self.queue.shutdown()
        return "done"

    async def shutdownNow(self, _item, _held):
        self.queue.shutdown(immediate=True)
        return "done"

    def state(self):
        queue = self.queue
        return {
            "size": queue.qsize(),
            "unfinished": queue._unfinished_tasks,
            "getting": len(queue._getters),
            "putting": len(queue._putters),
            "full": queue.full(),
        }

    def drain(self):
        return [self.queue.get_nowait() for _ in range(self.queue.qsize())]


def subject_of(node, condition):
    kind, size = node["kind"], node["size"]
    if kind == "Lock":
        return Locking(asyncio.Lock())
    if kind == "Condition":
        return Conditional(condition())
    if kind == "Event":
        return Signalling()
    if kind == "Barrier":
        return Meeting(size)
    made = getattr(asyncio, kind)(size)
    return Counting(made) if "Semaphore" in kind else Queueing(made)
