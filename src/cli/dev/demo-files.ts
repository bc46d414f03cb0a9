// What the first system's image is built from: a page, and a web server that this machine has. No registry is needed.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { pack } from 'tar-stream'
import type { RequestFile } from '../../compose/load/project-files.ts'

/** Files of a request, with the Dockerfile among them. */
export type DemoFiles = Record<string, RequestFile>

const page = `<!doctype html>
<title>Hello Tycho</title>
<h1>Hello</h1>
<p>This page is served by a container that Tycho built, started and waited for.</p>
`

const serve = `EXPOSE 8888
ENTRYPOINT ["/bin/busybox"]
CMD ["httpd", "-f", "-p", "8888", "-h", "/www"]
`

const busyboxPaths = ['/bin/busybox', '/usr/bin/busybox']

/**
 * `isLocal`: the engine runs on this machine, so that its programs run there too. Without such a program the image is made
 * on one that the engine pulls.
 */
export async function gatherDemo(isLocal: boolean): Promise<DemoFiles> {
  const busybox = isLocal && process.platform === 'linux' ? findBusybox() : null
  if (busybox === null) {
    const dockerfile = `FROM busybox:stable-musl\nCOPY index.html /www/\n${serve}`
    return { Dockerfile: dockerfile, 'index.html': page }
  }
  const root = pack()
  // The same files make the same image, which the next start need not build again.
  const mtime = new Date(0)
  root.entry({ name: 'www/index.html', mode: 0o644, mtime }, page)
  root.entry({ name: 'bin/busybox', mode: 0o755, mtime }, readFileSync(realpathSync(busybox)))
  for (const library of librariesOf(busybox))
    root.entry({ name: library.slice(1), mode: 0o755, mtime }, readFileSync(realpathSync(library)))
  root.finalize()
  const archive = await promisify(gzip)(await buffer(root))
  return {
    Dockerfile: `FROM scratch\nADD root.tar.gz /\n${serve}`,
    'root.tar.gz': { base64: archive.toString('base64') },
  }
}

/** One that can serve pages: some are built without. */
function findBusybox(): string | null {
  const path = busyboxPaths.find((one) => existsSync(one))
  return path !== undefined && ask(path, ['--list']).split('\n').includes('httpd') ? path : null
}

/** With the loader; none of a program that is static, of which `ldd` says so as an error. */
function librariesOf(program: string): string[] {
  const lines = ask('ldd', [program]).split('\n')
  return lines.flatMap((line) => /(?<path>\/\S+) \(0x/.exec(line)?.groups?.path ?? [])
}

function ask(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}
