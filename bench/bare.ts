import { Agent, request } from "node:http";

/** Asks one address and throws the answer away; resolves with its status. */
function ask(agent: Agent, method: string, url: string, authorization: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: authorization, Accept: "application/json" };
    const asking = request(url, { agent, method, headers }, (response) => {
      response.on("end", () => resolve(response.statusCode ?? 0)).on("error", reject);
      response.resume();
    });
    asking.on("error", reject).end();
  });
}

/** Asks for all addresses of one registry, so many at once, over connections that stay open. Returns milliseconds. */
export async function askAll(
  method: "GET" | "HEAD",
  urls: readonly string[],
  password: string,
  atOnce: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
  const begin = performance.now();
  const left = urls.values();
  const work = async (): Promise<void> => {
    for (const url of left) {
      const status = await ask(agent, method, url, authorization);
      if (status !== 200) throw new Error(`${method} ${url} answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  agent.destroy();
  return performance.now() - begin;
}
