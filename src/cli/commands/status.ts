import type { App } from "../../compose.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { durationText } from "../render/duration-text.ts";

/** What the store knows, without asking any Harbor: the last pass of each topology, and outages. */
export async function status(app: App, io: CliIo, { output }: GlobalFlags): Promise<number> {
  const now = app.clock.now();
  const topologies = await Promise.all(
    app.declared.topologies.map(async ({ name, kind }) => {
      const pass = await app.store.passes.latest(name);
      return { name, kind, at: pass?.at ?? null, report: pass?.report ?? null };
    }),
  );
  const registries = await Promise.all(
    [...app.declared.registries.keys()].map(async (name) => {
      const reach = await app.store.outages.reach(name);
      const outages = await app.store.outages.outages(name);
      return { name, up: reach?.up ?? null, lastGood: reach?.lastGood ?? null, outages: outages.slice(-5) };
    }),
  );
  if (output === "json") {
    io.out(
      JSON.stringify({
        topologies,
        registries,
        store: app.store.place,
        impaired: app.store.impaired ?? null,
      }),
    );
    return EXIT.ok;
  }
  for (const { name, at, report } of topologies) {
    io.out(
      at === null ? `${name}: no pass yet` : `${name}: ${verdictOf(report)} (${durationText(now - at)} ago)`,
    );
  }
  for (const { name, up, outages } of registries) {
    const last = outages.at(-1);
    const state = up === null ? "never probed" : up ? "up" : "down";
    io.out(`${name}: ${state}${last === undefined ? "" : `, last outage ${outageText(last, now)}`}`);
  }
  return EXIT.ok;
}

function verdictOf(report: unknown): string {
  const read = (key: string): unknown =>
    typeof report === "object" && report !== null ? Reflect.get(report, key) : undefined;
  const verdict = read("verdict");
  const proven = read("proven") === true ? ", proven" : "";
  return typeof verdict === "string" ? `${verdict}${proven}` : "unknown";
}

function outageText({ from, to }: { readonly from: number; readonly to?: number }, now: number): string {
  return to === undefined
    ? `began ${durationText(now - from)} ago`
    : `ended ${durationText(now - to)} ago, lasted ${durationText(to - from)}`;
}
