import { snapshot, treeText } from "joinery/observe";

const intervalMs = 1000;

/** Prints the tree every second, until the returned function is called. */
export function showTree(title: () => string): () => void {
  const timer = setInterval(() => {
    const text = treeText(snapshot(), { width: process.stdout.columns ?? 120, lines: 40 });
    console.log(`\n${title()}\n${text}`);
  }, intervalMs);
  return () => clearInterval(timer);
}
