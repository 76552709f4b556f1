import { mkdir } from 'node:fs/promises';
import { works } from './linux-only.ts';

/** A way to have mounts of one's own: as root directly, as anybody else in a user namespace. */
function findNamespace(): string[] {
  for (const flags of ['-m', '-Urm']) {
    if (works('unshare', flags, 'sh', '-c', 'mount -t tmpfs muster /mnt'))
      return ['unshare', flags];
  }
  throw new Error(
    'This test fills a small disk: run it as root, or where unprivileged user namespaces are allowed (unshare -Urm).',
  );
}

/** Fills the disk with what lies in $2, runs the rest, and keeps what is on the disk in $3 afterwards. */
const script = `
disk=$1 from=$2 kept=$3 size=$4
shift 4
mount -t tmpfs -o size="$size" muster "$disk" && cp -a "$from/." "$disk" || exit 90
"$@"
code=$?
cp -a "$disk/." "$kept" || exit 91
exit $code
`;

/**
 * The command line under which a process has a disk of so many bytes at `disk`, which nobody else sees and which goes
 * with the process. It begins as a copy of `from`; `kept` gets what it holds in the end.
 */
export async function onSmallDisk(place: {
  readonly disk: string;
  readonly from: string;
  readonly kept: string;
  readonly bytes: number;
}): Promise<string[]> {
  const { disk, from, kept, bytes } = place;
  await mkdir(disk);
  await mkdir(kept);
  return [...findNamespace(), 'sh', '-c', script, 'small-disk', disk, from, kept, String(bytes)];
}
