/** Lets `count` turns of the event loop pass. */
export async function turn(count = 2): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => void setImmediate(resolve));
}
