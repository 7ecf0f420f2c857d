import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tryDeclared } from "../../../src/lint/connect/try-declared.ts";
import { lintFiles } from "../../../src/lint/lint.ts";
import { freePort, oddServer } from "./free-port.ts";
import { startPostgres, type RunningPostgres } from "./start-postgres.ts";

const postgres = await startPostgres();
const WHY_NOT = typeof postgres === "string" ? ` (skipped, PostgreSQL does not start here: ${postgres})` : "";
const PATH = "external_database.harbor";

interface Declared {
  readonly port?: number;
  readonly host?: string;
  readonly name?: string;
  readonly user?: string;
  readonly password?: string;
  readonly ssl?: string;
  readonly version?: string;
  readonly most?: number;
  readonly nodes?: number;
}

/** The codes and paths that come of connecting, and what is printed of it. */
async function tried(declared: Declared): Promise<{ found: string[]; untested: string[]; printed: string }> {
  const { port = 1, host = "127.0.0.1", name = "registry", user = "harbor", ssl = "disable" } = declared;
  const { password = "of-harbor-77", version = "2.9.0", most = 10, nodes = 1 } = declared;
  const text = `
_version: ${version}
data_volume: nowhere
external_database:
  harbor:
    host: ${host}
    port: ${port}
    db_name: ${name}
    username: ${user}
    password: ${password}
    ssl_mode: ${ssl}
    max_open_conns: ${most}
`;
  const { files } = lintFiles(Array.from({ length: nodes }, (_, at) => ({ name: `n${at}`, text })));
  const { findings, untested } = await tryDeclared(files, "of-this-test");
  return {
    found: findings.map(({ code, path }) => `${code} ${path.replace(`${PATH}.`, "")}`),
    untested: untested.map(({ what, reason }) => `${what}: ${reason}`),
    printed: JSON.stringify([findings, untested]),
  };
}

describe.skipIf(typeof postgres === "string")(`against PostgreSQL${WHY_NOT}`, () => {
  let server: RunningPostgres;
  let port: number;
  const schema = (version: number, dirty = false): string[] => [
    "create table schema_migrations (version bigint primary key, dirty boolean not null)",
    `insert into schema_migrations values (${version}, ${dirty})`,
    "grant select on schema_migrations to public",
  ];

  beforeAll(async () => {
    if (typeof postgres === "string") return;
    server = postgres;
    port = server.port;
    await server.run(
      "postgres",
      "create role harbor login password 'of-harbor-77'",
      "create role open login password 'of-harbor-77'",
      "create role standby login password 'of-harbor-77'",
      "alter role standby set default_transaction_read_only = on",
      ...["registry", "empty", "dirty", "old", "new"].map((name) => `create database ${name}`),
    );
    await server.run("registry", ...schema(120));
    await server.run("dirty", ...schema(120, true));
    await server.run("old", ...schema(100));
    await server.run("new", ...schema(131));
  });
  afterAll(async () => {
    await server.stop();
  });

  test("the right password, a schema of the right age, and a wrong password refused: nothing found", async () => {
    expect(await tried({ port })).toEqual({ found: [], untested: [], printed: "[[],[]]" });
    expect((await tried({ port, ssl: "require" })).found).toEqual([]);
  });

  test("a wrong password is refused, and is not printed", async () => {
    const { found, printed } = await tried({ port, password: "canary-4417" });
    expect(found).toEqual(["database-login password"]);
    expect(printed).not.toContain("canary");
  });

  test("an unknown user, or one whom no rule lets in, is refused as well", async () => {
    expect((await tried({ port, user: "stranger" })).found).toEqual(["database-login password"]);
  });

  test("a server that takes any password is found, whatever the database", async () => {
    expect((await tried({ port, user: "open" })).found).toEqual(["database-open password"]);
    expect((await tried({ port, user: "open", password: "canary-4417" })).found).toEqual([
      "database-open password",
    ]);
    expect((await tried({ port, user: "open", name: "nowhere" })).found).toEqual([
      "database-missing db_name",
      "database-open password",
    ]);
  });

  test("a database that is not there is told from a refused password", async () => {
    expect((await tried({ port, name: "nowhere" })).found).toEqual(["database-missing db_name"]);
  });

  test.each([
    ["empty", "2.9.0", ["schema-missing db_name"]],
    ["dirty", "2.9.0", ["schema-dirty db_name"]],
    ["old", "2.9.0", ["schema-old db_name"]],
    ["old", "2.7.0", []],
    ["new", "2.9.0", ["schema-new db_name"]],
    ["new", "2.10.0", []],
  ])("the database %s under _version %s: %j", async (name, version, expected) => {
    expect((await tried({ port, name, version })).found).toEqual(expected);
  });

  test("a server that takes no writes is no place for Harbor", async () => {
    expect((await tried({ port, user: "standby" })).found).toEqual(["database-read-only host"]);
  });

  test("the nodes together must not ask for more connections than there are", async () => {
    expect((await tried({ port, most: 25, nodes: 2 })).found).toEqual([]);
    expect((await tried({ port, most: 26, nodes: 2 })).found).toEqual([
      "connections-exceeded max_open_conns",
    ]);
  });

  test.each(["verify-ca", "verify-full"])(
    "%s with an authority that nobody here knows is told",
    async (ssl) => {
      expect((await tried({ port, ssl })).found).toEqual(["database-certificate ssl_mode"]);
    },
  );
});

test("a database below another name is tried all the same, and so is each that differs", async () => {
  const port = await freePort();
  const text = (user: string): string =>
    `external_database: { external_redis: { host: 127.0.0.1, port: ${port}, db_name: x, username: ${user}, password: p } }`;
  const { files } = lintFiles(["a", "b", "b"].map((user, at) => ({ name: `n${at}`, text: text(user) })));
  const { findings } = await tryDeclared(files, "of-this-test");
  expect(findings.map(({ file, code, path }) => `${file} ${code} ${path}`)).toEqual([
    "n0 database-unreachable external_database.external_redis.host",
    "n1 database-unreachable external_database.external_redis.host",
  ]);
});

test("nobody there, an unknown host, and a server without TLS are told apart", async () => {
  const { found, printed } = await tried({ port: await freePort() });
  expect(found).toEqual(["database-unreachable host"]);
  expect(printed).toContain("the connection was refused");
  expect((await tried({ host: "no-such-host.invalid", port: 5432 })).found).toEqual([
    "database-unreachable host",
  ]);
  const plain = await oddServer("N");
  expect((await tried({ port: plain.port, ssl: "require" })).found).toEqual(["database-no-tls ssl_mode"]);
  await plain.close();
});

test("what is not declared can't be tried, and is said to be untested", async () => {
  const text = "external_database: { harbor: { host: h, username: u, password: canary } }";
  const { findings, untested } = await tryDeclared(lintFiles([{ name: "n", text }]).files, "of-this-test");
  expect([findings, untested.map(({ what }) => what)]).toEqual([[], ["the database harbor"]]);
});

test("a server that never answers is given up after seconds", async () => {
  const silent = await oddServer();
  const { found, printed } = await tried({ port: silent.port });
  await silent.close();
  expect(found).toEqual(["database-unreachable host"]);
  expect(printed).toContain("no answer within 5 s");
});
