import { toAppError } from "../errors.ts";
import type { NodePort } from "../harbor/node-port.ts";
import { answered, fieldOf, textOf } from "../probe/answered.ts";
import { fetchBearer } from "../probe/bearer.ts";
import { NO_REPOSITORY, PROBE_RIGHTS, type ProbeRight } from "./cluster-rights.ts";
import type { Check } from "./model.ts";

/** Where rights are tried, and as whom. */
export interface ProbeTrial {
  readonly topology: string;
  readonly node: NodePort;
  readonly username: string;
  /** Undefined where it is not there yet: what needs it is not tried. */
  readonly project: string | undefined;
}

/** Tries each right that probes need by a request that changes nothing. Rejects only when the signal was aborted. */
export async function tryProbeRights(trial: ProbeTrial, signal: AbortSignal): Promise<Check[]> {
  const checks: Check[] = [];
  // One by one: nobody waits for a doctor, and Harbor has other work.
  for (const right of PROBE_RIGHTS) checks.push(await tryOne(trial, right, signal));
  return checks;
}

async function tryOne(trial: ProbeTrial, right: ProbeRight, signal: AbortSignal): Promise<Check> {
  const about = { registry: trial.topology, account: trial.username, subject: right.right };
  const untold = (why: string): Check => ({ ...about, state: "not-tried", text: why });
  if (right.on === "project" && trial.project === undefined)
    return untold("not tried: no project to try it in");
  try {
    const granted = await isGranted(trial, right, signal);
    if (typeof granted === "string") return untold(`not found out: ${granted}`);
    if (granted) return { ...about, state: "ok", text: right.purpose };
  } catch (thrown) {
    signal.throwIfAborted();
    return untold(`not found out: ${toAppError(thrown).message}`);
  }
  const lost = right.proves.length === 0 ? "" : `; untested without it: ${right.proves.join(", ")}`;
  return {
    ...about,
    state: right.on === "project" && right.proves.length > 0 ? "fault" : "warning",
    text: `${trial.username} lacks it: ${right.purpose}${lost}`,
  };
}

/** A text says why it was not found out. */
async function isGranted(
  { node, project = "" }: ProbeTrial,
  { right, wish }: ProbeRight,
  signal: AbortSignal,
): Promise<boolean | string> {
  if (wish === undefined) return await tokenAllows(node, project, right, signal);
  const { method, path, body } = wish(encodeURIComponent(project));
  const answer = await node.ask(
    {
      method,
      path,
      as: "account",
      ...(body === undefined
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: Buffer.from(JSON.stringify(body)) }),
    },
    signal,
  );
  const { status, text } = answered(answer);
  if (status === 403) return false;
  // Harbor asks for the right before it looks at what is wanted.
  if ((status >= 200 && status < 300) || [400, 404, 409, 412, 422].includes(status)) return true;
  return `${node.name} answered ${status === 0 ? "nothing" : String(status)}${text === "" ? "" : `: ${text}`}`;
}

/** A token of the registry says what its owner may do in a project. */
async function tokenAllows(
  node: NodePort,
  project: string,
  right: string,
  signal: AbortSignal,
): Promise<boolean | string> {
  const action = right.split(":")[1] ?? "";
  const scope = `repository:${project}/${NO_REPOSITORY}:pull,push`;
  const { bearer, answer } = await fetchBearer(node, scope, signal);
  if (bearer === undefined) return `${node.name} gave out no token (${answered(answer).status})`;
  const claims = jsonOrNothing(textOf(Buffer.from(bearer.text.split(".")[1] ?? "", "base64url")));
  const access = fieldOf(claims, "access");
  if (!Array.isArray(access)) return false;
  return access.some((one: unknown) => {
    const actions = fieldOf(one, "actions");
    return Array.isArray(actions) && (actions.includes(action) || actions.includes("*"));
  });
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
