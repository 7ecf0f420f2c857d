import type { ContentRound, Evidence, Identity } from "../cluster/evidence.ts";

/**
 * Whether the nodes are proven to have one database now, so that a number that one of them gave out means the same thing on the others. Equal
 * projects are not enough, since two databases may come from one backup: each node also has to have listed what another one had just taken.
 */
export function isOneDatabase(
  nodes: readonly string[],
  { identities, content }: Pick<Evidence, "identities" | "content">,
): boolean {
  const rows = nodes.map((node) => identities.find((one) => one.node === node));
  if (!isSame(rows, ({ library }) => library) || !isSame(rows, probeProjectOf)) return false;
  if (rows.every((row) => row?.library === undefined && probeProjectOf(row) === undefined)) return false;
  return nodes.every((from) => nodes.every((to) => from === to || hasListed(content, from, to)));
}

/** Whether no two nodes show different projects, as far as they show any. Enough to look for what is left, not to act on numbers. */
export function mayBeOneDatabase(identities: readonly Identity[]): boolean {
  return (
    isSame(identities, ({ library }) => library) &&
    isSame(identities, probeProjectOf) &&
    identities.every(({ probeProject }) => probeProject !== "absent")
  );
}

type Row = Identity | undefined;

function isSame(
  rows: readonly Row[],
  read: (row: Identity) => { readonly id: number; readonly createdAt: string } | undefined,
): boolean {
  const shown = rows.flatMap((row) => {
    const project = row === undefined ? undefined : read(row);
    return project === undefined ? [] : [`${project.id} ${project.createdAt}`];
  });
  return new Set(shown).size <= 1;
}

function probeProjectOf(row: Row): Exclude<Identity["probeProject"], "absent"> {
  return row?.probeProject === "absent" ? undefined : row?.probeProject;
}

function hasListed(content: readonly ContentRound[], from: string, to: string): boolean {
  return content.some(
    ({ pushedBy, checks }) =>
      pushedBy === from &&
      checks.some(
        ({ node, subject, rightAfterMs }) =>
          node === to && subject === "artifact-list" && rightAfterMs !== undefined,
      ),
  );
}
