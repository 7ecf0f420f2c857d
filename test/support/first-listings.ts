import type { Scene } from "./scene.ts";

const WRITES = /^(PUT \/v2\/|POST \/api\/v2.0\/replication\/|DELETE \/api\/v2.0\/projects\/)/;

/** What was asked of a registry before the first write of a healing: `METHOD target`; all of it where nothing was written. */
export function askedBeforeHealing(scene: Scene, registry: string): string[] {
  const asked = scene
    .sandbox(registry)
    .requests.all()
    .filter(({ from }) => from === "client");
  const lines = asked.map(({ method, target }) => `${method} ${target}`);
  const first = lines.findIndex((line) => WRITES.test(line));
  return first === -1 ? lines : lines.slice(0, first);
}

/** The repositories, or whole projects, whose artifacts were listed, each once. */
export function listedIn(asked: readonly string[]): string[] {
  const names = asked.flatMap((line) => {
    const [, project, repository] =
      /\/projects\/([^/]+)(?:\/repositories\/([^/]+))?\/artifacts\?/.exec(line) ?? [];
    return project === undefined ? [] : [repository === undefined ? project : `${project}/${repository}`];
  });
  return [...new Set(names)].toSorted();
}

/** Keeps that a pass has just begun and ended, as the command that made it does. */
export async function keepPass(scene: Scene): Promise<void> {
  const at = scene.clock.now();
  const report = { startedAt: new Date(at).toISOString() };
  await scene.store.passes.save({ topology: scene.topology.name, at, report });
}
