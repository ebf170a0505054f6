import { setTimeout as pause } from 'node:timers/promises';
import { LabGround } from '../../../lab/lab-ground.js';
import { MariadbPairs, type MariadbPairsOptions } from '../../../lab/mariadb-pairs.js';
import { accounts } from '../../../lab/mariadb/accounts.js';
import { systemClock } from '../../../src/domain/clock.js';
import { person, section } from '../../../src/domain/names.js';
import type { Authority } from '../../../src/domain/reason.js';
import type { Answer, Databases, Position, PrimaryName } from '../../../src/databases/databases.js';
import { openMariadbDatabases } from '../../../src/databases/mariadb/mariadb-databases.js';
import type { MariadbOptions } from '../../../src/databases/mariadb/options.js';
import { codfw, eqiad } from '../../support/practice-installation.js';

export const by: Authority = { person: person('alice'), reason: { text: 'a test' }, run: 41 };

/** A lab whose sections are primary in codfw; opened once for a test file. */
export async function openLab(sections: readonly string[], options: Partial<MariadbPairsOptions> = {}) {
  const ground = await LabGround.open();
  const lab = await MariadbPairs.open(ground, {
    sections: sections.map(section),
    datacenters: [codfw, eqiad],
    ...options,
  });
  return {
    ground,
    lab,
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      await ground[Symbol.asyncDispose]();
    },
  };
}
export type OpenLab = Awaited<ReturnType<typeof openLab>>;

/** The primary of a section at first, and the one that replicates from it. */
export function pairOf(name: string): readonly [PrimaryName, PrimaryName] {
  return [
    { section: section(name), datacenter: codfw },
    { section: section(name), datacenter: eqiad },
  ];
}

/** How the adapter is told of every server of the lab. */
export function optionsFor(lab: MariadbPairs): MariadbOptions {
  const { user, password } = accounts.switching;
  return {
    primaries: lab.servers.map(({ primary, host, port, across }) => ({
      primary,
      host,
      port,
      knownAs: [`${across.host}:${across.port}`],
    })),
    user,
    password: { reveal: () => password },
    tls: { authority: lab.certificates.authority },
    notTheApplication: [accounts.heartbeat.user],
    clock: systemClock(),
    trouble: () => undefined,
  };
}

export function openDatabases(
  lab: MariadbPairs,
  changed: Partial<MariadbOptions> = {},
): Promise<Databases & AsyncDisposable> {
  return openMariadbDatabases({ ...optionsFor(lab), ...changed });
}

/** What an adapter tells of its troubles; somebody can wait for the next that says something. */
export class Troubles {
  readonly told: string[] = [];
  #wake = (): void => undefined;

  readonly tell = (text: string): void => {
    this.told.push(text);
    this.#wake();
  };

  async until(pattern: RegExp): Promise<void> {
    while (!this.told.some((text) => pattern.test(text)))
      await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

/** Looks until something is so; an error where that takes too long. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + 15_000;
  while (!(await isSo())) {
    if (performance.now() > late) throw new Error(`it did not come to be so: ${isSo.toString()}`);
    await pause(5);
  }
}

export function valueOf<T>(answer: Answer<T> | undefined): T {
  if (answer?.answered !== true) throw new Error(`no answer: ${answer?.because ?? 'nothing was asked'}`);
  return answer.value;
}

export async function positionOf(databases: Databases, primary: PrimaryName): Promise<Position> {
  return valueOf((await databases.positions([primary]))[0]?.position);
}
