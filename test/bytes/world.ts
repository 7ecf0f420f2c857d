import type { Source } from "../../src/bytes/blob-bytes.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import { digestOf } from "../../src/sandbox/blob-store.ts";
import { imageOf } from "../../src/sandbox/image.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import { registryV2At } from "../registry-v2/registry-at.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { CANARY } from "../support/harbor-at.ts";

/** A sandbox on loopback and the way to its bytes. */
export interface Side extends Source {
  readonly sandbox: Sandbox;
}

/** Two sandboxes of one profile, served over HTTP. */
export interface World extends AsyncDisposable {
  readonly a: Side;
  readonly b: Side;
}

export async function twoRegistries(profile: ProfileName): Promise<World> {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock });
  const made = await Promise.all(
    ["a", "b"].map(async (name) => {
      const sandbox = world.add({ name, profile, adminPassword: CANARY });
      const front = await serveSandbox(sandbox);
      const distribution = registryV2At(sandbox.url, { clock });
      return { side: { sandbox, distribution, clock }, front };
    }),
  );
  const [a, b] = made;
  if (a === undefined || b === undefined) throw new Error("two sandboxes were to be made");
  return {
    a: a.side,
    b: b.side,
    [Symbol.asyncDispose]: async () => {
      for (const { side, front } of made) {
        side.distribution.close();
        await front.close();
      }
    },
  };
}

export const REPOSITORY = "pair/app";

/** An image of the sandbox, with its digests by name. */
export interface Named {
  readonly digest: string;
  readonly manifest: Buffer;
  readonly config: string;
  readonly layers: readonly string[];
}

export function named(
  seed: string,
  content: { readonly size?: number; readonly layers?: number } = {},
): Named {
  const { manifest, blobs } = imageOf(content, seed);
  const digests = blobs.map(digestOf);
  return {
    digest: digestOf(manifest),
    manifest,
    config: digests.at(-1) ?? "",
    layers: digests.slice(0, -1),
  };
}

export const never = new AbortController().signal;
