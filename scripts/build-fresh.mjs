// Builds into an empty `dist`, so that nothing whose source is gone can be published.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
