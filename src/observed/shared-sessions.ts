import { toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";

/** Whether one registry takes the sessions of another one, as only those do that use one Redis. */
export type SessionSharing =
  | { readonly kind: "shared" }
  | { readonly kind: "separate" }
  /** `reason` is half a sentence. */
  | { readonly kind: "untested"; readonly reason: string };

/** The control: a session that nobody began. */
const NOBODYS = "sid=tidelock-nobodys";

/**
 * Begins a session in one registry, shows it to the other, and ends it; where our account has none in the first, the other way round. Harbor keeps a
 * session in Redis with the number of its user, so that whoever has the same Redis takes it, over whatever database (seen on 2.1.6, 2.9.0 and 2.14.4).
 * Rejects only when the signal was aborted.
 */
export async function trySessions(
  left: HarborPort,
  right: HarborPort,
  signal: AbortSignal,
): Promise<SessionSharing> {
  const there = await tryOneWay(left, right, signal);
  return there.kind === "untested" ? await tryOneWay(right, left, signal) : there;
}

async function tryOneWay(from: HarborPort, to: HarborPort, signal: AbortSignal): Promise<SessionSharing> {
  const { name, account } = from.registry;
  try {
    const session = await from.logIn(signal);
    if (session === undefined)
      return untested(`${account.username} can't log in to the portal of ${name}, as only a person can`);
    try {
      if (!(await from.takesSession(session, signal)))
        return untested(`${name} does not take its own session`);
      if (!(await to.takesSession(session, signal))) return { kind: "separate" };
      return (await to.takesSession(NOBODYS, signal))
        ? untested(`${to.registry.name} takes whatever session it is shown`)
        : { kind: "shared" };
    } finally {
      // It ends by itself some time, too.
      await from.logOut(session).catch(toAppError);
    }
  } catch (thrown) {
    signal.throwIfAborted();
    return untested(toAppError(thrown).message);
  }
}

function untested(reason: string): SessionSharing {
  return { kind: "untested", reason };
}
