import type { DatacenterName } from '../../domain/names.js';
import { WikiUnavailable } from '../errors.js';
import type { AppServerView, SiteReader, WikiActivity } from '../site.js';
import { openAsker } from './ask-server.js';
import type { AppServer, HttpSiteOptions } from './options.js';
import { RECENT_EDITS, parseRecentEdits } from './recent-edits.js';
import { type ServerView, parseServerView } from './server-view.js';

const GENERAL = { action: 'query', meta: 'siteinfo', siprop: 'general' } as const;

/** How many servers are tried for a question that any server of the primary can answer. */
const TRIES = 4;

/**
 * Asks the app servers of a wiki over HTTP(S), each by its address. Connections are opened here, before they are needed;
 * a server that does not answer is told and asked again each time. Reads only, as a visitor without an account.
 */
export async function openHttpSite(options: HttpSiteOptions): Promise<SiteReader & AsyncDisposable> {
  const { appServers, trouble } = options;
  const asker = openAsker(options);
  const known = [...new Set(appServers.map(({ datacenter }) => datacenter))];
  /** Servers that go on with an old configuration, of which it was told. */
  const cutOff = new Set<string>();

  const look = async (server: AppServer, signal: AbortSignal): Promise<ServerView> => {
    const answer = await asker.ask(server, GENERAL, signal);
    const info = answer.answered ? parseServerView(answer.text, server.datacenter, known) : answer;
    if (info.answered && info.live === true) cutOff.delete(server.name);
    if (info.answered && info.live === false && !cutOff.has(server.name)) {
      cutOff.add(server.name);
      trouble(
        `${server.name} cannot read the state store and goes on with the last configuration it could read`,
      );
    }
    return info;
  };
  const views = (of: readonly DatacenterName[], signal: AbortSignal): Promise<AppServerView[]> =>
    Promise.all(
      appServers
        .filter(({ datacenter }) => of.includes(datacenter))
        .map(async (server) => ({
          server: server.name,
          datacenter: server.datacenter,
          view: viewOf(await look(server, signal)),
        })),
    );
  const recentEdits = async (server: AppServer, signal: AbortSignal): Promise<Recent> => {
    const info = await look(server, signal);
    if (!info.answered) return info;
    if (info.primary !== server.datacenter) return { elsewhere: info.primary };
    const answer = await asker.ask(server, RECENT_EDITS, signal);
    return answer.answered ? parseRecentEdits(answer.text) : answer;
  };

  const site: SiteReader & AsyncDisposable = {
    views,
    async activity(signal) {
      const failures: string[] = [];
      let servers = inTurn(known.map((name) => appServers.filter(({ datacenter }) => datacenter === name)));
      for (let tries = 0; tries < TRIES; tries += 1) {
        const [server, ...rest] = servers;
        if (server === undefined) break;
        servers = rest;
        const recent = await recentEdits(server, signal);
        if ('edits' in recent) return recent;
        if ('elsewhere' in recent) servers = rest.filter(({ datacenter }) => datacenter === recent.elsewhere);
        else failures.push(`${server.name}: ${recent.because}`);
      }
      throw new WikiUnavailable(
        `no app server of the primary tells what is edited: ${failures.join('; ') || 'they do not agree which it is'}`,
      );
    },
    [Symbol.asyncDispose]() {
      asker.close();
      return Promise.resolve();
    },
  };
  for (const { server, view } of await views(known, new AbortController().signal))
    if (!view.answered) trouble(`${server} does not answer: ${view.because}`);
  return site;
}

type Recent =
  | WikiActivity
  /** It is not in the primary: this is. */
  | { readonly elsewhere: DatacenterName }
  | { readonly because: string };

const viewOf = (info: ServerView): AppServerView['view'] =>
  info.answered ? { answered: true, readOnly: info.readOnly, primary: info.primary } : info;

/** The first of each list, then the second of each, and so on: a datacenter that is down costs one try, not all. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
