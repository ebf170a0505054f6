import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/domain/clock.js';
import { SECOND } from '../../src/domain/instant.js';
import { person } from '../../src/domain/names.js';
import type { Authority } from '../../src/domain/reason.js';
import { BadHostQuery, CommandWrites } from '../../src/hosts/errors.js';
import type { HostCommand, HostResult, Hosts } from '../../src/hosts/hosts.js';

export interface HostsUnderTest {
  readonly hosts: Hosts;
  readonly clock: Clock;
  /** Names at least three hosts. */
  readonly query: string;
  /** Notes its one argument on a host; `reads` says `noted` or `empty`. */
  writes(argument: string): HostCommand;
  readonly reads: HostCommand;
  /** Exits with this code, which is not zero; its `okCodes` are `[0]`. */
  readonly fails: { readonly command: HostCommand; readonly code: number };
  /** Takes far longer than a second on every host. */
  readonly slow: HostCommand;
  takeDown(host: string): Promise<void>;
}

const by: Authority = { person: person('alice'), reason: { text: 'a test' }, run: 1 };
const { signal } = new AbortController();

/** What every adapter that runs commands on hosts does. */
export function hostsContract(
  name: string,
  withHosts: (test: (under: HostsUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (sentence: string, test: (under: HostsUnderTest) => Promise<void>): void =>
    it(sentence, () => withHosts(test));
  const kinds = (results: readonly HostResult[]): string[] => results.map(({ outcome }) => outcome.kind);
  const outputs = (results: readonly HostResult[]): Set<string> =>
    new Set(results.map(({ outcome }) => (outcome.kind === 'exited' ? outcome.output.trim() : outcome.kind)));

  describe(`hosts ${name}`, () => {
    given('are found by an expression, each once', ({ hosts, query }) => {
      const found = hosts.find(query);
      expect(found.length).toBeGreaterThanOrEqual(3);
      expect(hosts.find(`(${query}) or ${found[0] ?? ''}`)).toEqual(found);
      expect(() => hosts.find('A:')).toThrow(BadHostQuery);
      return Promise.resolve();
    });

    given('are all asked, and each answers for itself', async ({ hosts, query, reads }) => {
      const results = await hosts.ask(query, reads, signal);
      expect(results.map(({ host }) => host)).toEqual(hosts.find(query));
      expect(outputs(results)).toEqual(new Set(['empty']));
    });

    given('do what they are told', async (under) => {
      const { hosts, query, reads } = under;
      const written = await hosts.run(query, under.writes('a reason'), by, signal);
      expect(
        written.every(({ outcome }) => outcome.kind === 'exited' && outcome.ok && outcome.code === 0),
      ).toBe(true);
      expect(outputs(await hosts.ask(query, reads, signal))).toEqual(new Set(['noted']));
    });

    given('take an argument as it is, whatever a shell would make of it', async (under) => {
      const { hosts, query, reads } = under;
      for (const argument of [
        '$(reboot); `id` "x" \'y\' && z | w > /tmp/f',
        '--help',
        '  ',
        '{dc}',
        'zwei\nZeilen',
      ]) {
        const written = await hosts.run(query, under.writes(argument), by, signal);
        expect(written.every(({ outcome }) => outcome.kind === 'exited' && outcome.ok)).toBe(true);
      }
      expect(outputs(await hosts.ask(query, reads, signal))).toEqual(new Set(['noted']));
    });

    given('are only asked what reads', async (under) => {
      await expect(under.hosts.ask(under.query, under.writes('x'), signal)).rejects.toThrow(CommandWrites);
      expect(outputs(await under.hosts.ask(under.query, under.reads, signal))).toEqual(new Set(['empty']));
    });

    given('tell a failure apart by the codes that count as success', async ({ hosts, query, fails }) => {
      const judged = async (command: HostCommand): Promise<unknown[]> =>
        (await hosts.run(query, command, by, signal)).map(
          ({ outcome }) => outcome.kind === 'exited' && [outcome.code, outcome.ok],
        );
      const all = hosts.find(query);
      expect(await judged(fails.command)).toEqual(all.map(() => [fails.code, false]));
      const lenient = { ...fails.command, okCodes: [0, fails.code] };
      expect(await judged(lenient)).toEqual(all.map(() => [fails.code, true]));
    });

    given('that are down are unreachable, while the others do what they are told', async (under) => {
      const { hosts, query } = under;
      const [first = ''] = hosts.find(query);
      await under.takeDown(first);
      const results = await hosts.run(query, under.writes('x'), by, signal);
      expect(kinds(results)).toEqual(results.map(({ host }) => (host === first ? 'unreachable' : 'exited')));
    });

    given('that take too long are timed out', async ({ hosts, query, slow, clock }) => {
      const began = clock.now();
      const results = await hosts.run(query, { ...slow, timeout: SECOND }, by, signal);
      expect(new Set(kinds(results))).toEqual(new Set(['timed-out']));
      expect(clock.now() - began).toBeGreaterThanOrEqual(SECOND);
    });

    given('are not attempted any more once too many have failed', async (under) => {
      const { hosts, query } = under;
      const [first = ''] = hosts.find(query);
      await under.takeDown(first);
      const command = { ...under.writes('x'), batch: { size: 1, pause: 0 } };
      const results = await hosts.run(query, command, by, signal);
      expect(kinds(results)).toEqual(['unreachable', ...results.slice(1).map(() => 'not-attempted')]);
    });

    given('whose command was called off while it ran are not known to have done it or not', async (under) => {
      const stop = new AbortController();
      const running = under.hosts.run(under.query, under.slow, by, stop.signal);
      await under.clock.sleepUntil((under.clock.now() + SECOND) as ReturnType<Clock['now']>);
      stop.abort();
      expect(new Set(kinds(await running))).toEqual(new Set(['unknown']));
    });
  });
}
