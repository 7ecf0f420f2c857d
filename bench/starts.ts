import { median, type Figures } from "./figures.ts";
import { runNode, runTidelock } from "./program.ts";

/** (f): what Tidelock adds to the start of Node. */
export async function measureStarts(figures: Figures, quick: boolean): Promise<void> {
  const bare: number[] = [];
  const help: number[] = [];
  for (let i = 0; i < (quick ? 5 : 15); i += 1) {
    bare.push((await runNode(["-e", "0"])).ms);
    help.push((await runTidelock(["--help"])).ms);
  }
  const over = Math.round(median(help) - median(bare));
  figures.note("(f) start of Node alone", `${Math.round(median(bare))} ms`);
  figures.note("(f) tidelock --help over that", `${over} ms`, "≤ 150 ms");
  figures.json["startupMilliseconds"] = over;
}
