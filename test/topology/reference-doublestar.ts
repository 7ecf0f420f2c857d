/**
 * The dialect once more, as straightforwardly as can be: braces are written out, then components are matched by trying.
 * Slow on purpose; only for comparing with. Knows literals, *, ?, **, braces.
 */
export function referenceMatches(pattern: string, text: string): boolean {
  return writtenOut(pattern).some((one) => components(one.split("/"), text.split("/")));
}

function writtenOut(pattern: string): string[] {
  const open = pattern.indexOf("{");
  if (open < 0) return [pattern];
  const ends = [open + 1];
  let depth = 1;
  let at = open + 1;
  for (; depth > 0; at += 1) {
    if (pattern[at] === "{") depth += 1;
    if (pattern[at] === "}") depth -= 1;
    if ((pattern[at] === "," && depth === 1) || depth === 0) ends.push(at + 1);
  }
  return ends
    .slice(0, -1)
    .map((from, index) => pattern.slice(from, ends[index + 1]! - 1))
    .flatMap((option) => writtenOut(pattern.slice(0, open) + option + pattern.slice(at)));
}

function components(pattern: string[], text: string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === "**") {
    if (rest.length === 0) return text.length > 0;
    return text.some((_, from) => components(rest, text.slice(from)));
  }
  const [first, ...others] = text;
  return first !== undefined && characters(head, first) && components(rest, others);
}

function characters(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern.startsWith("*"))
    return characters(rest, text) || (text !== "" && characters(pattern, text.slice(1)));
  return (
    text !== "" && (pattern.startsWith("?") || pattern[0] === text[0]) && characters(rest, text.slice(1))
  );
}
