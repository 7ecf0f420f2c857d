import { undefinedIfAbsent } from "../harbor/undefined-if-absent.ts";
import { wrong, WireObject } from "../harbor/wire-object.ts";
import type { Send } from "./authorization.ts";

interface TagsWire {
  readonly name?: string;
  readonly tags?: readonly string[] | null;
}

const PAGE = 100;

/** Pages are asked for by the last name; a registry that gives all at once is done after the first. */
export async function* listTagNames(
  send: Send,
  repository: string,
  signal: AbortSignal | undefined,
): AsyncIterable<string> {
  let last: string | undefined;
  for (;;) {
    const beyond = last === undefined ? "" : `&last=${encodeURIComponent(last)}`;
    const names = await undefinedIfAbsent(async () => {
      const answer = await send({
        doing: `listing the tags of ${repository}`,
        repository,
        method: "GET",
        url: `/v2/${repository}/tags/list?n=${PAGE}${beyond}`,
        repeatable: "read",
        signal,
      });
      return namesIn(new WireObject<TagsWire>(answer.json(), "tags"));
    });
    const previous = last;
    const fresh = (names ?? []).filter((name) => previous === undefined || name > previous);
    yield* fresh;
    last = fresh.at(-1);
    if (fresh.length !== PAGE || last === undefined) return;
  }
}

function namesIn(wire: WireObject<TagsWire>): string[] {
  const names = wire.raw("tags") ?? [];
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  throw wrong("tags.tags", "a list of names");
}
