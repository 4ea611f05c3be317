/** A site to crawl, on this machine. Most of its pages are well. */

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface SiteOptions {
  /** How many pages there are, beside those that are not well. */
  readonly pages?: number;
  /** Milliseconds until a page is answered. */
  readonly latency?: (path: string) => number;
}

export class Site implements AsyncDisposable {
  /** How often each page was asked for. */
  readonly requests = new Map<string, number>();
  /** How many requests are open, and how many were at once. */
  open = 0;
  mostOpen = 0;
  readonly #server = createServer((request, response) => void this.#serve(request.url!, response));
  readonly #pages: number;
  readonly #latency: (path: string) => number;

  private constructor({ pages = 60, latency = () => 30 }: SiteOptions) {
    this.#pages = pages;
    this.#latency = latency;
  }

  static async start(options: SiteOptions = {}): Promise<Site> {
    const site = new Site(options);
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(path: string, response: ServerResponse): Promise<void> {
    const nth = (this.requests.get(path) ?? 0) + 1;
    this.requests.set(path, nth);
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    response.once("close", () => this.open--);
    await delay(this.#latency(path));
    if (path === "/moody" && nth === 1) response.writeHead(503).end();
    else if (path === "/moody") response.end("Well again.");
    else if (path === "/broken") response.destroy();
    else if (path !== "/silent") this.#answer(path, response);
  }

  #answer(path: string, response: ServerResponse): void {
    const number = path === "/" ? 1 : Number(/^\/page\/(\d+)$/.exec(path)?.[1]);
    if (!(number <= this.#pages)) response.writeHead(404).end();
    else response.end(links(number, this.#pages).map(anchor).join("\n"));
  }
}

function anchor(href: string): string {
  return `<a href="${href}">${href}</a>`;
}

/** The pages are a tree: the first leads to 2 and 3, the second to 4 and 5. Some lead to trouble. */
function links(number: number, pages: number): string[] {
  const trouble: Record<number, string> = {
    2: "/gone",
    3: "/moody",
    4: "/silent",
    5: "/broken",
    6: "http://elsewhere.example/",
  };
  const below = [2 * number, 2 * number + 1].filter((next) => next <= pages);
  return ["/", "#top", ...below.map((next) => `/page/${next}`), ...[trouble[number] ?? []].flat()];
}
