export default { root: import.meta.dirname, test: { include: ["vitest.mjs"] } };
