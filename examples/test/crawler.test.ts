import { describe, expect, test, vi } from "vitest";
import { Site } from "../crawler/site.ts";
import { play, start } from "./program.ts";

const patient = ["--deadline", "2000", "--retries", "1"];

describe("the crawler", () => {
  test("reads every page once and a few at a time, tries again, and tells all errors at the end", async () => {
    await using site = await Site.start();
    const { code, lines, stderr } = await play("crawler/main.js", site.url, ...patient);
    expect(lines.slice(0, 3)).toEqual([
      `Crawling ${site.url}`,
      "Read 61 of 64 pages, 1 of them not at the first attempt.",
      "3 failed:",
    ]);
    expect(lines.slice(3).toSorted()).toEqual([
      "  /broken: other side closed",
      "  /gone: 404 Not Found",
      "  /silent: no answer within 2000 ms",
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" }); // no bar, for there is no terminal

    const again = [...site.requests].filter(([, times]) => times > 1);
    expect(new Map(again)).toEqual(new Map(["/moody", "/silent", "/broken"].map((at) => [at, 2])));
    expect(site.mostOpen).toBe(8);
  });

  test("keeps to the numbers that it is given", async () => {
    await using site = await Site.start();
    const limits = ["--max-pages", "10", "--concurrency", "2"];
    const { lines } = await play("crawler/main.js", site.url, ...patient, ...limits);
    expect(lines[1]).toMatch(/^Read \d+ of 10 pages/);
    expect(site.requests.size).toBe(10);
    expect(site.mostOpen).toBe(2);
  });

  test("has a site of its own, and ends with it", async () => {
    const { code, lines } = await play("crawler/main.js", ...patient);
    expect(code).toBe(1);
    expect(lines[2]).toBe("3 failed:");
  });

  test("leaves on Ctrl-C: says what it did, and nothing of it is left", async () => {
    await using site = await Site.start({ latency: (path) => (path === "/" ? 0 : 60_000) });
    const crawler = start("crawler/main.js", site.url, "--deadline", "60000");
    await vi.waitFor(() => expect([...site.requests.keys()]).toHaveLength(3), 20_000);
    crawler.kill("SIGINT");
    expect(await crawler.ended).toEqual({
      code: 130,
      signal: null,
      lines: [`Crawling ${site.url}`, "Interrupted.", "Read 1 of 3 pages."],
      stderr: "",
    });
    await vi.waitFor(() => expect(site.open).toBe(0));
  });

  test("leaves on Ctrl-C also in the pause between two attempts, and tells what failed before", async () => {
    await using site = await Site.start({ latency: () => 0 });
    const args = ["--retries", "20", "--deadline", "60000"]; // the pauses double
    const crawler = start("crawler/main.js", `${site.url}broken`, ...args);
    await vi.waitFor(() => expect(site.requests.get("/broken")).toBe(4), 20_000);
    crawler.kill("SIGINT");
    const { code, lines } = await crawler.ended;
    expect(lines.slice(1)).toEqual(["Interrupted.", "Read 0 of 1 pages."]);
    expect(code).toBe(130);
  });

  test("says which page it was when the site is not there", async () => {
    const site = await Site.start();
    const { url } = site;
    await site[Symbol.asyncDispose]();
    const { code, lines } = await play("crawler/main.js", url, "--retries", "0");
    expect(code).toBe(1);
    expect(lines.slice(1)).toEqual([
      "Read 0 of 1 pages.",
      "1 failed:",
      expect.stringMatching(/^ {2}\/: /),
    ]);
  });
});
