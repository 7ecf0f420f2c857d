#!/usr/bin/env node
// Writes src/harbor/generated/harbor.ts from openapi/harbor.yaml; with --check it only says whether that is stale (exit 1).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";

const root = new URL("..", import.meta.url);
const source = new URL("openapi/harbor.yaml", root);
const target = new URL("src/harbor/generated/harbor.ts", root);
const HEADING = "// Written by scripts/generate-types.mjs from openapi/harbor.yaml. Do not edit.\n\n";

const wanted = HEADING + astToString(await openapiTypescript(source, { silent: true }));

if (process.argv.includes("--check")) {
  const found = readOrEmpty(target);
  if (found !== wanted) {
    console.error("src/harbor/generated/harbor.ts is stale: run `npm run gen`");
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(fileURLToPath(target)), { recursive: true });
  writeFileSync(target, wanted);
}

function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
