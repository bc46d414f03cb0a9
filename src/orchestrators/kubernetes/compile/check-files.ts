// Configs and secrets that have no content here, or too much of it.
import type { Problem } from '../../../problem.ts'
import { contentOf } from '../../../system/file-targets.ts'
import type { FileContent, FileSpec, FileTree } from '../../../system/files.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { type Section, toHeldFile } from './file-objects.ts'

/** Of one ConfigMap or Secret, its keys with it (https://kubernetes.io/docs/concepts/configuration/configmap/). */
const LIMIT_BYTES = 1024 * 1024
const OBJECT_NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/

export function checkFiles(context: Context): Problem[] {
  const { configs, secrets, services } = context.spec
  return [
    ...Object.entries(configs).flatMap(([name, file]) => checkFile('configs', name, file, context)),
    ...Object.entries(secrets).flatMap(([name, file]) => checkFile('secrets', name, file, context)),
    ...Object.entries(services).flatMap(([name, service]) => [
      ...checkGrants(name, service),
      ...checkSizes(name, service, context),
    ]),
  ]
}

function checkFile(section: Section, name: string, file: FileSpec, context: Context): Problem[] {
  const path = `${section}.${name}`
  const { source } = file
  if (source.kind === 'external') return checkExternal(section, name, path, context)
  if (file.templateDriver !== null) return [noDriver(`${path}.template_driver`, file.templateDriver)]
  if (source.kind === 'driver') return [noDriver(`${path}.driver`, source.driver)]
  const content = contentOf(file, context.spec.files)
  if (content !== null) return checkSize(path, name, { '': content })
  if (source.kind === 'file') {
    const message = `The file \`${source.path}\` did not come with the request: send it along.`
    return [remark('FILE_NOT_SENT', `${path}.file`, message)]
  }
  const message = `The request has no variable of this name: set it, or give \`${name}\` another source.`
  return [remark('VARIABLE_NOT_SET', `${path}.environment`, message)]
}

function noDriver(path: string, driver: string): Problem {
  const message = `A cluster has no driver \`${driver}\` to get a content from: give a file or a variable.`
  return remark('NOT_ON_KUBERNETES', path, message)
}

function checkExternal(section: Section, name: string, path: string, context: Context): Problem[] {
  const { name: object, key } = toHeldFile(section, name, context)
  const kind = section === 'configs' ? 'ConfigMap' : 'Secret'
  if (!OBJECT_NAME.test(object)) {
    const message = `\`${object}\` can't be the name of a ${kind}: it has small letters, digits, - and . only.`
    return [remark('INVALID_OBJECT_NAME', `${path}.name`, message)]
  }
  const message = `The ${kind} \`${object}\` must be in the namespace already, with the key \`${key}\`.`
  return [remark('EXTERNAL_FILE', path, message)]
}

/** Files of ConfigMaps and Secrets belong to root, and to the pod's group. */
function checkGrants(name: string, service: ServiceSpec): Problem[] {
  return (['configs', 'secrets'] as const).flatMap((section) =>
    service[section].flatMap(({ uid, gid }, at) =>
      (['uid', 'gid'] as const)
        .filter((key) => ({ uid, gid })[key] !== null)
        .map((key) => {
          const message = `\`${key}\` has no field in a pod, so it is not applied: set \`mode\`, or the service's \`user\`.`
          return remark('NOT_APPLIED', `services.${name}.${section}[${at}].${key}`, message)
        }),
    ),
  )
}

function checkSizes(name: string, service: ServiceSpec, { spec }: Context): Problem[] {
  return service.mounts.flatMap((mount, at) => {
    const tree = mount.type === 'bind' ? spec.files[mount.source] : undefined
    return tree ? checkSize(`services.${name}.volumes[${at}]`, mount.target, tree) : []
  })
}

function checkSize(path: string, what: string, tree: FileTree): Problem[] {
  const entries = Object.entries(tree)
  const bytes = entries.reduce((sum, [file, content]) => sum + file.length + bytesOf(content), 0)
  if (bytes <= LIMIT_BYTES) return []
  const message = `\`${what}\` has ${bytes} bytes, and a cluster takes ${LIMIT_BYTES} in one object: put it into the image or a volume.`
  return [remark('OBJECT_TOO_LARGE', path, message)]
}

function bytesOf(content: FileContent): number {
  return typeof content === 'string'
    ? Buffer.byteLength(content)
    : Buffer.byteLength(content.base64, 'base64')
}
