/** Who gets in: the holder of the token, who came by the address that was printed. */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface Refusal {
  readonly status: 400 | 403 | 404 | 405;
  readonly reason: string;
}

export class Gate {
  readonly #host: string;
  readonly #token: string = randomBytes(32).toString("base64url");

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
  }

  get url(): string {
    return `http://${this.#host}/?token=${this.#token}`;
  }

  /** Why a request for the page is refused; `undefined` if it is not. */
  refusePage(request: IncomingMessage): Refusal | undefined {
    return this.#refuse(request, "/");
  }

  /** The same for the file that it shows. */
  refuseRecording(request: IncomingMessage): Refusal | undefined {
    return this.#refuse(request, "/recording");
  }

  /** The same for its feed. Only a page has an origin, and only this one has ours. */
  refuseFeed(request: IncomingMessage): Refusal | undefined {
    if (request.headers.origin === undefined)
      return { status: 403, reason: "Only the page itself may ask for this." };
    return this.#refuse(request, "/feed");
  }

  #refuse({ method, url = "/", headers }: IncomingMessage, path: string): Refusal | undefined {
    // A name that somebody else has pointed at this machine is not our address.
    if (headers.host !== this.#host)
      return { status: 403, reason: "Open the page by the address that was printed." };
    const { origin } = headers;
    if (origin !== undefined && origin !== `http://${this.#host}`)
      return { status: 403, reason: "Another page may not ask for this." };
    if (method !== "GET") return { status: 405, reason: "There is nothing but GET." };
    if (!URL.canParse(url, `http://${this.#host}`))
      return { status: 400, reason: "This is no address." };
    const { pathname, searchParams } = new URL(url, `http://${this.#host}`);
    if (pathname !== path) return { status: 404, reason: "There is nothing here." };
    if (!isSame(searchParams.get("token") ?? "", this.#token))
      return { status: 403, reason: "The token is missing, or not that of this page." };
    return undefined;
  }
}

/** In a time that tells nothing about how much of it was right. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
