import { writeFileSync } from 'node:fs';

/**
 * Ends a jest run with the plain line `N passed, N failed`. A suite that could not run counts as one failed test.
 * Under `npm test`, TEST_COUNTS_FILE names the file that takes the counts instead: there the line comes from
 * tooling/test.mjs, which also knows of the stages before jest.
 */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    const file = process.env.TEST_COUNTS_FILE;
    if (file) {
      writeFileSync(file, JSON.stringify(counts));
    } else {
      // Jest's own summary is still to come: wait until the very end.
      process.once('exit', () => process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`));
    }
  }
}
