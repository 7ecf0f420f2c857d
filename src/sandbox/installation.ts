import type { Core } from "./core.ts";
import { createProject } from "./projects.ts";
import { nextId, type At } from "./state.ts";

/** What a database holds from the first day: the administrator and the project `library`. */
export function install(core: Core, adminPassword: string, at: At): void {
  core.state.users.set("admin", {
    id: nextId(core.state, "user"),
    name: "admin",
    password: adminPassword,
    admin: true,
    createdAt: at,
  });
  createProject(core, { name: "library", public: true, owner: "admin", createdAt: at });
}
