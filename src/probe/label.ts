import { createHash } from "node:crypto";
import type { Instant, Random } from "../clock.ts";

const PREFIX = "tidelock";

/**
 * The name of one probe: whose it is, when it began (seconds since 1970, to the base 36) and four characters by chance. Everything that the
 * probe makes has it in its name, so that a later one finds what a killed one left.
 */
export function makeLabel(installation: string, now: Instant, random: Random): string {
  const chance = Math.floor(random() * 36 ** 4);
  return [PREFIX, ownerPart(installation), Math.floor(now / 1000).toString(36), chance.toString(36)].join(
    "-",
  );
}

/** When the probe of this installation began whose label stands in a name; undefined where none does. */
export function labelledAt(name: string, installation: string): Instant | undefined {
  const found = new RegExp(`${PREFIX}-${ownerPart(installation)}-([0-9a-z]{6,7})-[0-9a-z]{1,4}`).exec(name);
  return found?.[1] === undefined ? undefined : Number.parseInt(found[1], 36) * 1000;
}

/** Two installations may probe one cluster; neither removes what the other made. */
function ownerPart(installation: string): string {
  return createHash("sha256").update(installation).digest("hex").slice(0, 6);
}
