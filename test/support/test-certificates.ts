import { readFileSync } from "node:fs";
import type { Certificate } from "./scripted-server.ts";

const read = (name: string): string =>
  readFileSync(new URL(`tls/test-only-${name}.pem`, import.meta.url), "utf8");

/** The authority that signed all of them. */
export const TEST_AUTHORITY = read("ca");

/** `right` is for localhost and 127.0.0.1. */
export function testCertificate(kind: "right" | "wrong-name" | "expired"): Certificate {
  const both = read(kind);
  return { key: both, cert: both };
}
