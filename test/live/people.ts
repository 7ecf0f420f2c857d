import type { LiveApi } from "./live-api.ts";
import type { LiveRig } from "./describe-live.ts";

/** Meets what Harbor asks of a password. */
const PASSWORD = "Live-Pa55word-7d";

/** Accounts of their own for Tidelock and for replication, so that the audit logs tell them from people: who pushes in the tests is neither. */
export interface LiveAccounts {
  readonly users: { readonly a: string; readonly b: string };
  readonly passwords: { readonly a: string; readonly b: string };
  readonly replication: { readonly user: string; readonly password: string };
}

/** Makes them on both sides; administrators, since releases before 2.3 let nobody else manage replication. */
export async function separateAccounts({ a, b }: LiveRig): Promise<LiveAccounts> {
  const tool = "tidelock-live-tool";
  const user = "tidelock-live-repl";
  for (const { api } of [a, b]) {
    await makeAdministrator(api, tool);
    await makeAdministrator(api, user);
  }
  return {
    users: { a: tool, b: tool },
    passwords: { a: PASSWORD, b: PASSWORD },
    replication: { user, password: PASSWORD },
  };
}

async function makeAdministrator(api: LiveApi, username: string): Promise<void> {
  const email = `${username}@example.com`;
  const made = await api.send("POST", "/users", { username, email, realname: username, password: PASSWORD });
  if (made.status !== 201) throw new Error(`creating ${username} answered ${made.status}`);
  const rows = await api.rows("/users");
  const id = Number(rows.find((row) => row["username"] === username)?.["user_id"]);
  const { status } = await api.send("PUT", `/users/${id}/sysadmin`, { sysadmin_flag: true });
  if (status !== 200) throw new Error(`making ${username} an administrator answered ${status}`);
}
