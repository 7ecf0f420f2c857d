import type { DesiredEndpoint } from "../desired/model.ts";
import { AppError } from "../errors.ts";
import type { HarborPort, NewEndpoint } from "../harbor/port.ts";
import type { Endpoint } from "../observed/model.ts";
import { ownedBy } from "../topology/mark.ts";

/** Makes an endpoint; the answer is its id. One of that name that carries our mark was made by a run that was cut short. */
export async function createEndpoint(
  port: HarborPort,
  desired: DesiredEndpoint,
  installation: string,
): Promise<number> {
  try {
    return await port.createEndpoint(writtenOf(desired));
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "HARBOR_CONFLICT") throw thrown;
    const existing = (await port.endpoints()).find(({ name }) => name === desired.name);
    if (existing === undefined || ownedBy(existing.description) !== installation) throw thrown;
    await port.updateEndpoint(existing.id, writtenOf(desired));
    return existing.id;
  }
}

/** Writes an endpoint of ours again, with its credentials. */
export async function updateEndpoint(
  port: HarborPort,
  id: number,
  desired: DesiredEndpoint,
  installation: string,
): Promise<void> {
  const found = await ourEndpoint(port, id, desired.name, installation);
  if (found === undefined) throw vanished(port, desired.name);
  await port.updateEndpoint(id, writtenOf(desired));
}

/** Deletes an endpoint of ours; one that is gone already is fine. */
export async function deleteEndpoint(
  port: HarborPort,
  id: number,
  name: string,
  installation: string,
): Promise<void> {
  if ((await ourEndpoint(port, id, name, installation)) !== undefined) await port.deleteEndpoint(id);
}

/** The endpoint, read anew; rejects if it is not ours any more. */
async function ourEndpoint(
  port: HarborPort,
  id: number,
  name: string,
  installation: string,
): Promise<Endpoint | undefined> {
  const found = (await port.endpoints()).find((one) => one.id === id);
  if (found === undefined) return undefined;
  if (found.name === name && ownedBy(found.description) === installation) return found;
  throw new AppError(
    "HARBOR_CONFLICT",
    `the endpoint ${name} of ${port.registry.name} is Tidelock's no longer`,
    {
      hint: "somebody changed it just now; plan again",
    },
  );
}

function vanished(port: HarborPort, name: string): AppError {
  return new AppError("HARBOR_CONFLICT", `the endpoint ${name} of ${port.registry.name} has vanished`, {
    hint: "plan again: it will be made anew",
  });
}

function writtenOf(desired: DesiredEndpoint): NewEndpoint {
  const { name, url, description, username, password, insecure, caCertificate } = desired;
  return { name, url, description, username, password: password.reveal(), insecure, caCertificate };
}
