import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Editors } from '../../lab/editors.js';
import { Lab } from '../../lab/lab.js';
import { loadLabConfig } from '../../lab/load-lab-config.js';
import { systemClock } from '../../src/domain/clock.js';
import type { DatacenterName } from '../../src/domain/names.js';
import type { House } from '../../src/compose/house.js';
import { openBenchHouse, runSwitchover } from '../bench-house.js';
import { type ClassicTimes, classicProcedure } from './classic-procedure.js';
import { dnsFollowTime } from './dns-follow.js';
import { storeByHand } from './store-by-hand.js';
import { type Nature, type Window, windowOf } from './window.js';

export interface MeasuredLabOptions {
  readonly sections: readonly string[];
  /** Of the wiki's configuration cache, in whole seconds. */
  readonly cacheLifetime: number;
  tell(what: string): void;
}

/** What editors, who wrote without pause, saw in one switchover. */
export interface EditorsSaw {
  readonly acknowledged: number;
  readonly refused: number;
  readonly lost: number;
  /** Where they ought to have seen the notice. */
  readonly databaseErrors: number;
  /** The longest time without an edit that was saved, in milliseconds. */
  readonly longestGap: number;
}

export interface MeasuredLab {
  /** In milliseconds. */
  readonly lifetime: number;
  readonly sections: number;
  readonly dnsFollow: number;
  readonly strict: Window & { readonly editors: EditorsSaw };
  readonly classic: ClassicTimes & { readonly editors: EditorsSaw };
  readonly merged: Window & { readonly editors: EditorsSaw };
}

/** Normal and lowered, in seconds: short, because preparing a run waits the first one out. */
const TTLS = [3, 1] as const;
/** Editors write for so long before and after, in milliseconds. */
const LEAD = 2_000;
const PATIENCE = 60_000;

/**
 * Measures on a lab of its own, in one direction and back and again: strict order, the classic procedure, merged order;
 * editors write to the wiki without pause in each.
 */
export async function measureLab({
  sections,
  cacheLifetime,
  tell,
}: MeasuredLabOptions): Promise<MeasuredLab> {
  const seconds = `configuration cache ${cacheLifetime} s`;
  tell(`${seconds}: starting the lab`);
  await using lab = await Lab.open({ sections, cacheLifetime, ttls: TTLS });
  const { installation, primary, secondary } = lab.settings;
  const { house, close } = await openHouse(lab);
  try {
    const { dns } = house.world.ports;
    tell(`${seconds}: how long DNS takes to follow`);
    const store = storeByHand(lab.etcd.endpoints[0] ?? '');
    const nature: Nature = {
      dnsFollow: await dnsFollowTime({ installation, store, dns, primary, secondary }),
      lifetime: installation.wiki.configCacheLifetime,
    };
    const ours = async (order: 'strict' | 'merged') => {
      tell(`${seconds}: ${order} order`);
      await settled(house, primary);
      const { result, editors, saw } = await whileEdited(lab, secondary, () =>
        runSwitchover(house, order === 'merged' ? '--merged' : ''),
      );
      if (result.ended?.result !== 'PASS') throw new Error(`it ended as ${result.ended?.because ?? ''}`);
      const entries = await house.journal.read(result.run);
      return { ...windowOf(entries, editors.acknowledged(), order, nature), editors: saw };
    };
    const strict = await ours('strict');
    tell(`${seconds}: the classic procedure`);
    await settled(house, secondary);
    await stopMaintenance(house);
    const back = await whileEdited(lab, primary, () => classicProcedure(lab, dns, secondary, primary));
    const merged = await ours('merged');
    return {
      lifetime: nature.lifetime,
      sections: sections.length,
      dnsFollow: nature.dnsFollow,
      strict,
      classic: { ...back.result, editors: back.saw },
      merged,
    };
  } finally {
    await close();
  }
}

async function openHouse(lab: Lab): ReturnType<typeof openBenchHouse> {
  const folder = path.join(lab.ground.folder, 'records');
  mkdirSync(folder, { recursive: true });
  const opened = await openBenchHouse(folder, { config: await loadLabConfig(lab), wall: systemClock() });
  opened.house.world.warm();
  return opened;
}

/** Waits until every app server takes this datacenter for the primary and can be edited through. */
async function settled({ world, installation }: House, primary: DatacenterName): Promise<void> {
  const { northern, southern } = installation.datacenters;
  const until = performance.now() + PATIENCE;
  for (;;) {
    const views = await world.ports.site.views([northern, southern], new AbortController().signal);
    const isSo = views.every(
      ({ view }) => view.answered && view.readOnly === false && view.primary === primary,
    );
    if (isSo) return;
    if (performance.now() > until) throw new Error(`not every app server follows ${primary}`);
    await sleep(100);
  }
}

/** The classic procedure begins with maintenance jobs stopped, like ours. */
async function stopMaintenance({ world, config, installation }: House): Promise<void> {
  const { northern, southern } = installation.datacenters;
  for (const name of ['stop-periodic-jobs', 'kill-maintenance-scripts']) {
    const operation = config.hosts?.operations[name as never] as
      { on: string; run: Parameters<typeof world.ports.hosts.run>[1] } | undefined;
    if (operation === undefined) throw new Error(`the lab has no operation ${name}`);
    const on = [northern, southern].map((dc) => `(${operation.on.replace(/\{\w+\}/g, dc)})`).join(' or ');
    const by = { person: 'bench' as never, reason: { text: 'the classic procedure' }, run: 0 };
    const results = await world.ports.hosts.run(on, operation.run, by, new AbortController().signal);
    if (results.some(({ outcome }) => outcome.kind !== 'exited' || !outcome.ok))
      throw new Error(`${name}: ${JSON.stringify(results)}`);
  }
}

async function whileEdited<T>(
  lab: Lab,
  newPrimary: DatacenterName,
  run: () => Promise<T>,
): Promise<{ result: T; editors: Editors; saw: EditorsSaw }> {
  await using editors = await lab.editors();
  editors.start();
  await sleep(LEAD);
  const result = await run();
  await sleep(LEAD);
  await editors.stop();
  const shown = lab.wiki.appServers.find(({ datacenter }) => datacenter === newPrimary)?.url ?? '';
  const { acknowledged, lost } = await editors.verify(shown);
  const count = (is: (outcome: Editors['edits'][number]['outcome']) => boolean): number =>
    editors.edits.filter(({ outcome }) => is(outcome)).length;
  const saw = {
    acknowledged,
    refused: count(({ kind }) => kind === 'refused'),
    lost: lost.length,
    databaseErrors: count((outcome) => outcome.kind === 'error' && outcome.from === 'database'),
    longestGap: editors.longestGap(),
  };
  return { result, editors, saw };
}
