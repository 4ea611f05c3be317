/** The packages with an engine: those with dependencies that are not installed with the repository. */
export function engineNames(): string[];
