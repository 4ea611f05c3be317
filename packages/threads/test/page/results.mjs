// What comes back from threads, in Node and in pages.
import { remote } from "joinery/executor";

export const echo = remote("echo", (value) => value);

export const givesFunction = remote("givesFunction", () => () => {});

export const givesBytes = remote("givesBytes", (size, { transfer }) => {
  const bytes = new Uint8Array(size).fill(1);
  transfer(bytes.buffer);
  return bytes;
});
