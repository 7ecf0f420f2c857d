import { TAG, type Stage } from "./stage.ts";

/** What a row ends in where nobody meddles with its tag: what stands on both sides, or that both stay as they are. */
export type End =
  | { readonly kind: "both"; readonly digest: string; readonly rescued?: string }
  | { readonly kind: "gone" }
  /** `finding` names the tag, as a notice or not. */
  | { readonly kind: "stays"; readonly finding: string }
  /** Depends on evidence that a row does not know; the invariants alone hold. */
  | { readonly kind: "any" };

export interface Row {
  readonly name: string;
  /** Builds the past. */
  readonly past: (stage: Stage) => Promise<End>;
}

const both = (digest: string, rescued?: string): End => ({
  kind: "both",
  digest,
  ...(rescued === undefined ? {} : { rescued }),
});
const stays = (finding: string): End => ({ kind: "stays", finding });
const GONE: End = { kind: "gone" };
const ANY: End = { kind: "any" };

/** `p` is left or right, as the seed wills: a row and its mirror image are one. */
export const ROWS: readonly Row[] = [
  {
    name: "x x –, never met before",
    past: (stage) => {
      stage.push(stage.p, "x");
      return Promise.resolve(both(stage.push(stage.q, "x")));
    },
  },
  { name: "x x x", past: async (stage) => both(await warmAgreement(stage, "x")) },
  {
    name: "x x y, moved by persons on both sides",
    past: async (stage) => {
      await warmAgreement(stage, "y");
      await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      return both(await stage.apart(stage.q, () => stage.push(stage.q, "x")));
    },
  },
  {
    name: "x x y, and x stood before: a late copy brought it back",
    past: async (stage) => {
      const x = await warmAgreement(stage, "x");
      const y = await stage.agreeOn("y");
      stage.echo(stage.p, "x");
      stage.echo(stage.q, "x");
      return repairs(stage) ? both(y, x) : stays("regressed");
    },
  },
  {
    name: "x x y, and x stood before: persons went back to it",
    past: async (stage) => {
      await warmAgreement(stage, "x");
      await stage.agreeOn("y");
      await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      const x = await stage.apart(stage.q, () => stage.push(stage.q, "x"));
      return stage.chosen.gap === "lost" ? ANY : both(x);
    },
  },
  {
    name: "x x x, and a late copy of x went over y, which a person had pushed",
    past: async (stage) => {
      const x = await warmAgreement(stage, "x");
      stage.scene.clock.advance(20_000);
      const y = await stage.apart(stage.p, () => stage.push(stage.p, "y"));
      stage.scene.clock.advance(20_000);
      stage.echo(stage.p, "x");
      if (isSlave(stage, stage.p)) return both(x);
      if (stage.chosen.gap === "lost") return ANY;
      const isNamed = ["2.14", "2.16"].includes(stage.chosen.profiles[stage.p]);
      return repairs(stage) && isNamed ? both(y, x) : stays("regressed");
    },
  },
  {
    name: "x – none, warm: new on one side",
    past: async (stage) => {
      await stage.warm();
      const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      return isSlave(stage, stage.p) ? stays("extra") : both(x);
    },
  },
  {
    name: "x – cold: nothing is known of its past",
    past: (stage) => {
      const x = stage.push(stage.p, "x");
      stage.push(stage.q, "third", "third");
      if (isSlave(stage, stage.p)) return Promise.resolve(stays("extra"));
      return Promise.resolve(stage.chosen.heal.firstContact === "copy" ? both(x) : stays("unproven"));
    },
  },
  {
    name: "x – cold: the store was lost",
    past: async (stage) => {
      await stage.warm();
      const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      await stage.scene.forget();
      if (isSlave(stage, stage.p)) return stays("extra");
      return stage.chosen.heal.firstContact === "copy" ? both(x) : stays("unproven");
    },
  },
  {
    name: "x – none, and the other side's log shows that it was deleted there after the push",
    past: async (stage) => {
      await stage.warm();
      const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      await stage.apart(stage.q, () => stage.push(stage.q, "x"));
      await stage.apart(stage.q, () => stage.remove(stage.q));
      if (isSlave(stage, stage.q)) return onSlave(stage, x);
      if (stage.chosen.gap === "lost") return isSlave(stage, stage.p) ? stays("extra") : both(x);
      return stays("deleted");
    },
  },
  { name: "x – x, deleted by a person", past: (stage) => deletion(stage) },
  { name: "x – x, deleted by retention", past: (stage) => deletion(stage, "harbor-jobservice") },
  { name: "x – x, deleted by a replication account", past: (stage) => deletion(stage, "replicator") },
  {
    name: "x – y: moved here, deleted there",
    past: async (stage) => {
      await warmAgreement(stage, "y");
      const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      await stage.apart(stage.q, () => stage.remove(stage.q));
      if (isSlave(stage, stage.q)) return both(x);
      return prefers(stage, stage.p) && !isSlave(stage, stage.p) ? both(x) : stays("conflict");
    },
  },
  {
    name: "x – y: pushed again after the deletion was seen",
    past: async (stage) => {
      const y = await warmAgreement(stage, "y");
      await stage.apart(stage.q, () => stage.remove(stage.q));
      await stage.agree();
      const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      if (!isSlave(stage, stage.p)) return both(x);
      const replayed =
        isReplayed(stage) && stage.scene.sandbox(stage.p).tags().get("library/app")?.get(TAG) !== y;
      return replayed ? ANY : stays("conflict");
    },
  },
  {
    name: "x y y: one side moved it",
    past: async (stage) => {
      const y = await warmAgreement(stage, "y");
      const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      if (!isSlave(stage, stage.p)) return both(x);
      return prefers(stage, stage.q) ? both(y, x) : stays("conflict");
    },
  },
  { name: "x y none: both pushed", past: (stage) => clash(stage, () => stage.warm()) },
  { name: "x y z: both moved it", past: (stage) => clash(stage, () => warmAgreement(stage, "z")) },
  {
    name: "x y cold: both pushed, and the store was lost",
    past: async (stage) => {
      const end = await clash(stage, () => stage.warm());
      await stage.scene.forget();
      return end;
    },
  },
  {
    name: "x y cold, y in the history of the first",
    past: async (stage) => {
      await warmAgreement(stage, "y");
      await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      await stage.scene.forget();
      return ANY;
    },
  },
  {
    name: "– – x: deleted on both sides",
    past: async (stage) => {
      await warmAgreement(stage, "x");
      await stage.apart(stage.p, () => stage.remove(stage.p));
      await stage.apart(stage.q, () => stage.remove(stage.q));
      return GONE;
    },
  },
  {
    name: "x y y, one side unread",
    past: async (stage) => {
      const y = await warmAgreement(stage, "y");
      const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
      stage.scene.sandbox(stage.q).faults.down();
      await stage.pass();
      stage.scene.sandbox(stage.q).faults.up();
      if (!isSlave(stage, stage.p)) return both(x);
      return prefers(stage, stage.q) ? both(y, x) : stays("conflict");
    },
  },
  {
    name: "x y y, in flight",
    past: async (stage) => {
      await warmAgreement(stage, "y");
      const x = stage.push(stage.p, "x");
      await stage.pass();
      return isSlave(stage, stage.p) ? ANY : both(x);
    },
  },
  {
    name: "x y z, one side came back from a backup",
    past: async (stage) => {
      await warmAgreement(stage, "y");
      const backup = stage.scene.sandbox(stage.q).faults.backup();
      await stage.agreeOn("x");
      stage.scene.sandbox(stage.q).faults.restore(backup);
      stage.ledger.restored(stage.q);
      return { kind: "stays", finding: "rewound" };
    },
  },
];

async function warmAgreement(stage: Stage, image: string): Promise<string> {
  await stage.warm();
  return await stage.agreeOn(image);
}

async function deletion(stage: Stage, as?: string): Promise<End> {
  const x = await warmAgreement(stage, "x");
  await stage.apart(stage.q, () => stage.remove(stage.q, TAG, as));
  const isLogged = stage.chosen.gap !== "lost";
  if (as === "harbor-jobservice" && isLogged) return stays("deleted");
  if (isSlave(stage, stage.q)) return onSlave(stage, x);
  return as === undefined && isReplayed(stage) ? GONE : stays("deleted");
}

/** Both sides push something else, one after the other. */
async function clash(stage: Stage, before: () => Promise<unknown>): Promise<End> {
  await before();
  const x = await stage.apart(stage.p, () => stage.push(stage.p, "x"));
  const y = await stage.apart(stage.q, () => stage.push(stage.q, "y"));
  const { conflicts } = stage.chosen.heal;
  // The master's later push, while the slave was away, is known to be the newer one.
  if (isSlave(stage, stage.p) && stage.chosen.gap === "outage") return both(y);
  if (prefers(stage, stage.p)) return isSlave(stage, stage.p) ? stays("conflict") : both(x, y);
  if (prefers(stage, stage.q)) return isSlave(stage, stage.q) ? stays("conflict") : both(y, x);
  if (conflicts !== "newest" || stage.chosen.gap === "lost") return stays("conflict");
  if (isSlave(stage, stage.q)) return stays("conflict");
  return both(y, x);
}

function onSlave(stage: Stage, x: string): End {
  return stage.chosen.heal.slaveDeletions === "restore" ? both(x) : stays("deleted");
}

/** In master-slave the right side is the slave. */
function isSlave(stage: Stage, side: "a" | "b"): boolean {
  return stage.chosen.kind === "master-slave" && side === "b";
}

function prefers({ chosen: { heal } }: Stage, side: "a" | "b"): boolean {
  return typeof heal.conflicts === "object" && heal.conflicts.prefer === side;
}

function repairs({ chosen }: Stage): boolean {
  return chosen.heal.regressions === "repair";
}

function isReplayed({ chosen }: Stage): boolean {
  return chosen.heal.deletions === "replay" && chosen.gap !== "lost";
}
