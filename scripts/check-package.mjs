// Looks at the package as its users get it: packs it, installs the tarball in an empty folder, and
// there asks publint, attw, several versions of TypeScript, `import` and `require`.
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { installTools } from "./install-tools.mjs";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.keys(manifest.exports)
  .filter((entry) => !entry.endsWith(".json"))
  .map((entry) => entry.replace(".", manifest.name));
const strict = { noEmit: true, strict: true, target: "es2022", skipLibCheck: false };
const tools = installTools("package");
const compilers = installTools("consumers");

const temporary = mkdtempSync(join(tmpdir(), "joinery-package-"));
try {
  const tarball = pack();
  await interrogate(tarball);
  const consumer = installConsumer(tarball);
  await compileConsumer(consumer);
  await compileEachEntry(consumer);
  loadEveryEntry(consumer);
} finally {
  rmSync(temporary, { recursive: true });
}

function pack() {
  const args = ["pack", "--silent", "--pack-destination", temporary];
  const name = execFileSync("npm", args, { cwd: root, encoding: "utf8" }).trim().split("\n").at(-1);
  return join(temporary, name);
}

/** Are `exports`, files and types what they claim to be? */
async function interrogate(tarball) {
  const bin = join(tools, "node_modules", ".bin");
  await Promise.all([
    step("publint", join(bin, "publint"), ["run", tarball, "--strict"]),
    step("attw", join(bin, "attw"), [tarball, "--profile", "esm-only", "--no-definitely-typed"]),
  ]);
}

/** Offline: the package has no dependencies. */
function installConsumer(tarball) {
  const folder = join(temporary, "consumer");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const args = ["install", "--silent", "--offline", "--no-audit", "--no-fund", tarball];
  execFileSync("npm", args, { cwd: folder, stdio: "inherit" });
  copyFileSync(join(compilers, "consumer.ts"), join(folder, "consumer.ts"));
  return folder;
}

/** Every version of TypeScript × module resolution × platform, declarations of the package included. */
async function compileConsumer(folder) {
  const versions = ["typescript-5.5", "typescript-6.0", "typescript-7.0"];
  const resolutions = { nodenext: "nodenext", bundler: "esnext" };
  const platforms = {
    node: { lib: ["es2023"], types: ["node"] },
    dom: { lib: ["es2023", "dom"], types: [] },
  };
  const typeRoots = [join(compilers, "node_modules", "@types")];

  for (const version of versions) {
    const cells = Object.entries(resolutions).flatMap(([moduleResolution, module]) =>
      Object.entries(platforms).map(([platform, settings]) => {
        const options = { ...settings, typeRoots, moduleResolution, module };
        const title = `${version}, ${moduleResolution}, ${platform}`;
        return compile(title, folder, version, { file: "consumer.ts", ...options });
      }),
    );
    await Promise.all(cells);
  }
}

/** Each entry point by itself: what its declarations need has to come with them, and not with another one. */
async function compileEachEntry(folder) {
  const options = { lib: ["es2023", "dom"], types: [], module: "nodenext" };
  const compilations = entries.map((name) => {
    const file = `${name.replace("/", "-")}.ts`;
    writeFileSync(join(folder, file), `export * from ${JSON.stringify(name)};\n`);
    return compile(`${name} alone`, folder, "typescript-5.5", { file, ...options });
  });
  await Promise.all(compilations);
}

/** Compiles one file of the consumer with a project of its own. */
function compile(title, folder, version, { file, ...options }) {
  const tsc = join(compilers, "node_modules", version, "bin", "tsc");
  const project = join(folder, `tsconfig.${title.replaceAll(/\W+/g, "-")}.json`);
  const compilerOptions = { ...strict, ...options };
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
  return step(title, process.execPath, [tsc, "-p", project], folder);
}

/** `import` and `require` give the same names, of every entry point. */
function loadEveryEntry(folder) {
  for (const entry of entries) {
    const name = JSON.stringify(entry);
    const imported = evaluate(folder, "module", `Object.keys(await import(${name}))`);
    const required = evaluate(folder, "commonjs", `Object.keys(require(${name}))`);
    if (imported === "[]\n" || imported !== required) {
      throw new Error(`${name}: import gives ${imported}, require gives ${required}`);
    }
    console.log(`ok  ${name}: import, require`);
  }
}

function evaluate(folder, type, expression) {
  const program = `process.stdout.write(JSON.stringify(${expression}) + "\\n")`;
  const args = ["--no-warnings", `--input-type=${type}`, "--eval", program];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

/** Runs one program, and shows what it said only if it failed. */
async function step(title, program, args, cwd = root) {
  try {
    await promisify(execFile)(program, args, { cwd });
    console.log(`ok  ${title}`);
  } catch (error) {
    console.error(`not ok  ${title}\n${error.stdout}${error.stderr}`);
    process.exitCode = 1;
  }
}
