import { all, ExceptionGroup, moveOnAfter, sleep, taskGroup } from "joinery";
import { Channel, ChannelClosedError } from "joinery/sync";
import { describe, expect, test } from "vitest";
import { turn } from "../support/turn.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

const caught = (error: unknown): unknown => error;
const closed = { name: "InvalidStateError", code: "JOINERY_CHANNEL_CLOSED" };
const noReceiver = { name: "ChannelClosedError", code: "JOINERY_NO_RECEIVER" };
const ended = { name: "ChannelClosedError", code: "JOINERY_END_OF_CHANNEL" };

describe("a channel", () => {
  test("without capacity has sender and receiver meet", async () => {
    const { sender, receiver } = new Channel<string>(0);
    const trace: string[] = [];
    await inVirtualTime(() =>
      all([
        async () => {
          for (const item of ["a", "b"]) {
            await sender.send(item);
            trace.push(`${item} sent`);
          }
        },
        async () => {
          await sleep(1);
          expect(trace).toEqual([]);
          for (let i = 0; i < 2; i++) {
            trace.push(`${await receiver.receive()} received`);
            await sleep(1);
          }
        },
      ]),
    );
    expect(trace).toEqual(["a sent", "a received", "b sent", "b received"]);
  });

  test("holds as many items as it was told to, and gives them in order", async () => {
    const channel = new Channel<number>(2, { name: "numbers" });
    const { sender, receiver } = channel;
    await sender.send(1);
    expect([sender.trySend(2), sender.trySend(3)]).toEqual([true, false]);
    const third = sender.send(3);
    expect(channel.statistics()).toEqual({
      capacity: 2,
      buffered: 2,
      openSenders: 1,
      openReceivers: 1,
      sending: 1,
      receiving: 0,
    });
    expect(receiver.tryReceive()).toEqual({ value: 1 });
    await third;
    expect([await receiver.receive(), await receiver.receive()]).toEqual([2, 3]);
    expect(receiver.tryReceive()).toBeUndefined();
    expect(channel.name).toBe("numbers");
  });

  test("hands an item to the first who waits for it: nobody barges in", async () => {
    const { sender, receiver } = new Channel<string>(1);
    const waiting = receiver.receive();
    expect(sender.trySend("item")).toBe(true);
    expect(receiver.tryReceive()).toBeUndefined();
    expect(await waiting).toBe("item");
  });

  test("does not send what a cancelled send() would have sent", async () => {
    const channel = new Channel<string>(0);
    await inVirtualTime(() => moveOnAfter(5, () => channel.sender.send("item")));
    expect(channel.statistics().sending).toBe(0);
    expect(channel.receiver.tryReceive()).toBeUndefined();
  });

  test("does not lose an item to a receive() that is cancelled, before or after it has it", async () => {
    const { sender, receiver } = new Channel<string>(1);
    const got: string[] = [];
    const take = async (): Promise<void> => void got.push(await receiver.receive());
    await inVirtualTime(() =>
      taskGroup(async (group) => {
        const [before, after] = [group.createTask(take), group.createTask(take)];
        await sleep(1);
        before.cancel();
        sender.trySend("item");
        after.cancel();
      }),
    );
    expect(got).toEqual(["item"]);
  });

  test("ends with the last sender, when what was sent has been received", async () => {
    const { sender, receiver } = new Channel<number>(2, { name: "numbers" });
    const other = sender.clone();
    await sender.send(1);
    sender.close();
    await other.send(2);
    const got: number[] = [];
    const reading = (async () => {
      for await (const n of receiver) got.push(n);
    })();
    await turn();
    expect(got).toEqual([1, 2]);
    other.close();
    await reading;
    const error = await receiver.receive().catch(caught);
    expect(error).toBeInstanceOf(ChannelClosedError);
    expect(error).toMatchObject({
      ...ended,
      message: 'All senders of channel "numbers" are closed, and nothing is left to receive.',
    });
    expect(() => receiver.tryReceive()).toThrow(expect.objectContaining(ended));
  });

  test("tells senders, waiting or not, when the last receiver is closed", async () => {
    const { sender, receiver } = new Channel<number>(0, { name: "numbers" });
    const other = receiver.clone();
    const waiting = sender.send(1).catch(caught);
    receiver.close();
    await turn();
    other.close();
    expect(await waiting).toMatchObject({
      ...noReceiver,
      message: 'All receivers of channel "numbers" are closed.',
    });
    expect(await sender.send(2).catch(caught)).toMatchObject(noReceiver);
    expect(() => sender.trySend(2)).toThrow(expect.objectContaining(noReceiver));
  });

  test("an end that is closed refuses, also those who wait at it, and leaves the other ends alone", async () => {
    const { sender, receiver } = new Channel<string>(0, { name: "c" });
    const [otherSender, otherReceiver] = [sender.clone(), receiver.clone()];

    const receiving = [receiver.receive().catch(caught), otherReceiver.receive()];
    receiver.close();
    expect(await receiving[0]).toMatchObject({
      ...closed,
      message: 'This end of channel "c" was closed.',
    });
    expect(() => receiver.tryReceive()).toThrow(expect.objectContaining(closed));
    expect(await receiver.receive().catch(caught)).toMatchObject(closed);
    expect(sender.trySend("to the other")).toBe(true);
    expect(await receiving[1]).toBe("to the other");

    const sending = [sender.send("lost").catch(caught), otherSender.send("kept")];
    sender.close();
    expect(await sending[0]).toMatchObject(closed);
    expect(() => sender.trySend("x")).toThrow(expect.objectContaining(closed));
    expect(await otherReceiver.receive()).toBe("kept");
    await sending[1];
    for (const end of [sender, receiver])
      expect(() => end.clone()).toThrow(expect.objectContaining(closed));
  });

  test("an end is closed by the end of a block with using, and only once", () => {
    const channel = new Channel<string>(0);
    const ends = [channel.sender.clone(), channel.receiver.clone()] as const;
    {
      using sender = ends[0];
      using receiver = ends[1];
      expect([sender.closed, receiver.closed]).toEqual([false, false]);
    }
    expect(ends.map((end) => end.closed)).toEqual([true, true]);
    for (const end of ends) end.close();
    expect(channel.statistics()).toMatchObject({ openSenders: 1, openReceivers: 1 });
  });

  test("iterating ends with the scope, or with the signal it was given", async () => {
    const channel = new Channel<number>(0);
    const walk = async (signal?: AbortSignal): Promise<void> => {
      for await (const _ of channel.receiver.values({ signal })) expect.unreachable();
    };
    expect((await inVirtualTime(() => moveOnAfter(5, () => walk()))).expired).toBe(true);
    expect(await walk(AbortSignal.abort("why")).catch(caught)).toMatchObject({ cause: "why" });
    expect(channel.statistics().receiving).toBe(0);
  });
});

describe("onUndelivered", () => {
  test("gets what was sent and nobody will receive, in order; not what was still with its sender", async () => {
    const undelivered: number[] = [];
    const { sender, receiver } = new Channel<number>(2, {
      onUndelivered: (n) => void undelivered.push(n),
    });
    await sender.send(1);
    await sender.send(2);
    const third = sender.send(3).catch(caught);
    receiver.close();
    expect(undelivered).toEqual([1, 2]);
    expect(await third).toMatchObject(noReceiver);
  });

  test("is not needed", async () => {
    const channel = new Channel<number>(1);
    await channel.sender.send(1);
    channel.receiver.close();
    expect(channel.statistics().buffered).toBe(0);
  });

  test("gets all items, and close() throws what it threw", async () => {
    const boom = new Error("boom");
    const seen: number[] = [];
    const { sender, receiver } = new Channel<number>(3, {
      name: "c",
      onUndelivered(n) {
        seen.push(n);
        if (n !== 2) throw n === 1 ? boom : "no error";
      },
    });
    for (const n of [1, 2, 3]) await sender.send(n);
    const error = ((): unknown => {
      try {
        return receiver.close();
      } catch (thrown) {
        return thrown;
      }
    })() as ExceptionGroup;
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(error.message).toBe('onUndelivered of channel "c" failed');
    expect(error.errors).toEqual([boom, expect.objectContaining({ cause: "no error" })]);
    expect([seen, receiver.closed]).toEqual([[1, 2, 3], true]);
  });
});
