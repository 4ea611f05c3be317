/** What a row of the file has to be. */

import { z } from "zod";

/** Out of a text. By itself zod would say "received NaN", which stands in no file. */
const number = z.coerce.number("not a number");

const schema = z.object({
  id: number.int().positive(),
  customer: z.string().min(1),
  amount: number.positive(),
  placed: z.iso.date(),
});

export type Order = z.infer<typeof schema>;

/** A row of the file, and the line that it ends on. */
export interface Row {
  readonly line: number;
  readonly record: unknown;
}

export class BadRowError extends Error {
  override readonly name = "BadRowError";

  constructor(line: number, problems: readonly string[]) {
    super(`line ${line}: ${problems.join("; ")}`);
  }
}

export function orderIn({ line, record }: Row): Order {
  const { data, error } = schema.safeParse(record);
  if (data) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new BadRowError(line, problems);
}
