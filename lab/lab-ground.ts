import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { type HeldPorts, holdPorts } from './ports.js';
import { ServerProcess, type ServerSpec } from './server-process.js';

/** Nothing of a lab is worth waiting for at its end, in milliseconds. */
const CLOSES_WITHIN = 500;

/**
 * What every part of a lab stands on: a folder, ports and addresses of its own, and servers that all end with it, also
 * when the process that opened it is killed.
 */
export class LabGround implements AsyncDisposable {
  readonly #servers: ServerProcess[] = [];

  private constructor(
    readonly folder: string,
    readonly ports: HeldPorts,
    /** In the environment of each of its processes. */
    readonly mark: string,
    private readonly release: () => Promise<void>,
  ) {}

  static async open(): Promise<LabGround> {
    const ports = await holdPorts();
    const folder = mkdtempSync(path.join(tmpdir(), 'switchdc-lab-'));
    const mark = randomBytes(8).toString('hex');
    const keeper = spawn(process.execPath, [keeperFile(), mark, folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const gone = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
    keeper.unref();
    (keeper.stdin as unknown as { unref(): void }).unref();
    return new LabGround(folder, ports, mark, async () => {
      keeper.ref();
      keeper.stdin.end();
      await gone;
    });
  }

  /** A folder below the lab's own, made if need be. */
  folderFor(...names: readonly string[]): string {
    const folder = path.join(this.folder, ...names);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Starts a server and waits until it answers. */
  async start(spec: ServerSpec): Promise<ServerProcess> {
    return this.server(spec).start();
  }

  /** A server that is not started yet. */
  server(spec: ServerSpec): ServerProcess {
    const server = new ServerProcess(spec, { SWITCHDC_LAB: this.mark });
    this.#servers.push(server);
    return server;
  }

  /** Ends all servers, then removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop(CLOSES_WITHIN)));
    await this.release();
    await this.ports[Symbol.asyncDispose]();
  }
}

/** Beside this file, or beside what it was compiled from: a script is not copied by the compiler. */
function keeperFile(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const source = here.includes(`${path.sep}dist${path.sep}`) ? path.join(here, '..', '..', 'lab') : here;
  return path.join(source, 'keeper.mjs');
}
