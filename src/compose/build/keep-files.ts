// Files of the request that services find in their containers, or whose images are built from them: they are part of the
// system.
import type { FileContent, FileTree } from '../../system/files.ts'
import type { ServiceSpec, SystemSpec } from '../../system/spec.ts'
import type { ProjectFiles } from '../load/project-files.ts'
import { isAbsolute, isRemote, resolvePath } from '../load/project-path.ts'

/**
 * By the paths that configs, secrets, bind mounts and builds give. What did not come with the request is no entry: whether
 * that matters depends on the orchestrator, which may run where the project is.
 */
export function keepFiles(spec: SystemSpec, files: ProjectFiles): Record<string, FileTree> {
  const builds = Object.values(spec.services).flatMap((service) => folderOfBuild(service, files) ?? [])
  const paths = [...new Set([...pathsIn(spec), ...builds])].filter((path) => !isAbsolute(path))
  const trees = paths.map((path): [string, FileTree] => [path, treeAt(path, files)])
  return Object.fromEntries(trees.filter(([, tree]) => Object.keys(tree).length > 0))
}

function pathsIn({ services, configs, secrets }: SystemSpec): string[] {
  const sources = [...Object.values(configs), ...Object.values(secrets)].map(({ source }) => source)
  const mounts = Object.values(services).flatMap((service) => service.mounts)
  return [
    ...sources.flatMap((source) => (source.kind === 'file' ? source.path : [])),
    ...mounts.flatMap((mount) => (mount.type === 'bind' ? mount.source : [])),
  ]
}

/** Null where none of its files came. One without an `image` can't do without them; another one can be pulled. */
function folderOfBuild({ build, image, pullPolicy }: ServiceSpec, files: ProjectFiles): string | null {
  const folder = build?.context ?? null
  if (folder === null || isRemote(folder)) return null
  const resolved = resolvePath('', folder)
  if (!resolved.ok) return null
  if (files.hasFolder(resolved.path)) return folder
  if (image === '' || pullPolicy?.when === 'build') files.wantFolder(resolved.path)
  return null
}

function treeAt(path: string, files: ProjectFiles): FileTree {
  const resolved = resolvePath('', path)
  if (!resolved.ok) return {}
  const own = resolved.path === '' ? null : contentOf(resolved.path, files)
  if (own !== null) return { '': own }
  const below = files.below(resolved.path)
  const start = resolved.path === '' ? 0 : resolved.path.length + 1
  return Object.fromEntries(
    below.flatMap((file): [string, FileContent][] => {
      const content = contentOf(file, files)
      return content === null ? [] : [[file.slice(start), content]]
    }),
  )
}

function contentOf(path: string, files: ProjectFiles): FileContent | null {
  const found = files.text(path)
  switch (found.kind) {
    case 'text':
      return found.text
    case 'absent':
      return null
    case 'binary':
      return { base64: Buffer.from(files.bytes(path) ?? []).toString('base64') }
    default:
      return found satisfies never
  }
}
