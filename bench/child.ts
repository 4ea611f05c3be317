/** The fresh process: measures one subject at one piece of work, and prints one line of JSON. */

import type { Assignment } from "./assignment.ts";
import { subjects } from "./subjects/index.ts";
import type { Subject } from "./subject.ts";
import { works } from "./work/index.ts";

const { work, subject, n, patience } = JSON.parse(process.argv[2] ?? "") as Assignment;
const measured = (await subjects[subject]()) as Required<Subject>;
const value = await works[work](measured, n, patience);
console.log(JSON.stringify({ value }));
process.exit();
