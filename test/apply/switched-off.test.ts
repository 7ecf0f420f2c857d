import { expect, it } from "vitest";
import type { Plan } from "../../src/plan/model.ts";
import { switchOff } from "../../src/heal/switched-off.ts";
import { sandboxPair } from "./sandbox-pair.ts";

const MANUAL = `
    kind: master-slave
    master: a
    slaves: [b]
    trigger: manual`;
const ON_EVENT = MANUAL.replace("trigger: manual", "trigger: event");

it("never writes away the note of a policy that we switched off while it stays off", async () => {
  await using pair = await sandboxPair("2.9");
  await pair.declare(MANUAL);
  await pair.configure();
  await pair.declare(ON_EVENT);
  // Switched off after the plan was made, which therefore does not ask for it to be enabled.
  const plan: Plan = await pair.plan();
  expect(plan.actions).toMatchObject([{ kind: "update-policy", enable: false }]);
  const port = pair.ports().get("a");
  const [policy] = (await port?.replicationPolicies()) ?? [];
  if (port === undefined || policy === undefined) throw new Error("it was made");
  await switchOff(port, policy, new AbortController().signal);
  await pair.apply(plan);
  const trigger = { kind: "event_based", cron: "" };
  expect(await port.replicationPolicies()).toMatchObject([
    { enabled: true, description: policy.description, trigger },
  ]);
});

it("leaves a policy off that somebody else switched off", async () => {
  await using pair = await sandboxPair("2.9");
  await pair.declare(MANUAL);
  await pair.configure();
  await pair.declare(ON_EVENT);
  const port = pair.ports().get("a");
  const [policy] = (await port?.replicationPolicies()) ?? [];
  if (port === undefined || policy === undefined) throw new Error("it was made");
  await port.updateReplicationPolicy({ ...policy, enabled: false });
  await pair.configure();
  expect(await port.replicationPolicies()).toMatchObject([
    { enabled: false, trigger: { kind: "event_based" } },
  ]);
});
