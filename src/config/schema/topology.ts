import * as z from "zod";
import { accountShape } from "./registry.ts";
import {
  componentPattern,
  dailyWindow,
  duration,
  filled,
  hostName,
  name,
  pattern,
  projectName,
  schedule,
  trigger,
  url,
} from "./text.ts";

const mode = z
  .enum(["act", "observe"])
  .default("act")
  .meta({ description: "observe plans and reports, and writes nothing." });

const content = z
  .strictObject({
    projects: z
      .array(componentPattern)
      .min(1)
      .default(["**"])
      .meta({ description: "Patterns of project names." }),
    repositories: z
      .array(pattern)
      .min(1)
      .default(["**"])
      .meta({ description: "Patterns of repositories, without the project." }),
    tags: componentPattern.default("**").meta({ description: "Pattern of the tags to take." }),
    excludeTags: z
      .array(componentPattern)
      .default([])
      .meta({ description: "Patterns of the tags to leave out." }),
  })
  .prefault({})
  .meta({ description: "What is covered; everything if left out." });

const replication = z
  .strictObject({
    override: z.boolean().default(true).meta({ description: "Harbor moves tags that differ at the target." }),
    deletions: z
      .boolean()
      .default(false)
      .meta({ description: "Harbor replicates deletions as they happen." }),
    speedKbps: z
      .int()
      .min(0)
      .max(16_777_215)
      .default(0)
      .meta({ description: "Kilobits a second and task; 0 is unlimited. Harbor 2.4 and later." }),
  })
  .prefault({})
  .meta({ description: "What Harbor itself is told to do." });

const conflicts = z
  .union([z.enum(["report", "newest"]), z.strictObject({ prefer: name })], {
    error: "is neither report nor newest nor { prefer: REGISTRY }",
  })
  .default("report")
  .meta({ description: "What to do where both sides moved a tag." });

const heal = {
  remedy: z
    .enum(["auto", "scoped", "touch", "retrigger", "toggle"])
    .default("auto")
    .meta({ description: "How a gap is closed." }),
  conflicts,
  deletions: z
    .enum(["report", "replay"])
    .default("report")
    .meta({ description: "What to do about a tag that was deleted on one side." }),
  regressions: z
    .enum(["report", "repair"])
    .default("report")
    .meta({ description: "What to do where a late copy brought an older image back to both sides." }),
  firstContact: z.enum(["copy", "report"]).default("copy").meta({
    description: "What to do about a tag that only one side has when nothing is known of the past.",
  }),
  settle: duration
    .default("4m")
    .meta({ description: "How long Harbor is given to copy a tag before its lack is a gap." }),
  remediesPerHour: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ description: "At most this many remedies an hour and flow." }),
  window: dailyWindow.optional().meta({
    description:
      "When healing may begin each day, as 22:00-06:00 (UTC) or 22:00-06:00 Europe/Berlin; any time if left out.",
  }),
};

const replicated = {
  name,
  mode,
  content,
  trigger: trigger.default("event"),
  replication,
  enforceEnabled: z
    .boolean()
    .default(false)
    .meta({ description: "Enable a replication policy again that somebody disabled." }),
  ignoreForeign: z
    .array(filled)
    .default([])
    .meta({ description: "Names of other people's replication policies over the same flow to leave alone." }),
};

export const masterSlaveShape = z
  .strictObject({
    kind: z.literal("master-slave"),
    ...replicated,
    master: name,
    slaves: z.array(name).min(1),
    heal: z
      .strictObject({
        ...heal,
        slaveDeletions: z
          .enum(["restore", "respect"])
          .default("restore")
          .meta({ description: "What to do about a tag that somebody deleted on a slave." }),
      })
      .prefault({}),
  })
  .meta({ description: "One master, copied to its slaves." });

export const dualMasterShape = z
  .strictObject({
    kind: z.literal("dual-master"),
    ...replicated,
    registries: z.array(name).min(1),
    heal: z.strictObject(heal).prefault({}),
  })
  .meta({ description: "Registries that all take pushes and copy to each other." });

const rounds = z.int().min(1).max(20);

const probe = z
  .strictObject({
    project: projectName.default("tidelock-probe").meta({
      description: "A private project for nothing but probes; outside of everything that is replicated.",
    }),
    small: schedule.default("0 * * * * *"),
    full: schedule.default("0 0 * * * *"),
    rounds: z
      .strictObject({ small: rounds.default(1), full: rounds.default(2) })
      .prefault({})
      .meta({ description: "How many images go each way between two nodes, by form." }),
    visibleWithin: duration
      .default("2s")
      .meta({ description: "What a node shows later than this after it was acknowledged is stale." }),
    giveUpAfter: duration
      .default("12s")
      .meta({ description: "What a node has not shown by then it does not share." }),
  })
  .prefault({})
  .meta({ description: "How the cluster is probed." });

const node = z.strictObject({
  url,
  host: hostName
    .optional()
    .meta({ description: "Host header and server name, where they differ from the url." }),
});

export const sharedStorageShape = z
  .strictObject({
    kind: z.literal("shared-storage"),
    name,
    mode,
    account: accountShape.meta({ description: "What probes log in with, on every node." }),
    nodes: z.record(name, node).meta({ description: "The nodes of the cluster, each by its own address." }),
    front: z.strictObject({ url }).optional().meta({
      description:
        "What balances the load before them: the address of clients. The endpoints that a full probe makes lead there too.",
    }),
    caFile: filled
      .optional()
      .meta({ description: "PEM of a private certificate authority, for nodes and front." }),
    insecureSkipVerify: z
      .boolean()
      .default(false)
      .meta({ description: "Trust any certificate. For trials only." }),
    probe,
  })
  .meta({ description: "Nodes over one database and one storage." });

export const topologyShape = z.discriminatedUnion("kind", [
  dualMasterShape,
  masterSlaveShape,
  sharedStorageShape,
]);

export type MasterSlaveShape = z.output<typeof masterSlaveShape>;
export type DualMasterShape = z.output<typeof dualMasterShape>;
export type SharedStorageShape = z.output<typeof sharedStorageShape>;
