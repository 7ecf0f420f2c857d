import { Life } from "./life.ts";
import { TEETH, type Tooth } from "./teeth.ts";

const MOST = 300;

/** Prints the first seed that notices each variant that is broken on purpose, for when the code has changed and a seed notices no more. */
async function firstSeed({ variant, says }: Tooth): Promise<number | undefined> {
  for (let seed = 1; seed <= MOST; seed += 1) {
    const said = await Life.run(seed, variant).then(
      () => "",
      (thrown: unknown) => String(thrown).split("\n    at ")[0] ?? "",
    );
    if (says.test(said)) return seed;
  }
  return undefined;
}

for (const tooth of TEETH) {
  const seed = await firstSeed(tooth);
  process.stdout.write(`| ${tooth.invariant} | ${tooth.name} | ${tooth.broken} | ${seed ?? "none"} |\n`);
}
process.exit(0);
