import { createHash } from "node:crypto";

const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,}$/;

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
