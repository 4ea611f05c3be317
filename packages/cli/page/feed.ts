/** Where the page gets what it shows: the server that served it, or a file. */

import type { PageMessage } from "../src/inspector/source.ts";
import { parseRecording } from "./recording.ts";
import { begin, complaint, connection, hear, openRecording } from "./session.ts";

/** Between two attempts to reach a server that is gone. */
const patience = 2000;

let socket: WebSocket | undefined;

/** Follows the server that served the page. A page from a file has none. */
export function follow(): void {
  if (location.protocol === "file:") return;
  connection.value = "connecting";
  connect();
}

function connect(): void {
  const { host, search } = location;
  const feed = new WebSocket(`ws://${host}/feed${search}`);
  socket = feed;
  feed.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as PageMessage;
    if (!("title" in message)) hear(message);
    else if (message.recorded) void fetchRecording(message.title);
    else begin(message.title);
  });
  feed.addEventListener("close", () => {
    // Somebody has opened a file in the meantime.
    if (feed !== socket) return;
    if (connection.value === "live") connection.value = "ended";
    setTimeout(() => feed === socket && connect(), patience);
  });
}

/** Shows a recorded file, in place of what the server tells. */
export function openFile(file: File): Promise<void> {
  return open(file.name, () => file.text());
}

/** The one that the server was asked for. */
function fetchRecording(name: string): Promise<void> {
  return open(name, async () => (await fetch(`/recording${location.search}`)).text());
}

async function open(name: string, read: () => Promise<string>): Promise<void> {
  try {
    const recording = parseRecording(await read());
    const feed = socket;
    socket = undefined;
    feed?.close();
    await openRecording(recording);
  } catch (error) {
    complaint.value = `${name}: ${(error as Error).message}`;
  }
}

/** Files that are dropped anywhere on the page. */
export function acceptDrops(): void {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void openFile(file);
  });
}
