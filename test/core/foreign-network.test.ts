import { createServer, get, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { timeout, TimeoutError } from "joinery";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  broken,
  cancelledQuietly,
  type ForeignWork,
  begunTooLate,
  stoppedWhileBusy,
} from "./fixtures/stopped-by-sibling.ts";

/** Sends a first part of an answer, and never the rest; nothing at all to `/silent`. */
const server = createServer((request, response) => {
  arrived.forEach((each) => each());
  if (request.url !== "/silent") response.write("part");
});
const arrived = new Set<() => void>();

let port: number;
let url: string;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  ({ port } = server.address() as AddressInfo);
  url = `http://127.0.0.1:${port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Calls `busy` when the next request is with the server. */
function onArrival(busy: () => void): void {
  const once = (): void => {
    arrived.delete(once);
    busy();
  };
  arrived.add(once);
}

/** An answer of which the first part is there. */
function answer(signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) =>
    get(url, { signal, agent: false }, resolve).once("error", reject),
  );
}

const works: Record<string, ForeignWork> = {
  "fetch before the headers": (signal, busy) => {
    onArrival(busy);
    return fetch(`${url}/silent`, { signal });
  },
  "fetch of a Request": (signal, busy) => {
    onArrival(busy);
    return fetch(new Request(`${url}/silent`, { signal }));
  },
  "fetch with AbortSignal.any": (signal, busy) => {
    onArrival(busy);
    return fetch(`${url}/silent`, {
      signal: AbortSignal.any([signal, new AbortController().signal]),
    });
  },
  "text() of a response": async (signal, busy) => {
    const response = await fetch(url, { signal });
    busy();
    return response.text();
  },
  "a reader of a response": async (signal, busy) => {
    const reader = (await fetch(url, { signal })).body!.getReader();
    await reader.read();
    busy();
    return reader.read();
  },
  "a response as a stream of Node": async (signal, busy) => {
    const response = await fetch(url, { signal });
    for await (const _ of Readable.fromWeb(response.body as never)) busy();
  },
  "http.get before the headers": (signal, busy) => {
    onArrival(busy);
    return new Promise((resolve, reject) =>
      get(`${url}/silent`, { signal, agent: false }, resolve).once("error", reject),
    );
  },
  "a socket of node:net": async (signal, busy) => {
    const socket = connect({ port, host: "127.0.0.1", signal });
    socket.once("connect", busy);
    for await (const _ of socket);
  },
};

describe.each(Object.entries(works))("%s", (_, work) => {
  test("3.4: a child that waits in it when a sibling fails counts as cancelled", async () => {
    expect(await stoppedWhileBusy(work)).toMatchObject(cancelledQuietly);
  });

  test("3.4: a child that comes to it after its cancellation counts as cancelled", async () => {
    expect(await begunTooLate(work)).toMatchObject(cancelledQuietly);
  });
});

test("3.4: fetch rejects with the reason of the signal itself", async () => {
  const { outcome, cancellation } = await stoppedWhileBusy((signal, busy) => {
    onArrival(busy);
    return fetch(`${url}/silent`, { signal });
  });
  expect(outcome).toBe(cancellation);
});

test("1: what does not say that it was aborted is a failure and comes out", async () => {
  // node:http tells the reader of a broken answer of a lost connection, whoever broke it.
  const { state, errors } = await stoppedWhileBusy(async (signal, busy) => {
    for await (const _ of await answer(signal)) busy();
  });
  expect(state).toBe("failed");
  expect(errors).toMatchObject([broken, { message: "aborted", code: "ECONNRESET" }]);
});

const intoPipeline: ForeignWork = async (signal, busy) => {
  await pipeline(
    await answer(signal),
    async (parts: AsyncIterable<unknown>) => {
      for await (const _ of parts) busy();
    },
    { signal },
  );
};

describe("http.get into a pipeline", () => {
  test("3.4: a child that waits in it when a sibling fails counts as what the pipeline says", async () => {
    const stopped = await stoppedWhileBusy(intoPipeline);
    // An AbortError on Node 20 and 22 and on Deno; a lost connection from Node 24 on, and on Bun.
    const { code } = stopped.outcome as NodeJS.ErrnoException;
    const lost = { state: "failed", errors: [broken, { code: "ECONNRESET" }] };
    expect(stopped).toMatchObject(code === "ABORT_ERR" ? cancelledQuietly : lost);
  });

  test("3.4: a child that comes to it after its cancellation counts as cancelled", async () => {
    expect(await begunTooLate(intoPipeline)).toMatchObject(cancelledQuietly);
  });
});

test("2: a timeout around fetch is a TimeoutError", async () => {
  const silent = timeout(10, ({ signal }) => fetch(`${url}/silent`, { signal }));
  await expect(silent).rejects.toThrow(TimeoutError);
});
