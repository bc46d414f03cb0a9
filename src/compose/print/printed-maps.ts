// Maps that Docker's Compose writes as lists, and maps whose names may stand without a value.
import type { Node } from '../node.ts'
import { escapeDollars } from './escape-dollars.ts'

/** `host=address`, one for each address. */
export function printExtraHosts(node: Node): unknown {
  if (node.kind !== 'map') return undefined
  return [...node.entries].flatMap(([host, { value }]) => {
    const addresses = value.kind === 'list' ? value.items : [value]
    return addresses.flatMap((address) =>
      address.kind === 'scalar' ? [escapeDollars(`${host}=${address.text}`)] : [],
    )
  })
}

/** `id=path`, or the id alone. */
export function printSsh(node: Node): unknown {
  if (node.kind !== 'map') return undefined
  return [...node.entries].map(([id, { value }]) => {
    const path = value.kind === 'scalar' ? value.text : ''
    return escapeDollars(path === '' ? id : `${id}=${path}`)
  })
}

/** A name without a value has the empty one. */
export function printText(node: Node): unknown {
  return node.kind === 'scalar' ? escapeDollars(node.text) : undefined
}
