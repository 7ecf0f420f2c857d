import { expect, test } from "vitest";
import { actorOf, isShared } from "../../src/failback/actors.ts";

const own = { account: "robot$tidelock", replication: "robot$repl" };

test.each([
  ["ann", own, "person"],
  ["admin", own, "person"],
  ["robot$ci", own, "person"],
  ["robot$repl", own, "replication"],
  ["robot$tidelock", own, "tidelock"],
  ["", own, "unknown"],
  ["anonymous", own, "unknown"],
  // declared without the prefix that Harbor prints
  ["robot$repl", { account: "admin", replication: "repl" }, "replication"],
  ["robot$team+repl", { account: "admin", replication: "robot$team+repl" }, "replication"],
  // shared: by us and replication, or by people and replication
  ["robot$one", { account: "robot$one", replication: "robot$one" }, "unknown"],
  ["robot$one", { account: "robot$one", replication: "one" }, "unknown"],
  ["admin", { account: "robot$tidelock", replication: "admin" }, "unknown"],
  ["ann", { account: "admin", replication: "admin" }, "person"],
] as const)("%s under %o is %s", (username, accounts, actor) => {
  expect(actorOf({ act: "delete-tag", username }, accounts)).toBe(actor);
});

test("Harbor's job service deletes by retention, and pushes by replication that pulls", () => {
  const username = "harbor-jobservice";
  expect(actorOf({ act: "delete-artifact", username }, own)).toBe("retention");
  expect(actorOf({ act: "delete-tag", username }, own)).toBe("retention");
  expect(actorOf({ act: "push", username }, own)).toBe("replication");
});

test("accounts are shared when they are the same, or the one that people are given", () => {
  expect(isShared(own)).toBe(false);
  expect(isShared({ account: "robot$x", replication: "admin" })).toBe(true);
  expect(isShared({ account: "robot$x", replication: "x" })).toBe(true);
});
