// Command lines that give a process a disk which nobody else sees and which goes with it.
import { spawnSync } from 'node:child_process';
import { isLinux, works } from './crash/linux-only.ts';

/** As root a mount namespace is enough; anybody else needs a user namespace besides. */
function namespace(): string[] {
  for (const flags of ['-m', '-Urm'])
    if (works('unshare', flags, 'sh', '-c', 'mount -t tmpfs muster /mnt'))
      return ['unshare', flags];
  const { error, stderr } = spawnSync('unshare', ['-Urm', 'true'], { encoding: 'utf8' });
  throw new Error(
    `This test mounts disks: run it as root, or where unprivileged user namespaces are allowed (${error?.message ?? stderr}).`,
  );
}

/** Whether disks can be mounted here; loud where they cannot, a failure where it is the build machine. */
export const canMount = (): boolean => isLinux('A read-only or full disk');

const readOnly =
  'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 90; shift; exec "$@"';

/** Whatever runs under it cannot write to this folder, not even as root. */
export const withReadOnly = (folder: string): string[] => [
  ...namespace(),
  ...['sh', '-c', readOnly, 'read-only', folder],
];

const full = `
cp -a "$1" "$1.copy" && mount -t tmpfs -o size=24m muster "$1" && cp -a "$1.copy/." "$1" || exit 90
head -c 64m /dev/zero > "$1/filler" 2>/dev/null
before=$(find "$1" -type f -exec sha256sum {} + | sort)
folder=$1; shift; "$@"; code=$?
after=$(find "$folder" -type f -exec sha256sum {} + | sort)
[ "$before" = "$after" ] || { echo "CHANGED: $before -> $after"; exit 91; }
exit $code`;

/** Whatever runs under it sees this folder on a disk without any room; 91 where a file changed all the same. */
export const withoutRoom = (folder: string): string[] => [
  ...namespace(),
  ...['sh', '-c', full, 'full', folder],
];
