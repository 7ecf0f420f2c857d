import type { ErrorCode } from "../errors.ts";

/** `wait`: it goes by itself; `retry`: trying again may do; `person`: nothing changes before somebody does something. */
export type FailureClass = "wait" | "retry" | "person";

export interface SortedFailure {
  readonly class: FailureClass;
  /** What stood in the way, as a noun. */
  readonly rule: string;
  /** What to do next, as a sentence. */
  readonly hint: string;
}

export interface Failure {
  /** Of an `AppError`, where there is one. */
  readonly code?: ErrorCode;
  /** What Harbor or Tidelock said: the text of an execution, the log of a task, or the message of an error. */
  readonly text: string;
}

interface Row extends SortedFailure {
  readonly text: RegExp;
}

/** Texts of executions and task logs, as Harbor 2.1.6, 2.7.3, 2.9.0 and 2.14.4 wrote them; the first that fits counts, so the narrow ones come first. */
const BY_TEXT: readonly Row[] = [
  {
    text: /configured as immutable|immutable tag rule/,
    class: "person",
    rule: "an immutable tag rule on the target",
    hint: "change the immutable tag rule of that project, or decide the tag with resolve",
  },
  {
    text: /will exceed the configured upper limit|quota .* (is used up|has room for)/,
    class: "person",
    rule: "the storage quota of the project on the target",
    hint: "raise the quota of that project, or remove what is not needed and collect garbage",
  },
  {
    text: /read[- ]only mode/,
    class: "person",
    rule: "the read-only mode of the target",
    hint: "switch read-only mode off in the configuration of that Harbor",
  },
  {
    text: /proxy project|is a proxy cache/,
    class: "person",
    rule: "a proxy cache on the target",
    hint: "leave that project out of the selection: a proxy cache takes no copies",
  },
  {
    text: /has no project .* may not create|can create project|prepare work for pushing.*code 403/,
    class: "person",
    rule: "a missing right to create the project on the target",
    hint: "create the project there, or give the account of the endpoint the right to",
  },
  {
    // A HEAD has no body that would say so, and nothing else answers it with 412.
    text: /existence of the manifest .* on the destination registry.*code:? 412/s,
    class: "person",
    rule: "the deployment security of the target project, which guards the image that stands there",
    hint: "scan or sign that image on the target, or remove its tag there: Harbor's copies ask for it before they replace it",
  },
  {
    text: /PROJECTPOLICYVIOLATION/,
    class: "person",
    rule: "a policy of the source project that forbids pulls",
    hint: "look at the deployment security of the source project: it keeps vulnerable or unsigned images from being pulled",
  },
  {
    text: /the blob sha256:[0-9a-f]+.*(code:? 404|not found|BLOB_UNKNOWN)|BLOB_UNKNOWN|blob unknown/is,
    class: "person",
    rule: "a layer that the source lists and does not have",
    hint: "look with diff --depth bytes which side still serves it",
  },
  {
    text: /MANIFEST_INVALID|manifest invalid|MANIFEST_BLOB_UNKNOWN/i,
    class: "person",
    rule: "a manifest that the target refuses",
    hint: "look with diff --depth bytes whether all of its parts are there",
  },
  {
    text: /pull(ing)? (the )?manifest.*(code:? 404|not found|MANIFEST_UNKNOWN)|MANIFEST_UNKNOWN/is,
    class: "person",
    rule: "a manifest that the source lists and does not have",
    hint: "look with diff --depth bytes which side still serves it",
  },
  {
    text: /prepare work for pushing.*code 401/,
    class: "person",
    rule: "credentials of the endpoint that the target refuses",
    hint: "check replicationAccount, and reconcile again: endpoints are brought in line with it",
  },
  {
    text: /no resources need to be replicated/,
    class: "person",
    rule: "nothing that Harbor would copy: the target is a proxy cache, or the source no longer has it",
    hint: "look with diff whether the source still has it, and leave proxy caches out of the selection",
  },
  {
    text: /unauthorized to access|UNAUTHORIZED|FORBIDDEN|code:? 40[13]\b/,
    class: "person",
    rule: "a right that the account of the endpoint lacks",
    hint: "run doctor: it names the right that lacks, and the robot to create",
  },
  {
    text: /TOO_MANY_REQUEST|code:? 429\b/,
    class: "wait",
    rule: "a registry that asks to slow down",
    hint: "nothing to do: it is tried again",
  },
  {
    text: /connection refused|no such host|no route to host|network is unreachable|failed to create adapter/,
    class: "wait",
    rule: "a registry that can't be reached from the other one",
    hint: "check the network between the registries, and endpointUrl",
  },
  {
    text: /active replication still in progress|contains executions that aren't in final status/,
    class: "wait",
    rule: "an execution that is not over",
    hint: "nothing to do: it is tried again once Harbor is done",
  },
  {
    text: /readfrom tcp .*unexpected EOF/,
    class: "retry",
    rule: "a layer that the source did not serve whole",
    hint: "if it stays so, the source lost that layer: look with diff --depth bytes which side still serves it",
  },
  {
    text: /code:? 50[0-9]\b|internal server error|connection reset|broken pipe|EOF|timeout|deadline exceeded|context canceled/i,
    class: "retry",
    rule: "a passing failure of a registry",
    hint: "nothing to do: it is tried again",
  },
];

const BY_CODE: Readonly<Partial<Record<ErrorCode, SortedFailure>>> = {
  HARBOR_UNREACHABLE: waiting("a registry that can't be reached"),
  HARBOR_BUSY: waiting("a registry that asks to slow down"),
  HARBOR_PRECONDITION: waiting("the present state of a registry"),
  ALREADY_RUNNING: waiting("another Tidelock at work"),
  CANCELLED: waiting("a stop of Tidelock"),
  HARBOR_TIMEOUT: passing("a registry that did not answer in time"),
  HARBOR_FAILED: passing("a failure inside a registry"),
  HARBOR_CONFLICT: passing("an object of the same name"),
  HARBOR_UNAUTHORIZED: forPeople("credentials that a registry refuses", "check username and password"),
  HARBOR_FORBIDDEN: forPeople("a right that our account lacks", "run doctor: it names the right that lacks"),
  HARBOR_TLS: forPeople("a certificate that is not trusted", "check caFile and the certificate"),
  HARBOR_REJECTED: forPeople("a request that Harbor refuses", "see what Harbor says"),
  HARBOR_UNSUPPORTED: forPeople("a Harbor that is too old", "update it"),
};

/** What is said by nobody above is tried again, later and later. */
const UNKNOWN: SortedFailure = passing("something that Harbor does not explain");

/** Sorts a failure of one remedy by what can be done about it. */
export function sortFailure({ code, text }: Failure): SortedFailure {
  const row = BY_TEXT.find((candidate) => candidate.text.test(text));
  if (row !== undefined) return { class: row.class, rule: row.rule, hint: row.hint };
  return (code === undefined ? undefined : BY_CODE[code]) ?? UNKNOWN;
}

function waiting(rule: string): SortedFailure {
  return { class: "wait", rule, hint: "nothing to do: it is tried again once that is over" };
}

function passing(rule: string): SortedFailure {
  return { class: "retry", rule, hint: "nothing to do: it is tried again" };
}

function forPeople(rule: string, hint: string): SortedFailure {
  return { class: "person", rule, hint };
}
