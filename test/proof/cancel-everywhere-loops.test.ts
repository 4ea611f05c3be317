import { loops } from "./catalogue.ts";
import { testEverywhere } from "./everywhere.ts";

testEverywhere("loops", loops, { scenarios: 25, checkpoints: 2_000, runs: 2_000 });
