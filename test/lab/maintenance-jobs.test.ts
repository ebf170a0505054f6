import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LabGround } from '../../lab/lab-ground.js';
import {
  PERIODIC_JOBS,
  type ProgramHosts,
  maintenanceHost,
  onProgramHosts,
  scriptsOn,
  until,
  webServer,
} from './program-hosts.js';

let ground: LabGround;
let hosts: ProgramHosts;
onProgramHosts((opened, on) => {
  hosts = opened;
  ground = on;
});

const inPrimary = () => maintenanceHost(hosts, 'mwmaint1002.eqiad.wmnet');
/** Where no jobs run at first. */
const elsewhere = () => maintenanceHost(hosts, 'mwmaint2002.codfw.wmnet');

describe('maintenance jobs', () => {
  test('come back while their timers run, and outlive them', async () => {
    await using host = await inPrimary();
    await until(
      () => scriptsOn(host),
      (count) => count === '3',
    );
    const first = (await host.tell('pgrep', '--full', 'mwscript')).split('\n');
    await host.tell('pkill', '--full', 'mwscript');
    await until(
      async () => (await host.run(['pgrep', '--full', 'mwscript'])).output.split('\n'),
      (pids) => pids.length === 3 && !pids.some((pid) => first.includes(pid)),
    );
    await host.tell('systemctl', 'stop', PERIODIC_JOBS);
    const active = await host.run(['systemctl', 'is-active', PERIODIC_JOBS]);
    expect(active).toMatchObject({ code: 3, output: 'inactive' });
    expect(await scriptsOn(host)).toBe('3');
    await host.tell('pkill', '--full', 'mwscript');
    await until(
      () => scriptsOn(host),
      (count) => count === '0',
    );
    expect((await host.run(['pkill', '--full', 'mwscript'])).code).toBe(1);
  });

  test('are seen and killed on their own host only', async () => {
    await using one = await inPrimary();
    await using other = await inPrimary();
    for (const host of [one, other])
      await until(
        () => scriptsOn(host),
        (count) => count === '3',
      );
    await one.tell('systemctl', 'stop', PERIODIC_JOBS);
    await one.tell('pkill', '--full', 'mwscript');
    await until(
      () => scriptsOn(one),
      (count) => count === '0',
    );
    expect(await scriptsOn(other)).toBe('3');
  });

  test('are not mistaken for whoever looks for them at the same moment', async () => {
    await using host = await elsewhere();
    const counts = await Promise.all(Array.from({ length: 12 }, () => scriptsOn(host)));
    expect(counts).toEqual(Array(12).fill('0'));
  });

  test('are started once, whoever starts them at the same moment', async () => {
    await using host = await elsewhere();
    await Promise.all(Array.from({ length: 16 }, () => host.tell('systemctl', 'start', PERIODIC_JOBS)));
    expect(await host.tell('pgrep', '--full', '--count', 'units/periodic-jobs')).toBe('1');
  });

  test('end with the lab', async () => {
    const brief = await LabGround.open();
    const host = hosts.host('mwmaint2002.codfw.wmnet', { SWITCHDC_LAB: brief.mark });
    await host.tell('systemctl', 'start', PERIODIC_JOBS);
    await until(
      () => scriptsOn(host),
      (count) => count === '3',
    );
    await brief[Symbol.asyncDispose]();
    await until(
      () => scriptsOn(host),
      (count) => count === '0',
    );
    expect(await host.tell('periodic-jobs-status')).toBe('stopped');
  });
});

/** As much of the wiki's API as a script sees of it. */
class SmallWiki {
  readOnly = false;
  token = 'token-1';
  logins = 0;
  readonly saved: string[] = [];

  answer(form: URLSearchParams, cookie: string): unknown {
    if (form.get('type') === 'login') return { query: { tokens: { logintoken: 'for-login' } } };
    if (form.get('action') === 'login') {
      this.logins += 1;
      const asked = ['lgname', 'lgpassword', 'lgtoken'].map((name) => form.get(name)).join(' ');
      return { login: { result: asked === 'Bot@lab planted-secret for-login' ? 'Success' : 'Failed' } };
    }
    if (form.get('action') === 'query') return { query: { tokens: { csrftoken: this.token } } };
    if (cookie !== 'session=abc') return { error: { code: 'assertuserfailed', info: 'no session' } };
    if (form.get('token') !== this.token) return { error: { code: 'badtoken', info: 'Invalid CSRF token.' } };
    if (this.readOnly) return { error: { code: 'readonly', info: 'x', readonlyreason: 'Maintenance.' } };
    this.saved.push(form.get('text') ?? '');
    return { edit: { result: 'Success', newrevid: this.saved.length } };
  }
}

describe('a maintenance script', () => {
  test('edits the wiki, waits out read-only in its session, and logs in again when that is gone', async () => {
    const wiki = new SmallWiki();
    await using server = await webServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        response.setHeader('set-cookie', 'session=abc; path=/');
        response.end(JSON.stringify(wiki.answer(new URLSearchParams(body), request.headers.cookie ?? '')));
      });
    });
    const passwords = path.join(ground.folder, 'password');
    writeFileSync(passwords, 'planted-secret\n');
    const host = hosts.host('mwmaint1002.eqiad.wmnet', {
      LAB_WIKI_API: `${server.url}/api.php`,
      LAB_WIKI_USER: 'Bot@lab',
      LAB_WIKI_PASSWORD_FILE: passwords,
    });
    const edits = (result: string) =>
      hosts.edits().filter((edit) => edit['script'] === 'test.php' && edit['result'] === result);
    const more = (result: string, count: number) =>
      until(
        () => edits(result),
        ({ length }) => length >= count,
      );

    const running = host.run(['mwscript', 'test.php']);
    await more('acknowledged', 2);
    wiki.readOnly = true;
    expect((await more('refused', 2))[0]).toMatchObject({ code: 'readonly', because: 'Maintenance.' });
    expect(wiki.logins).toBe(1);
    wiki.readOnly = false;
    wiki.token = 'token-2';
    await more('acknowledged', edits('acknowledged').length + 2);
    expect(wiki.logins).toBe(2);
    const [pid] = (await host.tell('pgrep', '--full', 'mwscript')).split('\n');
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('planted');
    await host.tell('pkill', '--full', 'mwscript');
    expect((await running).code).toBe(null);

    for (const { marker } of edits('acknowledged')) expect(wiki.saved).toContain(marker);
    expect(new Set(wiki.saved).size).toBe(wiki.saved.length);
    expect(hosts.lines('maintenance-edits.jsonl').join()).not.toContain('planted');
  });
});
