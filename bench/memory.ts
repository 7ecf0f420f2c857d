import { assertInStep, declare } from "./declared.ts";
import { rounded, seconds, type Figures } from "./figures.ts";
import { startWorld, type Layout } from "./served.ts";

/** (d): the most memory the process ever had, its program and Node included, at three sizes; and where all is one project. */
export async function measureMemory(figures: Figures, quick: boolean): Promise<void> {
  const part = quick ? 10 : 1;
  const sizes: readonly (readonly [string, Layout])[] = [
    ["10000", { projects: 10, repositories: 20 / part, tags: 50 }],
    ["100000", { projects: 10, repositories: 20 / part, tags: 500 }],
    ["500000", { projects: 50, repositories: 20 / part, tags: 500 }],
    ["500000 in one project", { projects: 1, repositories: 1000 / part, tags: 500 }],
  ];
  const peaks: Record<string, number> = {};
  for (const [size, layout] of sizes) {
    using world = await startWorld("prepared-world.ts", layout);
    const { artifacts } = world.served;
    const declared = await declare(world.served);
    const cold = await declared.run("diff");
    assertInStep(cold, artifacts);
    // The first run takes the more memory.
    const warm = quick ? undefined : await declared.run("diff");
    if (warm !== undefined) assertInStep(warm, artifacts);
    const peak = Math.max(cold.peakMegabytes, warm?.peakMegabytes ?? 0);
    const name = size.replace(/^\d+/, String(artifacts));
    figures.note(
      `(d) most memory, ${name}`,
      `${Math.round(peak)} MB`,
      artifacts >= 500_000 / part ? "≤ 200 MB" : "",
    );
    const times = [cold, warm].flatMap((ran) => (ran === undefined ? [] : [seconds(ran.ms)]));
    figures.note(`(d) time cold, warm, ${name}`, times.join(", "));
    peaks[name] = rounded(peak, 1);
  }
  figures.json["peakMegabytes"] = peaks;
}
