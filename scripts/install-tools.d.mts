/** Installs `tools/<name>` from its own lock file, and returns the folder. */
export function installTools(name: string): string;
