import { blocks } from "./catalogue.ts";
import { testEverywhere } from "./everywhere.ts";

testEverywhere("blocks", blocks, { scenarios: 155, checkpoints: 13_000, runs: 14_000 });
