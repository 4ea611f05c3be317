/** A conversation in the protocol of V8's inspector. */

import { moveOnAfter, type Parked, suspend } from "joinery";
import { WebSocket } from "ws";
import { Failure } from "../failure.ts";

/** A value in the process, or what an expression threw. */
export interface Evaluation {
  readonly result: { readonly value?: unknown; readonly objectId?: string };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A tree of 100,000 tasks takes seconds. */
const patience = 30_000;

const closed = "The process has ended, or somebody has closed its inspector.";

/** What V8 answers when the program has come to its end, and waits for those who look at it. */
const gone = /^Cannot find (?:default execution )?context/;

export class ProtocolSession {
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, Parked<unknown>>();
  readonly #listeners = new Map<string, (params: never) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#hear(JSON.parse(data.toString()) as Message));
    socket.on("close", () => this.#end());
  }

  /** Resolves when the connection is there; rejects with {@link Failure} if there is none to be had. */
  static open(url: string): Promise<ProtocolSession> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    return suspend<ProtocolSession>(
      (wait) => {
        socket.on("open", () => wait.resolve(new ProtocolSession(socket)));
        socket.on("error", ({ message }) => wait.reject(new Failure(message)));
        return () => socket.terminate();
      },
      { label: "the inspector" },
    );
  }

  /** Calls `listener` for every event `method`. */
  on(method: string, listener: (params: never) => void): void {
    this.#listeners.set(method, listener);
  }

  /** Resolves with the answer; rejects with {@link Failure} when the connection ends before, or none comes. */
  async send<R>(method: string, params: object = {}): Promise<R> {
    const answer = await moveOnAfter(patience, () => this.#ask<R>(method, params));
    if (answer.expired) throw new Failure(`The process has not answered for ${patience / 1000} s.`);
    return answer.value;
  }

  #ask<R>(method: string, params: object): Promise<R> {
    return suspend<R>(
      (wait) => {
        if (this.#socket.readyState !== WebSocket.OPEN) {
          wait.reject(new Failure(closed));
          return undefined;
        }
        const id = ++this.#last;
        this.#calls.set(id, wait);
        this.#socket.send(JSON.stringify({ id, method, params }));
        return () => void this.#calls.delete(id);
      },
      { label: `the answer to ${method}` },
    );
  }

  /** Rejects with {@link Failure} if the code throws. */
  async evaluate(method: string, params: object): Promise<Evaluation["result"]> {
    const { result, exceptionDetails: thrown } = await this.send<Evaluation>(method, params);
    if (thrown) throw new Failure(firstLine(thrown.exception?.description ?? thrown.text));
    return result;
  }

  /** Resolves when the connection has ended. */
  close(): Promise<void> {
    return suspend<void>(
      (wait) => {
        if (this.#socket.readyState === WebSocket.CLOSED) {
          wait.resolve();
          return undefined;
        }
        this.#socket.once("close", () => wait.resolve());
        this.#socket.close();
        return () => this.#socket.terminate();
      },
      { label: "the end of the inspector" },
    );
  }

  #hear({ id, method, params, result, error }: Message): void {
    if (id === undefined) return this.#listeners.get(method as string)?.(params as never);
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) call?.reject(new Failure(gone.test(error.message) ? closed : error.message));
    else call?.resolve(result);
  }

  #end(): void {
    for (const call of this.#calls.values()) call.reject(new Failure(closed));
    this.#calls.clear();
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] as string;
}
