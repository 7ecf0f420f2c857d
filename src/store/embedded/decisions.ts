import { CHOICES, type Decision } from "../../failback/decision.ts";
import type { DecisionStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, text, type Database, type Row } from "./database.ts";

export function createDecisionStore(database: Database): DecisionStore {
  const of = database.prepare(
    "SELECT * FROM decision WHERE topology = ? ORDER BY left_name, right_name, repository, tag",
  );
  const put = database.prepare(
    `INSERT OR REPLACE INTO decision
       (topology, left_name, right_name, repository, tag, choice, at, left_digest, right_digest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const forget = database.prepare(
    `DELETE FROM decision
      WHERE topology = ? AND left_name = ? AND right_name = ? AND repository = ? AND tag = ?`,
  );
  return {
    of: (topology) => settle(() => of.all(topology).flatMap(toDecision)),
    put: (decision) =>
      settle(() => {
        const { choice, at, leftDigest, rightDigest } = decision;
        put.run(...keyOf(decision), choice, at, leftDigest ?? null, rightDigest ?? null);
      }),
    forget: (decision) => settle(() => void forget.run(...keyOf(decision))),
  };
}

function keyOf(decision: Decision): [string, string, string, string, string] {
  const { topology, left, right, repository, tag } = decision;
  return [topology, left, right, repository, tag];
}

function toDecision(row: Row): Decision[] {
  const choice = CHOICES.find((one) => one === row["choice"]);
  if (choice === undefined) return [];
  const leftDigest = text(row, "left_digest");
  const rightDigest = text(row, "right_digest");
  return [
    {
      topology: text(row, "topology"),
      left: text(row, "left_name"),
      right: text(row, "right_name"),
      repository: text(row, "repository"),
      tag: text(row, "tag"),
      choice,
      at: number(row, "at") ?? 0,
      ...(leftDigest === "" ? {} : { leftDigest }),
      ...(rightDigest === "" ? {} : { rightDigest }),
    },
  ];
}
