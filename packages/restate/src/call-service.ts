/** The service of the calls, for Restate. */

import {
  type Context,
  rpc,
  service,
  type ServiceDefinition,
  type ServiceOptions,
} from "@restatedev/restate-sdk";
import type { Calls } from "./calls.ts";
import {
  type CallOrder,
  type CallService,
  cancelSignal,
  type CancelOrder,
  idempotencyKey,
  type Refusal,
} from "./protocol.ts";

const day = 24 * 3600 * 1000;

const options: ServiceOptions = {
  // Restate would end a call that is silent for a minute, and begin another attempt.
  inactivityTimeout: 365 * day,
  abortTimeout: 365 * day,
  // Longer than any lease: a caller that asks again gets the outcome, and not another attempt.
  idempotencyRetention: 600_000,
  journalRetention: 0,
  // It would rest after 70 attempts otherwise, although nothing is tried while there is no worker.
  retryPolicy: { initialInterval: 50, maxInterval: 1000, maxAttempts: 1_000_000 },
};

export type CallDefinition = ServiceDefinition<string, CallService>;

export function callDefinition(name: string, calls: Calls): CallDefinition {
  const definition: unknown = service({
    name,
    handlers: {
      run: (context: Context, order: CallOrder | Refusal) => calls.run(context, order),
      cancel: (context: Context, order: CancelOrder) => cancel(name, context, order),
    },
    options,
  });
  return definition as CallDefinition;
}

/**
 * Sends the signal to each call (Y3). Restate knows an invocation by its key: one that it has not got yet is made here, as a call that
 * is refused, and the order that comes later finds it.
 */
async function cancel(
  name: string,
  context: Context,
  { session, numbers, why }: CancelOrder,
): Promise<void> {
  const calls = context.serviceSendClient<CallService>({ name });
  const invocations = numbers.map((number) =>
    calls.run({ refused: why }, rpc.sendOpts({ idempotencyKey: idempotencyKey(session, number) })),
  );
  for (const { invocationId } of invocations)
    context
      .invocation(await invocationId)
      .signal(cancelSignal)
      .resolve(why);
}
