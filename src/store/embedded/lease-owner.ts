import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemRandom } from "../../clock.ts";

/**
 * Who holds a lease: `host:process:place:work`. No two are equal: in containers every program may be process 1 of the same host, and one program may
 * open the same store twice. So the work bears a number by chance, which this process keeps for its life, and counts.
 */
export function ownerOfWork(): string {
  const { place, chance } = ownSelf();
  works += 1;
  return [hostname(), process.pid, place, `${chance}.${works}`].join(":");
}

/**
 * False only where its process is known to be gone: a killed one must not keep others out until its lease ends. Process ids mean something only within
 * one place; of any other, and of leases of the first form, which name none, nothing is known, and their time has to end them.
 */
export function isOwnerAlive(owner: string): boolean {
  const [host, pid, place = "", work = ""] = owner.split(":");
  const self = ownSelf();
  if (host !== hostname() || place !== self.place) return true;
  // Two that live have different ids, so of the same id as ours another one is gone.
  if (Number(pid) === process.pid && work !== "") return work.startsWith(`${self.chance}.`);
  return isRunning(Number(pid));
}

interface Self {
  readonly place: string;
  readonly chance: string;
}

let self: Self | undefined;
let works = 0;

function ownSelf(): Self {
  self ??= { place: ownPlace(), chance: systemRandom().toString(36).slice(2, 10) };
  return self;
}

/** The namespace of our process ids, and the start of the machine that it is of; empty where there is no /proc: there the host's name has to do. */
function ownPlace(): string {
  const namespace = orNothing(() => readlinkSync("/proc/self/ns/pid"));
  if (namespace === "") return "";
  const start = orNothing(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
  return createHash("sha256").update(`${namespace} ${start}`).digest("hex").slice(0, 8);
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
