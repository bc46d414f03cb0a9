// `entrypoint` and `command`: containers[].command and containers[].args.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { escapeReferences } from './escape.ts'

type Command = { command: string[] | undefined; args: string[] | undefined }

/**
 * Setting the entrypoint drops the image's CMD in both worlds. A cleared entrypoint makes the command's first
 * word the program, as in Docker
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/).
 */
export function toCommand(service: ServiceSpec): Command {
  const command = toWords(service.entrypoint)
  const args = toWords(service.command)
  return service.entrypoint && !command ? { command: args, args: undefined } : { command, args }
}

/** Kubernetes can't clear an image's ENTRYPOINT or CMD without setting another program. */
export function checkCommand(name: string, service: ServiceSpec): Problem[] {
  if (service.entrypoint?.length === 0 && !service.command?.length) {
    const message = `An empty \`entrypoint\` without a \`command\` leaves \`${name}\` nothing to run: give the program in \`command\`.`
    return [remark('ENTRYPOINT_CLEARED', `services.${name}.entrypoint`, message)]
  }
  if (service.command?.length === 0 && service.entrypoint === null) {
    const message = `Kubernetes can't clear the command of the image of \`${name}\` alone: give the program in \`entrypoint\`, or leave \`command\` out.`
    return [remark('COMMAND_CLEARED', `services.${name}.command`, message)]
  }
  return []
}

function toWords(words: string[] | null): string[] | undefined {
  return words?.length ? words.map(escapeReferences) : undefined
}
