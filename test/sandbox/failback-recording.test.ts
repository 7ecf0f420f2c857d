import { expect, it } from "vitest";
import { readLines } from "./recording.ts";
import { ask, executions, pair, replicate, row, rows, run, tagsOf, type Row, textOf } from "./rig.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

const LINES = readLines<Row>("failback-2.9.0-2.7.3.jsonl");

/** The recorded line of that event. */
function recorded(event: string): Row {
  const line = LINES.find((one) => textOf(one["event"]).startsWith(event));
  if (line === undefined) throw new Error(`no recorded event ${event}`);
  return line;
}

function digestIn(event: string, name?: string): string {
  const line = recorded(event);
  return textOf(((name === undefined ? line : line[name]) as Row)["digest"]);
}

it("the recorded failback gap happens step by step, with the same end", () => {
  const on = pair("2.9", "2.7", { statusRefreshMs: 5000 });
  const { a, b, pass, settle } = on;
  const shorts = new Map<string, string>();
  const push = (to: Sandbox, tag: string, digest: string): void => {
    shorts.set(to.push("pair/app", tag, { seed: digest }), digest.slice(7, 15));
  };
  const content = (of: Sandbox): Row => {
    const artifacts = rows(ask(of, "GET", "/api/v2.0/projects/pair/repositories/app/artifacts?q=tags%3Dnil"));
    const untagged = artifacts.map((one) => ["(untagged)", shorts.get(textOf(one["digest"]))]);
    const tagged = Object.entries(tagsOf(of)).map(([tag, digest]) => [tag, shorts.get(digest)]);
    return Object.fromEntries([...untagged, ...tagged]) as Row;
  };
  const shown = (list: Row[]): Row[] =>
    list
      .map(({ status, trigger, total, status_text }) => ({
        status,
        trigger,
        total,
        status_text: textOf(status_text).replace(/http:\/\/[^/"]+|tcp [^ ]+:\d+/g, "PEER"),
      }))
      .sort((left, right) => textOf(left.status).localeCompare(textOf(right.status)));
  const policyA = replicate(a, b, { deletion: true });
  const policyB = replicate(b, a, { deletion: true });

  for (const tag of ["keep", "moved", "gone"]) push(a, tag, digestIn("push on A", tag));
  settle();
  expect(content(a)).toEqual(recorded("in step")["a"]);
  expect(content(b)).toEqual(recorded("in step")["b"]);
  expect(shown(executions(b, policyB))).toEqual(shown(recorded("echo executions on B")["execB"] as Row[]));

  a.faults.down({ loseQueue: true });
  push(b, "fresh", digestIn("push on B during the outage", "fresh"));
  push(b, "moved", digestIn("push on B during the outage", "moved"));
  b.deleteArtifact("pair/app", "gone");
  pass(8000);
  const during = recorded("B while A is down");
  expect(shown(executions(b, policyB))).toEqual(shown(during["execB"] as Row[]));
  expect(row(ask(b, "GET", "/api/v2.0/registries/1"))["status"]).toBe(during["endpointStatus"]);
  const ping = ask(b, "POST", "/api/v2.0/registries/ping", { body: { id: 1 } });
  expect({ status: ping.status, body: ping.body }).toMatchObject({
    status: 500,
    body: (during["ping"] as Row)["body"],
  });

  a.faults.up();
  pass(20_000);
  expect(content(a)).toEqual(recorded("20 s later")["a"]);
  expect(content(b)).toEqual(recorded("20 s later")["b"]);

  const policy = row(ask(b, "GET", `/api/v2.0/replication/policies/${policyB}`));
  for (const enabled of [false, true]) {
    const put = ask(b, "PUT", `/api/v2.0/replication/policies/${policyB}`, { body: { ...policy, enabled } });
    expect(put.status).toBe(200);
  }
  pass(15_000);
  expect(content(a)).toEqual(recorded("15 s after the toggle")["a"]);
  expect(executions(b, policyB)).toHaveLength(recorded("15 s after the toggle")["execB"] as number);

  const ended = run(on, b, policyB);
  const before = recorded("execution ended");
  for (const key of ["status", "total", "succeed", "failed", "trigger", "status_text"])
    expect(ended[key]).toBe(before[key]);
  const tasks = rows(ask(b, "GET", `/api/v2.0/replication/executions/${textOf(ended["id"])}/tasks`));
  const [task] = recorded("after B->A run")["tasks"] as Row[];
  expect(tasks.map((one) => one["src_resource"])).toEqual([task?.["src_resource"]]);
  expect(content(a)).toEqual(recorded("after B->A run")["a"]);
  expect(content(b)).toEqual(recorded("after B->A run")["b"]);

  run(on, a, policyA);
  expect(content(a)).toEqual(recorded("after a naive A->B run too")["a"]);
  expect(content(b)).toEqual(recorded("after a naive A->B run too")["b"]);
  const log = rows(ask(b, "GET", "/api/v2.0/audit-logs?sort=id&page_size=0&q=resource_type%3Dartifact"));
  const masked = (list: Row[]): string[] =>
    list.map(
      (one) =>
        `${textOf(one["operation"])} ${textOf(one["resource"]).replace(/sha256:\w+/, "DIGEST")} ${textOf(one["username"])}`,
    );
  expect(masked(log)).toEqual(masked(recorded("audit on B")["log"] as Row[]));

  a.faults.down({ loseQueue: true });
  push(b, "moved", digestIn('push newer "moved" on B'));
  pass(8000);
  a.faults.up();
  pass(1000);
  expect(content(a)).toEqual(recorded("before the wrong-way run")["a"]);
  expect(content(b)).toEqual(recorded("before the wrong-way run")["b"]);
  run(on, a, policyA);
  expect(content(a)).toEqual(recorded("after running A->B first")["a"]);
  expect(content(b)).toEqual(recorded("after running A->B first")["b"]);
});
