import type { Store } from "../store.ts";
import { createAuditStore } from "./audit.ts";
import type { Database } from "./database.ts";
import { createDecisionStore } from "./decisions.ts";
import { createJournal, createOutageStore, createPassStore } from "./evidence.ts";
import { createIncidentStore } from "./incidents.ts";
import { createMemoryStore } from "./memory.ts";
import { createOverwriteStore } from "./overwrites.ts";
import { createPauseStore } from "./pauses.ts";
import { createRescueStore } from "./rescues.ts";

/** What becomes of a store's failures: they are told, and never stop a pass. */
export interface Tolerance {
  /** A write that fails is not there. */
  readonly write: (work: Promise<void>) => Promise<void>;
  /** A read that fails gives this. */
  readonly read: <Result>(work: Promise<Result>, nothing: Result) => Promise<Result>;
}

/** How a failure that `told` hears of is borne. */
export function toleranceOf(told: (thrown: unknown) => void): Tolerance {
  return {
    write: (work) => work.catch(told),
    read: (work, nothing) =>
      work.catch((thrown: unknown) => {
        told(thrown);
        return nothing;
      }),
  };
}

type Tolerated = Omit<Store, "place" | "impaired" | "base" | "spills" | "leases" | "close">;

/** Everything of the store whose failures only cost memory: what can't be read was never there, and what gets no number has 0. */
export function tolerantStores(database: Database, { write, read }: Tolerance): Tolerated {
  return { ...seen(database, { write, read }), ...kept(database, { write, read }) };
}

function seen(
  database: Database,
  { write, read }: Tolerance,
): Pick<Tolerated, "outages" | "journal" | "audit" | "memory" | "passes"> {
  const outages = createOutageStore(database);
  const journal = createJournal(database);
  const audit = createAuditStore(database);
  const memory = createMemoryStore(database);
  const passes = createPassStore(database);
  return {
    outages: {
      reach: (registry) => read(outages.reach(registry), undefined),
      saveReach: (...reach) => write(outages.saveReach(...reach)),
      outages: (registry) => read(outages.outages(registry), []),
    },
    journal: {
      record: (remedy) => read(journal.record(remedy), 0),
      ended: (...end) => write(journal.ended(...end)),
      begun: (...flow) => read(journal.begun(...flow), []),
      failures: (...work) => read(journal.failures(...work), undefined),
    },
    audit: {
      mark: (registry) => read(audit.mark(registry), undefined),
      append: (...more) => write(audit.append(...more)),
      facts: (...about) => read(audit.facts(...about), []),
      changedSince: (...since) => read(audit.changedSince(...since), []),
      restart: (registry) => write(audit.restart(registry)),
    },
    memory: {
      project: (...name) => read(memory.project(...name), undefined),
      keepProject: (...project) => write(memory.keepProject(...project)),
      rewinds: (registry) => read(memory.rewinds(registry), []),
      rewound: (rewind) => write(memory.rewound(rewind)),
      accept: (registry) => write(memory.accept(registry)),
    },
    passes: {
      save: (pass) => write(passes.save(pass)),
      latest: (topology) => read(passes.latest(topology), undefined),
    },
  };
}

function kept(
  database: Database,
  { write, read }: Tolerance,
): Pick<Tolerated, "decisions" | "pauses" | "incidents" | "rescues" | "overwrites"> {
  const decisions = createDecisionStore(database);
  const pauses = createPauseStore(database);
  const incidents = createIncidentStore(database);
  const rescues = createRescueStore(database);
  const overwrites = createOverwriteStore(database);
  return {
    decisions: {
      of: (topology) => read(decisions.of(topology), []),
      put: (decision) => write(decisions.put(decision)),
      forget: (decision) => write(decisions.forget(decision)),
    },
    pauses: {
      of: (...name) => read(pauses.of(...name), undefined),
      begin: (pause) => write(pauses.begin(pause)),
      end: (name) => write(pauses.end(name)),
    },
    incidents: {
      open: (incident) => read(incidents.open(incident), 0),
      add: (...entry) => write(incidents.add(...entry)),
      close: (...end) => write(incidents.close(...end)),
      list: (limit) => read(incidents.list(limit), []),
      openOf: (topology) => read(incidents.openOf(topology), []),
      get: (id) => read(incidents.get(id), undefined),
    },
    rescues: {
      add: (rescue) => write(rescues.add(rescue)),
      of: (topology) => read(rescues.of(topology), []),
      remove: (rescue) => write(rescues.remove(rescue)),
    },
    overwrites: {
      begin: (overwrite) => read(overwrites.begin(overwrite), 0),
      end: (id) => write(overwrites.end(id)),
      of: (topology) => read(overwrites.of(topology), []),
    },
  };
}
