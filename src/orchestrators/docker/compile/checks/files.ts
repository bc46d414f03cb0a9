// Configs and secrets that have no content here.
import type { Problem } from '../../../../problem.ts'
import { contentOf } from '../../../../system/file-targets.ts'
import type { FileSpec } from '../../../../system/files.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import type { Context } from '../context.ts'
import { remark } from '../dispositions.ts'

export function checkFiles({ spec }: Context): Problem[] {
  const sections = { configs: spec.configs, secrets: spec.secrets }
  return [
    ...Object.entries(sections).flatMap(([section, files]) =>
      Object.entries(files).flatMap(([name, file]) =>
        checkFile(`${section}.${name}`, name, file, spec.files),
      ),
    ),
    ...Object.entries(spec.services).flatMap(([name, service]) => checkGrants(name, service)),
  ]
}

function checkFile(path: string, name: string, file: FileSpec, files: Context['spec']['files']): Problem[] {
  const { source, templateDriver, labels } = file
  if (source.kind === 'external') {
    const message = `An engine keeps no configs and secrets of its own: give the content of \`${name}\` in the file, or send it along.`
    return [remark('NOT_ON_DOCKER', `${path}.external`, message)]
  }
  if (templateDriver !== null) return [noDriver(`${path}.template_driver`, templateDriver)]
  if (source.kind === 'driver') return [noDriver(`${path}.driver`, source.driver)]
  const problems = Object.keys(labels).length === 0 ? [] : [labelled(path)]
  if (contentOf(file, files) !== null) return problems
  if (source.kind === 'file') {
    const message = `The file \`${source.path}\` did not come with the request: send it along.`
    return [...problems, remark('FILE_NOT_SENT', `${path}.file`, message)]
  }
  const message = `The request has no variable of this name: set it, or give \`${name}\` another source.`
  return [...problems, remark('VARIABLE_NOT_SET', `${path}.environment`, message)]
}

function noDriver(path: string, driver: string): Problem {
  const message = `An engine has no driver \`${driver}\` to get a content from: give a file or a variable.`
  return remark('NOT_ON_DOCKER', path, message)
}

function labelled(path: string): Problem {
  return remark(
    'NO_EFFECT',
    `${path}.labels`,
    '`labels` has no effect: it is a file, and no object of its own.',
  )
}

function checkGrants(name: string, service: ServiceSpec): Problem[] {
  return (['configs', 'secrets'] as const).flatMap((section) =>
    service[section].flatMap(({ uid, gid }, at) =>
      Object.entries({ uid, gid })
        .filter(([, id]) => id !== null && !/^\d{1,10}$/.test(id))
        .map(([key, id]) => {
          const message = `A file is written without the names that an image knows: give the number of \`${id}\`.`
          return remark('USER_BY_NAME', `services.${name}.${section}[${at}].${key}`, message)
        }),
    ),
  )
}
