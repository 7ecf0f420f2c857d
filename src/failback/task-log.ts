/** The end of every log of a task that failed, whatever the reason was (goharbor/harbor src/controller/replication/transfer/image/transfer.go). */
const SAYS_NOTHING = "got error during the whole transfer period";
const AFTER_PLACE = /\[ERROR\] (?:\[[^\]]*\]: ?)?(.+)$/;
/** What a registry put into the address of an upload says nothing to people. */
const UPLOAD_STATE = /\?_state=[^"\s]*/g;
const LONGEST_REASON = 400;
/** How it ends is what tells most. */
const SHOWN_AT_THE_END = 250;

/** The last reason that the log of a task gives; undefined where it gives none. */
export function reasonIn(log: string): string | undefined {
  const line = log.split("\n").findLast((text) => text.includes("[ERROR]") && !text.includes(SAYS_NOTHING));
  if (line === undefined) return undefined;
  const reason = (AFTER_PLACE.exec(line)?.[1] ?? line).replace(UPLOAD_STATE, "");
  if (reason.length <= LONGEST_REASON) return reason;
  return `${reason.slice(0, LONGEST_REASON - SHOWN_AT_THE_END - 3)} … ${reason.slice(-SHOWN_AT_THE_END)}`;
}
