/** What the types of tasks and groups promise. Checked by `tsc`; nothing here runs. */
import { expectTypeOf } from "vitest";
import {
  allTasks,
  type CancellableTaskGroup,
  type ChildOptions,
  createTask,
  currentSignal,
  currentTask,
  type GroupResult,
  type Limiter,
  type Permit,
  run,
  type RunOptions,
  type StartingTask,
  statistics,
  type Statistics,
  type Task,
  type TaskFunction,
  taskGroup,
  type TaskGroup,
  type TaskGroupOptions,
  type TaskOptions,
  type TaskState,
} from "joinery";

class Animal {
  readonly name: string = "";
}
class Dog extends Animal {
  readonly barks: boolean = true;
}

declare const group: TaskGroup;
declare const task: Task<number>;

// 2: a task is what its function returns, without promises around it.
expectTypeOf(createTask(() => 1)).toEqualTypeOf<Task<number>>();
expectTypeOf(createTask(async () => "a")).toEqualTypeOf<Task<string>>();
expectTypeOf(createTask(() => Promise.resolve(new Dog()), { name: "dog" })).toEqualTypeOf<
  Task<Dog>
>();
expectTypeOf(createTask(() => {})).toEqualTypeOf<Task<void>>();
expectTypeOf(createTask(() => createTask(() => 1))).toEqualTypeOf<Task<number>>();
expectTypeOf(createTask(({ signal }) => signal)).toEqualTypeOf<Task<AbortSignal>>();
expectTypeOf(group.createTask(async (self) => self.name, { background: true })).toEqualTypeOf<
  Task<string>
>();
// @ts-expect-error: a started promise is no function.
createTask(Promise.resolve(1));
// @ts-expect-error: background children need a group.
createTask(() => 1, { background: true });
// @ts-expect-error: and so does a group's child.
group.createTask(Promise.resolve(1));
// @ts-expect-error: a reason is no signal.
createTask(() => 1, { signal: "stop" });

// 2: the handle.
expectTypeOf(task.result()).toEqualTypeOf<number>();
expectTypeOf(task.exception()).toEqualTypeOf<Error | undefined>();
expectTypeOf(task.cancel("why")).toEqualTypeOf<boolean>();
expectTypeOf(task.state).toEqualTypeOf<TaskState>();
expectTypeOf<TaskState>().toEqualTypeOf<
  "new" | "running" | "cancelling" | "done" | "failed" | "cancelled"
>();
expectTypeOf<Awaited<Task<number>>>().toEqualTypeOf<number>();
expectTypeOf(task).toExtend<PromiseLike<number>>();
// @ts-expect-error: a handle is read-only.
task.name = "other";

// 2: a task is covariant, as a promise is.
expectTypeOf<Task<Dog>>().toExtend<Task<Animal>>();
expectTypeOf<Task<Animal>>().not.toExtend<Task<Dog>>();
expectTypeOf<Task<number>>().toExtend<Task<unknown>>();

// 2: the functions that make one.
expectTypeOf<TaskFunction<number>>().toEqualTypeOf<
  (task: Task<unknown>) => number | PromiseLike<number>
>();
expectTypeOf<TaskOptions>().toExtend<ChildOptions>();
expectTypeOf<ChildOptions["background"]>().toEqualTypeOf<boolean | undefined>();

// 2: taskGroup gives what the body returns.
expectTypeOf(taskGroup(() => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(taskGroup(async () => "a")).toEqualTypeOf<Promise<string>>();
expectTypeOf(taskGroup((g) => g.createTask(() => 1))).toEqualTypeOf<Promise<number>>();
expectTypeOf(taskGroup(async () => {})).toEqualTypeOf<Promise<void>>();
expectTypeOf(taskGroup(() => new Dog(), { onError: "collect", grace: 1, name: "n" })).toEqualTypeOf<
  Promise<Dog>
>();
expectTypeOf(taskGroup(() => 1, { cancellable: false })).toEqualTypeOf<Promise<number>>();
void taskGroup((g) => expectTypeOf(g).toEqualTypeOf<TaskGroup>());
// @ts-expect-error: one of two words.
void taskGroup(() => 1, { onError: "ignore" });
// @ts-expect-error: the body is a function.
void taskGroup(Promise.resolve(1));
// @ts-expect-error: a group is no disposable (4.10).
expectTypeOf<TaskGroup>().toExtend<AsyncDisposable>();

// 4.5: a group that can be cancelled says whether it was, and only such a one has cancel().
const cancellable = taskGroup(
  (g) => {
    expectTypeOf(g).toEqualTypeOf<CancellableTaskGroup>();
    g.cancel();
    g.cancel("why");
    return 1;
  },
  { cancellable: true },
);
expectTypeOf(cancellable).toEqualTypeOf<Promise<GroupResult<number>>>();
declare const result: GroupResult<number>;
expectTypeOf(result.value).toEqualTypeOf<number | undefined>();
if (!result.cancelled) expectTypeOf(result.value).toEqualTypeOf<number>();
// @ts-expect-error: not without { cancellable: true }.
void taskGroup((g) => g.cancel());
// @ts-expect-error: nor with false.
void taskGroup((g) => g.cancel(), { cancellable: false });
expectTypeOf<CancellableTaskGroup>().toExtend<TaskGroup>();
expectTypeOf(group.tasks).toEqualTypeOf<readonly Task<unknown>[]>();
expectTypeOf(group.signal).toEqualTypeOf<AbortSignal>();
expectTypeOf(group.defer(async () => {})).toEqualTypeOf<void>();

// 2: start gives what the child says.
expectTypeOf(group.start<number>((self) => self.started(1))).toEqualTypeOf<Promise<number>>();
expectTypeOf(group.start((self: StartingTask<string>) => self.started("a"))).toEqualTypeOf<
  Promise<string>
>();
expectTypeOf(group.start<void>((self) => self.started())).toEqualTypeOf<Promise<void>>();
// @ts-expect-error: a number was promised.
void group.start<number>((self) => self.started("a"));
expectTypeOf<StartingTask<number>>().toExtend<Task<unknown>>();

// 2: concurrency is a number or a limiter.
const limiter: Limiter = { acquire: async () => ({ release() {} }) };
expectTypeOf<TaskGroupOptions["concurrency"]>().toEqualTypeOf<number | Limiter | undefined>();
expectTypeOf(limiter.acquire({ signal: currentSignal() })).toEqualTypeOf<PromiseLike<Permit>>();

// 2: run and the ambient view.
expectTypeOf(run(async () => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(run((self) => self.name, { handleSignals: false })).toEqualTypeOf<Promise<string>>();
expectTypeOf<RunOptions["clock"]>().toExtend<object | undefined>();
expectTypeOf(currentTask()).toEqualTypeOf<Task<unknown> | undefined>();
expectTypeOf(currentSignal()).toEqualTypeOf<AbortSignal>();
expectTypeOf(allTasks()).toEqualTypeOf<Task<unknown>[]>();
expectTypeOf(statistics()).toEqualTypeOf<Statistics>();
expectTypeOf(statistics().ghosts).toEqualTypeOf<number>();
