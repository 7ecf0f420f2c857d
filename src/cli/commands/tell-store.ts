import type { App } from "../../compose.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { Topology, TopologyName } from "../../topology/model.ts";
import type { CliIo } from "../io.ts";

/**
 * Names the store that a person's word goes to, and doubts it where nobody was ever seen to work with it: the command may lack what names the store
 * to the daemon, and the word would be heard by nobody. A store that can't be used is told of elsewhere.
 */
export async function tellStore(app: App, names: readonly TopologyName[], io: CliIo): Promise<void> {
  if (app.store.impaired !== undefined) return;
  io.err(`store: ${app.store.place}`);
  await doubtStore(app, names, "and will not hear of this", io);
}

/** Warns where a store was made just now, or has seen no pass of these topologies; `so` says what that means. */
export async function doubtStore(
  app: App,
  names: readonly TopologyName[],
  so: string,
  io: CliIo,
): Promise<void> {
  if (app.store.impaired !== undefined) return;
  const unseen: Topology[] = [];
  for (const topology of app.declared.topologies.filter(({ name }) => names.includes(name))) {
    if ((await app.store.passes.latest(topology.name)) === undefined) unseen.push(topology);
  }
  const [first, ...others] = unseen;
  if (first === undefined) return;
  const which = [first, ...others].map(({ name }) => name).join(", ");
  const nothing = isReplicated(first) ? "no pass over" : "no probe of";
  const why = app.storeIsNew === true ? "was made just now" : `knows ${nothing} ${which}`;
  io.err(`warning: this store ${why}: if a daemon or cron works on ${which}, it has another one, ${so}`);
  io.err(
    "hint: name the store under settings.store, which every command reads; TIDELOCK_STATE holds only where it is set",
  );
}
