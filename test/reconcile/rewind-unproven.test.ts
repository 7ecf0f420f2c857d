import { expect, test } from "vitest";
import type { PassReport } from "../../src/reconcile/report.ts";
import { findings, Scene } from "../support/scene.ts";

/** The next question who we are, after such a request, is answered as to a stranger; no other is. */
function strangeAfter(scene: Scene, name: string, asked: string): void {
  const { faults, ...sandbox } = scene.sandbox(name);
  let next: "reading" | "who" | "over" = "reading";
  sandbox.onRequest(({ path }) => {
    faults.clear();
    if (next === "reading" && path.endsWith(asked)) next = "who";
    else if (next === "who" && path.endsWith("/systeminfo")) {
      next = "over";
      faults.anonymous();
    }
  });
}

function rewindWarnings({ content }: PassReport): string[] {
  return (content?.warnings ?? []).filter((sentence) => sentence.includes("accept-rewind"));
}

test("a project that seems rewound is unread while nobody can say whether a stranger was shown less", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await scene.pass();
  const a = scene.sandbox("a");
  for (const tag of ["v0", "v1", "v2"]) a.push("team/app", tag);
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  for (const tag of ["v1", "v2"]) a.deleteArtifact("team/app", tag);
  scene.clock.advance(60_000);
  // Without a log nobody can tell a deletion from a backup.
  for (const name of ["a", "b"]) scene.sandbox(name).purgeAudit(0);

  strangeAfter(scene, "a", "/team/repositories/app/artifacts");
  const report = await scene.look();
  expect(findings(report)).toEqual([]);
  expect(report.verdict).toBe("not-in-step");
  expect(report.content?.pairs[0]?.unread).toMatchObject([
    { registry: "a", subject: "team/**", error: { code: "HARBOR_UNAUTHORIZED" } },
  ]);
  expect(rewindWarnings(report)).toEqual([]);

  const next = await scene.look();
  expect(rewindWarnings(next)).toHaveLength(1);
  expect(findings(next)).toEqual(["rewound team/app:v1", "rewound team/app:v2"]);
});

test("a registry that seems to be emptied is unread while nobody can say whether a stranger was shown less", async () => {
  const fresh = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  const empty = fresh.sandbox("a").faults.backup();
  await fresh[Symbol.asyncDispose]();
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, kind: "master-slave" });
  await scene.pass();
  scene.sandbox("a").push("team/app", "v1");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  scene.sandbox("a").faults.restore(empty);
  scene.clock.advance(60_000);
  strangeAfter(scene, "a", "/projects/team");
  const report = await scene.look();
  expect(report.verdict).toBe("not-in-step");
  expect(report.content?.pairs[0]).toMatchObject({
    findings: [],
    unread: [{ registry: "a", subject: "**", error: { code: "HARBOR_UNAUTHORIZED" } }],
  });
  expect(rewindWarnings(await scene.look())).toHaveLength(1);
});
