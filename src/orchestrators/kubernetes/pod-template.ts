// Where a workload of any kind has the pod that it makes.

/** Of a pod as it is made: what stands under `template` of what makes it. `Spec` is taken on trust. */
export type PodTemplate<Spec> = { metadata?: { annotations?: Record<string, string> }; spec?: Spec }

/** A CronJob has it one level deeper, in that of the Jobs that it makes. Undefined for what makes no pods. */
export function podTemplateOf<Spec>(spec: object | undefined): PodTemplate<Spec> | undefined {
  const { template, jobTemplate } = (spec ?? {}) as {
    template?: PodTemplate<Spec>
    jobTemplate?: { spec?: object }
  }
  return template ?? (jobTemplate && podTemplateOf(jobTemplate.spec))
}
