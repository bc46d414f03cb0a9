// Task system.compile: the stored SystemSpec becomes stages of manifests, kept by hash.
import { compiled } from '../src/jobs/work.ts'
import { mergeProblems } from '../src/problem.ts'
import { compileWork } from './compile-work.ts'
import { readContent, type StoredSpec } from './content.ts'
import type { TaskFunction } from './run-task.ts'

export const compileSystem: TaskFunction = async ({ store, orchestrator }, { work, signal, finish }) => {
  const { job, system } = work
  const stored = await readContent<StoredSpec>(store, job.ending ? system.spec : job.spec)
  const facts = await orchestrator.facts(signal)
  const { content, stages, problems } = compileWork(orchestrator, work, stored, facts)
  const manifests = await store.contents.put(content)
  await finish((found) =>
    compiled(found, { stages, manifests, problems: mergeProblems(found.job.problems, problems) }, Date.now()),
  )
}
