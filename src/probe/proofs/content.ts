import type { Millis } from "../../clock.ts";
import type {
  Answered,
  ContentCheck,
  ContentRound,
  ContentSubject,
  Skipped,
} from "../../cluster/evidence.ts";
import type { NodePort } from "../../harbor/node-port.ts";
import { answered } from "../answered.ts";
import type { ProbeContext, Proven } from "../context.ts";
import { follow } from "../follow.ts";
import { makeImage, type ProbeImage } from "../image.ts";
import { lookAt, repositoryPath, type Pushed } from "../looks.ts";
import { pushImage } from "../push-image.ts";
import { removeRepository } from "../remove-repository.ts";
import { planRounds, type PlannedRound } from "../rounds.ts";

/** What stands in the registries after a round, for who wants to read it over another way. */
export interface PushedImage {
  readonly pushed: Pushed;
  readonly image: ProbeImage;
}

interface Subject {
  readonly subject: ContentSubject;
  readonly blob?: string;
}

/** What can be expected to fail alike. */
const KINDS: Readonly<Record<ContentSubject, string>> = {
  "manifest-by-tag": "manifest",
  "manifest-by-digest": "manifest",
  "manifest-by-second-tag": "manifest",
  "tags-list": "list",
  "artifact-list": "list",
  layer: "layer",
  "second-tag-gone": "gone",
};
const LAYERS = { small: [1024, 1024, 1024], full: [1024, 1024, 1024, 1024 * 1024] };
const MINUTE = 60_000;

/**
 * Images through the whole cluster: each pushed through one node, tagged through a second, read through all, untagged through a third.
 * Each node is asked until it shows what it should or time is over; the pusher too, as the control.
 */
export async function proveContent(
  context: ProbeContext,
  signal: AbortSignal,
): Promise<Proven<ContentRound> & { readonly images: readonly PushedImage[] }> {
  const { nodes, form, limits, clock } = context;
  const names = nodes.map(({ name }) => name);
  const turn = Math.floor(clock.now() / MINUTE);
  const proof = new ContentProof(context, signal);
  const rows: ContentRound[] = [];
  for (const planned of planRounds(names, form, limits.rounds, turn)) rows.push(await proof.round(planned));
  return { rows, skipped: proof.skipped, images: proof.images };
}

class ContentProof {
  readonly images: PushedImage[] = [];
  readonly skipped: Skipped[] = [];
  readonly #context: ProbeContext;
  readonly #signal: AbortSignal;
  /** What a node never showed of another's, so that it is not waited for as long again. */
  readonly #hopeless = new Set<string>();
  readonly #repositories = new Set<string>();

  constructor(context: ProbeContext, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  async round(planned: PlannedRound): Promise<ContentRound> {
    const { project, label, random, form } = this.#context;
    const repository = `${project}/${label}-from-${planned.pushedBy}`;
    const tag = `round-${planned.round}`;
    const image = makeImage(random, LAYERS[form]);
    const pushed = { project, repository, digest: image.manifest.digest, tag, secondTag: `${tag}-again` };
    this.#removeLater(pushed, planned.pushedBy);
    const place = { node: this.#nodeOf(planned.pushedBy), repository, tag };
    const push = await pushImage(this.#context, place, image, this.#signal);
    const row = { ...planned, repository, push };
    if (!isSuccess(push)) return { ...row, tag: undefined, untag: undefined, checks: [] };
    this.images.push({ pushed, image });
    return { ...row, ...(await this.#readAndTag(planned, pushed, image)) };
  }

  async #readAndTag(
    planned: PlannedRound,
    pushed: Pushed,
    image: ProbeImage,
  ): Promise<Pick<ContentRound, "tag" | "untag" | "checks">> {
    const { nodes } = this.#context;
    const first = await this.#checkAll(planned, pushed, nodes, subjectsOf(image));
    const tag = await this.#addTag(this.#nodeOf(planned.taggedBy), pushed);
    if (!isSuccess(tag)) return { tag, untag: undefined, checks: first };
    const second = await this.#checkAll(planned, pushed, nodes, [{ subject: "manifest-by-second-tag" }]);
    const untag = await this.#dropTag(this.#nodeOf(planned.untaggedBy), pushed);
    // Of a node that never showed it, its absence would tell nothing.
    const shown = new Set(
      second.filter(({ rightAfterMs }) => rightAfterMs !== undefined).map(({ node }) => node),
    );
    const third = isSuccess(untag)
      ? await this.#checkAll(
          planned,
          pushed,
          nodes.filter(({ name }) => shown.has(name)),
          [{ subject: "second-tag-gone" }],
        )
      : [];
    return { tag, untag, checks: [...first, ...second, ...third] };
  }

  async #checkAll(
    planned: PlannedRound,
    pushed: Pushed,
    nodes: readonly NodePort[],
    subjects: readonly Subject[],
  ): Promise<ContentCheck[]> {
    const since = this.#context.clock.monotonic();
    const wanted = nodes.flatMap((node) => subjects.map((subject) => ({ node, subject })));
    return await Promise.all(
      wanted.map(({ node, subject }) => this.#check(planned.pushedBy, pushed, { node, subject, since })),
    );
  }

  async #check(
    pushedBy: string,
    pushed: Pushed,
    { node, subject, since }: { readonly node: NodePort; readonly subject: Subject; readonly since: Millis },
  ): Promise<ContentCheck> {
    const { clock, limits } = this.#context;
    const key = `${pushedBy} ${node.name} ${KINDS[subject.subject]}`;
    const giveUpMs = this.#hopeless.has(key)
      ? Math.min(limits.visibleWithinMs, limits.giveUpMs)
      : limits.giveUpMs;
    const look = (): ReturnType<typeof lookAt> => lookAt(node, pushed, subject, this.#signal);
    const { rightAfterMs, tries, wrong } = await follow({ clock, since, giveUpMs }, look, this.#signal);
    if (rightAfterMs === undefined) this.#hopeless.add(key);
    return {
      node: node.name,
      subject: subject.subject,
      ...(subject.blob === undefined ? {} : { digest: subject.blob }),
      rightAfterMs,
      tries,
      ...(wrong === undefined ? {} : { wrong }),
    };
  }

  async #addTag(node: NodePort, pushed: Pushed): Promise<Answered> {
    await this.#context.beforeWrite();
    const answer = await node.ask(
      {
        method: "POST",
        path: `${repositoryPath(pushed)}/artifacts/${pushed.digest}/tags`,
        as: "account",
        headers: { "Content-Type": "application/json" },
        body: Buffer.from(JSON.stringify({ name: pushed.secondTag })),
      },
      this.#signal,
    );
    return answered(answer);
  }

  async #dropTag(node: NodePort, pushed: Pushed): Promise<Answered> {
    await this.#context.beforeWrite();
    const path = `${repositoryPath(pushed)}/artifacts/${pushed.digest}/tags/${pushed.secondTag}`;
    return answered(await node.ask({ method: "DELETE", path, as: "account" }, this.#signal));
  }

  /** Once for each repository; the images of one pusher share it. */
  #removeLater(pushed: Pushed, pushedBy: string): void {
    const { repository } = pushed;
    if (this.#repositories.has(repository)) return;
    this.#repositories.add(repository);
    const { nodes, project, cleanup } = this.#context;
    const maker = this.#nodeOf(pushedBy);
    const inTurn = [maker, ...nodes.filter((node) => node !== maker)];
    cleanup.add(`repository ${repository}`, (time) =>
      removeRepository({ nodes: inTurn, project }, repository, time),
    );
  }

  #nodeOf(name: string): NodePort {
    const node = this.#context.nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`no node is called ${name}`);
    return node;
  }
}

function subjectsOf({ config, layers }: ProbeImage): Subject[] {
  const blobs = [config, ...layers].map(({ digest }): Subject => ({ subject: "layer", blob: digest }));
  const rest = ["manifest-by-tag", "manifest-by-digest", "tags-list", "artifact-list"] as const;
  return [...rest.map((subject): Subject => ({ subject })), ...blobs];
}

function isSuccess({ status }: Answered): boolean {
  return status >= 200 && status < 300;
}
