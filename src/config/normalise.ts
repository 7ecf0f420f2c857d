import { resolve } from "node:path";
import type {
  Registry,
  ReplicatedTopology,
  Settings,
  SharedStorageTopology,
  Trigger,
} from "../topology/model.ts";
import { parseDailyWindow } from "../topology/daily-window.ts";
import { parseDuration } from "../topology/duration.ts";
import { normalUrl } from "../topology/registry-url.ts";
import { inside, type Complaints } from "./complaints.ts";
import { readAccount, readCertificates, type FileReader } from "./reader.ts";
import type { RegistryShape } from "./schema/registry.ts";
import type { SettingsShape } from "./schema/settings.ts";
import type { DualMasterShape, MasterSlaveShape, SharedStorageShape } from "./schema/topology.ts";
import type { Place } from "./source-file.ts";

/** A registry with its files read and everything that was left out filled in. */
export async function normaliseRegistry(
  name: string,
  shape: RegistryShape,
  place: Place,
  reader: FileReader,
  complaints: Complaints,
): Promise<Registry> {
  const account = await readAccount(shape, place, reader, complaints);
  const own = shape.replicationAccount;
  const replicationAccount =
    own === undefined
      ? account
      : await readAccount(own, inside(place, "replicationAccount"), reader, complaints);
  const ca =
    shape.caFile === undefined
      ? undefined
      : await readCertificates(shape.caFile, inside(place, "caFile"), reader, complaints);
  const url = normalUrl(shape.url) ?? shape.url;
  return {
    name,
    url,
    account,
    ...(ca === undefined ? {} : { ca }),
    insecureSkipVerify: shape.insecureSkipVerify,
    endpointUrl: shape.endpointUrl === undefined ? url : (normalUrl(shape.endpointUrl) ?? shape.endpointUrl),
    replicationAccount,
  };
}

/** A topology whose registries replicate to each other. */
export function normaliseReplicated(shape: MasterSlaveShape | DualMasterShape): ReplicatedTopology {
  const { kind, name, mode, content, trigger, replication, enforceEnabled, ignoreForeign, heal } = shape;
  const { settle, window: text, ...rest } = heal;
  const window = text === undefined ? undefined : parseDailyWindow(text);
  return {
    kind,
    name,
    mode,
    registries: shape.kind === "master-slave" ? [shape.master, ...shape.slaves] : shape.registries,
    content,
    trigger: triggerOf(trigger),
    replication,
    heal: {
      slaveDeletions: "restore",
      ...rest,
      settleMs: parseDuration(settle) ?? 0,
      ...(window === undefined ? {} : { window }),
    },
    enforceEnabled,
    ignoreForeign,
  };
}

/** A cluster over one storage; its nodes in the order they are written. */
export async function normaliseCluster(
  shape: SharedStorageShape,
  place: Place,
  reader: FileReader,
  complaints: Complaints,
): Promise<SharedStorageTopology> {
  const account = await readAccount(shape.account, inside(place, "account"), reader, complaints);
  const nodes = Object.entries(shape.nodes).map(([name, { url, host }]) => ({
    name,
    url: normalUrl(url) ?? url,
    ...(host === undefined ? {} : { host }),
  }));
  const ca =
    shape.caFile === undefined
      ? undefined
      : await readCertificates(shape.caFile, inside(place, "caFile"), reader, complaints);
  const { kind, name, mode, front, probe, insecureSkipVerify } = shape;
  const { visibleWithin, giveUpAfter, ...rest } = probe;
  return {
    kind,
    name,
    mode,
    account,
    nodes,
    ...(front === undefined ? {} : { front: { url: normalUrl(front.url) ?? front.url } }),
    ...(ca === undefined ? {} : { ca }),
    insecureSkipVerify,
    probe: {
      ...rest,
      visibleWithinMs: parseDuration(visibleWithin) ?? 0,
      giveUpMs: parseDuration(giveUpAfter) ?? 0,
    },
  };
}

/** Settings as one value; the store is found from the folder of the file that names it. */
export function normaliseSettings({ store, ...rest }: SettingsShape, folder: string): Settings {
  return { ...rest, ...(store === undefined ? {} : { store: resolve(folder, store) }) };
}

function triggerOf(text: string): Trigger {
  return text === "event" || text === "manual" ? { kind: text } : { kind: "cron", cron: text };
}
