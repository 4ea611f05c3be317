/**
 * Crawls a site and names the pages that are broken: `npm run example crawler [URL]`. Without a URL it starts a site of its
 * own, in which a bit of everything happens. Ends with 0 if all is well, 1 if not, 130 after Ctrl-C.
 */

import { checkpoint, currentSignal, exceptStar, on, run } from "joinery";
import { parseArgs } from "node:util";
import { crawl } from "./crawl.ts";
import { Site } from "./site.ts";
import { Tally } from "./tally.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: "string", default: "8" },
    deadline: { type: "string", default: "500" },
    retries: { type: "string", default: "2" },
    "max-pages": { type: "string", default: "1000" },
  },
});

await run(async function crawler() {
  const [address] = positionals;
  await using site = address === undefined ? await Site.start() : undefined;
  const start = new URL(address ?? site!.url);
  const options = {
    concurrency: Number(values.concurrency),
    deadline: Number(values.deadline),
    retries: Number(values.retries),
    maxPages: Number(values["max-pages"]),
  };

  console.log(`Crawling ${start.href}`);
  const tally = new Tally();
  const failures: Error[] = [];
  try {
    await crawl(start, options, tally);
  } catch (error) {
    // A cancellation goes to no clause: it passes through.
    await exceptStar(
      error,
      on(Error, (group) => void failures.push(...group)),
    );
  } finally {
    tally.hideBar();
    report(tally, failures);
  }
  // Errors win over Ctrl-C, so it may have come as well.
  await checkpoint();
});

function report(tally: Tally, failures: readonly Error[]): void {
  if (currentSignal().aborted) console.log("Interrupted.");
  console.log(tally.summary());
  if (failures.length === 0) return;
  process.exitCode = 1;
  console.log(`${failures.length} failed:`);
  for (const { message } of failures) console.log(`  ${message}`);
}
