import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import type { HarborPort } from "../../src/harbor/port.ts";
import { CANARY, harborAt, harborOf } from "../support/harbor-at.ts";
import { refusal, scriptedServer, type Answering, type ScriptedServer } from "../support/scripted-server.ts";

const PEER_SECRET = "canary-peer-55aa77cc";
const ENCODED = Buffer.from(`admin:${CANARY}`).toString("base64");

let server: ScriptedServer | undefined;
afterEach(async () => server?.close());

/** Everything that a careless log, report or page could print of an error. */
function everythingOf(error: unknown): string {
  const causes: unknown[] = [];
  for (let one = error; one instanceof Error; one = one.cause) causes.push(one.stack, one.message);
  const own = typeof error === "object" && error !== null ? Object.getOwnPropertyNames(error) : [];
  return [
    JSON.stringify(error),
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(own.map((name) => Reflect.get(error as object, name) as unknown)),
    ...causes,
  ].join("\n");
}

const answers: readonly [string, Answering][] = [
  ["echoes of the request", (seen) => refusal(400, "BAD_REQUEST", JSON.stringify([seen.headers, seen.body]))],
  [
    "a request id that is an echo",
    (seen) => ({
      ...refusal(500, "UNKNOWN", "x"),
      headers: { "X-Request-Id": seen.headers.authorization ?? "" },
    }),
  ],
  ["a code that is an echo", (seen) => refusal(412, seen.headers.authorization ?? "", "no")],
  [
    "a redirect with secrets",
    () => ({
      status: 307,
      headers: { Location: `http://user:${CANARY}@elsewhere.example/?token=${CANARY}` },
    }),
  ],
  [
    "a reset",
    (_, response) => {
      response.destroy();
      return "answered";
    },
  ],
  ["a hang", () => "answered"],
  ["a web page", (seen) => ({ body: `<html>${seen.headers.authorization ?? ""}` })],
  ["broken JSON", (seen) => ({ body: `{"a": "${seen.headers.authorization ?? ""}` })],
];

const calls: readonly [string, (harbor: HarborPort) => Promise<unknown>][] = [
  ["identify", (harbor) => harbor.identify()],
  ["endpoints", (harbor) => harbor.endpoints()],
  ["createEndpoint", (harbor) => harbor.createEndpoint(ENDPOINT)],
  ["updateEndpoint", (harbor) => harbor.updateEndpoint(1, ENDPOINT)],
  ["startExecution", (harbor) => harbor.startExecution(1)],
  ["tagDigest", (harbor) => harbor.tagDigest("library/app", "v1")],
];

const ENDPOINT = {
  name: "to-b",
  url: "http://b.example",
  description: "",
  username: "robot",
  password: PEER_SECRET,
  insecure: false,
  caCertificate: "",
};

describe.each(answers)("no secret is in any error after %s", (_, answering) => {
  test.each(calls)("%s", async (name, call) => {
    server = await scriptedServer(name === "identify" ? answering : harborOf("2.9.0", answering));
    const harbor = harborAt(server.url, { limits: { hurriedMs: 100, totalMs: 100, patientMs: 100 } });
    const error: unknown = await call(harbor).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    harbor.close();
    expect(error).toBeInstanceOf(Error);
    const everything = everythingOf(error);
    for (const secret of [CANARY, ENCODED, PEER_SECRET]) expect(everything).not.toContain(secret);
    expect(everything).not.toContain("AxiosError");
  });
});

test("user info in the address of a registry is not printed", async () => {
  const harbor = harborAt(`http://someone:${CANARY}@127.0.0.1:1`);
  const error: unknown = await harbor.identify().catch((thrown: unknown) => thrown);
  expect(everythingOf(error)).not.toContain(CANARY);
});
