import { describe, expect, test } from "vitest";
import { AppError } from "../../src/errors.ts";
import { sortFailure } from "../../src/failback/failure-class.ts";
import { reasonIn } from "../../src/failback/task-log.ts";

/** What real Harbors wrote when a copy was made to fail in that way, with the releases of the source that wrote it. */
const SEEN: readonly (readonly [
  what: string,
  releases: string,
  text: string,
  expected: string,
  rule: RegExp,
])[] = [
  [
    "a moved tag under an immutable rule",
    "2.1.6, 2.7.3, 2.9.0, 2.14.4",
    `http status code: 412, body: {"errors":[{"code":"PRECONDITION","message":"Failed to process request due to 'app:v1' configured as immutable."}]}`,
    "person",
    /immutable tag rule/,
  ],
  [
    "a quota that is used up",
    "2.1.6, 2.7.3, 2.9.0, 2.14.4",
    `failed to pushing the blob sha256:fe69, size 6000: http status code: 403, body: {"errors":[{"code":"DENIED","message":"adding 5.9 KiB of storage resource, which when updated to current usage of 4.7 KiB will exceed the configured upper limit of 6.8 KiB."}]}`,
    "person",
    /quota/,
  ],
  [
    "a target whose deployment security guards what is to be replaced",
    "read off the sources of 2.7.3, 2.9.0, 2.14.4",
    `failed to check the existence of the manifest of artifact library/app:v1 on the destination registry: http status code: 412, body: `,
    "person",
    /deployment security of the target/,
  ],
  [
    "a read-only target, seen by the task",
    "2.7.3, 2.9.0, 2.14.4",
    `failed to pushing the blob sha256:bf4a, size 232: http status code: 403, body: {"errors":[{"code":"DENIED","message":"The system is in read only mode. Any modification is prohibited."}]}`,
    "person",
    /read-only/,
  ],
  [
    "a read-only target, seen while the copy is prepared",
    "2.1.6, 2.7.3, 2.9.0, 2.14.4",
    `failed to do the prepare work for pushing/uploading resources: http error: code 403, message {"errors":[{"code":"DENIED","message":"The system is in read only mode. Any modification is prohibited."}]}\n`,
    "person",
    /read-only/,
  ],
  [
    "a robot that may pull only",
    "2.1.6, 2.7.3, 2.9.0, 2.14.4",
    `failed to pushing the blob sha256:7247, size 229: http status code: 401, body: {"errors":[{"code":"UNAUTHORIZED","message":"unauthorized to access repository: p/app, action: push: unauthorized to access repository: p/app, action: push"}]}`,
    "person",
    /right that the account of the endpoint lacks/,
  ],
  [
    "a missing project that the robot may not create",
    "2.7.3, 2.9.0, 2.14.4",
    `failed to do the prepare work for pushing/uploading resources: http error: code 403, message {"errors":[{"code":"FORBIDDEN","message":"Only system admin can create project"}]}\n`,
    "person",
    /right to create the project/,
  ],
  [
    "credentials that are no longer good",
    "2.7.3, 2.9.0, 2.14.4",
    `failed to do the prepare work for pushing/uploading resources: http error: code 401, message {"errors":[{"code":"UNAUTHORIZED","message":"unauthorized"}]}\n`,
    "person",
    /credentials/,
  ],
  [
    "a proxy cache, which only 2.1 tries to push to",
    "2.1.6",
    `failed to pushing the blob sha256:73a9, size 229: http status code: 403, body: {"errors":[{"code":"DENIED","message":"denied: can not push artifact to a proxy project: p"}]}`,
    "person",
    /proxy cache/,
  ],
  [
    "a proxy cache, which later ones pass over",
    "2.7.3, 2.9.0, 2.14.4",
    "no resources need to be replicated",
    "person",
    /nothing that Harbor would copy/,
  ],
  [
    "a manifest that lacks at the source",
    "2.7.3, 2.9.0, 2.14.4",
    `failed to pull the manifest of artifact p/app:v2: http status code: 404, body: {"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`,
    "person",
    /manifest that the source lists/,
  ],
  [
    "a layer that lacks at the source",
    "2.1.6, 2.7.3, 2.9.0, 2.14.4",
    `failed to pushing the blob sha256:7d4d, size 900: Put "http://b/v2/p/app/blobs/uploads/25a5": readfrom tcp 10.0.0.1:36094->10.0.0.3:8080: unexpected EOF`,
    "retry",
    /layer/,
  ],
  [
    "a target that is down",
    "2.9.0",
    `failed to create adapter for destination registry http://b: Get "http://b/api/version": dial tcp 10.0.0.3:8080: connect: connection refused`,
    "wait",
    /can't be reached/,
  ],
];

describe("a failure is sorted by what can be done about it", () => {
  test.each(SEEN)("%s (%s)", (_what, _releases, text, expected, rule) => {
    const sorted = sortFailure({ text });
    expect(sorted.class).toBe(expected);
    expect(sorted.rule).toMatch(rule);
    expect(sorted.hint).not.toBe("");
  });

  test.each([
    ["HARBOR_UNREACHABLE", "wait"],
    ["HARBOR_BUSY", "wait"],
    ["HARBOR_TIMEOUT", "retry"],
    ["HARBOR_FAILED", "retry"],
    ["HARBOR_FORBIDDEN", "person"],
    ["HARBOR_UNAUTHORIZED", "person"],
    ["HARBOR_TLS", "person"],
    ["BUG", "retry"],
  ] as const)("an error %s is for: %s", (code, expected) => {
    expect(
      sortFailure({ code, text: new AppError(code, "writing a policy on b failed").message }).class,
    ).toBe(expected);
  });

  test("what Harbor says counts more than the code of the error that carries it", () => {
    const text = `putting it failed: Harbor refuses that (412, "Failed to process request due to 'app:v1' configured as immutable.")`;
    expect(sortFailure({ code: "HARBOR_PRECONDITION", text }).class).toBe("person");
  });

  test("what nobody explains is tried again", () => {
    expect(sortFailure({ text: "execution 7 hangs" })).toMatchObject({ class: "retry" });
    expect(sortFailure({ text: "" })).toMatchObject({ class: "retry" });
  });
});

describe("the reason in the log of a task", () => {
  const line = (level: string, text: string): string =>
    `2026-01-01T04:13:26Z [${level}] [/src/transfer.go:1]: ${text}`;

  test("is its last error, without the one that ends every such log", () => {
    const log = [
      line("INFO", "copying p/app:v1..."),
      line("ERROR", "failed to push manifest of artifact p/app:v1"),
      line("ERROR", "http status code: 412, body: immutable"),
      line("ERROR", "got error during the whole transfer period, mark the job failure"),
    ].join("\n");
    expect(reasonIn(log)).toBe("http status code: 412, body: immutable");
  });

  test("is short, and holds nothing of the state of an upload", () => {
    const upload = `Put "http://b/v2/p/app/blobs/uploads/1?_state=c2VjcmV0&digest=sha256": unexpected EOF`;
    expect(reasonIn(line("ERROR", upload))).toBe(`Put "http://b/v2/p/app/blobs/uploads/1": unexpected EOF`);
    const long = reasonIn(line("ERROR", `${"x".repeat(10_000)}: unexpected EOF`));
    expect(long?.length).toBeLessThanOrEqual(400);
    expect(long).toMatch(/^x.*: unexpected EOF$/);
  });

  test("is nothing where the log has no error", () => {
    expect(reasonIn(line("WARNING", "the override is set to false, skip"))).toBeUndefined();
    expect(reasonIn("")).toBeUndefined();
  });
});
