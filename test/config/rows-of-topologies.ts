import { cluster, NODES, pair, PAIR, REGISTRIES, settings, slave, type Row } from "./rows.ts";

/** Registries of which `urls` are the addresses, and a cluster that some of them lead into. */
function replicatedOver(urls: readonly string[], content = "{ projects: [x] }"): string {
  const names = ["p", "q", "r"].slice(0, urls.length);
  const registries = names.map((name, at) => `  ${name}: { url: ${urls[at]}, username: x, password: y }`);
  const nodes =
    "nodes: { n1: { url: https://10.0.0.1, host: hub.test }, n2: { url: https://10.0.0.2, host: hub.test } }";
  return `
registries:
${registries.join("\n")}
topologies:
  - { name: t, kind: dual-master, registries: [${names.join(", ")}], content: ${content} }
  - { name: ha, kind: shared-storage, account: { username: x, password: y }, ${nodes}, front: { url: https://front.test } }`;
}

const ELSEWHERE = "https://elsewhere.test";

const INSIDE_A_CLUSTER: readonly Row[] = [
  [
    "nodes that replicate to each other",
    replicatedOver(["https://10.0.0.1", ELSEWHERE, "https://10.0.0.2"]),
    [/topologies\[0\].name: p and r are nodes of one database, the cluster ha, that would replicate/],
  ],
  [
    "a node that replicates to its front",
    replicatedOver(["https://10.0.0.1", "https://front.test"]),
    [/topologies\[0\].name: p and q are nodes of one database/],
  ],
  [
    "a node that replicates to what clients call it",
    replicatedOver(["https://hub.test", "https://10.0.0.2"]),
    [/topologies\[0\].name: p and q are nodes of one database/],
  ],
  [
    "probes that would be replicated",
    replicatedOver(["https://front.test", ELSEWHERE], '{ projects: ["tide*"] }'),
    [/topologies\[0\].content: covers tidelock-probe, the project that the cluster ha is probed in/],
  ],
];

export const TOPOLOGY_ROWS: readonly Row[] = [
  // Topologies
  ["no kind", `${REGISTRIES}\ntopologies: [{ name: t }]`, [/kind: is missing/]],
  [
    "another kind",
    `${REGISTRIES}\ntopologies: [{ name: t, kind: dual-maste }]`,
    [/kind: is no kind.*did you mean dual-master/],
  ],
  ["a topology that is no map", `${REGISTRIES}\ntopologies: [east]`, [/kind: is missing/]],
  [
    "no name",
    `${REGISTRIES}\ntopologies: [{ kind: dual-master, registries: [a, b] }]`,
    ["topologies[0].name: is missing"],
  ],
  [
    "a bad name",
    `${REGISTRIES}\ntopologies: [{ name: East_1, kind: dual-master, registries: [a, b] }]`,
    [/topologies\[0\].name: is not a name/],
  ],
  [
    "a name twice",
    `${REGISTRIES}\ntopologies:\n  - { name: t, kind: dual-master, registries: [a, b], content: { projects: [x] } }\n  - { name: t, kind: dual-master, registries: [a, b], content: { projects: [y] } }`,
    [/topologies\[1\].name: the topology t is declared at policies\/x.yaml:7 already/],
  ],
  [
    "an unknown registry",
    `${REGISTRIES}\n  tokyo: { url: https://t, username: x, password: y }\ntopologies: [{ name: t, kind: dual-master, registries: [a, tokio] }]`,
    ["topologies[0].registries[1]: there is no registry tokio (did you mean tokyo?)"],
  ],
  ["an unknown master", slave("master: z, slaves: [a]"), [/master: there is no registry z/]],
  ["a flow to itself", slave("master: a, slaves: [a]"), [/slaves\[0\]: a is the master already/]],
  ["a slave twice", slave("master: a, slaves: [b, c, b]"), [/slaves\[2\]: b is named twice/]],
  ["no slaves", slave("master: a, slaves: []"), [/slaves: is empty/]],
  ["a master of a dual-master", pair("master: a"), [/master: is not known here/]],
  [
    "one master",
    `${REGISTRIES}\ntopologies: [{ name: t, kind: dual-master, registries: [a] }]`,
    [/registries: names one registry/],
  ],
  [
    "a master twice",
    `${REGISTRIES}\ntopologies: [{ name: t, kind: dual-master, registries: [a, a] }]`,
    [/registries\[1\]: a is named twice/],
  ],
  [
    "registries as text",
    `${REGISTRIES}\ntopologies: [{ name: t, kind: dual-master, registries: a }]`,
    [/registries: is text, but should be a list \(write it as \[a, b\]\)/],
  ],
  ["a mode", pair("mode: actt"), ["topologies[0].mode: is not one of act, observe (did you mean act?)"]],
  ["no projects", pair("content: { projects: [] }"), [/content.projects: is empty/]],
  [
    "a malformed project",
    pair('content: { projects: ["{a"] }'),
    [/projects\[0\]: is a malformed pattern: a `\{` is not closed/],
  ],
  ["a project with a slash", pair("content: { projects: [a/b] }"), [/projects\[0\]: holds a slash/]],
  ["an empty pattern", pair('content: { repositories: [""] }'), [/repositories\[0\]: is empty/]],
  ["a space in braces", pair('content: { tags: "{a, b}" }'), [/tags: holds a space/]],
  ["a comma without braces", pair('content: { tags: "a,b" }'), [/tags: holds a comma/]],
  ["an empty alternative", pair('content: { tags: "{a,}" }'), [/tags: has an empty alternative/]],
  ["tags as a list", pair("content: { tags: [a] }"), [/tags: is a list, but should be text/]],
  [
    "everything excluded",
    pair('content: { excludeTags: [x, "*"] }'),
    [/excludeTags\[1\]: leaves every tag out/],
  ],
  [
    "filters that are too long",
    pair(`content: { projects: ["${"x".repeat(1100)}"] }`),
    [/content: the filters of .* Harbor keeps 1000/],
  ],
  ["a trigger", pair("trigger: evnt"), [/trigger: is no trigger/]],
  ["a cron with five fields", pair('trigger: "0 2 * * *"'), [/trigger: has 5 fields/]],
  [
    "a cron every minute",
    pair('trigger: "0 * * * * *"'),
    [/trigger: Harbor does not accept \* as the minute/],
  ],
  ["@every", pair('trigger: "@every 5m"'), [/trigger: "@every 5m" is a shorthand/]],
  ["override as text", pair('replication: { override: "no" }'), [/replication.override: is text/]],
  ["a negative speed", pair("replication: { speedKbps: -1 }"), [/speedKbps: is below 0/]],
  [
    "half a speed",
    pair("replication: { speedKbps: 0.5 }"),
    [/speedKbps: is a number, but should be a whole number/],
  ],
  ["too high a speed", pair("replication: { speedKbps: 16777216 }"), [/speedKbps: is above 16777215/]],
  [
    "a remedy",
    pair("heal: { remedy: push }"),
    [/remedy: is not one of auto, scoped, touch, retrigger, toggle/],
  ],
  ["conflicts", pair("heal: { conflicts: oldest }"), [/conflicts: is neither report nor newest/]],
  [
    "conflicts as a map",
    pair("heal: { conflicts: { prefr: a } }"),
    [/conflicts.prefer: is missing/, /conflicts.prefr: is not known here \(did you mean prefer\?\)/],
  ],
  [
    "a stranger preferred",
    pair("heal: { conflicts: { prefer: c } }"),
    [/conflicts.prefer: the registry c is not in the topology/],
  ],
  ["deletions", pair("heal: { deletions: ignore }"), [/heal.deletions: is not one of report, replay/]],
  [
    "deletions twice over",
    pair("heal: { deletions: replay }, replication: { deletions: true }"),
    [/replication.deletions: can't stand together/],
  ],
  [
    "slaveDeletions of a dual-master",
    pair("heal: { slaveDeletions: restore }"),
    [/slaveDeletions: is not known here/],
  ],
  [
    "slaveDeletions",
    slave("master: a, slaves: [b], heal: { slaveDeletions: keep }"),
    [/slaveDeletions: is not one of restore, respect/],
  ],
  ["firstContact", pair("heal: { firstContact: no }"), [/firstContact: is not one of copy, report/]],
  ["a duration", pair("heal: { settle: 4 min }"), [/settle: is no length of time/]],
  ["a very long one", pair("heal: { settle: 25h }"), [/settle: is longer than a day/]],
  ["a budget", pair("heal: { remediesPerHour: 0 }"), [/remediesPerHour: is below 1/]],
  ["a window", pair('heal: { window: "22-06" }'), [/heal.window: is no part of a day/]],
  ["a window in no zone", pair('heal: { window: "22:00-06:00 Mars" }'), [/heal.window: is no part of a day/]],
  ["enforceEnabled", pair("enforceEnabled: 1"), [/enforceEnabled: is a number/]],
  [
    "two writers",
    `${REGISTRIES}${PAIR}\n  - { name: u, kind: master-slave, master: c, slaves: [b] }`,
    [/topologies\[1\].content: writes \*\*\/\*\* to b, as the topology t does/],
  ],
  [
    "a circle",
    `${REGISTRIES}\ntopologies:\n  - { name: t, kind: master-slave, master: a, slaves: [b] }\n  - { name: u, kind: master-slave, master: b, slaves: [a] }`,
    [/topologies\[1\].content: passes \*\*\/\*\* on in a circle/],
  ],
  // Clusters
  ["no nodes", cluster("nodes: {}"), [/nodes: names fewer than two nodes/]],
  ["one node", cluster("nodes: { n1: { url: https://10.0.0.1 } }"), [/nodes: names fewer than two nodes/]],
  [
    "a node's name",
    cluster("nodes: { N_1: { url: https://10.0.0.1 }, n2: { url: https://10.0.0.2 } }"),
    [/nodes.N_1: is not a name/],
  ],
  [
    "a node's url",
    cluster("nodes: { n1: { url: x }, n2: { url: https://10.0.0.2 } }"),
    [/nodes.n1.url: is no address/],
  ],
  [
    "one url for two nodes",
    cluster("nodes: { n1: { url: https://x }, n2: { url: https://x } }"),
    [/nodes.n2.url: leads to the same place as the node n1/],
  ],
  [
    "a node's host",
    cluster("nodes: { n1: { url: https://10.0.0.1, host: https://hub }, n2: { url: https://10.0.0.2 } }"),
    [/n1.host: is no name of a host/],
  ],
  ["a cluster's account", cluster(`account: { username: x }, ${NODES}`), [/account: has no password/]],
  ["a front", cluster(`${NODES}, front: { url: hub }`), [/front.url: is no address/]],
  [
    "a probe's project",
    cluster(`${NODES}, probe: { project: A_B }`),
    [/probe.project: is no name that Harbor accepts/],
  ],
  ["a probe's schedule", cluster(`${NODES}, probe: { small: "* * *" }`), [/probe.small: has 3 fields/]],
  [
    "rounds without end",
    cluster(`${NODES}, probe: { rounds: { small: 21 } }`),
    [/probe.rounds.small: is above 20/],
  ],
  ["a delay", cluster(`${NODES}, probe: { visibleWithin: 2 }`), [/probe.visibleWithin: is a number/]],
  [
    "no patience",
    cluster(`${NODES}, probe: { visibleWithin: 12s }`),
    [/\.probe: giveUpAfter is not longer than visibleWithin/],
  ],
  ["a cluster's authority", cluster(`${NODES}, caFile: ca.pem`), [/caFile: the file ca.pem can't be read/]],
  [
    "a front that is a node",
    cluster(`${NODES}, front: { url: https://10.0.0.2 }`),
    [/nodes.n2.url: is the address of the front/],
  ],
  [
    "a node of two clusters",
    `${cluster(NODES)}\n  - { name: hb, kind: shared-storage, account: { username: x, password: y }, nodes: { m1: { url: https://10.0.0.1 }, m2: { url: https://10.0.0.3 } } }`,
    [/topologies\[2\].nodes.m1.url: leads to the same place as the node n1 of another cluster/],
  ],
  ...INSIDE_A_CLUSTER,
  // Settings
  ["an unknown setting", settings("prob: 3"), [/settings.prob: is not known here \(did you mean probe\?\)/]],
  ["a schedule", settings('schedule: "61 * * * * *"'), [/settings.schedule: the second, "61"/]],
  [
    "a schedule of which no time ever comes",
    settings('schedule: "0 0 0 30 2 *"'),
    [/settings.schedule: never comes: no month of "2" has the day "30" \(an example: /],
  ],
  [
    "an address to listen on",
    settings("listen: 127.0.0.1:8743"),
    ["settings.listen: is not known here (nothing listens yet; leave it out)"],
  ],
  ["a probe's interval", settings("probe: { everySeconds: 0 }"), [/settings.probe.everySeconds: is below 1/]],
  ["failures as text", settings("probe: { failAfter: three }"), [/settings.probe.failAfter: is text/]],
  [
    "thresholds in the wrong order",
    settings("health: { warnSeconds: 9, criticalSeconds: 3 }"),
    [/health.warnSeconds: is above criticalSeconds/],
  ],
  ["a load of nothing", settings("load: { requests: 0 }"), [/settings.load.requests: is below 1/]],
  ["far too many at once", settings("load: { executions: 65 }"), [/settings.load.executions: is above 64/]],
  ["an empty store", settings('store: ""'), [/settings.store: is empty/]],
  [
    "a server as store",
    settings("store: postgresql://tidelock:secret@db/x"),
    ["settings.store: is an address, and only a file can be the store yet (name a file, or leave it out)"],
  ],
  ["a store by another address", settings("store: file:///var/x.db"), [/settings.store: is an address/]],
  ["an installation", settings("installation: My Own"), [/settings.installation: is not a name/]],
  [
    "a setting in two files",
    settings("store: x.db"),
    [/the setting store is declared at policies\/x.yaml/],
    { files: { "y.yaml": "apiVersion: tidelock/v1\nsettings: { store: y.db }" } },
  ],
];
