// Configs, secrets and files of the request: a volume of the engine, filled through a container that never runs, because
// an engine takes no archive for a volume alone. What mounts them is given their place on the engine's own host.
import { pack } from 'tar-stream'
import { TychoError } from '../../../problem.ts'
import type { FileEntry, FilesObject } from '../objects.ts'
import { codes, hasCode } from './engine-error.ts'
import type { LiveVolume } from './live.ts'
import { unlessGone } from './requests.ts'
import { type Action, notOurs, type Wanted, type WriteScope, writtenLabels } from './scope.ts'
import { isOfIncarnation } from './selectors.ts'

const place = '/tycho-files'
/** Written last: a volume without it was filled by somebody who did not come to the end. */
const marker = 'filled'
const folder = 'files'

/** `folder`: where the engine's host has the files. */
export async function makeFiles(
  wanted: Wanted<FilesObject>,
  scope: WriteScope,
): Promise<{ action: Action; folder: string }> {
  const { object } = wanted
  const { input, requests, client, signal } = scope
  const live = await requests.volume(object.name, signal)
  if (live && !isOfIncarnation(live.Labels ?? {}, input.identity)) throw notOurs(wanted, live.Labels ?? {})
  await input.fence.check()
  if (!live) {
    const body = { Name: object.name, Driver: 'local', Labels: writtenLabels(object, input.fence.job) }
    const request = { method: 'POST', path: '/volumes/create', body, what: `volume ${object.name}` } as const
    await client.json(request, signal)
  }
  await fill(object, scope)
  const made = live ?? (await requests.volume(object.name, signal))
  if (!made) throw gone(object.name)
  return { action: live ? 'unchanged' : 'created', folder: folderOf(made) }
}

export function folderOf({ Name, Mountpoint: mountpoint }: LiveVolume): string {
  if (mountpoint) return `${mountpoint}/${folder}`
  throw new TychoError('FILES_UNREACHABLE', `The engine does not say where it keeps the volume ${Name}`, {
    status: 501,
  })
}

function gone(name: string): TychoError {
  const message = `volume/${name} was deleted as soon as it was made`
  return new TychoError('OBJECT_NOT_FOUND', message, { status: 503, remedy: 'retry' })
}

async function fill(object: FilesObject, scope: WriteScope): Promise<void> {
  const { client, requests, input, signal } = scope
  const name = `${object.name}.fill`
  const id = await createFiller(object, name, scope)
  const what = `files of ${object.name}`
  const path = `/containers/${id}/archive`
  try {
    const asked = { method: 'HEAD', path, query: { path: `${place}/${marker}` }, what } as const
    if ((await unlessGone(client.json(asked, signal).then(() => true))) === true) return
    await input.fence.check()
    const archive = await toArchive(object.entries)
    await client.json(
      { method: 'PUT', path, query: { path: place }, archive, what, limitMs: 120_000 },
      signal,
    )
  } finally {
    await requests.removeContainer(id, name, AbortSignal.timeout(10_000)).catch(() => {})
  }
}

/** One that was left behind by a worker that died is taken away first. */
async function createFiller(object: FilesObject, name: string, scope: WriteScope): Promise<string> {
  const { client, requests, input, signal } = scope
  const mount = { Type: 'volume', Source: object.name, Target: place, VolumeOptions: { NoCopy: true } }
  const body = {
    Image: object.image,
    Entrypoint: ['tycho'],
    Cmd: ['fills'],
    Labels: writtenLabels(object, input.fence.job),
    HostConfig: { Mounts: [mount], NetworkMode: 'none' },
    NetworkDisabled: true,
  }
  const create = async () => {
    await input.fence.check()
    const request = { method: 'POST', path: '/containers/create', query: { name }, body, what: name } as const
    return (await client.json<{ Id: string }>(request, signal)).Id
  }
  try {
    return await create()
  } catch (error) {
    if (!hasCode(error, codes.conflict)) throw error
    const left = await requests.container(name, signal)
    if (left) await requests.removeContainer(left.Id, name, signal)
    return create()
  }
}

/** Folders can be entered by everybody: what may be read is said by each file. */
export async function toArchive(entries: Readonly<Record<string, FileEntry>>): Promise<Buffer> {
  const archive = pack()
  const put = (
    name: string,
    content: Buffer,
    { mode, uid, gid }: { mode: number; uid: number; gid: number },
  ) => archive.entry({ name, mode, uid, gid, mtime: new Date(0) }, content)
  const addFolder = (name: string) =>
    archive.entry({ name, type: 'directory', mode: 0o755, mtime: new Date(0) })
  addFolder(folder)
  for (const name of foldersOf(Object.keys(entries))) addFolder(`${folder}/${name}`)
  for (const [path, entry] of Object.entries(entries)) put(`${folder}/${path}`, bytesOf(entry.content), entry)
  put(marker, Buffer.alloc(0), { mode: 0o444, uid: 0, gid: 0 })
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function foldersOf(paths: readonly string[]): string[] {
  const all = paths.flatMap((path) => {
    const parts = path.split('/').slice(0, -1)
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  })
  return [...new Set(all)].sort()
}

export function bytesOf(content: string | { base64: string }): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.base64, 'base64')
}
