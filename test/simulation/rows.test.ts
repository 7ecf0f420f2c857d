import { describe, test } from "vitest";
import { playRow } from "./play-row.ts";
import { ROWS } from "./rows.ts";

const KINDS = ["dual-master", "master-slave"] as const;
const CASES = ROWS.flatMap((row, i) => KINDS.map((kind, k) => ({ row, kind, seed: 1 + i * 2 + k })));

describe("a person may push or delete between any two requests of ours", () => {
  test.each(CASES)("$row.name ($kind, seed $seed)", ({ row, kind, seed }) => playRow(row, kind, seed));
});
