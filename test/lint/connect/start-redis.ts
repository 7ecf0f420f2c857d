import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** What Debian calls it. */
const PROGRAM = "redis-server";

/** Whether it is on this machine. */
export const HAS_REDIS = spawnSync(PROGRAM, ["--version"], { stdio: "ignore" }).status === 0;

export interface RunningRedis {
  readonly port: number;
  stop(): Promise<void>;
}

/** A Redis, or with `sentinel` one that watches others, on loopback; the lines are those of its redis.conf. */
export async function startRedis(
  lines: readonly string[],
  kind: "redis" | "sentinel" = "redis",
): Promise<RunningRedis> {
  const folder = await mkdtemp(join(tmpdir(), "tidelock-redis-"));
  const port = await freePort();
  const configuration = join(folder, "redis.conf");
  const always = [`port ${port}`, "bind 127.0.0.1", `dir ${folder}`];
  await writeFile(
    configuration,
    [...always, ...(kind === "redis" ? ['save ""'] : []), ...lines, ""].join("\n"),
  );
  const child = spawn(PROGRAM, [configuration, ...(kind === "sentinel" ? ["--sentinel"] : [])]);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (/Ready to accept connections|Sentinel ID is/.test(said)) resolve();
    });
    child.once("error", reject);
    void ended.then(() => reject(new Error(`redis-server ended: ${said}`)));
  });
  return {
    port,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
