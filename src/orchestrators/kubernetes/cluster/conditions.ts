// `status.conditions`, as all kinds have them.

export type Condition = { type: string; status: string; reason?: string; message?: string }

/** The condition of this type if it holds. */
export function holding(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === 'True')
}

/** Only what is read of a condition. */
export function trimmed(condition: Condition): Condition {
  const { type, status, reason, message } = condition
  return { type, status, ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) }
}
