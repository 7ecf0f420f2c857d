import { AppError } from "../../errors.ts";
import type { TopologyName } from "../../topology/model.ts";
import type { CliIo } from "../io.ts";

/** What a command was stopped before, when it had begun so many: each with its failure, and all told in one line. */
export function leftOut<One extends { readonly name: TopologyName }>(
  all: readonly One[],
  begun: number,
  io: Pick<CliIo, "err">,
): (readonly [One, AppError])[] {
  const left = all.slice(begun);
  if (left.length > 0)
    io.err(`stopped before ${left.map(({ name }) => name).join(", ")}: nothing is known of them`);
  return left.map((one) => {
    const message = `the work was stopped before ${one.name} was begun`;
    return [one, new AppError("CANCELLED", message, { hint: "run it again" })] as const;
  });
}
