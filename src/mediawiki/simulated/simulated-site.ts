import { faultsInForce } from '../../simulation/faults-in-force.js';
import { savedLately } from '../../simulation/recent-edits.js';
import type { SimulatedWorld } from '../../simulation/simulated-world.js';
import { type Side, sideOf } from '../../simulation/world-shape.js';
import type { AppServerView, SiteReader } from '../site.js';

/** What each simulated app server says: the configuration that it has cached, not what the state store holds. */
export function simulatedSite(world: SimulatedWorld): SiteReader {
  const { shape } = world;

  const viewNow = (index: number): AppServerView['view'] => {
    const state = world.now();
    const view = state.appServers[index];
    const host = shape.appServers[index]?.host ?? '';
    if (view === undefined || faultsInForce.unreachable(state.faults, host))
      return { answered: false, because: 'connection timed out' };
    return { answered: true, readOnly: view.readOnly, primary: shape.datacenters[view.primary] };
  };
  /** Asks all app servers of one datacenter, at one moment. */
  const viewsIn = async (side: Side, signal: AbortSignal): Promise<AppServerView[]> => {
    await world.travelTo(side, signal);
    const views = shape.appServersBySide[side].map((index) => ({
      server: shape.appServers[index]?.host ?? '',
      datacenter: shape.datacenters[side],
      view: viewNow(index),
    }));
    await world.travelFrom(side, signal);
    return views;
  };
  return {
    async views(of, signal) {
      const sides = of.flatMap((datacenter) => sideOf(shape, datacenter) ?? []);
      return (await Promise.all(sides.map((side) => viewsIn(side, signal)))).flat();
    },
    async activity(signal) {
      await world.travelTo(shape.home, signal);
      const edits = savedLately(world.now());
      await world.travelFrom(shape.home, signal);
      return { edits, recentChanges: edits };
    },
  };
}
