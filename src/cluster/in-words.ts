/** `n1`, `n1 and n2`, `n1, n2 and n3`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** A length of time as an operator reads it: `150 ms`, `5.2 s`, `10 min`. */
export function lengthText(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1000) return `${Math.round(size)} ms`;
  if (size < 120_000) return `${Math.round(size / 100) / 10} s`;
  return `${Math.round(size / 6000) / 10} min`;
}

/** That some nodes have a thing of their own which should be one in the whole cluster. */
export function notShared(at: readonly string[], all: readonly string[], thing: string): string {
  if (at.length >= all.length) return `${listed(at)} do not have the same ${thing}`;
  const rest = all.length - at.length === 1 ? "other node" : "other nodes";
  return `${listed(at)} ${at.length === 1 ? "has" : "have"} another ${thing} than the ${rest}`;
}

export function unique<Value>(values: Iterable<Value>): Value[] {
  return [...new Set(values)];
}
