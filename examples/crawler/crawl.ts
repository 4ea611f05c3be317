/** The heart of the crawler: a group in which every page is a task, and the links of a page are its siblings. */

import { taskGroup } from "joinery";
import { fetchPage, type FetchOptions } from "./fetch-page.ts";
import type { Tally } from "./tally.ts";

export interface CrawlOptions extends FetchOptions {
  /** How many pages are fetched at once. */
  readonly concurrency: number;
  /** How many pages are fetched at all. */
  readonly maxPages: number;
}

/**
 * Fetches `start` and every page of the same site that can be reached from it, each once. A page that fails does not
 * stop the others: all errors come out at the end, in one `ExceptionGroup`.
 */
export function crawl(start: URL, options: CrawlOptions, tally: Tally): Promise<void> {
  const { concurrency, maxPages } = options;
  const known = new Set<string>();
  return taskGroup(
    (group) => {
      const visit = (url: URL): void => {
        if (url.origin !== start.origin || known.has(url.href) || known.size >= maxPages) return;
        known.add(url.href);
        tally.found();
        group.createTask(
          async () => {
            const page = await fetchPage(url, options);
            tally.read(page.attempts);
            for (const link of page.links) visit(link);
          },
          { name: url.pathname },
        );
      };
      visit(start);
    },
    { name: "crawl", concurrency, onError: "collect" },
  );
}
