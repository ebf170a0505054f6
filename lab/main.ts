/**
 * `npm run lab`: two datacenters of real servers on this machine, with switchdc connected to them and this terminal as
 * its chat. Ends, and leaves nothing, with the service: `/quit`, Ctrl-D or Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Lab } from './lab.js';

const cli = fileURLToPath(new URL('../src/cli.js', import.meta.url));

async function main(): Promise<number> {
  const begun = performance.now();
  process.stdout.write('Starting two datacenters on this machine …\n');
  await using lab = await Lab.open();
  const { primary, secondary, inventory } = lab.settings;
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const wikiOf = (dc: string): string =>
    lab.wiki.appServers.find((server) => server.datacenter === dc)?.url ?? '';
  process.stdout.write(
    [
      `Ready after ${seconds} s: ${lab.etcd.members.length} members of etcd, ${lab.databases.servers.length} database primaries, ${inventory.hosts.length} hosts, ${lab.dns.servers.length} name servers, ${lab.wiki.appServers.length} app servers.`,
      `The wiki: ${wikiOf(primary)}/index.php in ${primary}, which is primary, and ${wikiOf(secondary)}/index.php in ${secondary}.`,
      `Configuration: ${lab.configFile}`,
      '',
    ].join('\n'),
  );
  // Ctrl-C in a terminal is for the service; the lab ends when that has.
  const service = spawn(process.execPath, [cli, 'serve', '--config', lab.configFile], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const)
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) service.kill(signal);
    });
  return await new Promise((resolve) => service.once('exit', (code) => resolve(code ?? 1)));
}

process.exitCode = await main();
