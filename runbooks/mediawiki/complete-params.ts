import { type Installation, coreDatacenters, otherDatacenter } from '../../src/domain/installation.js';
import type { Json } from '../../src/domain/json.js';
import { type DatacenterName, datacenter } from '../../src/domain/names.js';
import { listed } from '../../src/domain/text.js';
import type { Mode } from '../../src/runbook/mode.js';
import type { ParamsResult } from '../../src/runbook/runbook.js';
import type { Readers } from '../../src/runbook/world.js';
import { exactly } from '../../src/state/selector.js';
import type { MediaWikiParams } from './params.js';

/**
 * Completes a request by what the world says. A direction that was left out follows from which datacenter is primary and
 * from the mode: a switchover goes away from the primary, a rehearsal pretends to come to it. A direction that was given
 * the wrong way round is refused: a rehearsal typed inverted by hand once took production read-only. Reads the store.
 */
export async function completeParams(
  raw: Json,
  mode: Mode,
  see: Pick<Readers, 'state'>,
  installation: Installation,
  parse: (raw: Json) => ParamsResult<MediaWikiParams>,
): Promise<ParamsResult<MediaWikiParams>> {
  const primary = await primaryDatacenter(see, installation);
  if (typeof primary === 'object') return primary;
  const passive = otherDatacenter(installation, primary);
  const [from, to] = mode === 'live-test' ? [passive, primary] : [primary, passive];
  const given =
    raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? (raw as Record<string, Json>) : {};
  const parsed = parse({ from, to, ...given });
  if (!parsed.ok || parsed.params.from === from) return parsed;
  const rule =
    mode === 'live-test' ? 'a live test runs towards the primary' : 'a switchover runs away from the primary';
  return {
    ok: false,
    problem: `${primary} is the primary and ${rule}, so it cannot go from ${parsed.params.from} to ${parsed.params.to}`,
    needed: `${from} ${to}, or leave both out`,
  };
}

async function primaryDatacenter(
  see: Pick<Readers, 'state'>,
  installation: Installation,
): Promise<DatacenterName | ParamsResult<never>> {
  const [object] = await see.state.select(
    'mwconfig',
    exactly({ scope: 'common', name: 'WMFMasterDatacenter' }),
  );
  const value = object?.fields['val'];
  if (object?.stale !== undefined)
    return {
      ok: false,
      problem: 'the state store does not answer, so it is not known which datacenter is primary',
      needed: 'a store that answers',
    };
  if (typeof value === 'string' && coreDatacenters(installation).includes(datacenter(value)))
    return datacenter(value);
  return {
    ok: false,
    problem: `WMFMasterDatacenter is ${JSON.stringify(value ?? null)}, so it is not known which datacenter is primary`,
    needed: `${listed(coreDatacenters(installation), 'or')} there`,
  };
}
