import { type Block, list, paragraph, type Span } from '../chat/message.js';
import { formatLength, type Instant, isoSeconds } from '../domain/instant.js';
import { listed, plural } from '../domain/text.js';
import type { DatacenterLook, WorldLook } from '../simulation/world-look.js';

/** The simulated world on one screen. Pure. */
export function worldBlocks(look: WorldLook, speed: number, now: Instant): Block[] {
  const { edits } = look;
  return [
    paragraph({ strong: isoSeconds(now) }, ` at ${speed} ×; the primary is `, { strong: look.primary }),
    ...look.datacenters.flatMap(datacenterBlocks),
    list(...look.records.map(recordLine)),
    paragraph(
      `Edits: ${edits.saved} saved, ${edits.refused} refused with the notice, ${edits.databaseErrors} database errors shown, ${edits.lost} lost.`,
    ),
    ...(look.faults.length === 0 ? [] : [paragraph({ strong: 'Broken: ' }, listed(look.faults))]),
  ];
}

function datacenterBlocks(look: DatacenterLook): Block[] {
  const readOnly = look.appServers.filter((server) => server.readOnly !== false).length;
  const wiki =
    readOnly === 0
      ? 'read-write'
      : `read-only on ${readOnly} of ${plural(look.appServers.length, 'app server')}`;
  const behind = look.behind.map(({ section, lag }) => `${section} by ${formatLength(lag)}`);
  const lines: Span[][] = [
    [`wiki ${wiki}`],
    [look.writable.length === 0 ? 'no database is writable' : `writable: ${look.writable.join(' ')}`],
    ...(behind.length === 0 ? [] : [[`behind: ${listed(behind)}`]]),
    ...(look.down.length === 0 ? [] : [[`down: ${look.down.join(' ')}`]]),
    ...look.deployLocks.map(({ host, reason }) => [`deployments locked on ${host}: ${reason}`]),
    ...look.maintenance.map(({ host, puppet, periodicJobs, scripts }) => [
      `${host}: puppet ${puppet}, periodic jobs ${periodicJobs ? 'run' : 'stopped'}, ${plural(scripts, 'script')}`,
    ]),
  ];
  return [paragraph({ strong: look.name }), list(...lines)];
}

function recordLine({ record, servers }: WorldLook['records'][number]): Span[] {
  const answers = new Set(
    servers.flatMap((server) => Object.values(server.answers).map((where) => where ?? 'nowhere')),
  );
  return [{ code: record }, ` → ${[...answers].join(' and ')}`];
}
