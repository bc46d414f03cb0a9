// Compose has done its own interpolation; what is left must reach the process as it stands.

/**
 * Kubernetes expands `$(NAME)` and collapses `$$` in command, args and env values, but not in probes
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/).
 */
export function escapeReferences(text: string): string {
  return text.replaceAll('$', '$$$$')
}
