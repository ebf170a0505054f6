import { type Parameter, optional } from '../src/chat/parameter.js';
import { type Value, wholeNumber } from '../src/chat/value.js';
import { type Caller } from '../src/runner/orders.js';
import type { Call } from '../src/chat/command.js';

/** The number of a run. */
export const RUN: Value<number> = {
  ...wholeNumber(1, 999_999_999, 'RUN'),
  read(text) {
    const reading = wholeNumber(1, 999_999_999).read(text);
    return reading.ok
      ? reading
      : { ...reading, expected: 'the number of a run, such as 41 (`runs` lists them)' };
  },
};

/** `[RUN]`: left out, it is the run that is going on. */
export const runNumber: Parameter<number | undefined> = optional({
  name: 'RUN',
  means: 'the run; left out, the one that is going on',
  value: RUN,
});

/** Who orders, for the runner. Commands that order something require a known person, so there always is one. */
export function callerOf(call: Call): Caller | undefined {
  if (call.said === undefined || call.person === undefined) return undefined;
  return { said: call.said, roles: call.person.roles };
}
