import { describe, expect, it } from "vitest";
import { CASTS } from "./casts.ts";
import { differences } from "./compare.ts";
import { callsOf } from "./recording.ts";
import { Replay } from "./replay.ts";

interface Known {
  readonly release: string;
  /** The number of the recorded call, from 0. */
  readonly call: number;
  readonly difference: string;
  readonly reason: string;
}

/** What the sandbox answers otherwise than the recorded Harbor, and why that is left so. Nothing, at present. */
const KNOWN: readonly Known[] = [];

describe("the sandbox answers as the recorded Harbors did", () => {
  it.each(Object.entries(CASTS))("release %s", (release, cast) => {
    const replay = new Replay(cast);
    const calls = callsOf(release);
    const found = calls.flatMap((call, at) =>
      differences(replay.play(call)).map((difference) => ({
        call: at,
        request: `${call.method} ${call.path}`,
        difference,
      })),
    );
    const known = KNOWN.filter((one) => one.release === release);
    const unknown = found.filter(
      (one) => !known.some((other) => other.call === one.call && other.difference === one.difference),
    );
    const vanished = known.filter(
      (one) => !found.some((other) => other.call === one.call && other.difference === one.difference),
    );
    expect(unknown).toEqual([]);
    expect(vanished).toEqual([]);
    expect(calls.length).toBeGreaterThan(110);
  });

  it("would notice a wrong status, a field too many and a field too few", () => {
    const [call] = callsOf("2.9.0").filter((one) => one.path === "/api/v2.0/projects/rec");
    const body = { ...(call?.body as object), surplus: 1, name: undefined };
    const answer = { status: 404, headers: {}, text: "", body: null };
    expect(call).toBeDefined();
    if (call === undefined) return;
    expect(differences({ call, answer })).toContainEqual(expect.stringContaining("status 200 is 404"));
    const altered = { ...answer, status: 200, headers: call.headers, body };
    expect(differences({ call, answer: altered })).toEqual([
      ".name: string is absent",
      ".surplus: absent is number",
    ]);
  });
});
