import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** How many projects a side has, repositories in each of them, and artifacts with one tag in each of these. */
export interface Layout {
  readonly projects: number;
  readonly repositories: number;
  readonly tags: number;
}

/** Two registries that listen somewhere, each with so many artifacts; the account is `admin`. */
export interface Served {
  readonly urls: readonly [string, string];
  readonly password: string;
  readonly artifacts: number;
}

/** What each side was asked, oldest first: paths with queries. */
export type Asked = readonly [readonly string[], readonly string[]];

/** A process that serves two registries; it ends when this is disposed of. */
export interface World extends Disposable {
  readonly served: Served;
  /** Sends it something and waits for what it says. */
  ask(question: unknown): Promise<unknown>;
}

export async function startWorld(program: string, argument: unknown): Promise<World> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), [JSON.stringify(argument)]);
  const served = (await message(child)) as Served;
  return {
    served,
    ask: async (question) => {
      child.send(question ?? "");
      return await message(child);
    },
    [Symbol.dispose]: () => child.disconnect(),
  };
}

async function message(from: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  from.once("exit", () => ended.abort());
  const [received] = (await once(from, "message", { signal: ended.signal })) as unknown[];
  return received;
}
