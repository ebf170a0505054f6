import { z } from 'zod';
import type { Lab } from '../../lab/lab.js';

const answerSchema = z.object({
  kvs: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});

/** What a lab's stores hold, read past every adapter. */
export interface LabLook {
  /** By key: every object of the state store. */
  readonly objects: Readonly<Record<string, unknown>>;
  /** `s1.eqiad`, …: the database primaries that can be written. */
  readonly writable: readonly string[];
}

export async function lookAt(lab: Lab): Promise<LabLook> {
  const [objects, writable] = await Promise.all([objectsOf(lab), writableOf(lab)]);
  return { objects, writable };
}

export async function objectsOf({ etcd }: Lab): Promise<Record<string, unknown>> {
  const text = await etcd.etcdctl(['get', '--prefix', '/conftool/v1/', '-w', 'json']);
  const plain = (base64: string): string => Buffer.from(base64, 'base64').toString();
  const { kvs } = answerSchema.parse(JSON.parse(text));
  return Object.fromEntries(kvs.map(({ key, value }) => [plain(key), JSON.parse(plain(value)) as unknown]));
}

/** Without those that do not run. */
export async function writableOf({ databases }: Lab): Promise<string[]> {
  const access = await Promise.all(
    databases.servers
      .filter(({ process }) => process.isRunning)
      .map(async (server) => {
        const { section, datacenter } = server.primary;
        const [row] = await server.sql('SELECT @@GLOBAL.read_only AS closed');
        return Number(row?.['closed']) === 0 ? [`${section}.${datacenter}`] : [];
      }),
  );
  return access.flat().sort();
}
