import type { AccountSeen, Evidence, Proof, Reach, Skipped } from "../cluster/evidence.ts";
import type { Millis } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { NodePort } from "../harbor/node-port.ts";
import { seeAccount } from "./account.ts";
import type { ProbeContext } from "./context.ts";
import { isOneDatabase, mayBeOneDatabase } from "./one-database.ts";
import { prepareProject } from "./prepare-project.ts";
import { proveContent, type PushedImage } from "./proofs/content.ts";
import { proveExecutions } from "./proofs/executions.ts";
import { proveForgery } from "./proofs/forgery.ts";
import { proveFront } from "./proofs/front.ts";
import { proveFrontReach } from "./proofs/front-reach.ts";
import { proveIdentity, readProjectAgain, type SeenProjects } from "./proofs/identity.ts";
import { provePings } from "./proofs/pings.ts";
import { proveReach, readHealthAgain } from "./proofs/reach.ts";
import { proveSessions } from "./proofs/sessions.ts";
import { proveTokens } from "./proofs/tokens.ts";
import { proveUploads } from "./proofs/uploads.ts";
import { sweepObjects } from "./sweep-objects.ts";
import { sweepRepositories } from "./sweep.ts";
import { whoAnswers, type There } from "./who-answers.ts";

type Given = Omit<ProbeContext, "account">;

export interface Gathered {
  readonly evidence: Evidence;
  /** What earlier probes left and could not be removed now. */
  readonly leftBehind: readonly string[];
}

/**
 * All proofs of a form, one after another: those that only look, then what writes into the probe's project, then what makes objects. A node that is
 * down is left out of what follows, and a proof that breaks off takes nothing of the others with it.
 */
export async function gatherEvidence(
  given: Given,
  looksOnly: string | undefined,
  signal: AbortSignal,
): Promise<Gathered> {
  const since = given.clock.monotonic();
  const { rows: reach } = await proveReach(given, signal);
  const there = whoAnswers(given.nodes, reach);
  const account = await seeAccount(there.up, signal);
  const gathering = new Gathering(given, account, there, signal);
  await gathering.look();
  await gathering.write(looksOnly);
  if (given.form === "full") await gathering.lookAgain(since);
  return { evidence: gathering.evidence(), leftBehind: gathering.leftBehind };
}

const WRITING_SMALL = ["content", "upload"] as const;
const WRITING_FULL = [...WRITING_SMALL, "session", "forgery", "ping", "execution"] as const;

type Rows = Pick<
  Evidence,
  "identities" | "tokens" | "content" | "uploads" | "sessions" | "forgery" | "pings" | "executions" | "front"
>;

class Gathering {
  readonly leftBehind: string[] = [];
  readonly #context: ProbeContext;
  readonly #there: There;
  readonly #signal: AbortSignal;
  readonly #skipped: Skipped[] = [];
  #rows: Rows = {
    identities: [],
    tokens: [],
    content: [],
    uploads: [],
    sessions: [],
    forgery: [],
    pings: [],
    executions: [],
    front: undefined,
  };
  #reach: readonly Reach[];
  #projects: SeenProjects = new Map();
  #images: readonly PushedImage[] = [];
  #leaseLost = false;

  constructor(given: Given, account: AccountSeen, there: There, signal: AbortSignal) {
    this.#there = there;
    this.#reach = there.reach;
    this.#signal = signal;
    this.#context = { ...given, account, beforeWrite: () => this.#keepLease(given) };
  }

  evidence(): Evidence {
    const { form, account, publicAddresses } = this.#context;
    const nodes = this.#context.nodes.map(({ name }) => name);
    const reach = this.#reach;
    return { form, nodes, publicAddresses, account, reach, ...this.#rows, skipped: [...this.#skipped] };
  }

  async look(): Promise<void> {
    const up = this.#among("up", ["identity", "token"]);
    up.tell("asks each node what it is, and shows it the tokens of the others");
    await this.#try("identity", async () => {
      const { rows, projects } = await proveIdentity(up, this.#signal);
      this.#projects = projects;
      this.#rows = { ...this.#rows, identities: rows };
    });
    await this.#try("token", async () => {
      const { rows, skipped } = await proveTokens(up, this.#signal);
      this.#take({ tokens: rows, skipped });
    });
  }

  async write(looksOnly: string | undefined): Promise<void> {
    const { form, front } = this.#context;
    const reason = looksOnly ?? (await this.#prepare());
    const writing = form === "full" ? WRITING_FULL : WRITING_SMALL;
    if (reason === undefined) await this.#content();
    else this.#skip(writing, [], reason);
    if (form === "full") await this.#front(front);
    if (reason === undefined && form === "full") await this.#objects();
  }

  /** Health is told late. It is asked for again at the end, when most of the wait is over anyway. */
  async lookAgain(since: Millis): Promise<void> {
    const { clock, limits } = this.#context;
    const context = { nodes: this.#there.up, clock, limits };
    await this.#try("reach", async () => {
      this.#reach = await readHealthAgain(this.#reach, context, since, this.#signal);
    });
  }

  /** The reason why nothing can be written; undefined when all is ready. */
  async #prepare(): Promise<string | undefined> {
    const alive = this.#among("alive", WRITING_SMALL);
    if (alive.nodes.length === 0) return "no node has a registry that answers";
    try {
      const isNew = await prepareProject(alive, this.#projects, this.#signal);
      if (isNew) {
        const identities = await readProjectAgain(
          this.#rows.identities,
          { ...alive, nodes: this.#there.up },
          this.#signal,
        );
        this.#rows = { ...this.#rows, identities };
      }
      return undefined;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === "READ_ONLY") return thrown.message;
      throw thrown;
    }
  }

  async #content(): Promise<void> {
    const alive = this.#among("alive", []);
    await this.#sweep(alive);
    alive.tell("pushes, tags, reads and untags images through all nodes");
    // Side by side, for where something is wrong both wait long.
    const both = await Promise.allSettled([
      this.#try("content", async () => {
        const { rows, skipped, images } = await proveContent(alive, this.#signal);
        this.#images = images;
        this.#take({ content: rows, skipped });
      }),
      this.#try("upload", async () => {
        const { rows, skipped } = await proveUploads(alive, this.#signal);
        this.#take({ uploads: rows, skipped });
      }),
    ]);
    // Not before both have come to rest: nothing may be pushed while what was pushed is removed.
    const broken = both.find((one) => one.status === "rejected");
    if (broken !== undefined) throw broken.reason;
  }

  async #front(front: NodePort | undefined): Promise<void> {
    if (front === undefined) {
      this.#skip(["front"], [], "no front is declared");
      return;
    }
    const keyIds = this.#rows.tokens.flatMap(({ keyId }) => (keyId === undefined ? [] : [keyId]));
    const shown = { images: this.#images, keyIds, project: this.#context.project };
    await this.#try("front", async () => {
      this.#rows = { ...this.#rows, front: await proveFront(front, shown, this.#signal) };
    });
  }

  /** Sessions and objects. What goes by a number that Harbor gave is asked across nodes only where they have one database. */
  async #objects(): Promise<void> {
    const up = this.#among("up", ["session", "forgery"]);
    up.tell("uses sessions of each node on the others");
    await this.#try("session", async () => this.#take(await proveSessions(up, this.#signal)));
    await this.#try("forgery", async () => this.#take(await proveForgery(up, this.#signal)));
    const alive = this.#among("alive", ["ping", "execution"]);
    const names = alive.nodes.map(({ name }) => name);
    if (!isOneDatabase(names, this.#rows)) {
      this.#skip(["ping", "execution"], names, "the nodes are not proven to have one database");
      return;
    }
    await this.#try("ping", async () => this.#take(await provePings(alive, this.#signal)));
    if (this.#there.up.length < this.#context.nodes.length) {
      // A job that the job service of a node without its core takes never ends, and Harbor then deletes its policy never (seen on 2.9.0).
      this.#skip(["execution"], [], "a node does not answer, and a job that is run there would never end");
      return;
    }
    alive.tell("lets the cluster copy an image to itself, started by each node in turn");
    await this.#try("execution", async () => this.#take(await proveExecutions(alive, this.#signal)));
    await this.#frontReach(names);
  }

  async #frontReach(names: readonly string[]): Promise<void> {
    const { front: seen, executions } = this.#rows;
    const { front } = this.#context;
    if (front === undefined || seen === undefined) return;
    await this.#try("front", async () => {
      const reach = await proveFrontReach(front, names, executions, this.#signal);
      this.#rows = { ...this.#rows, front: { ...seen, ...reach } };
    });
  }

  #take({ skipped, ...rows }: Partial<Rows> & Pick<Evidence, "skipped">): void {
    this.#rows = { ...this.#rows, ...rows };
    this.#skipped.push(...skipped);
  }

  /** What earlier probes left; that it can't be removed keeps nothing else from being proven. */
  async #sweep(alive: ProbeContext): Promise<void> {
    const isOne = mayBeOneDatabase(this.#rows.identities);
    const listed = { ...alive, nodes: isOne ? alive.nodes.slice(0, 1) : alive.nodes };
    await this.#try("content", async () => {
      this.leftBehind.push(...(await sweepRepositories(listed, this.#signal)));
      if (alive.form === "full") this.leftBehind.push(...(await sweepObjects(listed, this.#signal)));
    });
  }

  /** The context with the nodes that are left; of the others it is noted that these proofs lack them. */
  #among(which: "up" | "alive", proofs: readonly Proof[]): ProbeContext {
    const nodes = this.#there[which];
    const missing = this.#context.nodes.filter((node) => !nodes.includes(node)).map(({ name }) => name);
    for (const name of missing) {
      const isUp = this.#there.up.some((node) => node.name === name);
      const reason = isUp ? `the registry of ${name} does not answer` : `${name} does not answer`;
      this.#skip(proofs, [name], reason);
    }
    return { ...this.#context, nodes };
  }

  #skip(proofs: readonly Proof[], nodes: readonly string[], reason: string): void {
    this.#skipped.push(...proofs.map((proof) => ({ proof, nodes, reason })));
  }

  /** Only a stop and a lost lease end the probe; whatever else breaks a proof off is told, and the next one is tried. */
  async #try(proof: Proof, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (this.#signal.aborted || this.#leaseLost) throw thrown;
      this.#skip([proof], [], `it broke off: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }

  async #keepLease({ beforeWrite }: Given): Promise<void> {
    try {
      await beforeWrite();
    } catch (thrown) {
      this.#leaseLost = true;
      throw thrown;
    }
  }
}
