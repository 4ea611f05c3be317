import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const runner = join("node_modules", "vitest", "vitest.mjs");
const config = join("test", "runtimes", "vitest.config.ts");

/** For the whole suite: it takes a minute or two on a machine that has nothing else to do. */
const longest = 15 * 60_000;

/** Runs the suite with vitest on a runtime. Resolves with its report; rejects if there is none. */
export async function run(name, [program, ...args]) {
  const folder = mkdtempSync(join(tmpdir(), "joinery-runtime-"));
  const file = join(folder, "report.json");
  try {
    const env = { ...process.env, NO_COLOR: "1", JOINERY_RUNTIME: name, JOINERY_REPORT: file };
    const output = await finish(program, [...args, runner, "run", "--config", config], env);
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch (cause) {
      throw new Error(`${name} ended without a report:\n${output}`, { cause });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Resolves with the end of what the program printed; its group of processes ends with it. */
function finish(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, detached: true, stdio: "pipe" });
    let output = "";
    const end = () => endGroup(child.pid);
    const timer = setTimeout(() => {
      output += `\nIt took longer than ${longest / 60_000} minutes.`;
      end();
    }, longest);
    process.once("exit", end);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output = (output + text).slice(-4000)));
    child.once("error", reject);
    child.once("close", () => {
      clearTimeout(timer);
      process.off("exit", end);
      resolve(output);
    });
  });
}

function endGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is over.
  }
}
