import type { Instant, Millis } from "../clock.ts";

/** What a probe saw. Plain values, so that judging needs no network; `undefined` and missing rows mean "not seen", never "absent". */
export interface Evidence {
  readonly form: "small" | "full";
  /** In the order of the declaration. */
  readonly nodes: readonly string[];
  readonly account: AccountSeen;
  /** One a node. */
  readonly reach: readonly Reach[];
  readonly identities: readonly Identity[];
  /** Pairs with `from` = `to` are the controls: what the own node says. So in all that follows. */
  readonly tokens: readonly TokenUse[];
  readonly content: readonly ContentRound[];
  readonly uploads: readonly UploadCrossing[];
  readonly sessions: readonly SessionCrossing[];
  readonly forgery: readonly ForgeryCrossing[];
  readonly pings: readonly EndpointPing[];
  readonly executions: readonly ExecutionSeen[];
  readonly front: FrontSeen | undefined;
  /** Where clients find the cluster, as declared: the URL of the front, the public hosts of the nodes. */
  readonly publicAddresses?: readonly string[];
  /** Proofs that were not tried or broke off, and why. */
  readonly skipped: readonly Skipped[];
}

export type Proof =
  | "reach"
  | "identity"
  | "token"
  | "content"
  | "upload"
  | "session"
  | "forgery"
  | "ping"
  | "execution"
  | "front";

export interface Skipped {
  readonly proof: Proof;
  /** The nodes it concerns; empty: all. */
  readonly nodes: readonly string[];
  readonly reason: string;
}

export interface AccountSeen {
  readonly kind: "person" | "robot";
  readonly admin: boolean;
}

/** Whether a node is there at all, and what it says of its parts. */
export interface Reach {
  readonly node: string;
  /** `GET /api/v2.0/ping`. */
  readonly core: Answered;
  /** `GET /v2/` with the account. */
  readonly registry: Answered;
  /** Component → status, of `/health`: a cached answer, up to ten seconds old. Undefined when it did not answer. */
  readonly health: Readonly<Record<string, string>> | undefined;
}

/** The bare outcome of a request. */
export interface Answered {
  /** 0: nothing came back. */
  readonly status: number;
  /** Of Harbor's error answer, e.g. `UNAUTHORIZED`, `BLOB_UPLOAD_UNKNOWN`; "" when there is none. */
  readonly code: string;
  /** Message and detail of that answer, or why nothing came back. Holds no secret. */
  readonly text: string;
  readonly tookMs: Millis;
}

/** What tells one Harbor from another. Undefined: not told to this account. */
export interface Identity {
  readonly node: string;
  readonly version: string | undefined;
  readonly externalUrl: string | undefined;
  readonly storageProvider: string | undefined;
  /** How far the node's clock is ahead of ours, and how far off that may be. From `current_time`, else from the token. */
  readonly clock: { readonly aheadMs: number; readonly uncertainMs: number } | undefined;
  /** A project that every Harbor has had since its first start. */
  readonly library: ProjectSeen | undefined;
  /** The project of the probe, asked by name. `absent`: 404 to a proven account. */
  readonly probeProject: ProjectSeen | "absent" | undefined;
  /** The `realm` of the challenge of `/v2/`, where clients fetch tokens; and its service. */
  readonly realm: string | undefined;
  readonly service: string | undefined;
}

export interface ProjectSeen {
  readonly id: number;
  /** As the node wrote it, with milliseconds. */
  readonly createdAt: string;
}

/** A bearer token of one node shown to another. */
export interface TokenUse {
  readonly from: string;
  readonly to: string;
  readonly keyId: string | undefined;
  /** Claims, in seconds since 1970 by the issuer's clock. */
  readonly issuedAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly answer: Answered;
  /** Accepted after waiting this long; undefined: it was accepted at once, or never in the time that was given. */
  readonly acceptedAfterMs: Millis | undefined;
}

/** One image through the whole cluster. */
export interface ContentRound {
  readonly round: number;
  readonly repository: string;
  /** Blobs and manifest were pushed here. */
  readonly pushedBy: string;
  /** The second tag was made here. */
  readonly taggedBy: string;
  /** And removed here. */
  readonly untaggedBy: string;
  /** Whether the pushing and tagging themselves worked; of a round that could not begin nothing else is seen. */
  readonly push: Answered;
  readonly tag: Answered | undefined;
  readonly untag: Answered | undefined;
  readonly checks: readonly ContentCheck[];
}

export type ContentSubject =
  /** Whole, and its digest computed. */
  | "manifest-by-tag"
  | "manifest-by-digest"
  /** The second tag, made through another node. */
  | "manifest-by-second-tag"
  /** `tags/list` of the registry. */
  | "tags-list"
  /** Harbor's own listing. */
  | "artifact-list"
  /** Read whole, and its digest computed. */
  | "layer"
  /** After the second tag was removed through a third node. */
  | "second-tag-gone";

/** One thing that a node should show, asked again until it did or time was over. */
export interface ContentCheck {
  readonly node: string;
  readonly subject: ContentSubject;
  /** Of a layer: which. */
  readonly digest?: string;
  /** From the acknowledgement of the write until that was asked for which the first right answer came; undefined: never right. */
  readonly rightAfterMs: Millis | undefined;
  readonly tries: number;
  /** The last wrong answer, if there was one. */
  readonly wrong?: WrongContent;
}

export interface WrongContent extends Answered {
  readonly how: "refused" | "cut" | "other-bytes" | "not-listed" | "still-there" | "silence";
  /** What arrived, in bytes. */
  readonly bytes: number;
}

/** An upload begun through one node and gone on with through another. */
export interface UploadCrossing {
  readonly from: string;
  readonly to: string;
  readonly begin: Answered;
  /** `GET` of the upload's state, a chunk, the end; each asked through `to`. Undefined: not reached. */
  readonly status: Answered | undefined;
  readonly chunk: Answered | undefined;
  readonly finish: Answered | undefined;
  /** From the beginning to the first right answer of `to`; undefined: never. */
  readonly rightAfterMs: Millis | undefined;
}

/** A person's session begun at one node and used at another. */
export interface SessionCrossing {
  readonly from: string;
  readonly to: string;
  /** `GET /users/current` with the session alone. */
  readonly answer: Answered;
  /** Who Harbor says that we are there; undefined when it did not. */
  readonly username: string | undefined;
}

/** The token against forged requests of one node shown to another. */
export interface ForgeryCrossing {
  readonly from: string;
  readonly to: string;
  /** Right: anything but 403 with `CSRF token invalid`. */
  readonly answer: Answered;
  readonly refusedAsForged: boolean;
}

/** An endpoint that was stored through one node, pinged by its id through another. */
export interface EndpointPing {
  readonly madeBy: string;
  readonly askedOf: string;
  readonly answer: Answered;
  /** When, for the distance between pings. */
  readonly at: Instant;
}

/** One execution of a replication policy of ours. */
export interface ExecutionSeen {
  readonly startedBy: string;
  readonly result: "succeeded" | "failed" | "unfinished" | "refused";
  /** The node that has the log of its task; undefined: no task, or told apart by nothing. */
  readonly ranOn: string | undefined;
  /** Where that log is asked for; undefined while nothing tells who ran it. */
  readonly logPath?: string;
  readonly hasTask: boolean;
  /** Status text of the execution, or the line of the task's log that says why. Holds no secret. */
  readonly reason: string;
  readonly tookMs: Millis;
}

/** What the address of clients showed. */
export interface FrontSeen {
  readonly reach: Answered;
  readonly realm: string | undefined;
  /** Whether the realm leads to an address that answers as this cluster; undefined: not asked. */
  readonly realmAnswers: Answered | undefined;
  /** The nodes that requests were seen to reach, by what tells them apart; undefined: nothing tells them apart. */
  readonly reached: readonly string[] | undefined;
  /** The requests after which that is said. */
  readonly tries?: number;
  readonly asked: number;
  /** What was read over the front after it had been seen through the nodes, each thing once; `node` is `front`. */
  readonly checks?: readonly ContentCheck[];
}

/** Delays of what became right, over all checks of other nodes than the one that had done the write. */
export interface Visibility {
  readonly checks: number;
  readonly never: number;
  readonly minMs: Millis | undefined;
  readonly medianMs: Millis | undefined;
  readonly p95Ms: Millis | undefined;
  readonly maxMs: Millis | undefined;
}
