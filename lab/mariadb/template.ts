import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LabGround } from '../lab-ground.js';
import { labPath } from '../server-process.js';
import { firstStatements } from './accounts.js';

/** InnoDB's log has the size that the servers are started with, or each would make it anew. */
export const LOG_SIZE = '8M';

/** As root a server has to be told that this is meant. */
export const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];

/**
 * A data directory of a fresh server with the lab's accounts and tables. It is made once for each version of the server
 * and of those, below the system's folder for temporary files, and then copied.
 */
export async function dataTemplate(ground: LabGround): Promise<string> {
  const environment = { ...process.env, PATH: labPath(), SWITCHDC_LAB: ground.mark };
  const run = promisify(execFile);
  const { stdout: version } = await run('mariadbd', ['--no-defaults', '--version'], { env: environment });
  const key = createHash('sha256')
    .update([version, LOG_SIZE, ...firstStatements].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const cache = path.join(tmpdir(), `switchdc-lab-cache-${userInfo().uid}`);
  const template = path.join(cache, `mariadb-${key}`);
  if (existsSync(template)) return template;
  const fresh = ground.folderFor('mariadb-template');
  const settings = ['--no-defaults', `--datadir=${fresh}`, `--innodb-log-file-size=${LOG_SIZE}`, ...asUser];
  await run(
    'mariadb-install-db',
    [...settings, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
    { env: environment },
  );
  await bootstrap(settings, environment);
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  try {
    // In one step, so that nobody ever copies half of one.
    renameSync(fresh, template);
  } catch (error) {
    // Another lab was first.
    if (!existsSync(template)) throw error;
    rmSync(fresh, { recursive: true });
  }
  return template;
}

/** Lets a server that nobody can connect to read statements from its input. It answers with its exit code. */
function bootstrap(settings: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = spawn('mariadbd', [...settings, '--bootstrap'], {
      env,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    server.stderr.on('data', (data: Buffer) => (said += data.toString()));
    server.once('error', reject);
    server.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`mariadbd --bootstrap ended with ${code}\n${said}`));
    });
    // One statement a line; without privileges loaded it refuses to make users.
    const lines = ['FLUSH PRIVILEGES', ...firstStatements].map((text) => `${text.replace(/\s+/g, ' ')};\n`);
    server.stdin.end(lines.join(''));
  });
}
