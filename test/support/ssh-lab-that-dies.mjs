// Hosts in a process of its own, to be killed: one of them hangs, another runs a command that has left its session.
// Prints its folder and what runs on the hosts, and stays.
import { spawn } from 'node:child_process';

const { LabGround } = await import('../../dist/lab/lab-ground.js');
const { openSshHosts } = await import('../../dist/lab/ssh-hosts.js');
const ground = await LabGround.open();
const lab = await openSshHosts(ground, { hosts: ['one', 'two'] });
const [one, two] = lab.hosts;
const pids = [];
for (const { address } of lab.hosts) {
  const options = ['UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no', 'LogLevel=ERROR'].flatMap(
    (option) => ['-o', option],
  );
  const line = 'setsid sleep 600 & echo $!; sleep 600';
  const args = ['-F', 'none', '-i', lab.clientKeyFile, '-p', String(lab.port), ...options, address, line];
  const ssh = spawn('ssh', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const said = await new Promise((resolve) => ssh.stdout.once('data', resolve));
  pids.push(Number(String(said)));
}
pids.push(...one.processes, ...two.processes);
two.freeze();
process.stdout.write(JSON.stringify({ folder: ground.folder, pids }));
setInterval(() => undefined, 1_000);
