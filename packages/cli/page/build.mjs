// Bundles the page into one file that asks for nothing else: dist/inspector/page.html.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const folder = import.meta.dirname;
const output = join(folder, "..", "dist", "inspector");

const { outputFiles } = await build({
  entryPoints: [join(folder, "main.tsx"), join(folder, "style.css")],
  outdir: output,
  bundle: true,
  write: false,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
});

const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
// What closes the element early, or is a pattern of `replace`, must not be taken for that.
const script = textOf(".js").replaceAll("</script", "<\\/script");
const html = readFileSync(join(folder, "index.html"), "utf8")
  .replace("<style></style>", () => `<style>${textOf(".css")}</style>`)
  .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);

mkdirSync(output, { recursive: true });
writeFileSync(join(output, "page.html"), html);
