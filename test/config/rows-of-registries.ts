import { OK, PAIR, registry, REGISTRIES, type Row } from "./rows.ts";

export const REGISTRY_ROWS: readonly Row[] = [
  // The document
  [
    "an unknown key",
    `${REGISTRIES}${PAIR}\nregistrys: {}`,
    ["registrys: is not known here (did you mean registries?)"],
  ],
  [
    "registries as a list",
    `\nregistries: [a]${PAIR}`,
    [/^registries: is no map/, /no registry a/, /no registry b/],
  ],
  ["topologies as a map", `${REGISTRIES}\ntopologies: { t: 1 }`, [/^topologies: is no list/]],
  ["no topology", REGISTRIES, [/no topology is declared/]],
  ["nothing at all", "\nsettings: { store: x.db }", [/^neither registries nor topologies are declared \(/]],
  [
    "nothing at all in any of the files",
    "\nregistries: {}",
    [/^neither registries nor topologies are declared \(/],
    { files: { "y.yaml": "apiVersion: tidelock/v1\ntopologies: []" } },
  ],
  ["a list as document", "", [/is no map/], { files: { "y.yaml": "- 1" } }],
  ["the wrong version", "", [/^apiVersion: is not known/], { files: { "y.yaml": "apiVersion: v2" } }],
  ["no version", "", [/^apiVersion: is missing/], { files: { "y.yaml": "registries: {}" } }],
  // YAML
  ["a key twice", `${REGISTRIES}${PAIR}\nsettings: {}\nsettings: {}`, [/same key stands twice/]],
  ["a tab", `${REGISTRIES}${PAIR}\nsettings:\n\tstore: x`, [/./]],
  ["an open bracket", `${REGISTRIES}\ntopologies: [`, [/no valid YAML/]],
  ["several documents", `${REGISTRIES}${PAIR}\n---\napiVersion: tidelock/v1`, [/several documents/]],
  [
    "an unset variable in braces",
    registry("url: https://b, username: x, password: ${P}"),
    [/no valid YAML.*in quotes/],
  ],
  [
    "an alias bomb",
    `\nx: &x [1,1,1,1,1,1,1,1,1]\ny: &y [*x,*x,*x,*x,*x,*x,*x,*x,*x]\nz: &z [*y,*y,*y,*y,*y,*y,*y,*y,*y]\nw: [*z,*z,*z,*z,*z,*z,*z,*z,*z]`,
    [/aliases can't be followed/],
  ],
  [
    "an alias inside of what it names",
    `${REGISTRIES}${PAIR}\nx: &x { y: *x }`,
    [/aliases can't be followed/],
  ],
  [
    "a password that is taken for an alias",
    `${REGISTRIES.replace("password: pb", "password: *hunter2secret")}${PAIR}`,
    ["a value begins with * and names nothing above it (put the value in quotes)"],
  ],
  // Registries
  [
    "a name",
    `${REGISTRIES}\n  B_: { url: https://x, username: x, password: x }${PAIR}`,
    [/^registries.B_: is not a name/],
  ],
  [
    "a registry that is no map",
    `${REGISTRIES}\n  d: 3${PAIR}`,
    ["registries.d: is a number, but should be a map"],
  ],
  ["no url", registry("username: admin, password: pb"), ["registries.b.url: is missing"]],
  [
    "a url without scheme",
    registry("url: b.example.com, username: admin, password: pb"),
    [/^registries.b.url: is no address/],
  ],
  [
    "another scheme",
    registry("url: ftp://b, username: admin, password: pb"),
    [/^registries.b.url: is no address/],
  ],
  [
    "a url with an account",
    registry("url: https://u:p4ss@b, username: admin, password: pb"),
    [/url: holds an account/],
  ],
  [
    "a url with a query",
    registry("url: https://b?x=1, username: admin, password: pb"),
    [/url: has a part after/],
  ],
  [
    "a misspelled key",
    registry(`${OK}, insecureSkipVerfy: true`),
    [/insecureSkipVerfy: is not known.*did you mean insecureSkipVerify/],
  ],
  ["no username", registry("url: https://b, password: pb"), ["registries.b.username: is missing"]],
  [
    "an empty username",
    registry('url: https://b, username: "", password: pb'),
    ["registries.b.username: is empty"],
  ],
  ["no password", registry("url: https://b, username: x"), [/^registries.b: has no password/]],
  [
    "an empty password",
    registry('url: https://b, username: x, password: ""'),
    ["registries.b.password: is empty"],
  ],
  [
    "a password that is a number",
    registry("url: https://b, username: x, password: 1234"),
    [/password: is a number.*in quotes/],
  ],
  [
    "two passwords",
    registry(`${OK}, passwordFile: secret`),
    [/passwordFile: stands beside password/],
    { files: { secret: "x" } },
  ],
  [
    "a password file that is not there",
    registry("url: https://b, username: x, passwordFile: nope"),
    [/passwordFile: the file nope can't be read: there is none/],
  ],
  [
    "an empty password file",
    registry("url: https://b, username: x, passwordFile: secret"),
    [/passwordFile: the file secret is empty/],
    { files: { secret: "\n" } },
  ],
  ["a CA file that is not there", registry(`${OK}, caFile: nope`), [/caFile: the file nope can't be read/]],
  [
    "a CA file without certificate",
    registry(`${OK}, caFile: ca.pem`),
    [/caFile: the file ca.pem holds no certificate/],
    { files: { "ca.pem": "x" } },
  ],
  [
    "a CA file with a broken one",
    registry(`${OK}, caFile: ca.pem`),
    [/holds no certificate/],
    { files: { "ca.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" } },
  ],
  [
    "insecureSkipVerify as text",
    registry(`${OK}, insecureSkipVerify: "yes"`),
    [/insecureSkipVerify: is text, but should be true or false/],
  ],
  ["an endpointUrl", registry(`${OK}, endpointUrl: nowhere`), [/endpointUrl: is no address/]],
  [
    "a replicationAccount without password",
    registry(`${OK}, replicationAccount: { username: x }`),
    [/^registries.b.replicationAccount: has no password/],
  ],
  [
    "one url twice",
    registry("url: https://A.example.com:443/, username: x, password: y"),
    [/^registries.b.url: leads to the same place as the registry a \(policies\/x.yaml:3\)/],
  ],
  [
    "one endpointUrl twice",
    registry(`${OK}, endpointUrl: https://a.example.com`),
    [/^registries.b.endpointUrl: leads to the same place/],
  ],
  [
    "a registry in two files",
    `${REGISTRIES}${PAIR}`,
    [/^registries.a: the registry a is declared at policies\/x.yaml:3 already/],
    {
      files: {
        "y.yaml": "apiVersion: tidelock/v1\nregistries: { a: { url: https://z, username: x, password: y } }",
      },
    },
  ],
  // Variables
  [
    "a variable that is not set",
    `${REGISTRIES}\n  d:\n    url: https://d\n    username: x\n    password: \${NOPE}${PAIR}`,
    [/^registries.d.password: the environment variable NOPE is not set/],
  ],
  [
    "part of a value",
    `${REGISTRIES}\n  d:\n    url: https://\${HOST}\n    username: x\n    password: y${PAIR}`,
    [/^registries.d.url: \$\{…\} stands only for a whole value/],
    { environment: { HOST: "h" } },
  ],
];
