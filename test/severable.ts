/** A way to the database that can be cut and mended, as a network does it. */
import net from 'node:net'

/** @param url an address of PostgreSQL; `severed.url` is the same by way of this process */
export async function severable(url: string) {
  const target = new URL(url)
  const sockets = new Set<net.Socket>()
  let mode: 'through' | 'cut' | 'silent' = 'through'
  const server = net.createServer((near) => {
    sockets.add(near)
    near.on('error', () => {}).on('close', () => sockets.delete(near))
    if (mode === 'cut') return near.destroy()
    if (mode === 'silent') return
    const far = net.connect(Number(target.port), target.hostname)
    sockets.add(far)
    far.on('error', () => near.destroy()).on('close', () => sockets.delete(far))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.port = String((server.address() as net.AddressInfo).port)
  const become = (next: typeof mode) => {
    mode = next
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: through.href,
    /** Connections break, and new ones are refused. */
    cut: () => become('cut'),
    /** Connections break, and new ones get no answer. */
    silence: () => become('silent'),
    mend: () => become('through'),
    close: () => {
      become('cut')
      server.close()
    },
  }
}
