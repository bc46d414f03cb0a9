// `labels` and `annotations` of a service: on its pods, where Kubernetes takes them.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { isReadOfKompose } from './kompose.ts'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/
/** Tycho finds its own objects by these. */
const RESERVED = /^(?:(?:network\.)?tycho\.io|app\.kubernetes\.io)\//
/** Kompose's labels ask for something; they describe nothing. */
const KOMPOSE = 'kompose.'

/** Values are free text in an annotation, and a label where they fit one. */
export function toPodLabels({ labels }: ServiceSpec): Record<string, string> {
  return Object.fromEntries(usable(labels).filter(([, value]) => isLabelValue(value)))
}

/** Undefined where there are none. */
export function toPodAnnotations({ labels, annotations }: ServiceSpec): Record<string, string> | undefined {
  const all = [...usable(labels), ...usable(annotations)]
  return all.length > 0 ? Object.fromEntries(all) : undefined
}

/** Of an object: those that Kubernetes takes; undefined where there are none. */
export function toAnnotations(labels: Record<string, string>): Record<string, string> | undefined {
  const all = usable(labels)
  return all.length > 0 ? Object.fromEntries(all) : undefined
}

export function isLabelValue(value: string): boolean {
  return VALUE.test(value)
}

/** Those whose names are free and Kubernetes takes. */
export function usable(entries: Record<string, string>): [string, string][] {
  return Object.entries(entries).filter(([key]) => isUsable(key))
}

function isUsable(key: string): boolean {
  return KEY.test(key) && !RESERVED.test(key) && !key.startsWith(KOMPOSE)
}

export function checkPodMetadata(name: string, { labels, annotations }: ServiceSpec): Problem[] {
  const path = `services.${name}`
  return [
    ...Object.keys(labels).flatMap((key) => checkKey(`${path}.labels.${key}`, key, 'service')),
    ...Object.keys(annotations).flatMap((key) => checkKey(`${path}.annotations.${key}`, key, 'annotation')),
  ]
}

export function checkKey(path: string, key: string, at: 'service' | 'deploy' | 'annotation'): Problem[] {
  if (key.startsWith(KOMPOSE)) return at === 'annotation' ? [ignored(path, key)] : checkKompose(path, key, at)
  if (isUsable(key)) return []
  return [ignored(path, key)]
}

function checkKompose(path: string, key: string, at: 'service' | 'deploy'): Problem[] {
  if (isReadOfKompose(key, at)) return []
  const other = at === 'deploy' ? '`labels` of the service' : '`deploy.labels`'
  const message = isReadOfKompose(key, at === 'deploy' ? 'service' : 'deploy')
    ? `Kompose reads \`${key}\` at ${other}: write it there.`
    : `\`${key}\` is no label of Kompose that is read: remove it.`
  return [remark('INVALID_KOMPOSE_LABEL', path, message)]
}

function ignored(path: string, key: string): Problem {
  const reason =
    RESERVED.test(key) || key.startsWith(KOMPOSE)
      ? 'is not for descriptions'
      : 'is no name that Kubernetes takes'
  return remark('LABEL_IGNORED', path, `\`${key}\` ${reason}, so it is left out: rename it.`)
}
