import { number, oneOf, section } from './fields.js';

/** What each port is served by. The lists name what this version has; each grows when an adapter is written. */
export const adaptersSection = section({
  state: oneOf(['embedded'], 'an adapter that this version has:').default('embedded'),
  databases: oneOf(['simulated'], 'an adapter that this version has:').default('simulated'),
  dns: oneOf(['simulated'], 'an adapter that this version has:').default('simulated'),
  hosts: oneOf(['simulated'], 'an adapter that this version has:').default('simulated'),
  wiki: oneOf(['simulated'], 'an adapter that this version has:').default('simulated'),
}).prefault({});

export const simulationSection = section({
  speed: number('how many simulated seconds pass in a second', 1, 10_000).default(30),
  demoSpeed: number('the same in the demonstration', 1, 10_000).default(240),
}).prefault({});
