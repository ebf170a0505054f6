/** Names are lower-case words from configuration; brands keep one kind from being passed as another. */
export type DatacenterName = string & { readonly __brand: 'DatacenterName' };
export type SectionName = string & { readonly __brand: 'SectionName' };
export type PersonName = string & { readonly __brand: 'PersonName' };
/** A role held by people: operator, approver, dba, traffic, … Names come from configuration. */
export type RoleName = string & { readonly __brand: 'RoleName' };
/** `T12345`: a task on the tracker. */
export type TrackerTask = `T${number}`;

export const datacenter = (name: string): DatacenterName => name as DatacenterName;
export const section = (name: string): SectionName => name as SectionName;
export const person = (name: string): PersonName => name as PersonName;
export const role = (name: string): RoleName => name as RoleName;

export function parseTrackerTask(text: string): TrackerTask | undefined {
  return /^T[1-9]\d{0,9}$/.test(text) ? (text as TrackerTask) : undefined;
}
