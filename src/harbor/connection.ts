import type { AxiosAdapter } from "axios";
import pLimit from "p-limit";
import pRetry from "p-retry";
import { reasonOf, type Clock, type Random } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Registry } from "../topology/model.ts";
import { answerFrom, type Answer } from "./answer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { HarborError } from "./harbor-error.ts";
import { failureOf, refusalOf, type Attempt } from "./harbor-failures.ts";
import type { Environment } from "./proxy-choice.ts";
import { createPace, type Pace } from "./pace.ts";
import { refuseToWrite } from "./read-only.ts";
import { redactedUrl } from "./redact.ts";
import { waitBeforeRetry, type Repeatable } from "./retry.ts";
import { createTransport, type Incoming, type NoAnswer, type Outgoing, type Transport } from "./transport.ts";

/** How many requests a registry gets at once from now on; for a log. */
interface PaceNote {
  readonly registry: string;
  readonly atOnce: number;
}

/** What happened to one try of a request; for a log. Holds no secret. */
interface RequestNote {
  readonly registry: string;
  readonly method: string;
  readonly url: string;
  readonly ms: number;
  readonly tries: number;
  readonly status?: number;
  readonly code?: string;
}

export interface ConnectionDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: (note: RequestNote | PaceNote) => void;
  /** Where HTTP_PROXY and the like are looked up. */
  readonly environment: Environment;
  /** Takes the place of the network, for simulations. */
  readonly adapter?: AxiosAdapter;
  /** Lets only requests out that look. */
  readonly readOnly?: boolean;
  readonly limits?: Partial<Limits>;
  /** Ours, for `User-Agent`. */
  readonly version?: string;
}

/** How long an answer may take: see `Limits`. */
export type Patience = "hurried" | "usual" | "patient" | { readonly ms: number };

export interface Request {
  /** What is being done, as in "listing the projects": the beginning of the sentence when it fails. */
  readonly doing: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute, or from the registry's address on. With its query. */
  readonly url: string;
  readonly repeatable: Repeatable;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly body?: Uint8Array;
  /** Instead of Basic with the account; `none` for no Authorization at all. */
  readonly authorization?: string;
  readonly patience?: Patience;
  readonly streamed?: boolean;
  /** Never repeated, whatever the table of repetitions says. */
  readonly single?: boolean;
  /** Statuses beside 2xx that are an answer here and no failure. */
  readonly alsoGood?: readonly number[];
  /** Texts that must never turn up in a failure, beside the account's own. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** The way to one registry: credentials, caps, timeouts, repetitions and one shape of failure. */
export interface Connection {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Rejects with `HarborError`, or `AppError` `CANCELLED`. */
  request(request: Request): Promise<Answer>;
  /** Waits on our Clock. Rejects with `AppError` `CANCELLED`. */
  pause(doing: string, ms: number, signal: AbortSignal | undefined): Promise<void>;
  requestCount(): number;
  close(): void;
}

export function createConnection(registry: Registry, deps: ConnectionDeps): Connection {
  const limits: Limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const transport = createTransport({
    url: registry.url,
    insecureSkipVerify: registry.insecureSkipVerify,
    environment: deps.environment,
    limits,
    ...(registry.ca === undefined ? {} : { ca: registry.ca }),
    ...(deps.adapter === undefined ? {} : { adapter: deps.adapter }),
  });
  const line = new Line(registry, deps, limits, transport);
  return {
    registry,
    clock: deps.clock,
    request: (request) => line.request(request),
    pause: (doing, ms, signal) => line.pause({ doing, signal }, ms),
    requestCount: () => line.sent,
    close: () => transport.close(),
  };
}

class Line {
  sent = 0;
  readonly #registry: Registry;
  readonly #deps: ConnectionDeps;
  readonly #limits: Limits;
  readonly #transport: Transport;
  readonly #slots: ReturnType<typeof pLimit>;
  readonly #pace: Pace;

  constructor(registry: Registry, deps: ConnectionDeps, limits: Limits, transport: Transport) {
    this.#registry = registry;
    this.#deps = deps;
    this.#limits = limits;
    this.#transport = transport;
    this.#slots = pLimit(limits.concurrency);
    this.#pace = createPace(limits.concurrency);
  }

  async request(request: Request): Promise<Answer> {
    const { clock } = this.#deps;
    let started: number | undefined;
    let wait: number | undefined;
    const attempt = (tries: number): Promise<Answer> =>
      this.#slots(() => {
        started ??= clock.monotonic();
        return this.#try(request, tries);
      });
    const first = attempt(1);
    try {
      return await first;
    } catch {
      // Only now: most requests are never repeated.
    }
    return await pRetry((tries) => (tries === 1 ? first : attempt(tries)), {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      maxTimeout: 0,
      // The wait is ours, so that it goes by our Clock; p-retry calls this before `shouldRetry`.
      onFailedAttempt: async ({ error, attemptNumber }) => {
        const past = {
          tries: attemptNumber,
          spentMs: clock.monotonic() - (started ?? clock.monotonic()),
          budgetMs: this.#limits.retryBudgetMs,
        };
        wait = this.#wait(error, request, past);
        if (wait !== undefined) await this.pause(request, wait);
      },
      shouldRetry: () => wait !== undefined,
    });
  }

  #wait(error: unknown, request: Request, past: Parameters<typeof waitBeforeRetry>[2]): number | undefined {
    if (request.single === true || !(error instanceof HarborError)) return undefined;
    return waitBeforeRetry(error, request.repeatable, past, this.#deps.random());
  }

  async pause(request: Pick<Request, "doing" | "signal">, ms: number): Promise<void> {
    try {
      await this.#deps.clock.sleep(ms, request.signal);
    } catch {
      throw this.#cancelled(request);
    }
  }

  async #try(request: Request, tries: number): Promise<Answer> {
    if (request.signal?.aborted === true) throw this.#cancelled(request);
    if (this.#deps.readOnly === true) refuseToWrite(request, this.#registry.name);
    const outgoing = this.#outgoing(request);
    const attempt = (): Attempt => this.#attempt(request, outgoing.url);
    this.sent += 1;
    const started = this.#deps.clock.monotonic();
    const received = await this.#transport.send(outgoing);
    const ms = this.#deps.clock.monotonic() - started;
    const failure =
      "failed" in received
        ? failureOf(attempt(), received.failed)
        : this.#refusal(request, attempt, received);
    if (request.streamed !== true) this.#keepPace(request, received, ms);
    this.#deps.log?.({
      registry: this.#registry.name,
      method: request.method,
      url: redactedUrl(outgoing.url),
      ms,
      tries,
      ...("failed" in received ? {} : { status: received.status }),
      ...(failure === undefined ? {} : { code: failure.code }),
    });
    if (failure !== undefined || "failed" in received) throw failure ?? this.#cancelled(request);
    return answerFrom(attempt, received);
  }

  /** A registry that answers more and more slowly is asked less at once. */
  #keepPace({ method, url }: Request, received: Incoming | { readonly failed: NoAnswer }, ms: number): void {
    const isCut = "failed" in received;
    // What was never answered, or stopped by us, says nothing of how busy it is.
    if (isCut && !received.failed.timedOut) return;
    const isOverloaded = isCut || OVERLOADED.has(received.status);
    const bytes = isCut ? 0 : received.body.length;
    const kind = `${method} ${url.includes("page_size=") ? "listing" : "one"}`;
    this.#pace.answered({ kind, ms, bytes, isOverloaded });
    if (this.#slots.concurrency === this.#pace.atOnce) return;
    this.#slots.concurrency = this.#pace.atOnce;
    this.#deps.log?.({ registry: this.#registry.name, atOnce: this.#pace.atOnce });
  }

  #refusal({ alsoGood }: Request, attempt: () => Attempt, received: Incoming): HarborError | undefined {
    const isGood = received.status >= 200 && received.status < 300;
    return isGood || alsoGood?.includes(received.status) === true
      ? undefined
      : refusalOf(attempt(), received);
  }

  #attempt(request: Request, url: string): Attempt {
    const { username, password } = this.#registry.account;
    return {
      doing: request.doing,
      registry: this.#registry.name,
      method: request.method,
      url: redactedUrl(url),
      secrets: [password.reveal(), basic(username, password.reveal()), ...(request.secrets ?? [])],
      now: this.#deps.clock.now(),
    };
  }

  #outgoing(request: Request): Outgoing {
    const { username, password } = this.#registry.account;
    const authorization = request.authorization ?? `Basic ${basic(username, password.reveal())}`;
    const { version } = this.#deps;
    return {
      method: request.method,
      url: request.url.startsWith("/") ? this.#registry.url + request.url : request.url,
      headers: {
        Accept: "application/json",
        "User-Agent": version === undefined ? "tidelock" : `tidelock/${version}`,
        ...(authorization === "none" ? {} : { Authorization: authorization }),
        ...request.headers,
      },
      streamed: request.streamed === true,
      totalMs: totalMs(request.patience ?? "usual", this.#limits),
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
  }

  #cancelled(request: Pick<Request, "doing" | "signal">): AppError {
    const reason = request.signal?.aborted === true ? reasonOf(request.signal).message : "aborted";
    return new AppError("CANCELLED", `${request.doing} on ${this.#registry.name} was stopped: ${reason}`);
  }
}

/** What a Harbor, or what stands in front of it, says when it has too much to do. */
const OVERLOADED: ReadonlySet<number> = new Set([429, 503, 504]);

function basic(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString("base64");
}

function totalMs(patience: Patience, limits: Limits): number {
  if (typeof patience === "object") return patience.ms;
  return { hurried: limits.hurriedMs, usual: limits.totalMs, patient: limits.patientMs }[patience];
}
