import type { Check } from "./model.ts";

export interface Self {
  /** Without the `v`. */
  readonly nodeVersion: string;
  readonly store: { readonly place: string; readonly impaired: string | undefined };
  /** How many warnings there are about what is declared. */
  readonly warnings: number;
  readonly registries: number;
  readonly topologies: number;
}

/** The first release of Node that everything here works with; package.json says the same. */
const NODE = { major: 20, minor: 19 };

/** What Tidelock itself stands on. That the declarations are valid is known: nothing is examined otherwise. */
export function checkSelf({ nodeVersion, store, warnings, registries, topologies }: Self): Check[] {
  const declared = `${registries} registries, ${topologies} topologies`;
  return [
    checkNode(nodeVersion),
    warnings === 0
      ? { subject: "declarations", state: "ok", text: `valid: ${declared}` }
      : {
          subject: "declarations",
          state: "warning",
          text: `valid, with ${warnings === 1 ? "a warning" : `${warnings} warnings`}: ${declared}`,
          hint: "tidelock validate shows them",
        },
    store.impaired === undefined
      ? { subject: "store", state: "ok", text: `usable: ${store.place}` }
      : {
          subject: "store",
          state: "fault",
          text: `not usable, so that every base is cold: ${store.impaired}`,
          hint: `look at the space, owner and mode of ${store.place}`,
        },
  ];
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOldEnough = major > NODE.major || (major === NODE.major && minor >= NODE.minor);
  if (isOldEnough) return { subject: "node", state: "ok", text: `version ${version}` };
  return {
    subject: "node",
    state: "fault",
    text: `version ${version} is too old`,
    hint: `install Node ${NODE.major}.${NODE.minor} or later`,
  };
}
