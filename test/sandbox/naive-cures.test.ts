import { describe, expect, it } from "vitest";
import { PROFILE_NAMES, type ProfileName } from "../../src/sandbox/profile.ts";
import { ask, executions, pair, replicate, row, run, tagsOf, type Pair } from "./rig.ts";

interface Gap extends Pair {
  readonly policyA: number;
  readonly policyB: number;
  readonly moved: string;
}

/** A dual-master pair after an outage of A: on B a new tag, a moved one and a deletion. */
function gap(profile: ProfileName): Gap {
  const on = pair(profile);
  const { a, b, settle } = on;
  const policyA = replicate(a, b);
  const policyB = replicate(b, a);
  for (const tag of ["keep", "moved", "gone"]) a.push("pair/app", tag);
  settle();
  a.faults.down();
  b.push("pair/app", "fresh");
  const moved = b.push("pair/app", "moved");
  b.deleteTag("pair/app", "gone");
  settle();
  a.faults.up();
  settle();
  return { ...on, policyA, policyB, moved };
}

describe.each(PROFILE_NAMES)("the cures that people try, on %s", (profile) => {
  it("Harbor itself never closes the gap", () => {
    const { a, b, pass } = gap(profile);
    const before = tagsOf(a);
    pass(24 * 3_600_000);
    expect(tagsOf(a)).toEqual(before);
    expect(tagsOf(b)).not.toEqual(before);
  });

  it("disabling and enabling the replication policy heals nothing", () => {
    const { a, b, policyB, settle } = gap(profile);
    const before = tagsOf(a);
    const count = executions(b, policyB).length;
    const policy = row(ask(b, "GET", `/api/v2.0/replication/policies/${policyB}`));
    for (const enabled of [false, true]) {
      ask(b, "PUT", `/api/v2.0/replication/policies/${policyB}`, { body: { ...policy, enabled } });
    }
    settle();
    expect(tagsOf(a)).toEqual(before);
    expect(executions(b, policyB)).toHaveLength(count);
  });

  it("a full run in the wrong direction loses the tag that was moved, with every execution Succeed", () => {
    const on = gap(profile);
    expect(tagsOf(on.b)["moved"]).toBe(on.moved);
    const execution = run(on, on.a, on.policyA);
    expect(execution["status"]).toBe("Succeed");
    expect(tagsOf(on.b)["moved"]).toBe(tagsOf(on.a)["moved"]);
    expect(tagsOf(on.b)["moved"]).not.toBe(on.moved);
  });

  it("a full run in the right direction brings new and moved tags, and no deletion", () => {
    const on = gap(profile);
    run(on, on.b, on.policyB);
    expect(tagsOf(on.a)).toEqual({ ...tagsOf(on.b), gone: tagsOf(on.a)["gone"] });
    expect(tagsOf(on.a)["moved"]).toBe(on.moved);
  });

  it("a full run of the other side afterwards resurrects what was deleted", () => {
    const on = gap(profile);
    run(on, on.b, on.policyB);
    expect(tagsOf(on.b)["gone"]).toBeUndefined();
    run(on, on.a, on.policyA);
    expect(tagsOf(on.b)["gone"]).toBe(tagsOf(on.a)["gone"]);
  });
});
