import { type EventType, eventTypes, subscribe } from "../core/index.ts";
import { builtinModule } from "./host.ts";

/** The channel of `node:diagnostics_channel` for each type of event. */
export const channels: Readonly<Record<EventType, string>> = {
  opened: "joinery:scope:opened",
  closed: "joinery:scope:closed",
  cancelled: "joinery:scope:cancelled",
  absorbed: "joinery:scope:absorbed",
  started: "joinery:task:started",
  waiting: "joinery:task:waiting",
  resumed: "joinery:task:resumed",
  delivered: "joinery:task:delivered",
  swallowed: "joinery:task:swallowed",
  raised: "joinery:task:raised",
  ended: "joinery:task:ended",
  failed: "joinery:group:failed",
  grouped: "joinery:group:grouped",
  adopted: "joinery:ghost:adopted",
  settled: "joinery:ghost:settled",
};

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface DiagnosticsChannel {
  channel(name: string): Channel;
}

/**
 * Publishes every event on its channel of `node:diagnostics_channel`: those that somebody subscribes to, as long as
 * somebody does. The others cost nothing. The names are in {@link channels}, the message is the event.
 *
 * Call it once when the program starts; subscribers may come before and after. Ends when the returned function
 * is called; of several calls, when the last has ended. On a runtime without the module it does nothing.
 *
 * @example
 * ```ts
 * import { subscribe } from "node:diagnostics_channel";
 * import { taskGroup, type JoineryEvent } from "joinery";
 * import { publishEvents } from "joinery/observe";
 *
 * const stop = publishEvents();
 * subscribe("joinery:scope:opened", (message) => {
 *   const { scope } = message as JoineryEvent;
 *   if (scope.kind === "group") console.log("opened", scope.name); // opened crew
 * });
 * await taskGroup(() => {}, { name: "crew" });
 * stop();
 * ```
 */
export function publishEvents(): () => void {
  const publisher = {};
  publishers.add(publisher);
  if (publishers.size === 1) start();
  return () => {
    if (publishers.delete(publisher) && publishers.size === 0)
      for (const stop of stops.splice(0)) stop();
  };
}

const publishers = new Set<object>();
const stops: (() => void)[] = [];

function start(): void {
  const module = builtinModule("node:diagnostics_channel") as DiagnosticsChannel | undefined;
  if (module === undefined) return;
  for (const type of eventTypes) stops.push(serve(type, module.channel(channels[type])));
}

/** Hands on the events of one type while `channel` has subscribers. */
function serve(type: EventType, channel: Channel): () => void {
  let stop: (() => void) | undefined;
  const look = (): void => {
    if (channel.hasSubscribers === (stop !== undefined)) return;
    stop?.();
    stop = channel.hasSubscribers
      ? subscribe((event) => channel.publish(event), { types: [type] })
      : undefined;
  };
  const unwatch = watch(channel, look);
  look();
  return () => {
    unwatch();
    stop?.();
  };
}

/**
 * Calls `look` after each change of the subscribers. A channel tells nobody; so these two methods of our own channels
 * do. The functions of the module that are called in the same way come here as well.
 */
function watch(channel: Channel, look: () => void): () => void {
  const methods = ["subscribe", "unsubscribe"] as const;
  for (const method of methods) {
    Object.defineProperty(channel, method, {
      configurable: true,
      value(...args: unknown[]): unknown {
        // Looked up at each call: a channel changes its prototype when it gets subscribers.
        const original = Reflect.get(
          Object.getPrototypeOf(channel) as object,
          method,
        ) as () => unknown;
        const result: unknown = Reflect.apply(original, channel, args);
        look();
        return result;
      },
    });
  }
  return () => methods.forEach((method) => Reflect.deleteProperty(channel, method));
}
