import { isReplicated } from "../../topology/flows.ts";
import type { ReplicatedTopology } from "../../topology/model.ts";
import { inside } from "../complaints.ts";
import type { Located, Rule } from "../declaration.ts";
import { didYouMean } from "../nearest.ts";

/**
 * Harbor replicates a deletion by tag, whatever the tag stands for on the other side by then. With that in both directions
 * and our own replay on top, what was pushed again after a deletion may be lost twice over.
 */
export const deletionsOnce: Rule = (declaration, complaints) => {
  for (const { value, place } of replicated(declaration)) {
    if (value.kind !== "dual-master" || !value.replication.deletions) continue;
    const at = inside(place, "replication", "deletions");
    if (value.heal.deletions === "replay") {
      complaints.mistake(at, "can't stand together with heal.deletions: replay in a dual-master", {
        hint: "leave deletions to one of them",
      });
    } else {
      complaints.warn(
        at,
        "Harbor deletes by tag in both directions: a tag deleted and pushed again may be lost",
      );
    }
  }
};

export const preferredIsMember: Rule = (declaration, complaints) => {
  for (const { value, place } of replicated(declaration)) {
    const choice = value.heal.conflicts;
    if (typeof choice === "string" || value.registries.includes(choice.prefer)) continue;
    complaints.mistake(
      inside(place, "heal", "conflicts", "prefer"),
      `the registry ${choice.prefer} is not in the topology`,
      { hint: didYouMean(choice.prefer, value.registries) },
    );
  }
};

/** A run of a whole policy brings back on the other side whatever was deleted only there. */
export const fullRuns: Rule = (declaration, complaints) => {
  for (const { value, place } of replicated(declaration)) {
    if (value.kind === "dual-master" && value.trigger.kind === "cron") {
      complaints.warn(
        inside(place, "trigger"),
        "every scheduled run brings back what was deleted on the other side only",
        {
          hint: "in a dual-master trigger: event is safer; Tidelock closes the gaps",
        },
      );
    }
  }
};

export const healthOrder: Rule = ({ settings, placeOfSetting }, complaints) => {
  const place = placeOfSetting("health");
  if (place !== undefined && settings.health.warnSeconds > settings.health.criticalSeconds) {
    complaints.mistake(
      inside(place, "warnSeconds"),
      "is above criticalSeconds, so that there would be no warning",
    );
  }
};

function replicated({ topologies }: Parameters<Rule>[0]): Located<ReplicatedTopology>[] {
  return topologies.flatMap(({ value, place }) => (isReplicated(value) ? [{ value, place }] : []));
}
