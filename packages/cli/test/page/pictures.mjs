// Takes the pictures of docs/inspector.md: node packages/cli/test/page/pictures.mjs [FOLDER [dark|light]]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installTools } from "../../../../scripts/install-tools.mjs";
import { launchChromium } from "../../../../scripts/chromium.mjs";
import { serveInspector } from "../../dist/inspector/serve.js";
import { ownProcess } from "./live.mjs";
import { start } from "./programs.mjs";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const [folder = join(root, "docs", "images"), look] = process.argv.slice(2);

/** By picture: the program, how long it has been running, how large the picture is, and what is pressed. */
const pictures = [
  { name: "tree", program: "deadlock", ms: 1500, height: 440 },
  { name: "locks", program: "deadlock", ms: 1500, height: 640, act: showDeadlock, look: "dark" },
  { name: "crowd", program: "crowd", ms: 2500, height: 380 },
  { name: "cancellation", program: "wave", ms: 7000, width: 1560, height: 540, act: press("3") },
  { name: "timeline", program: "wave", ms: 7000, height: 500, act: press("2") },
  { name: "errors", program: "failure", ms: 1500, height: 320, act: press("5") },
];

function press(key) {
  return (page) => page.keyboard.press(key);
}

async function showDeadlock(page) {
  await page.getByRole("button", { name: "Deadlock" }).click();
  const cycle = page.getByRole("region", { name: "Tasks that wait for each other" });
  await cycle.getByRole("button", { name: "report" }).click();
}

/** With stacks that say nothing of this machine. */
function elsewhere(source) {
  const here = pathToFileURL(import.meta.dirname).href;
  const moved = (message) => JSON.parse(JSON.stringify(message).replaceAll(here, "file:///app"));
  return { ...source, follow: (listener) => source.follow((message) => listener(moved(message))) };
}

const browser = await launchChromium(installTools("page"));
mkdirSync(folder, { recursive: true });
for (const { name, program, ms, width = 1180, height, act = () => {}, ...own } of pictures) {
  const viewport = { width, height };
  const colorScheme = look ?? own.look ?? "light";
  const context = await browser.newContext({ reducedMotion: "reduce", colorScheme, viewport });
  const page = await context.newPage();
  const source = ownProcess(`node ${program}.js`);
  const stop = start(program);
  const server = await serveInspector(elsewhere(source));
  await page.goto(server.url);
  await page.waitForTimeout(ms);
  await act(page);
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(folder, `inspector-${name}.png`) });
  await context.close();
  await server.close();
  await stop();
  source.stop();
}
await browser.close();
