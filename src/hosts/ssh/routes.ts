import type { HostName } from '../hosts.js';
import { BadSshOptions } from './errors.js';
import { matchesPattern } from './matches-pattern.js';

/** How hosts are reached. Of several rules for a host the first that says something about a thing counts. */
export interface RouteRule {
  /** `*.codfw.wmnet`, a pattern with `*` and `?`. */
  readonly hosts: string;
  readonly user?: string;
  readonly port?: number;
  /** The host through which it is reached; need not be in the inventory. */
  readonly jump?: HostName;
}

export interface Route {
  readonly user: string;
  readonly port: number;
  /** Where to connect to: an address, or a name that is resolved. */
  readonly address: string;
  readonly jump?: HostName;
}

export interface Routes {
  /** From rules; `root` and port 22 unless told. */
  readonly rules?: readonly RouteRule[];
  /** Where a host is, for hosts whose names shall not be resolved. */
  readonly addresses?: Readonly<Record<HostName, string>>;
}

/** How a host is reached. Throws BadSshOptions where its jump hosts lead back to themselves, or for no port. Pure. */
export function routeOf(host: HostName, routes: Routes): Route {
  for (let passed = [host], at = ownRoute(host, routes).jump; at !== undefined;) {
    if (passed.includes(at))
      throw new BadSshOptions(
        `the way to ${host} leads back to itself: ${[...passed, at].join(' by way of ')}`,
      );
    passed = [...passed, at];
    at = ownRoute(at, routes).jump;
  }
  const route = ownRoute(host, routes);
  if (!Number.isInteger(route.port) || route.port < 1 || route.port > 65_535)
    throw new BadSshOptions(`${route.port} for ${host} is no port`);
  return route;
}

function ownRoute(host: HostName, { rules = [], addresses = {} }: Routes): Route {
  const fitting = rules.filter((rule) => matchesPattern(host, rule.hosts));
  const jump = fitting.find((rule) => rule.jump !== undefined)?.jump;
  return {
    user: fitting.find((rule) => rule.user !== undefined)?.user ?? 'root',
    port: fitting.find((rule) => rule.port !== undefined)?.port ?? 22,
    address: Object.hasOwn(addresses, host) ? (addresses[host] ?? host) : host,
    // A rule for all hosts also fits the jump host itself.
    ...(jump !== undefined && jump !== host && { jump }),
  };
}
