/** One line of /proc/mounts. */
export interface Mount {
  readonly device: string;
  readonly point: string;
  readonly type: string;
}

/** File systems that several machines may have mounted at once. */
const SHARED =
  /^(?:nfs4?|cifs|smb3|smbfs|ceph|lustre|gpfs|beegfs|glusterfs|ocfs2|gfs2|afs|9p|virtiofs|vboxsf|pvfs2|orangefs|weka|wekafs|panfs)$/;
const SHARED_FUSE =
  /^fuse\.(?:glusterfs|ceph|ceph-fuse|sshfs|s3fs|goofys|gcsfuse|juicefs|mfs|moosefs|lizardfs|seaweedfs|rclone|cubefs|bindfs)$/;

/** Whether other machines can see what lies there. */
export type Reach = "network" | "local" | "unknown";

/**
 * The mount that an absolute path lies on: the longest mount point above it, and of several on one point the last.
 * @param text the content of /proc/mounts
 */
export function mountOf(text: string, path: string): Mount | undefined {
  return text
    .split("\n")
    .flatMap((line) => {
      const [device, point, type] = line.split(" ").map(unescaped);
      return device === undefined || point === undefined || type === undefined
        ? []
        : [{ device, point, type }];
    })
    .filter(({ point }) => point === "/" || path === point || path.startsWith(`${point}/`))
    .reduce<Mount | undefined>(
      (best, one) => (best === undefined || one.point.length >= best.point.length ? one : best),
      undefined,
    );
}

export function reachOf({ type }: Mount): Reach {
  if (SHARED.test(type) || SHARED_FUSE.test(type)) return "network";
  return type.startsWith("fuse") && type !== "fuseblk" ? "unknown" : "local";
}

/** Blanks and the like are written as three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
