/** The members of each group, in their order, groups by first appearance (`Map.groupBy` is younger than Node 20). */
export function groupBy<Member, Key>(
  members: Iterable<Member>,
  key: (member: Member) => Key,
): Map<Key, Member[]> {
  const groups = new Map<Key, Member[]>();
  for (const member of members) {
    const name = key(member);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [member]);
    else group.push(member);
  }
  return groups;
}
