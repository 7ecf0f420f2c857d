import { createServer } from "node:http";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createTransport } from "../../src/harbor/transport.ts";
import { DEFAULT_LIMITS } from "../../src/harbor/limits.ts";

test("what was stopped before it was sent is not sent", async () => {
  const got: string[] = [];
  const server = createServer((request, response) => {
    got.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const transport = createTransport({
    url,
    insecureSkipVerify: false,
    environment: {},
    limits: DEFAULT_LIMITS,
  });
  const controller = new AbortController();
  // stopped while the HTTP library is being loaded
  const sending = transport.send({
    method: "DELETE",
    url: `${url}/x`,
    headers: {},
    streamed: false,
    totalMs: 1000,
    signal: controller.signal,
  });
  controller.abort();
  expect(await sending).toMatchObject({ failed: { cancelled: true } });
  await transport.send({ method: "GET", url: `${url}/second`, headers: {}, streamed: false, totalMs: 1000 });
  expect(got).toEqual(["GET /second"]);
  transport.close();
  server.close();
});
