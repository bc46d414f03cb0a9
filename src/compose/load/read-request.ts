// The Compose files of a request itself, each as the trees of its documents.
import type { Node } from '../node.ts'
import { readJson } from '../read/read-json.ts'
import { readYaml } from '../read/read-yaml.ts'
import type { LoadContext } from './load-context.ts'
import { chargeLoad } from './open-file.ts'

/**
 * `compose`: text or JSON, or a list of these, in the order of merging. Without names, the only file is `compose.yaml`,
 * and several are called by their place in the request. Throws ReadError where one can't be read.
 */
export function readRequest(compose: unknown, names: readonly string[], context: LoadContext): Node[] {
  const files: unknown[] = Array.isArray(compose) ? compose : [compose]
  const given = files.length === 0 ? [{}] : files
  return given.flatMap((file, index) => {
    const name = names[index] ?? (given.length === 1 ? 'compose.yaml' : `compose[${index}]`)
    chargeLoad(context, -1)
    return typeof file === 'string' ? readYaml(name, file, context) : [readJson(file ?? {}, context.limits)]
  })
}
