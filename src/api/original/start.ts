// A start as the original did it: under another name where the name is taken.
import type { JobRecord } from '../../jobs/job.ts'
import { toFreshName } from '../../system/names.ts'
import { apiError } from '../api-error.ts'
import type { Submission } from '../check-submission.ts'
import type { ApiContext } from '../context.ts'
import { submit } from '../submit.ts'

const attempts = 5

/** Throws what `submit` throws, and NAME_TAKEN where every suffix is taken too. */
export async function startUnderFreshName(context: ApiContext, submission: Submission): Promise<JobRecord> {
  let name = submission.name
  for (let attempt = 0; attempt < attempts; attempt++) {
    const submitted = await submit(context, { ...submission, name }, 'create')
    if (submitted.outcome === 'accepted') return submitted.job
    name = toFreshName(submission.name ?? '')
  }
  throw apiError('NAME_TAKEN', `The name ${submission.name} is taken, with every suffix that was tried`)
}
