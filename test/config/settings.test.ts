import { describe, expect, it } from "vitest";
import { renderInForce } from "../../src/config/render-settings.ts";
import { normaliseSettings } from "../../src/config/normalise.ts";
import { settingsShape } from "../../src/config/schema/settings.ts";
import { DEFAULTS, settingsInForce } from "../../src/config/settings.ts";
import { declaredFrom } from "./declare.ts";
import { PAIR, REGISTRIES } from "./rows.ts";

const HOME = { HOME: "/home/u" };

describe("settingsInForce", () => {
  it("has the same defaults as the files have", () => {
    expect(normaliseSettings(settingsShape.parse({}), "/")).toEqual(DEFAULTS);
  });

  it("finds the store: flag before environment before file before the XDG folder", () => {
    const file = { ...DEFAULTS, store: "/from/file" };
    const environment = { ...HOME, TIDELOCK_STATE: "/from/environment", XDG_STATE_HOME: "/xdg" };
    const store = (sources: Partial<Parameters<typeof settingsInForce>[0]>): string => {
      const inForce = settingsInForce({ flags: {}, environment: {}, ...sources });
      return `${inForce.store} ${inForce.origins["store"] ?? ""}`;
    };
    expect(store({ flags: { store: "/from/flag" }, environment, file })).toBe("/from/flag flag");
    expect(store({ environment, file })).toBe("/from/environment environment");
    expect(store({ environment: { ...HOME, TIDELOCK_STATE: "" }, file })).toBe("/from/file file");
    expect(store({ environment: { ...HOME, XDG_STATE_HOME: "/xdg" } })).toBe(
      "/xdg/tidelock/tidelock.db default",
    );
    expect(store({ environment: HOME })).toBe("/home/u/.local/state/tidelock/tidelock.db default");
    expect(store({ environment: { ...HOME, XDG_STATE_HOME: "relative" } })).toBe(
      "/home/u/.local/state/tidelock/tidelock.db default",
    );
  });

  it("chooses level, folder and colour", () => {
    const of = (environment: Record<string, string>, flags = {}): string => {
      const { logLevel, policies, color, output } = settingsInForce({ flags, environment });
      return [logLevel, policies, color, output].join(" ");
    };
    expect(of({})).toBe("info policies auto table");
    expect(of({ TIDELOCK_LOG_LEVEL: "DEBUG", TIDELOCK_POLICIES: "/etc/t", NO_COLOR: "1" })).toBe(
      "debug /etc/t never table",
    );
    expect(of({ TIDELOCK_LOG_LEVEL: "debug" }, { logLevel: "warn", policies: "p", output: "json" })).toBe(
      "warn p auto json",
    );
    expect(of({ FORCE_COLOR: "1" })).toBe("info policies always table");
    expect(of({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe("info policies never table");
    expect(of({ FORCE_COLOR: "0", NO_COLOR: "" })).toBe("info policies auto table");
  });

  it.each([
    ["", false],
    ["0", false],
    ["no", false],
    ["1", true],
    ["TRUE", true],
    [" yes ", true],
  ])("reads TIDELOCK_READ_ONLY=%s", (text, readOnly) => {
    const environment = { TIDELOCK_READ_ONLY: text };
    expect(settingsInForce({ flags: {}, environment }).readOnly).toBe(readOnly);
  });

  it("refuses a TIDELOCK_READ_ONLY that is neither yes nor no, and never takes it for no", () => {
    const start = (): unknown =>
      settingsInForce({ flags: {}, environment: { TIDELOCK_READ_ONLY: "readonly" } });
    expect(start).toThrow(
      expect.objectContaining({ code: "USAGE", hint: "set it to 1 or 0, or unset it" }) as Error,
    );
  });

  it("takes the proxy from either spelling", () => {
    const environment = { https_proxy: "http://p1", HTTPS_PROXY: "http://p2", NO_PROXY: "x" };
    expect(settingsInForce({ flags: {}, environment }).proxy).toEqual({ https: "http://p1", no: "x" });
  });

  it("refuses a level that is none, with a hint", () => {
    const start = (): unknown => settingsInForce({ flags: { logLevel: "wran" }, environment: {} });
    expect(start).toThrow(expect.objectContaining({ code: "USAGE", hint: "did you mean warn?" }) as Error);
  });
});

describe("what is in force", () => {
  it("is printed with where it comes from, and without any password", async () => {
    const { declared } = await declaredFrom(
      `${REGISTRIES.replace("password: pa", "password: canary-1")}${PAIR}`,
    );
    const environment = { ...HOME, HTTPS_PROXY: "http://u:canary-2@proxy:3128" };
    const store = "postgresql://tidelock:can@ary-3@db/x?password=canary-4&ssl=1";
    const lines = renderInForce(
      settingsInForce({ flags: { store }, environment, file: declared.settings }),
      declared,
    );
    expect(lines.join("\n")).not.toMatch(/canary|ary-3/);
    expect(lines).toContain("store = postgresql://tidelock:[secret]@db/x?password=[secret]&ssl=1 (flag)");
    expect(lines).toContain("proxy.https = http://u:[secret]@proxy:3128");
    expect(lines.join("\n")).not.toContain("listen");
    expect(lines).toContain("policies = policies (default)");
    expect(lines).toContain("probe.everySeconds = 10");
    expect(lines).toContain("load.requests = 4");
    expect(lines).toContain("registries.a.account = admin [secret]");
  });
});
