import { readDeclared, type ReadResult } from "../../src/config/read-declared.ts";
import { ConfigError, type Mistake } from "../../src/config/mistake.ts";
import type { FileReader } from "../../src/config/reader.ts";
import type { Environment } from "../../src/config/substitute.ts";
import { isReplicated } from "../../src/topology/flows.ts";
import type { Declared, ReplicatedTopology } from "../../src/topology/model.ts";

/** Files by name, in the folder `policies`; without any disk. */
export function filesReader(files: Readonly<Record<string, string>>): FileReader {
  const missing = (): Error => Object.assign(new Error("none"), { code: "ENOENT" });
  return {
    listFiles: () => Promise.resolve(Object.keys(files).filter((name) => !name.includes("/"))),
    readFile: (path) => {
      const name = Object.keys(files).find((one) => path === one || path.endsWith(`policies/${one}`));
      return name === undefined ? Promise.reject(missing()) : Promise.resolve(files[name] ?? "");
    },
  };
}

export interface Given {
  readonly environment?: Environment;
  /** More files beside `x.yaml`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Reads one file `x.yaml` whose apiVersion is given. */
export function declaredFrom(
  text: string,
  { environment = {}, files = {} }: Given = {},
): Promise<ReadResult> {
  const reader = filesReader({ "x.yaml": `apiVersion: tidelock/v1\n${text.replace(/^\n/, "")}`, ...files });
  return readDeclared("policies", { environment, reader });
}

/** What is wrong, or an empty list. */
export async function mistakesIn(text: string, given?: Given): Promise<readonly Mistake[]> {
  try {
    await declaredFrom(text, given);
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.mistakes;
    throw thrown;
  }
}

export function replicatedIn(declared: Declared): ReplicatedTopology {
  const found = declared.topologies.find(isReplicated);
  if (found === undefined) throw new Error("no replicated topology");
  return found;
}
