import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { systemClock } from '../../../src/domain/clock.js';
import { openHttpSite } from '../../../src/mediawiki/http/http-site.js';
import type { HttpSiteOptions } from '../../../src/mediawiki/http/options.js';
import { parseRecentEdits } from '../../../src/mediawiki/http/recent-edits.js';
import { parseServerView } from '../../../src/mediawiki/http/server-view.js';
import type { AppServerView } from '../../../src/mediawiki/site.js';
import { eventually } from '../../support/eventually.js';
import { codfw, eqiad } from '../../support/practice-installation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const { signal } = new AbortController();

const siteInfo = (changes: object = {}, config: object = {}): string =>
  JSON.stringify({
    batchcomplete: true,
    query: {
      general: {
        mainpage: 'Main Page',
        readonly: false,
        ...changes,
        'wmf-config': { wmfDatacenter: 'codfw', wmfMasterDatacenter: 'codfw', live: true, ...config },
      },
    },
  });

interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
}

async function listening(server: Server, scheme = 'http'): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const serve = (listener: RequestListener): Promise<Listening> => listening(createServer(listener));

const siteOf = (url: string, options: Partial<HttpSiteOptions> = {}): ReturnType<typeof openHttpSite> =>
  openHttpSite({
    appServers: [{ name: 'mw1001', datacenter: codfw, url }],
    timeout: 5_000,
    clock: systemClock(),
    trouble: () => undefined,
    ...options,
  });

/** What is made of a server that answers like this. */
async function viewOf(
  listener: RequestListener,
  options: Partial<HttpSiteOptions> = {},
): Promise<AppServerView['view'] | undefined> {
  await using server = await serve(listener);
  await using site = await siteOf(server.url, options);
  const [view] = await site.views([codfw], signal);
  return view?.view;
}

const noAnswer = (because: string): AppServerView['view'] => ({ answered: false, because });

describe('an app server', () => {
  test('is asked by its address, under the name of the wiki, over a connection that stays open', async () => {
    const asked: IncomingMessage[] = [];
    await using server = await serve((request, response) => {
      asked.push(request);
      response.end(siteInfo());
    });
    let connections = 0;
    server.server.on('connection', () => (connections += 1));
    await using site = await siteOf(server.url, { host: 'test.wikipedia.example' });
    for (const _ of [1, 2, 3])
      expect(await site.views([codfw], signal)).toEqual([
        { server: 'mw1001', datacenter: codfw, view: { answered: true, readOnly: false, primary: codfw } },
      ]);
    expect(asked).toHaveLength(4); // Once when it was opened.
    expect(asked[0]?.headers.host).toBe('test.wikipedia.example');
    expect(asked[0]?.url).toBe(
      '/w/api.php?action=query&meta=siteinfo&siprop=general&format=json&formatversion=2',
    );
    expect(connections).toBe(1);
  });

  test('that closed its kept connection is asked over a new one', async () => {
    let asked = 0;
    await using server = await serve((request, response) => {
      asked += 1;
      // The second question arrives on a connection that is closed without an answer.
      if (asked === 2) request.socket.destroy();
      else response.end(siteInfo());
    });
    await using site = await siteOf(server.url);
    const [view] = await site.views([codfw], signal);
    expect(view?.view.answered).toBe(true);
    expect(asked).toBe(3);
  });

  test('that closes every connection is asked twice at most', async () => {
    let asked = 0;
    const view = await viewOf((request) => {
      asked += 1;
      request.socket.destroy();
    });
    expect(view).toEqual(noAnswer('connection reset'));
    expect(asked).toBe(2); // When it was opened, and now: neither connection had been kept.
  });

  test.each<[string, RequestListener, string]>([
    ['answers with an error', (_, response) => response.writeHead(503).end('x'), 'HTTP 503'],
    [
      'sends elsewhere',
      (_, response) => response.writeHead(301, { location: 'http://127.0.0.1:1/' }).end(),
      'HTTP 301',
    ],
    ['answers with a page', (_, response) => response.end('<html>'), 'its answer is not JSON'],
    ['answers with nothing', (_, response) => response.end(), 'its answer is not JSON'],
    [
      'has an error of its API with HTTP 200',
      (_, response) => response.end('{"error":{"code":"maxlag\\u001b[31m","info":"…"}}'),
      'its API answers “maxlag [31m”',
    ],
    [
      'is another one than was meant',
      (_, response) => response.end(siteInfo({}, { wmfDatacenter: 'eqiad' })),
      'it says that it is in “eqiad”',
    ],
    [
      'believes in a primary that does not exist',
      (_, response) => response.end(siteInfo({}, { wmfMasterDatacenter: 'esams' })),
      'it takes “esams” for the primary, which nobody knows',
    ],
    [
      'never read the state store',
      (_, response) => response.end(siteInfo({ readonly: true }, { wmfMasterDatacenter: null })),
      'it does not know which datacenter is primary',
    ],
    [
      'says neither yes nor no',
      (_, response) => response.end(siteInfo({ readonly: 'no' })),
      'its answer makes no sense: query.general.readonly: Invalid input: expected boolean, received string',
    ],
    ['nests without end', (_, response) => response.end('['.repeat(200_000)), 'its answer is not JSON'],
    [
      'breaks off in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write(siteInfo().slice(0, 50), () => response.destroy());
      },
      'connection reset',
    ],
  ])('that %s did not answer', async (_, listener, because) => {
    expect(await viewOf(listener)).toEqual(noAnswer(because));
  });

  test('that sends without end is left after the longest answer', async () => {
    let left = 0;
    await using server = await serve((_, response) => {
      response.on('close', () => (left += 1));
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(10_000), more);
      };
      more();
    });
    await using site = await siteOf(server.url, { longestAnswer: 50_000 });
    const [view] = await site.views([codfw], signal);
    expect(view?.view).toEqual(noAnswer('an answer of more than 50000 bytes'));
    await eventually(() => left === 2, 'both answers are left');
  });

  test('that trickles, and one that says nothing, are left when their time is over', async () => {
    const trickle: RequestListener = (_, response) => {
      const more = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(more));
    };
    for (const listener of [trickle, (): void => undefined])
      expect(await viewOf(listener, { timeout: 200 })).toEqual(noAnswer('no answer within 0.2 s'));
  });

  test('that is silent is not waited for by somebody who gives up', async () => {
    let silent = false;
    await using server = await serve((_, response) => {
      if (!silent) response.end(siteInfo());
    });
    await using site = await siteOf(server.url, { timeout: 3_600_000 });
    silent = true;
    const control = new AbortController();
    const asked = site.views([codfw], control.signal);
    control.abort(new Error('the run is stopped'));
    await expect(asked).rejects.toThrow('the run is stopped');
    await expect(site.activity(control.signal)).rejects.toThrow('the run is stopped');
  });

  test('that did not answer when the connections were opened is told', async () => {
    const told: string[] = [];
    await using server = await serve((_, response) => response.writeHead(500).end());
    await using _ = await siteOf(server.url, { trouble: (text) => told.push(text) });
    expect(told).toEqual(['mw1001 does not answer: HTTP 500']);
  });

  test('that serves with a certificate must show one for the name of the wiki, by the known authority', async () => {
    using folder = temporaryFolder();
    const { key, cert } = certificateFor('test.wikipedia.example', folder.path);
    await using server = await listening(
      createSecureServer({ key, cert }, (_, response) => response.end(siteInfo())),
      'https',
    );
    const viewWith = async (options: Partial<HttpSiteOptions>): Promise<unknown> => {
      await using site = await siteOf(server.url, options);
      return (await site.views([codfw], signal))[0]?.view;
    };
    expect(await viewWith({ host: 'test.wikipedia.example', ca: cert })).toMatchObject({ answered: true });
    expect(await viewWith({ host: 'de.wikipedia.example', ca: cert })).toEqual(
      noAnswer('its certificate is for another name'),
    );
    expect(await viewWith({ host: 'test.wikipedia.example' })).toEqual(
      noAnswer('its certificate is signed by nobody who is trusted; check the configured authority'),
    );
  });
});

describe('what a server says', () => {
  test('is its notice, word by word, or that it has none', () => {
    const said = (changes: object): unknown => parseServerView(siteInfo(changes), codfw, [codfw, eqiad]);
    const notice = '“Back” in <3> minutes; \u202e & thanks';
    expect(said({ readonly: true, readonlyreason: notice })).toMatchObject({ readOnly: notice });
    expect(said({ readonly: true })).toMatchObject({ readOnly: 'read-only, without a reason' });
    expect(said({ readonly: true, readonlyreason: '' })).toMatchObject({
      readOnly: 'read-only, without a reason',
    });
    expect(said({ readonly: false, readonlyreason: notice })).toMatchObject({ readOnly: false });
    expect(said({ readonly: true, readonlyreason: 'x'.repeat(5_000) })).toMatchObject({ answered: false });
  });

  test('needs neither its datacenter nor how fresh it is', () => {
    const text = siteInfo({}, { wmfDatacenter: undefined, live: undefined });
    expect(parseServerView(text, eqiad, [codfw, eqiad])).toEqual({
      answered: true,
      readOnly: false,
      primary: codfw,
      live: true,
    });
  });

  test('is never thrown, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseServerView(text, codfw, [codfw]).answered).toBe(false);
        expect(parseRecentEdits(text)).toHaveProperty('because');
      }),
    );
  });

  test('is counted as edits of the last minute by its own clock, and as those of them that are listed', () => {
    const change = (revid: number, timestamp: string): object => ({ revid, timestamp });
    const text = JSON.stringify({
      curtimestamp: '2026-03-25T14:05:00Z',
      query: {
        allrevisions: [
          { revisions: [change(4, '2026-03-25T14:05:00Z'), change(2, '2026-03-25T14:03:59Z')] },
          { revisions: [change(3, '2026-03-25T14:04:00Z')] },
        ],
        recentchanges: [change(4, '2026-03-25T14:05:00Z'), change(2, '2026-03-25T14:03:59Z')],
      },
    });
    expect(parseRecentEdits(text)).toEqual({ edits: 2, recentChanges: 1 });
  });
});

function certificateFor(name: string, folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ].concat(
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', cert],
    ),
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
