// How long ago something was, in one word.

const units = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'm', seconds: 60 },
]

/** `5m`. `time`: as the API writes it; `now`: milliseconds since the epoch. */
export function ageOf(time: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1000))
  const unit = units.find((each) => seconds >= each.seconds)
  return unit ? `${Math.floor(seconds / unit.seconds)}${unit.name}` : `${seconds}s`
}
