import { waitsAndCalls } from "./catalogue.ts";
import { testEverywhere } from "./everywhere.ts";

testEverywhere("waits", waitsAndCalls, { scenarios: 115, checkpoints: 13_000, runs: 14_000 });
