import { number, oneOf, section } from './fields.js';

/** What each port is served by. */
export const adaptersSection = section({
  state: oneOf(['embedded', 'etcd'], 'an adapter that this version has:').default('embedded'),
  databases: oneOf(['simulated', 'mariadb'], 'an adapter that this version has:').default('simulated'),
  dns: oneOf(['simulated', 'resolver'], 'an adapter that this version has:').default('simulated'),
  hosts: oneOf(['simulated', 'ssh'], 'an adapter that this version has:').default('simulated'),
  wiki: oneOf(['simulated', 'http'], 'an adapter that this version has:').default('simulated'),
}).prefault({});

export const simulationSection = section({
  speed: number('how many simulated seconds pass in a second', 1, 10_000).default(30),
  demoSpeed: number('the same in the demonstration', 1, 10_000).default(240),
}).prefault({});
