/** One page: a deadline for each request, and another attempt where that may help. */

import { currentSignal, timeout, TimeoutError } from "joinery";
import { parse } from "node-html-parser";
import pRetry from "p-retry";

export interface FetchOptions {
  /** Milliseconds for each request, its body included. */
  readonly deadline: number;
  /** How often a request that failed is made again. */
  readonly retries: number;
}

export interface Page {
  readonly links: readonly URL[];
  /** How many requests it took. */
  readonly attempts: number;
}

/** What a request came to, and whether another one may come to more. */
class PageError extends Error {
  override readonly name = "PageError";
  readonly permanent: boolean;

  constructor(url: URL, what: string, options: ErrorOptions & { permanent?: boolean } = {}) {
    super(`${url.pathname}: ${what}`, options);
    this.permanent = options.permanent ?? false;
  }
}

export async function fetchPage(url: URL, { deadline, retries }: FetchOptions): Promise<Page> {
  let attempts = 0;
  const request = (): Promise<string> => {
    attempts++;
    return load(url, deadline);
  };
  const html = await pRetry(request, {
    retries,
    minTimeout: 100,
    shouldRetry: ({ error }) => !(error instanceof PageError && error.permanent),
    // p-retry knows nothing of scopes. With this a cancel also ends the pause between two attempts.
    signal: currentSignal(),
  });
  return { links: linksOf(html, url), attempts };
}

async function load(url: URL, deadline: number): Promise<string> {
  try {
    return await timeout(deadline, ({ signal }) => htmlOf(url, signal), { name: url.pathname });
  } catch (error) {
    if (error instanceof TimeoutError)
      throw new PageError(url, `no answer within ${deadline} ms`, { cause: error });
    // Fetch says of every trouble with the network that it is a TypeError. A cancellation is none, and passes.
    if (!(error instanceof TypeError)) throw error;
    const { message } = error.cause instanceof Error ? error.cause : error;
    throw new PageError(url, message, { cause: error });
  }
}

async function htmlOf(url: URL, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (response.ok) return await response.text();
  await response.body?.cancel();
  const permanent = response.status < 500;
  throw new PageError(url, `${response.status} ${response.statusText}`, { permanent });
}

function linksOf(html: string, base: URL): URL[] {
  const anchors = parse(html).querySelectorAll("a[href]");
  return anchors.flatMap((anchor) => {
    const href = anchor.getAttribute("href") ?? "";
    if (!URL.canParse(href, base)) return [];
    const url = new URL(href, base);
    url.hash = "";
    return [url];
  });
}
