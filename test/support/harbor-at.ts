import { createHarborClient, type HarborClientDeps } from "../../src/harbor/client.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import type { Registry } from "../../src/topology/model.ts";
import { AutoClock } from "./auto-clock.ts";
import type { Answering, Reply, Seen } from "./scripted-server.ts";

/** Turns up nowhere by chance; a test that finds it in an error has found a leak. */
export const CANARY = "canary-Pa55word-7f3a";

export function registryAt(url: string, more: Partial<Registry> = {}): Registry {
  const account = {
    username: "admin",
    password: { reveal: () => CANARY, toJSON: () => "***", toString: () => "***" },
  };
  return {
    name: "a",
    url,
    account,
    insecureSkipVerify: false,
    endpointUrl: url,
    replicationAccount: account,
    ...more,
  };
}

/** A client on virtual time and without jitter. */
export function harborAt(
  url: string,
  deps: Partial<HarborClientDeps> = {},
  more: Partial<Registry> = {},
): HarborPort {
  return createHarborClient(registryAt(url, more), {
    clock: new AutoClock(),
    random: () => 0.5,
    environment: {},
    ...deps,
  });
}

/** Answers the two questions of the identity as a Harbor of that version, and the rest as told. */
export function harborOf(version: string, answering: Answering): Answering {
  return (seen, response) => identityAnswer(seen, version) ?? answering(seen, response);
}

function identityAnswer(seen: Seen, version: string): Reply | undefined {
  if (seen.path === "/api/v2.0/users/current") {
    return { body: { user_id: 1, username: "admin", sysadmin_flag: true } };
  }
  if (seen.path !== "/api/v2.0/systeminfo") return undefined;
  return {
    body: { harbor_version: `v${version}-0d3a1b2c`, external_url: "http://harbor", auth_mode: "db_auth" },
  };
}

export async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
