/** A disk of its own, small enough to be filled: an ext4 image on a loop device, or a tmpfs where there are no loop devices. */
import { execFileSync } from 'node:child_process'
import { closeSync, constants, ftruncateSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type Volume = {
  path: string
  kind: 'ext4' | 'tmpfs' | 'folder'
  /** Takes all the space there is. */
  fill(): void
  /** Gives it back. */
  free(): void
  /** Takes the disk out; what it holds stays in the image. */
  unmount(): void
}

const megabytes = 700

/**
 * @param base an empty folder
 * @throws when nothing may be mounted here
 */
export function mountVolume(base: string): Volume {
  const path = join(base, 'disk')
  mkdirSync(path)
  const image = join(base, 'disk.img')
  const kind = mountImage(image, path) ? 'ext4' : 'tmpfs'
  if (kind === 'tmpfs') run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path])
  const filler = join(path, 'filler')
  return {
    path,
    kind,
    fill: () => fill(filler, path),
    free: () => rmSync(filler, { force: true }),
    unmount: () => void run('umount', [path]),
  }
}

/** The same without a disk of its own, where nothing may be mounted. */
export function plainFolder(base: string): Volume {
  const path = join(base, 'disk')
  mkdirSync(path)
  const cannot = () => {
    throw new Error('A folder cannot be filled without filling the disk of the machine')
  }
  return { path, kind: 'folder', fill: cannot, free: () => {}, unmount: () => {} }
}

function mountImage(image: string, path: string): boolean {
  try {
    const handle = openSync(image, 'w')
    ftruncateSync(handle, megabytes * 2 ** 20)
    closeSync(handle)
    // Nothing is kept back for root: PostgreSQL and the attachments run out at the same moment.
    run('mkfs.ext4', ['-q', '-m', '0', image])
    run('mount', ['-o', 'loop', image, path])
    return true
  } catch {
    rmSync(image, { force: true })
    return false
  }
}

const run = (program: string, args: string[]) => execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })

/** Writes until nothing fits any more, and once more what others freed meanwhile. */
function fill(file: string, path: string) {
  const handle = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND)
  try {
    for (let size = 8 * 2 ** 20; size >= 4096; ) {
      try {
        writeSync(handle, Buffer.alloc(size, 1))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        size = Math.floor(size / 2)
      }
    }
  } finally {
    closeSync(handle)
  }
  const { bavail, bsize } = statfsSync(path)
  if (bavail * bsize > 2 ** 20) throw new Error(`${bavail * bsize} bytes are free on a disk that should be full`)
}
