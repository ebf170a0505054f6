import type { Installation } from '../../src/domain/installation.js';
import type { DatacenterName } from '../../src/domain/names.js';
import type { Operations, Placeholders } from '../../src/hosts/operation.js';
import type { MediaWikiParams } from './params.js';

/** What every task of this runbook is made from: where it runs, what can be done to hosts there, and what was asked for. */
export interface Setting {
  readonly installation: Installation;
  readonly operations: Operations;
  readonly params: MediaWikiParams;
}

/** The two datacenters of the switchover, the one that hands over first. */
export const bothDatacenters = ({ params }: Setting): readonly [DatacenterName, DatacenterName] => [
  params.from,
  params.to,
];

/** `Datacenter switchover from codfw to eqiad - T12345`: what a lock or a disabled puppet shows to whoever meets it. */
export function switchoverReason({ params }: Setting): string {
  const task = params.task === undefined ? '' : ` - ${params.task}`;
  return `Datacenter switchover from ${params.from} to ${params.to}${task}`;
}

/** What stands for the placeholders of a host operation, besides the datacenter that each is carried out in. */
export function placeholders(setting: Setting): Placeholders {
  const { from, to } = setting.params;
  const { readWriteRecords: records } = setting.installation.wiki;
  return { from, to, reason: switchoverReason(setting), records };
}
