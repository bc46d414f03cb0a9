// What a file says to Kubernetes alone: it may be started here as it is, and who reads it is told.
import type { Problem } from '../../../../problem.ts'
import type { Extensions } from '../../../../system/spec.ts'
import type { Context } from '../context.ts'
import { remark } from '../dispositions.ts'
import { scheduled } from './process.ts'

const OF_KUBERNETES = ['x-k8s', 'ext', 'security_context']

/** Those of ports are told by the table. */
export function checkExtensions({ spec }: Context): Problem[] {
  return [
    ...ignored('', spec.extensions),
    ...Object.entries(spec.volumes).flatMap(([key, volume]) => ignored(`volumes.${key}.`, volume.extensions)),
    ...Object.entries(spec.services).flatMap(([name, { extensions }]) => [
      ...ignored(`services.${name}.`, extensions),
      ...(hasSchedule(extensions) ? [scheduled(`services.${name}.x-k8s.schedule`)] : []),
    ]),
  ]
}

function ignored(prefix: string, extensions: Extensions): Problem[] {
  return OF_KUBERNETES.filter((key) => extensions[key] !== undefined).map((key) => {
    const message = `\`${key}\` is for Kubernetes, and has no effect on a Docker engine.`
    return remark('EXTENSION_IGNORED', `${prefix}${key}`, message)
  })
}

function hasSchedule(extensions: Extensions): boolean {
  const extension = extensions['x-k8s']
  return typeof extension === 'object' && extension !== null && 'schedule' in extension
}
