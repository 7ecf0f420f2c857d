import type { Answer } from "./answer.ts";

/** The id of what a POST created: the last part of `Location`, which 2.1 and 2.2 give without the rest of the path. */
export function createdId(answer: Answer): number {
  const location = answer.header("location") ?? "";
  const id = /(\d+)\/?$/.exec(location)?.[1];
  if (id === undefined) throw answer.nonsense("the answer does not say which id was created");
  return Number(id);
}
