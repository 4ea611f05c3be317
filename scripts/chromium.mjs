import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const program = "/usr/bin/chromium";

/** Where Debian's Chromium is. */
export function chromiumProgram() {
  installChromium();
  return program;
}

/** Debian's Chromium, driven by the playwright-core of the folder `tools`. */
export async function launchChromium(tools) {
  const executablePath = chromiumProgram();
  const playwright = join(tools, "node_modules", "playwright-core", "index.mjs");
  const { chromium } = await import(pathToFileURL(playwright).href);
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

function installChromium() {
  if (existsSync(program)) return;
  if (process.getuid?.() !== 0)
    throw new Error(`There is no ${program}: install Debian's package chromium.`);
  execFileSync("apt-get", ["update"], { stdio: "inherit" });
  execFileSync("apt-get", ["install", "-y", "chromium"], { stdio: "inherit" });
}
