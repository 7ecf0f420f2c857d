import type { Answered, ContentCheck, FrontSeen } from "../../cluster/evidence.ts";
import type { NodePort } from "../../harbor/node-port.ts";
import { answered } from "../answered.ts";
import { bearerIn, tokenPath } from "../bearer.ts";
import { readChallenge } from "../challenge.ts";
import { lookAt } from "../looks.ts";
import { withQuery } from "../own-path.ts";
import type { PushedImage } from "./content.ts";

/** What the proofs before have shown, which the front has to show too. */
export interface Shown {
  /** Of each repository the last is read. */
  readonly images: readonly PushedImage[];
  /** Of the nodes' tokens. */
  readonly keyIds: readonly string[];
  readonly project: string;
}

/**
 * The way that clients take: where they are sent for tokens, and whether what the nodes took is read whole. Each thing is asked for once, since
 * asking again would only reach another node. Nothing in these answers tells one sound node from another; see `front-reach.ts`.
 */
export async function proveFront(
  front: NodePort,
  { images, keyIds, project }: Shown,
  signal: AbortSignal,
): Promise<FrontSeen> {
  const before = front.requestCount();
  const reach = await front.ask({ method: "GET", path: "/v2/", as: "account" }, signal);
  const challenge = await readChallenge(front, signal);
  const realmAnswers =
    challenge === undefined
      ? undefined
      : await askRealm(
          front,
          withQuery(challenge.realm, tokenQuery(project, challenge.service)),
          keyIds,
          signal,
        );
  const checks = await readAll(front, images, signal);
  return {
    reach: answered(reach),
    realm: challenge?.realm,
    realmAnswers,
    reached: undefined,
    asked: front.requestCount() - before,
    checks,
  };
}

function tokenQuery(project: string, service: string): string {
  return tokenPath(`repository:${project}/front:pull`, "", service).slice(1);
}

/** As nobody, since the password goes nowhere but to the declared addresses; Harbor gives out tokens to strangers too. */
async function askRealm(
  front: NodePort,
  url: string,
  keyIds: readonly string[],
  signal: AbortSignal,
): Promise<Answered> {
  const answer = await front.elsewhere(url, signal);
  const keyId = bearerIn(answer)?.keyId;
  const isStrange = keyId !== undefined && keyIds.length > 0 && !keyIds.includes(keyId);
  if (!isStrange) return answered(answer);
  const text = `the token that is given out there bears the key ${keyId}, which is none of the nodes'`;
  return { ...answered(answer), code: "OTHER_KEY", text };
}

async function readAll(
  front: NodePort,
  images: readonly PushedImage[],
  signal: AbortSignal,
): Promise<ContentCheck[]> {
  const lastOfEach = new Map(images.map((one) => [one.pushed.repository, one]));
  const checks: ContentCheck[] = [];
  for (const { pushed, image } of lastOfEach.values()) {
    const layers = [image.config, ...image.layers].map(({ digest }) => digest);
    for (const subject of ["manifest-by-tag", "manifest-by-digest"] as const) {
      const glance = await lookAt(front, pushed, { subject }, signal);
      checks.push({ node: front.name, subject, ...outcome(glance) });
    }
    for (const digest of layers) {
      const glance = await lookAt(front, pushed, { subject: "layer", blob: digest }, signal);
      checks.push({ node: front.name, subject: "layer", digest, ...outcome(glance) });
    }
  }
  return checks;
}

function outcome(
  glance: Awaited<ReturnType<typeof lookAt>>,
): Pick<ContentCheck, "rightAfterMs" | "tries" | "wrong"> {
  return glance.right
    ? { rightAfterMs: 0, tries: 1 }
    : { rightAfterMs: undefined, tries: 1, wrong: glance.wrong };
}
