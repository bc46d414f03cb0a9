// `labels` and `annotations` of a service: on its pods, where Kubernetes takes them.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/
/** Tycho finds its own objects by these. */
const RESERVED = /^(?:tycho\.io|app\.kubernetes\.io)\//
/** Kompose's labels ask for something; they describe nothing. */
const KOMPOSE = 'kompose.'

/** Values are free text in an annotation, and a label where they fit one. */
export function toPodLabels({ labels }: ServiceSpec): Record<string, string> {
  return Object.fromEntries(usable(labels).filter(([, value]) => VALUE.test(value)))
}

/** Undefined where there are none. */
export function toPodAnnotations({ labels, annotations }: ServiceSpec): Record<string, string> | undefined {
  const all = [...usable(labels), ...usable(annotations)]
  return all.length > 0 ? Object.fromEntries(all) : undefined
}

function usable(entries: Record<string, string>): [string, string][] {
  return Object.entries(entries).filter(([key]) => isUsable(key))
}

function isUsable(key: string): boolean {
  return KEY.test(key) && !RESERVED.test(key) && !key.startsWith(KOMPOSE)
}

export function checkPodMetadata(name: string, { labels, annotations }: ServiceSpec): Problem[] {
  const path = `services.${name}`
  return [
    ...Object.keys(labels).flatMap((key) => checkKey(`${path}.labels.${key}`, key)),
    ...Object.keys(annotations).flatMap((key) => checkKey(`${path}.annotations.${key}`, key)),
  ]
}

function checkKey(path: string, key: string): Problem[] {
  if (key.startsWith(KOMPOSE)) {
    const message = `The label \`${key}\` of Kompose is not supported yet: remove it.`
    return [remark('NOT_SUPPORTED_YET', path, message)]
  }
  if (isUsable(key)) return []
  const reason = RESERVED.test(key) ? "is one of Tycho's own" : 'is no name that Kubernetes takes'
  return [remark('LABEL_IGNORED', path, `\`${key}\` ${reason}, so it is left out: rename it.`)]
}
