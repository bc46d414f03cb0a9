// What stands of preparations: to be deleted at their end, and to be found when nobody knows of it any more.
import type { LivePreparation } from '../../../system/live.ts'
import type { PreparationRef } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { LABEL } from '../labels.ts'
import type { Client } from './client.ts'
import { deleteFound, type Found, standsAlone, subjectOf } from './found.ts'
import { type Kind, kindNamed } from './kinds.ts'
import { toLiveObject } from './list.ts'
import { preparationSelector, preparationSelectorOf } from './prepare-objects.ts'
import type { Resources } from './resources.ts'
import { servedNamespaces } from './served-namespaces.ts'

const deletesAtOnce = 8

/** What it consists of; the versions of a DaemonSet go with it. */
const OWN_KINDS: readonly Kind[] = (['DaemonSet', 'Pod'] as const).map(kindNamed)

/**
 * Deletes DaemonSets and pods, and says what is still to be seen then. The pods run nothing, so that they are let go of at
 * once: a kubelet that is busy with their images, or away, keeps nobody waiting.
 */
export async function endPreparation(
  resources: Resources,
  { id, namespace }: PreparationRef,
  signal: AbortSignal,
): Promise<string[]> {
  const find = async () =>
    (
      await Promise.all(
        OWN_KINDS.map((kind) => findOf(kind, namespace, preparationSelectorOf(id), resources, signal)),
      )
    ).flat()
  const found = await find()
  if (found.length === 0) return []
  // What makes pods goes before them, or it would make new ones.
  const [pods, makers] = [found.filter(isPod), found.filter((one) => !isPod(one))]
  await concurrently(makers, deletesAtOnce, (one) => deleteFound(one, resources, signal))
  await concurrently(pods, deletesAtOnce, (one) =>
    deleteFound(one, resources, signal, { gracePeriodSeconds: 0 }),
  )
  return (await find()).map(subjectOf)
}

function isPod({ kind }: Found): boolean {
  return kind.kind === 'Pod'
}

export type PreparationsOptions = {
  client: Client
  resources: Resources
  /** Where they are looked for; empty: in that of the kubeconfig's context. */
  namespaces: readonly string[]
}

/** Only of the namespaces that are served, as for systems. */
export async function listPreparations(
  { client, resources, namespaces }: PreparationsOptions,
  signal: AbortSignal,
): Promise<LivePreparation[]> {
  const served = await servedNamespaces(client, namespaces)
  const lists = await Promise.all(
    served.flatMap((namespace) =>
      OWN_KINDS.map((kind) => findOf(kind, namespace, preparationSelector, resources, signal)),
    ),
  )
  const groups = Map.groupBy(lists.flat(), ({ object: { metadata } }) =>
    JSON.stringify([metadata.labels?.[LABEL.preparation], metadata.namespace]),
  )
  return [...groups.values()].flatMap(toLivePreparation)
}

/** What is being deleted already needs nobody, nor does what goes with another object. */
function toLivePreparation(found: readonly Found[]): LivePreparation[] {
  const standing = found.filter((one) => standsAlone(one) && !one.object.metadata.deletionTimestamp)
  const { metadata } = standing[0]?.object ?? {}
  const { namespace = '', labels = {} } = metadata ?? {}
  const id = labels[LABEL.preparation]
  if (!id) return []
  return [{ id, tenant: labels[LABEL.tenant] ?? '', namespace, objects: standing.map(toLiveObject) }]
}

async function findOf(
  kind: Kind,
  namespace: string,
  selector: string,
  resources: Resources,
  signal: AbortSignal,
): Promise<Found[]> {
  const items = await resources.list({ kind, namespace, selector, metadataOnly: true }, signal)
  return items.map((object) => ({ kind, object }))
}
