import { readFileSync, realpathSync, type Stats } from 'node:fs';

/** Where Docker, Podman and Kubernetes mount secrets by default. */
const MOUNTS = ['/run/secrets/', '/var/run/secrets/'];
const IN_MEMORY = new Set(['tmpfs', 'ramfs']);
/** Read-only on many machines, and readable by everybody there: not what a container mounts. */
const SYSTEM = ['/', '/usr', '/nix/store', '/ostree', '/sysroot'];

/**
 * Does the platform that runs us keep this secret, so that its mode and owner are not ours to choose? Looks at where
 * the file really is, whatever `..` and links the path has.
 *
 * - below /run/secrets, or in the folder of systemd's credentials;
 * - on a mount of its own that is read-only, as Kubernetes makes them wherever the pod says;
 * - in memory, root's, and readable for a group of ours alone (`0440 root:fsGroup`).
 */
export function isMountedSecret(path: string, stat: Stats): boolean {
  if (process.getuid === undefined) return false;
  const real = realpathSync(path);
  if (MOUNTS.some((mount) => real.startsWith(mount))) return true;
  if (isCredential(real)) return true;
  const mount = findMount(real);
  if (mount === undefined || SYSTEM.includes(mount.at)) return false;
  if (mount.isReadOnly) return !mount.type.startsWith('fuse'); // which any user can mount
  return IN_MEMORY.has(mount.type) && isForOurGroup(stat);
}

/** systemd gives the service a folder that nobody else can open (systemd.exec(5), CREDENTIALS). */
function isCredential(real: string): boolean {
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  if (folder?.startsWith('/') !== true) return false;
  try {
    return real.startsWith(`${realpathSync(folder)}/`);
  } catch {
    return false;
  }
}

function isForOurGroup({ uid, gid, mode }: Stats): boolean {
  const isRoots = uid === 0 && process.getuid?.() !== 0;
  const groups = [process.getgid?.(), ...(process.getgroups?.() ?? [])];
  return isRoots && (mode & 0o027) === 0 && groups.includes(gid);
}

interface Mount {
  readonly at: string;
  readonly type: string;
  readonly isReadOnly: boolean;
}

/** The mount that a path lies on, as Linux lists them (proc(5), mountinfo); undefined elsewhere. */
function findMount(real: string): Mount | undefined {
  const mounts = readMounts().filter(({ at }) => real === at || real.startsWith(at === '/' ? '/' : `${at}/`));
  // Of two mounts at one place, the later one hides the earlier.
  return mounts.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.at.length >= best.at.length ? mount : best),
    undefined,
  );
}

function readMounts(): Mount[] {
  let table: string;
  try {
    table = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return [];
  }
  return table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [own = '', rest = ''] = line.split(' - ');
      const [, , , , at = '', options = ''] = own.split(' ');
      return {
        at: at.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        ),
        type: rest.split(' ')[0] ?? '',
        isReadOnly: options.split(',').includes('ro'),
      };
    });
}
