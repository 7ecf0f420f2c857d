import { readFileSync } from "node:fs";
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, unknown>>;
}
type Item = Readonly<Record<string, Operation>>;

const text = readFileSync(new URL("../../openapi/harbor.yaml", import.meta.url), "utf8");
const description = parse(text) as { readonly paths: Readonly<Record<string, Item>> };
const METHODS = ["get", "put", "post", "delete", "head"];

interface Call {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
  readonly as: string;
}

function recorded(version: string): Call[] {
  const file = new URL(`../recordings/harbor-${version}.jsonl`, import.meta.url);
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Call);
}

/** Which described path a recorded one is of; literal parts go before parameters. */
function described(path: string): string | undefined {
  const bare = path.replace(/\?.*$/, "").replace(/^\/api\/v2\.0/, "");
  const matching = Object.keys(description.paths).filter((template) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(bare),
  );
  return matching.sort((a, b) => a.split("{").length - b.split("{").length)[0];
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat("date-time", true);
ajv.addSchema(description, "harbor");

function problems(template: string, method: string, answer: string, body: unknown): string[] {
  const at = ["paths", template, method, "responses", answer];
  const found = at.reduce<unknown>(
    (node, key) => (node as Record<string, unknown> | undefined)?.[key],
    description,
  );
  const ref = (found as { readonly $ref?: string } | undefined)?.$ref;
  const place = ref === undefined ? at : ref.slice(2).split("/");
  const pointer = [...place, "content", "application~1json", "schema"]
    .map((part, i) => (i < place.length ? part.replaceAll("~", "~0").replaceAll("/", "~1") : part))
    .map((part) => encodeURIComponent(part))
    .join("/");
  const validate = ajv.getSchema(`harbor#/${pointer}`);
  if (validate === undefined) return [`${template} ${method} ${answer}: no schema`];
  return validate(body) === true
    ? []
    : (validate.errors ?? []).map((e) => `${template}${e.instancePath} ${e.message ?? ""}`);
}

describe("openapi/harbor.yaml", () => {
  test("stands alone: only local references, and none that leads nowhere", () => {
    const refs = [...text.matchAll(/\$ref: "([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(refs.length).toBeGreaterThan(100);
    for (const ref of refs) {
      expect(ref).toMatch(/^#\//);
      const target = ref
        .slice(2)
        .split("/")
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], description);
      expect(target, ref).toBeDefined();
    }
  });

  test("says since when as quoted text", () => {
    const since = [...text.matchAll(/x-since: ([^,}\n]+)/g)].map((match) => match[1]?.trim() ?? "");
    expect(since.length).toBeGreaterThan(30);
    for (const one of since) expect(one).toMatch(/^"2\.\d+"$/);
  });

  test("names each operation once", () => {
    const ids = Object.values(description.paths).flatMap((item) =>
      METHODS.flatMap((method) => (item[method] === undefined ? [] : [item[method].operationId])),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(50);
  });

  test.each(["2.1.6", "2.7.3", "2.9.0"])("fits every answer that a Harbor %s gave", (version) => {
    let compared = 0;
    const wrong: string[] = [];
    for (const { method, path, status, body } of recorded(version)) {
      const template = path.startsWith("/api/v2.0/") ? described(path) : undefined;
      const operation =
        template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
      if (template === undefined || operation === undefined || typeof body !== "object" || body === null)
        continue;
      const answer = operation.responses[String(status)] === undefined ? "default" : String(status);
      wrong.push(...problems(template, method.toLowerCase(), answer, body));
      compared += 1;
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(50);
  });
});
