import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jsonSchema } from "../../src/config/schema/document.ts";
import { readDeclared } from "../../src/config/read-declared.ts";

const POLICIES = join(import.meta.dirname, "../../policies");
const EXAMPLES = join(POLICIES, "examples");

const anything = new Proxy({}, { get: () => "secret" });

describe("the JSON Schema", () => {
  it("in policies/ is the one that `tidelock schema` prints", async () => {
    const written: unknown = JSON.parse(await readFile(join(POLICIES, "schema.json"), "utf8"));
    expect(written).toEqual(jsonSchema());
  });

  it("refuses what is refused", () => {
    const valid = new Ajv2020({ strict: false }).compile(jsonSchema());
    expect(valid({ apiVersion: "tidelock/v1" })).toBe(true);
    for (const wrong of [
      { apiVersion: "v1" },
      { apiVersion: "tidelock/v1", registries: { B_: {} } },
      { apiVersion: "tidelock/v1", topologies: [{ kind: "dual-master", name: "t" }] },
      { apiVersion: "tidelock/v1", settings: { unknown: 1 } },
    ]) {
      expect(valid(wrong)).toBe(false);
    }
  });
});

describe("the examples", () => {
  it("are valid, to us and to the schema, and warn of nothing", async () => {
    const names = await readdir(EXAMPLES);
    expect(names.toSorted()).toEqual(["dual-master.yaml", "master-slave.yaml", "shared-storage.yaml"]);
    const valid = new Ajv2020({ strict: false }).compile(jsonSchema());
    for (const name of names) {
      const { warnings } = await readDeclared(join(EXAMPLES, name), { environment: anything });
      expect(warnings).toEqual([]);
      const text = await readFile(join(EXAMPLES, name), "utf8");
      expect([name, valid(parse(text)), valid.errors]).toEqual([name, true, null]);
    }
  });

  it("are not read with the folder that holds theirs", async () => {
    await expect(readDeclared(POLICIES, { environment: {} })).rejects.toMatchObject({
      code: "CONFIG_UNREADABLE",
    });
  });
});
