import { accessoriesOf } from "./accessories.ts";
import type { Core } from "./core.ts";
import { Refusal } from "./exchange.ts";
import { isAdmin, mayProject } from "./permissions.ts";
import type { RegistryContext } from "./registry-context.ts";
import type { ArtifactRow, ProjectRow, RepositoryRow } from "./state.ts";

/** Harbor's order of them (goharbor/harbor src/pkg/scan/vuln/severity.go:51-69). */
const CODES = { Low: 2, Medium: 3, High: 4, Critical: 5 } as const;

/** What is asked for of a project, and by which tag or digest. */
interface Asked {
  readonly project: ProjectRow;
  readonly repository: RepositoryRow;
  readonly artifact: ArtifactRow;
  readonly reference: string;
}

/**
 * Refuses to serve a manifest that the deployment security of its project forbids; from 2.3 on also to say that it is there
 * (goharbor/harbor#15056, src/server/registry/route.go:51-68). The API is not asked by it.
 */
export function refuseUnsafe(context: RegistryContext, asked: Asked): void {
  const { core, request } = context;
  if (request.method === "HEAD" && core.profile.minor < 3) return;
  const message = signs(context, asked.project) ? undefined : whyUnsafe(core, asked);
  if (message !== undefined) throw new Refusal(412, "PROJECTPOLICYVIOLATION", message);
}

/** Harbor's words for why it may not be served; undefined where it may. The job service is no exception, at neither end of a copy. */
export function whyUnsafe(core: Core, asked: Asked): string | undefined {
  return whyUnsigned(core, asked) ?? whyVulnerable(core, asked);
}

/** Who makes signatures has to read what is signed: known by a token for pushing and the name of the tool (src/server/middleware/util/util.go:61-87). */
function signs({ core, request, identity }: RegistryContext, project: ProjectRow): boolean {
  const { minor } = core.profile;
  const agent = request.headers["user-agent"] ?? "";
  const isTool = (minor >= 5 && agent.includes("cosign")) || (minor >= 9 && agent.includes("notation"));
  const isToken = request.headers["authorization"]?.toLowerCase().startsWith("bearer ") === true;
  return (
    isTool && isToken && (isAdmin(identity) || mayProject(core, identity, project, "repository", "push"))
  );
}

function whyUnsigned(core: Core, asked: Asked): string | undefined {
  const { project, repository, artifact } = asked;
  const { minor } = core.profile;
  if (isSignature(core, artifact)) return undefined;
  const has = (type: string): boolean =>
    accessoriesOf(repository, artifact).some((one) => one.accessory?.type === type);
  if (minor < 9 && isOn(project, "enable_content_trust") && !isInNotary(core, asked))
    return "The image is not signed in Notary.";
  if (minor >= 5 && isOn(project, "enable_content_trust_cosign") && !has("signature.cosign"))
    return `The image is not signed ${minor < 9 ? "in Cosign" : "by cosign"}.`;
  if (minor >= 9 && isOn(project, "enable_content_trust") && !has("signature.notation"))
    return "The image is not signed by notation.";
  return undefined;
}

function isSignature(core: Core, { accessory }: ArtifactRow): boolean {
  return (
    accessory?.type === "signature.cosign" ||
    (core.profile.minor >= 9 && accessory?.type === "signature.notation")
  );
}

/** Notary signs tags; a digest is signed where any tag of it is. */
function isInNotary(core: Core, { repository, artifact, reference }: Asked): boolean {
  const signed = core.state.notary.get(repository.name) ?? new Map<string, string>();
  return reference.startsWith("sha256:")
    ? [...signed.values()].includes(artifact.digest)
    : signed.get(reference) === artifact.digest;
}

function whyVulnerable(core: Core, { project, repository, artifact }: Asked): string | undefined {
  if (!isOn(project, "prevent_vul") || isSignature(core, artifact)) return undefined;
  const scannable = core.state.scanner ? scannableIn(repository, artifact) : [];
  if (scannable.length === 0) return undefined;
  const severity = title(project.metadata.get("severity") ?? "");
  const policy = `cannot be pulled due to configured policy in 'Prevent images with vulnerability severity of "${severity}" or higher from running.'`;
  const results = scannable.map(({ digest }) => core.state.scans.get(digest));
  if (results.includes(undefined))
    return `current image without vulnerability scanning ${policy} To continue with pull, please contact your project administrator for help.`;
  const [worst] = results;
  // Of an index it counts only that its images were scanned.
  if (artifact.children.length > 0 || worst === undefined || worst === "clean") return undefined;
  if (CODES[worst] < limitOf(severity)) return undefined;
  return `current image with 1 vulnerability ${policy} To continue with pull, please contact your project administrator to exempt matched vulnerabilities through configuring the CVE allowlist.`;
}

/** Images; of an index those that it names, and no accessories (goharbor/harbor src/controller/scan/checker.go). */
function scannableIn(repository: RepositoryRow, artifact: ArtifactRow): readonly ArtifactRow[] {
  if (artifact.accessory !== undefined) return [];
  if (artifact.children.length === 0) return artifact.type === "IMAGE" ? [artifact] : [];
  return artifact.children.flatMap(({ digest }) => {
    const child = repository.artifacts.get(digest);
    return child === undefined ? [] : scannableIn(repository, child);
  });
}

function isOn(project: ProjectRow, key: string): boolean {
  return project.metadata.get(key) === "true";
}

const SEVERITIES = ["None", "Low", "Medium", "High", "Critical"];

function title(severity: string): string {
  const written = severity.charAt(0).toUpperCase() + severity.slice(1).toLowerCase();
  return SEVERITIES.includes(written) ? written : "Unknown";
}

function limitOf(severity: string): number {
  return new Map<string, number>(Object.entries(CODES)).get(severity) ?? 0;
}
