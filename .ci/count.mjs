// Adds up vitest's reports: prints "N passed, N failed" and fails when anything did.
// Usage: node count.mjs FOLDER FAILED_STEPS; each run of tests has left NAME.exit there, and NAME.json unless it broke.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.', failedSteps = '0'] = process.argv.slice(2)
let passed = 0
let failed = Number(failedSteps)

for (const file of readdirSync(folder).filter((name) => name.endsWith('.exit'))) {
  const { script, exitCode } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const counts = countOf(readReport(join(folder, `${script}.json`)))
  passed += counts.passed
  failed += Math.max(counts.failed, exitCode === 0 ? 0 : 1)
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** A file that could not be loaded has failed, and has no tests to say so. */
function countOf(report) {
  if (!report) return { passed: 0, failed: 0 }
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}
