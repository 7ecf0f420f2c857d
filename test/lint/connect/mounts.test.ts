import fc from "fast-check";
import { expect, test } from "vitest";
import { mountOf, reachOf } from "../../../src/lint/connect/mounts.ts";
import { judgeVolume, tryVolume } from "../../../src/lint/connect/try-volume.ts";
import { lintFiles } from "../../../src/lint/lint.ts";

const MOUNTS = `/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
/dev/sdb1 /data ext4 rw 0 0
nas:/harbor /data/registry nfs4 rw,vers=4.2 0 0
//smb/share /mnt/with\\040blank cifs rw 0 0
gluster:/v /srv/harbor fuse.glusterfs rw 0 0
/dev/sdc1 /srv/harbor-old xfs rw 0 0
odd /srv/odd fuse.oddfs rw 0 0
/dev/sdd1 /again ext4 rw 0 0
nas:/again /again nfs rw 0 0
`;

test.each([
  ["/data", "/data", "local"],
  ["/data/secret", "/data", "local"],
  ["/data/registry", "/data/registry", "network"],
  ["/data/registry/docker", "/data/registry", "network"],
  ["/database", "/", "local"],
  ["/mnt/with blank/x", "/mnt/with blank", "network"],
  ["/srv/harbor", "/srv/harbor", "network"],
  ["/srv/harbor-old/x", "/srv/harbor-old", "local"],
  ["/srv/odd", "/srv/odd", "unknown"],
  ["/again/x", "/again", "network"],
])("%s lies on %s, which is %s", (path, point, reach) => {
  const mount = mountOf(MOUNTS, path);
  expect([mount?.point, mount && reachOf(mount)]).toEqual([point, reach]);
});

test("whatever else is mounted, a path lies on a mount above it", () => {
  const part = fc.stringMatching(/^[a-z]{1,3}$/);
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
  fc.assert(
    fc.property(fc.array(path), path, (points, asked) => {
      const text = ["/", ...points].map((point) => `dev ${point} ext4 rw 0 0\n`).join("");
      const found = mountOf(text, asked)?.point ?? "";
      const above = ["/", ...points].filter((point) => point === "/" || `${asked}/`.startsWith(`${point}/`));
      expect(found.length).toBe(Math.max(...above.map((point) => point.length)));
    }),
  );
});

const [file] = lintFiles([{ name: "n.yml", text: "data_volume: /data\n" }]).files;

test("a disk of the node's own is a slip, network storage is none, and what is not known is untested", () => {
  if (file === undefined) throw new Error("the text is a harbor.yml");
  const { findings } = judgeVolume(file, "/data", MOUNTS);
  expect(findings).toMatchObject([
    { file: "n.yml", line: 1, path: "data_volume", code: "data-volume-local" },
  ]);
  expect(findings[0]?.sentence).toContain("/data lies on /data (ext4)");
  expect(judgeVolume(file, "/data/registry", MOUNTS)).toEqual({ findings: [], untested: [] });
  expect(judgeVolume(file, "/srv/odd", MOUNTS).untested[0]?.reason).toContain("fuse.oddfs");
  expect(judgeVolume(file, "/data", "").untested).toHaveLength(1);
});

test.each([
  ["data_volume: /no/such/folder", 1],
  ["data_volume: /no/such/folder\nstorage_service: { s3: { bucket: b } }", 0],
  ["data_volume:", 0],
])("on a machine that is no node: %j", async (text, count) => {
  const [other] = lintFiles([{ name: "n.yml", text }]).files;
  if (other === undefined) throw new Error("the text is a harbor.yml");
  const { findings, untested } = await tryVolume(other);
  expect([findings, untested.length]).toEqual([[], count]);
});
