"""asyncio's gather and TaskGroup: as child.ts, for CPython. One JSON argument, one line of JSON."""

import asyncio
import gc
import json
import os
import statistics
import sys
import time

assignment = json.loads(sys.argv[1])


async def trivial():
    await asyncio.sleep(0)


async def gather(coroutines):
    await asyncio.gather(*coroutines)


async def task_group(coroutines):
    async with asyncio.TaskGroup() as group:
        for coroutine in coroutines:
            group.create_task(coroutine)


JOIN = {"asyncio gather": gather, "asyncio TaskGroup": task_group}[assignment["subject"]]


def resident():
    """The bytes of memory that the process holds: there is no heap to ask."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def join(n):
    start = time.perf_counter()
    await JOIN(trivial() for _ in range(n))
    return time.perf_counter() - start


async def at_rest(n, wait):
    """A task that has `n` others rest in `wait`."""
    arrived = 0
    everybody = asyncio.Event()

    async def rest():
        nonlocal arrived
        arrived += 1
        if arrived == n:
            everybody.set()
        await wait()

    over = asyncio.create_task(JOIN(rest() for _ in range(n)))
    await everybody.wait()
    await asyncio.sleep(0)
    return over


async def stop(over):
    over.cancel()
    await asyncio.wait([over])


async def cancel(n):
    over = await at_rest(n, lambda: asyncio.sleep(60))
    start = time.perf_counter()
    await stop(over)
    return time.perf_counter() - start


async def bytes_at_rest(n, wait):
    before = resident()
    over = await at_rest(n, wait)
    held = resident() - before
    await stop(over)
    return held / n


async def median_time(once, n):
    patience = assignment["patience"]
    await repeat(once, n, patience["warmUp"], 1)
    return statistics.median(await repeat(once, n, patience["budget"], 3)) * 1000


async def repeat(once, n, at_least, times):
    results = []
    start = time.perf_counter()
    while True:
        results.append(await once(n))
        spent = (time.perf_counter() - start) * 1000
        if spent >= at_least * 4 or (spent >= at_least and len(results) >= times):
            return results


async def main():
    n = assignment["n"]
    match assignment["work"]:
        case "join":
            return await median_time(join, n)
        case "cancel":
            return await median_time(cancel, n)
        case "blocked":
            future = asyncio.get_running_loop().create_future()
            return await bytes_at_rest(n, lambda: future)
        case "sleeping":
            return await bytes_at_rest(n, lambda: asyncio.sleep(60))


print(json.dumps({"value": asyncio.run(main())}))
