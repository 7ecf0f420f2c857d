/** A behaviour of the sandbox that was never seen on a running Harbor, and why it is as it is. */
export interface Unverified {
  readonly behaviour: string;
  readonly basis: string;
}

/**
 * Everything that rests on reading Harbor's source, or on a choice of ours, rather than on an answer of a running
 * Harbor. Profiles 2.1, 2.7 and 2.9 were recorded; the others were only read.
 */
export const UNVERIFIED: readonly Unverified[] = [
  {
    behaviour: "all answers of the profiles 2.12, 2.14 and 2.16",
    basis:
      "the shapes of 2.9 with the fields that the published descriptions add; no running instance was recorded",
  },
  {
    behaviour: "the whole-project artifact listing (2.12 on) and the extended audit log (2.13 on)",
    basis: "published description and source",
  },
  {
    behaviour:
      "2.1: filtering executions by status compares the stored column, which stays InProgress once there are tasks",
    basis:
      "2.1.6 listed two Succeed executions and found none of them by status=Succeed; other values were not tried",
  },
  {
    behaviour: "a replication policy that pulls is kept, and its execution fails in its flow",
    basis: "a choice: nothing here pulls",
  },
  {
    behaviour: "a user who is no administrator has all rights in own projects, and reads public ones",
    basis: "a choice: roles of members are not modelled",
  },
  {
    behaviour: "the id of a quota is the id of its project",
    basis: "a choice: clients look quotas up by reference",
  },
  {
    behaviour: "blobs are never mounted from another repository by replication, always sent",
    basis:
      "a choice: the result is the same, only the traffic differs; but where the registry lost a blob and its descriptor, a real copy mounts it from the records of Harbor, and fails",
  },
  {
    behaviour: "single_active_replication with an event trigger answers 500 to create and update",
    basis: "source (src/server/v2.0/handler/replication.go:118-119)",
  },
  {
    behaviour:
      "the message of 405 for a push into a proxy cache project, of 412 for a copy onto an immutable tag",
    basis: "source, in our own words where it is put together from parts",
  },
  {
    behaviour: "a connection that hangs pins its flow slot until it breaks; from 2.16 for 30 minutes at most",
    basis: "source (the client has no timeout of its own before)",
  },
  {
    behaviour: "`down` lets the Harbor's own work rest and go on afterwards, unless told to lose it",
    basis: "a choice: a paused machine; `loseQueue` is a killed core, `loseJobs` a lost Redis",
  },
  {
    behaviour: "a job that meets a fault does not repeat single blobs with pauses inside one run",
    basis: "a choice: a run is one instant here",
  },
  {
    behaviour: "cosign's signatures by tag become accessories from 2.5 on, subjects by reference from 2.8 on",
    basis: "source",
  },
  {
    behaviour: "clusters of other releases than 2.9 behave as those of 2.9",
    basis: "a choice: only a cluster of 2.9.0 was recorded",
  },
  {
    behaviour: "core of a cluster's node dies with its job service, and is healthy at once when it is back",
    basis: "a choice; after a real start the portal was unhealthy for 9.6 s more",
  },
  {
    behaviour: "each node looks at its neighbours at the same three moments of every ten seconds",
    basis: "a choice: the period was seen, the moments are those of its start",
  },
  {
    behaviour: "an upload that is not seen yet on another node is unknown there, at each of its steps",
    basis: "a choice: a file system that shows a file late was not recorded, only one that never does",
  },
  {
    behaviour: "a token carries its rights to a node whose database does not know the account",
    basis: "source (src/server/middleware/security/v2_token.go); seen only for the administrator",
  },
  {
    behaviour:
      "a job that another database knows reports nowhere, and goes on there as if it had been made there",
    basis: "seen as a task that stays Pending; where its three runs took place was not",
  },
  {
    behaviour: "a log cannot be read where the job service is dead: 500; what never ran has none: 404",
    basis: "seen on 2.9.0; other releases were not asked",
  },
  {
    behaviour:
      "deployment security: which manifests a project refuses to serve, with which words, and to whom",
    basis:
      "source (src/server/middleware/contenttrust and vulnerable of 2.1.6, 2.7.3, 2.9.0 and 2.14.4; goharbor/harbor#15283)",
  },
  {
    behaviour:
      "a scan finds one vulnerability or none, at once; its report outlives the image; lists of allowed CVEs are empty",
    basis: "a choice: when and how Harbor scans is not modelled",
  },
  {
    behaviour: "the faults `version` and `realm` change one field of systeminfo, and the realm of challenges",
    basis: "a choice: neither was recorded",
  },
  {
    behaviour: "the balancer takes turns strictly, and answers 502 with a page when no node is left",
    basis: "a choice: the recorded one is nginx, seen only with one node alive",
  },
  {
    behaviour: "2.1 creates the projects at the destination without looking, and does not skip proxy caches",
    basis: "source of 2.1 to 2.4",
  },
  {
    behaviour: "the message of 400 for a body that is no JSON, of 405 for a method that a path does not have",
    basis: "the framework's wording, not recorded",
  },
  {
    behaviour: "sizes: the limit of a manifest (2.16: 413) is not modelled",
    basis: "a choice",
  },
];
