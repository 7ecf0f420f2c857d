import { describe, expect, it } from "vitest";
import { declaredFrom, mistakesIn } from "./declare.ts";
import { REGISTRY_ROWS } from "./rows-of-registries.ts";
import { TOPOLOGY_ROWS } from "./rows-of-topologies.ts";
import { cluster, NODES, PAIR, REGISTRIES, settings } from "./rows.ts";

describe("each thing wrong once is told with its path and what to do", () => {
  for (const [what, text, expected, given] of [...REGISTRY_ROWS, ...TOPOLOGY_ROWS]) {
    it(what, async () => {
      const whole = text === "" ? `${REGISTRIES}${PAIR}` : text;
      const found = await mistakesIn(whole, given);
      const lines = found.map(({ path, message, hint }) => {
        const said = path === "" ? message : `${path}: ${message}`;
        return hint === undefined ? said : `${said} (${hint})`;
      });
      expect(lines).toHaveLength(expected.length);
      for (const [at, line] of lines.entries()) {
        const wanted = expected[at]!;
        if (typeof wanted === "string") expect(line).toBe(wanted);
        else expect(line).toMatch(wanted);
      }
    });
  }

  it.each(["*", ">", "|", "!x!", '"x" ', "]", '"\\U'])(
    "nothing of a password that begins with %s, so that it is no YAML, is repeated",
    async (beginning) => {
      const text = `registries:\n  b:\n    url: https://b.example.com\n    username: admin\n    password: ${beginning}hunter2secret\n`;
      const found = await mistakesIn(`${text}${PAIR}`);
      expect(found).toMatchObject([{ file: "policies/x.yaml", line: 6 }]);
      expect(JSON.stringify(found)).not.toMatch(/hunt|secret/);
    },
  );

  it("and nothing is wrong with what the rows start from", async () => {
    const { declared } = await declaredFrom(`${REGISTRIES}${PAIR}`);
    expect(declared.topologies).toHaveLength(1);
    expect(await mistakesIn(cluster(NODES))).toEqual([]);
    expect(await mistakesIn(settings("store: state/x.db"))).toEqual([]);
  });
});
