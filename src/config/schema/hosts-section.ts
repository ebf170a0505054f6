import { type z } from 'zod';
import { HOUR, MINUTE, SECOND } from '../../domain/instant.js';
import { length, line, list, matching, name, named, number, section, whole } from './fields.js';

const query = line('a host expression, such as "A:maintenance and *.{dc}.*"', 1_000);
const argv = list(
  matching(/^[^\0]{0,4096}$/, 'an argument of the command, in quotes where it is a number'),
  'arguments, the command first',
  1,
  100,
);
const okCodes = list(whole('an exit code', 0, 255), 'exit codes', 1, 256);
const timeout = length(SECOND, 2 * HOUR, '30 s');

const operation = section({
  on: query,
  run: section({
    argv,
    okCodes: okCodes.default([0]),
    timeout: timeout.prefault('30 s'),
    batch: section({
      size: whole('how many hosts at a time', 1, 10_000),
      pause: length(0, HOUR, '5 s'),
    }).optional(),
    successThreshold: number('the share of hosts that must succeed', 0, 1).default(1),
  }),
  probe: section({
    argv,
    okCodes: okCodes.default([0]),
    timeout: length(SECOND, 10 * MINUTE, '10 s').prefault('10 s'),
    fact: name('what the command reports', 'puppet'),
  }),
  wanted: line('what the command reports once it is done, such as "locked"', 80),
});

export type OperationSection = z.output<typeof operation>;

export const hostsSection = section({
  inventory: list(query, 'host expressions', 1, 10_000),
  aliases: named(name('an alias', 'maintenance'), query, 'aliases'),
  operations: section({
    'lock-deployments': operation,
    'unlock-deployments': operation,
    'disable-puppet': operation,
    'enable-puppet': operation,
    'run-puppet': operation,
    'stop-periodic-jobs': operation,
    'kill-maintenance-scripts': operation,
    'start-periodic-jobs': operation,
    'warm-up-caches': operation,
    'wipe-discovery-caches': operation,
    'restart-job-runners': operation,
    'remove-stale-confd-errors': operation,
    'run-puppet-on-primaries': operation,
  }),
});
